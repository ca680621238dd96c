using System.Text.Json.Nodes;
using Larkspur.Emulator.Control;

namespace Larkspur.Emulator.WeCom;

/// <summary>WeCom on loopback.</summary>
internal sealed class WeComPlatform : IEmulatedPlatform
{
    public string Name => "wecom";

    public JsonObject State() => [];

    public Task<JsonObject> ActAsync(ControlInput input, CancellationToken cancellationToken) => throw new ControlRefusal("People of wecom are not emulated yet.", 501);

    public Task<JsonObject> PushAsync(ControlInput input, CancellationToken cancellationToken) => throw new ControlRefusal("Pushing to wecom is not emulated yet.", 501);

    public void Reset()
    {
    }
}
