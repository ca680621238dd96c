using System.Text.Json.Nodes;
using Larkspur.Emulator.Control;

namespace Larkspur.Emulator.DingTalk;

/// <summary>DingTalk on loopback.</summary>
internal sealed class DingTalkPlatform : IEmulatedPlatform
{
    public string Name => "dingtalk";

    public JsonObject State() => [];

    public Task<JsonObject> ActAsync(ControlInput input, CancellationToken cancellationToken) => throw new ControlRefusal("People of dingtalk are not emulated yet.", 501);

    public Task<JsonObject> PushAsync(ControlInput input, CancellationToken cancellationToken) => throw new ControlRefusal("Pushing to dingtalk is not emulated yet.", 501);

    public void Reset()
    {
    }
}
