using System.Text.Json.Nodes;
using Larkspur.Emulator.Control;
using Larkspur.Emulator.DingTalk.Actions;
using Larkspur.Emulator.DingTalk.ApiPipeline;
using Larkspur.Emulator.DingTalk.Auth;
using Larkspur.Emulator.DingTalk.StreamMode;
using Larkspur.Emulator.DingTalk.Workflow;

namespace Larkspur.Emulator.DingTalk;

/// <summary>DingTalk on loopback.</summary>
internal sealed class DingTalkPlatform(
    EmulatorState state, DingTalkStateView shown, PersonActions people, TenantActions tenant, PushAction push, DingTalkApiPipeline pipeline,
    AuthorizePage authorize, ApprovalFilesApi files, StreamEndpoint stream) : IEmulatedPlatform
{
    /// <summary>Both generations of the API are served at one address.</summary>
    private static readonly string[] Roots = ["v1.0", "topapi", "robot", "media", "call_back", "auth"];

    public const string PlatformName = "dingtalk";

    public string Name => PlatformName;

    public void Map(WebApplication app)
    {
        foreach (var root in Roots) app.Map($"/{root}/{{**path}}", pipeline.HandleAsync);
        app.Map("/gettoken", pipeline.HandleAsync);
        app.MapGet(AuthorizePage.Path, authorize.HandleAsync);
        app.MapGet(ApprovalFilesApi.Path, files.SendAsync);
        app.Map(StreamEndpoint.Path, stream.HandleAsync);
    }

    public void WriteState(JsonObject view) => view[Name] = shown.Show();

    public async Task<JsonObject> ActAsync(ControlInput input, CancellationToken cancellationToken)
    {
        var what = input.Need("do");
        if (TenantActions.Members.TryGetValue(what, out var settings))
        {
            input.Only(["platform", "do", .. settings]);
            return await tenant.RunAsync(what, input, cancellationToken);
        }

        if (!PersonActions.Members.TryGetValue(what, out var members))
        {
            var known = PersonActions.Members.Keys.Concat(TenantActions.Members.Keys).Order(StringComparer.Ordinal);
            throw new ControlRefusal($"\"do\": {what} is unknown on dingtalk. Known: {string.Join(", ", known)}.");
        }

        input.Only(["platform", "as", "do", .. members]);
        var who = state.Named(input.Need("as"))
            ?? throw new ControlRefusal($"There is no person {input.Text("as")}. People: {state.SomeNames}.");
        return await people.RunAsync(who, what, input, cancellationToken);
    }

    public Task<JsonObject> PushAsync(ControlInput input, CancellationToken cancellationToken) => push.RunAsync(input, cancellationToken);
}
