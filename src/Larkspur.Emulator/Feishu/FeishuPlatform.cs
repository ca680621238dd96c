using System.Text.Json.Nodes;
using Larkspur.Emulator.Control;
using Larkspur.Emulator.Feishu.ApiPipeline;
using Larkspur.Emulator.Feishu.Control;
using Larkspur.Emulator.Feishu.LongConnection;
using Larkspur.Emulator.Feishu.SignIn;

namespace Larkspur.Emulator.Feishu;

/// <summary>Feishu on loopback.</summary>
internal sealed class FeishuPlatform(
    EmulatorState state, FeishuActCommand act, FeishuPushCommand push, FeishuControl commands, FeishuApiPipeline pipeline,
    SocketEndpoint socket, QrPage qr, DevicePages devices) : IEmulatedPlatform
{
    public const string PlatformName = "feishu";

    /// <summary>First segments of the catalogue's paths, of all the platform's hosts.</summary>
    private static readonly string[] Roots = ["open-apis", "approval", "callback", "suite"];

    public string Name => PlatformName;

    public void Map(WebApplication app)
    {
        foreach (var root in Roots) app.Map($"/{root}/{{**path}}", pipeline.HandleAsync);
        app.Map(SocketEndpoint.Path, socket.HandleAsync);
        app.MapGet(QrPage.Path, qr.HandleAsync);
        app.MapPost(DevicePages.Begin, devices.BeginAsync);
        app.MapGet(DevicePages.Verification, devices.VerifyAsync);
    }

    public void MapControl(ControlRoutes control) => commands.Map(control);

    public void WriteState(JsonObject view) => FeishuStateView.Write(state, view);

    public Task<JsonObject> ActAsync(ControlInput input, CancellationToken cancellationToken) => act.RunAsync(input, cancellationToken);

    public Task<JsonObject> PushAsync(ControlInput input, CancellationToken cancellationToken) => push.RunAsync(input, cancellationToken);
}
