using System.Text.Json.Nodes;
using Larkspur.Emulator.Control;
using Larkspur.Emulator.WeCom.AiBots;
using Larkspur.Emulator.WeCom.ApiPipeline;
using Larkspur.Emulator.WeCom.Control;
using Larkspur.Emulator.WeCom.SignIn;

namespace Larkspur.Emulator.WeCom;

/// <summary>WeCom on loopback.</summary>
internal sealed class WeComPlatform(
    WeComActCommand act, WeComPushCommand push, WeComStateView state, WeComApiPipeline pipeline, SignInPages pages,
    BotSocketEndpoint socket) : IEmulatedPlatform
{
    public const string PlatformName = "wecom";

    public string Name => PlatformName;

    public IReadOnlyList<string> PushNames => [WeComPushCommand.AiBot];

    public void Map(WebApplication app)
    {
        app.Map("/cgi-bin/{**path}", pipeline.HandleAsync);
        app.MapGet(SignInPages.Authorize, pages.AuthorizeAsync);
        app.MapGet(SignInPages.Login, pages.LoginAsync);
        app.MapGet(SignInPages.OwnLogin, pages.LoginAsync);
        app.MapGet(SignInPages.Qr, pages.QrAsync);
        app.Map(BotSocketEndpoint.Path, socket.HandleAsync);
    }

    public void WriteState(JsonObject view) => view[Name] = state.State();

    public Task<JsonObject> ActAsync(ControlInput input, CancellationToken cancellationToken) => act.RunAsync(input, cancellationToken);

    public Task<JsonObject> PushAsync(ControlInput input, CancellationToken cancellationToken) => push.RunAsync(input, cancellationToken);
}
