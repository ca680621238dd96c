using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Larkspur.Emulator.Control;
using Larkspur.Emulator.Feishu.Im;

namespace Larkspur.Emulator.Feishu.Control;

/// <summary>What developer and administrator do with an app's versions: <c>create</c>, <c>submit</c>, <c>approve</c>, <c>reject</c>, <c>publish</c>, <c>withdraw</c>, <c>take_off</c>.</summary>
internal sealed class VersionsCommand(EmulatorState state)
{
    private static readonly string[] Drafted = ["scopes", "events", "bot_enabled", "version"];

    public JsonObject Run(string appId, ControlInput input)
    {
        if (state.App(appId) is null) throw new ControlRefusal($"There is no app {appId}.", 404);
        input.Only(["do", .. Drafted]);
        var action = input.Need("do");
        if (action != "create" && Drafted.FirstOrDefault(name => input.Body.ContainsKey(name)) is { } name) throw new ControlRefusal($"\"{name}\" belongs to \"create\".");
        var now = state.Clock.GetUtcNow();
        Func<BotApp, BotApp> change = action switch
        {
            "create" => app => AppReleases.Create(app, Name(input), draft => Changed(draft, input), now),
            "submit" => AppReleases.Submit,
            "approve" => app => AppReleases.Approve(app, now),
            "publish" => app => AppReleases.Publish(app, now),
            "reject" => AppReleases.Reject,
            "withdraw" => AppReleases.Withdraw,
            "take_off" => AppReleases.TakeOff,
            _ => throw new ControlRefusal("\"do\" must be create, submit, approve, publish, reject, withdraw or take_off."),
        };
        try
        {
            return FeishuStateView.ShowApp(state.Change(appId, change) ?? throw new ControlRefusal($"There is no app {appId}.", 404));
        }
        catch (InvalidOperationException unfit)
        {
            throw new ControlRefusal(unfit.Message, 409);
        }
    }

    public static JsonObject Show(BotApp app, AppVersion version) => new()
    {
        ["version_id"] = version.IdIn(app.AppId), ["version"] = version.Name, ["status"] = (int)version.Status, ["online"] = version.Number == app.OnlineVersion,
        ["create_time"] = MessageView.Millis(version.Created), ["publish_time"] = version.Published is { } at ? MessageView.Millis(at) : null,
    };

    private static AppVersion Changed(AppVersion draft, ControlInput input)
    {
        if (input.Body.ContainsKey("scopes")) draft = draft with { Scopes = input.Texts("scopes")?.ToImmutableHashSet() };
        if (input.Body.ContainsKey("events")) draft = draft with { Events = input.Texts("events")?.ToImmutableHashSet() };
        return draft with { Bot = input.Flag("bot_enabled", draft.Bot) };
    }

    private static string? Name(ControlInput input) =>
        input.Text("version") is not { } name ? null : name.Length is > 0 and <= 32 ? name : throw new ControlRefusal("\"version\" has 1 to 32 characters.");
}
