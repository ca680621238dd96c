using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Larkspur.Emulator.Control;

namespace Larkspur.Emulator.Feishu.SignIn;

/// <summary>What a page that is open inside the client gets from <c>tt.requestAccess</c> and <c>tt.requestAuthCode</c>.</summary>
internal sealed class ClientCodes(EmulatorState state, SignInCodes codes, Consents consents)
{
    public static readonly IReadOnlyDictionary<string, string[]> Members = new Dictionary<string, string[]>(StringComparer.Ordinal)
    {
        ["request_access"] = ["app_id", "scopes", "state", "page_url", "deny"],
        ["request_auth_code"] = ["app_id", "page_url"],
    };

    /// <returns>The code; or the client's own error, as the page's <c>fail</c> hears of it.</returns>
    public JsonObject Run(string who, string what, ControlInput input)
    {
        var app = state.App(input.Text("app_id") ?? state.Apps[0].AppId)
            ?? throw new ControlRefusal($"There is no app {input.Text("app_id")}.", 404);
        var access = what == "request_access";
        var scopes = access ? (input.Texts("scopes") ?? []).ToImmutableSortedSet(StringComparer.Ordinal) : null;
        if (Problem(app, who, input, scopes) is var (errno, text)) return new JsonObject
        {
            ["ok"] = false, ["error"] = new JsonObject { ["code"] = errno, ["message"] = text },
        };
        var code = codes.Issue(consents.Give(app.AppId, who, scopes), null, null, access ? SignInCodes.LifeInClient : SignInCodes.Life);
        var answer = new JsonObject { ["ok"] = true, ["code"] = code };
        if (input.Text("state") is { } told) answer["state"] = told;
        return answer;
    }

    private (int Errno, string Text)? Problem(BotApp app, string who, ControlInput input, ImmutableSortedSet<string>? scopes)
    {
        if (state.Problem(app, who) is not (SignInProblem.None or SignInProblem.Invisible)) return (10207, "the person has no session");
        if (state.Problem(app, who) == SignInProblem.Invisible) return (10228, "user to app has no visibility");
        if (app.RedirectUris is { IsEmpty: true }) return (10235, "the app has no redirect URL");
        if (input.Text("page_url") is { } page
            && !(RedirectList.Address(page) is { } address && RedirectList.Allows(app.RedirectUris, address)))
            return (10236, "the page is not among the redirect URLs of the app");
        if (scopes?.FirstOrDefault(s => !app.IsGranted(s)) is { } lacking) return (20027, $"the app has not enabled the scope {lacking}");
        return input.Flag("deny", false) ? (2700002, "the person refused") : null;
    }
}
