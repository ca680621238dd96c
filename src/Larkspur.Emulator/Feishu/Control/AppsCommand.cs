using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Larkspur.Emulator.Company;
using Larkspur.Emulator.Control;
using Larkspur.Emulator.Feishu.Apps;
using Larkspur.Emulator.Feishu.Auth;
using Larkspur.Emulator.Feishu.Catalogue;
using Larkspur.Emulator.Feishu.Events;
using Larkspur.Emulator.Feishu.SignIn;

namespace Larkspur.Emulator.Feishu.Control;

/// <summary>What the developer console does: apps, their scopes and callback address; and tokens for people.</summary>
internal sealed class AppsCommand(
    EmulatorState state, CallbackAddress callback, TokenStore tokens, UserTokens userTokens, SignOut signOut, EndpointCatalogue catalogue)
{
    private const int MostApps = 100;
    private static readonly string[] Changeable = ["bot_enabled", "encrypt_key", "verification_token", "tenant_key", "granted_scopes",
        "available_to", "contact_departments", "subscriptions", "event_mode", "callback_mode", "redirect_uris", "refresh_allowed",
        "qr_wrong_origin"];

    public JsonObject Add(ControlInput input)
    {
        input.Only(["app_id", "app_secret", "kind", "name", "en_name", .. Changeable]);
        var id = input.Need("app_id");
        if (state.App(id) is not null) throw new ControlRefusal($"The app {id} exists already.");
        if (state.Apps.Count >= MostApps) throw new ControlRefusal("There are too many apps.");
        var kind = (input.Text("kind") ?? "custom") switch
        {
            "custom" => AppKind.Custom,
            "store" or "isv" => AppKind.Store,
            _ => throw new ControlRefusal("\"kind\" must be custom or store."),
        };
        state.Put(Changed(new BotApp
        {
            AppId = id, AppSecret = input.Need("app_secret"), Name = input.Text("name") ?? id, EnName = input.Text("en_name") ?? input.Text("name") ?? id, Kind = kind,
        }, input));
        return FeishuStateView.ShowApp(state.App(id)!);
    }

    public JsonObject Change(string appId, ControlInput input)
    {
        input.Only(Changeable);
        return FeishuStateView.ShowApp(state.Change(Known(appId).AppId, app => Changed(app, input)) ?? throw new ControlRefusal($"There is no app {appId}.", 404));
    }

    /// <summary>The administrator grants and revokes scopes, in force at once; neither list names a scope that the other names.</summary>
    public JsonObject ChangeScopes(string appId, ControlInput input)
    {
        var app = Known(appId);
        input.Only("grant", "revoke");
        var grant = Scopes(input, "grant");
        var revoke = Scopes(input, "revoke");
        if (grant.Count + revoke.Count == 0) throw new ControlRefusal("\"grant\" or \"revoke\" is missing: lists of scopes.");
        if (grant.Intersect(revoke).FirstOrDefault() is { } both) throw new ControlRefusal($"\"{both}\" is both granted and revoked.");
        return FeishuStateView.ShowApp(state.Change(app.AppId, a => a with
        {
            // "Every scope" turns into the list of them once one is taken away.
            GrantedScopes = a.GrantedScopes is null && revoke.Count == 0 ? null : (a.GrantedScopes ?? [.. AppScopes.All(catalogue)]).Union(grant).Except(revoke),
        }) ?? throw new ControlRefusal($"There is no app {appId}.", 404));
    }

    /// <summary>Verifies the address first (<c>"verify": false</c> skips that).</summary>
    public async Task<JsonObject> SetCallbackAsync(string appId, ControlInput input, CancellationToken cancellationToken)
    {
        var app = Known(appId);
        input.Only("url", "callback_url", "verify");
        var url = input.Text("url") ?? input.Text("callback_url") ?? throw new ControlRefusal("\"url\" is missing; an empty one switches pushing off.");
        var why = await callback.SetAsync(app, url, input.Flag("verify", true), cancellationToken);
        return why is null ? new JsonObject { ["ok"] = true, ["url"] = url } : new JsonObject { ["ok"] = false, ["url"] = app.CallbackUrl, ["error"] = why };
    }

    public JsonObject UserToken(ControlInput input)
    {
        input.Only("as", "app_id", "scopes");
        var who = state.Named(input.Need("as"))?.UserId ?? throw new ControlRefusal($"There is no person {input.Need("as")}.");
        var app = Known(input.Text("app_id") ?? state.Apps[0].AppId);
        var pair = userTokens.New(app, new Consent(app.AppId, who, input.Texts("scopes")?.ToImmutableSortedSet(StringComparer.Ordinal)));
        var answer = new JsonObject { ["user_access_token"] = pair.Access, ["expires_in"] = pair.Seconds };
        if (pair.Refresh is not null) (answer["refresh_token"], answer["refresh_token_expires_in"]) = (pair.Refresh, pair.RefreshSeconds);
        return answer;
    }

    /// <summary>Ends tokens. Of one person or app (<c>as</c>, <c>app_id</c>) those of people alone; else also those of the apps.</summary>
    public JsonObject RevokeTokens(IQueryCollection query)
    {
        string[] known = ["as", "app_id", "reason", "only"];
        if (query.Keys.FirstOrDefault(k => !known.Contains(k)) is { } unknown)
            throw new ControlRefusal($"\"{unknown}\" is unknown here. Known: {string.Join(", ", known)}.");
        var named = query["as"].ToString();
        var who = named.Length == 0 ? null : state.Named(named)?.UserId ?? throw new ControlRefusal($"There is no person {named}.");
        var app = query["app_id"].ToString() is { Length: > 0 } id ? Known(id).AppId : null;
        var reason = query["reason"].ToString() switch
        {
            "" or "administrator" => SignOut.ByAdministrator,
            "user" => SignOut.ByUser,
            "security" => SignOut.ByRiskControl,
            "restriction" => SignOut.ByRestriction,
            "unknown" => SignOut.Unknown,
            _ => throw new ControlRefusal("\"reason\" must be administrator, user, security, restriction or unknown."),
        };
        var onlyRefresh = query["only"].ToString() switch
        {
            "" => false,
            "refresh_token" => true,
            _ => throw new ControlRefusal("\"only\" must be refresh_token."),
        };
        var ended = signOut.End(app, who, reason, onlyRefresh);
        if (who is null && app is null && !onlyRefresh) tokens.RevokeAll();
        return new JsonObject { ["ok"] = true, ["ended"] = ended };
    }

    private static ImmutableHashSet<string> Scopes(ControlInput input, string name)
    {
        var scopes = input.Texts(name)?.ToImmutableHashSet() ?? [];
        return scopes.All(s => s.Length is > 0 and <= 128) && scopes.Count <= 5000 ? scopes : throw new ControlRefusal($"\"{name}\" holds what is no scope.");
    }

    private static ImmutableArray<string>? RedirectUris(ControlInput input)
    {
        if (input.Texts("redirect_uris") is not { } list) return null;
        if (list.Count > RedirectList.Most) throw new ControlRefusal($"\"redirect_uris\" are {RedirectList.Most} at most.");
        return list.FirstOrDefault(u => RedirectList.Address(u) is null) is { } bad
            ? throw new ControlRefusal($"\"{bad}\" is no http or https address.") : [.. list];
    }

    private static SubscriptionMode? Mode(ControlInput input, string name) =>
        input.Text(name) is not { } text ? null : SubscriptionModes.Parse(text) ?? throw new ControlRefusal($"\"{name}\" must be auto, webhook or long_connection.");

    private BotApp Known(string appId) => state.App(appId) ?? throw new ControlRefusal($"There is no app {appId}.", 404);

    private BotApp Changed(BotApp app, ControlInput input)
    {
        app = app with
        {
            BotEnabled = input.Flag("bot_enabled", app.BotEnabled),
            EncryptKey = input.Text("encrypt_key") ?? app.EncryptKey,
            VerificationToken = input.Text("verification_token") ?? app.VerificationToken,
            TenantKey = input.Text("tenant_key") ?? app.TenantKey,
            EventMode = Mode(input, "event_mode") ?? app.EventMode,
            CallbackMode = Mode(input, "callback_mode") ?? app.CallbackMode,
            MayRefresh = input.Flag("refresh_allowed", app.MayRefresh),
            QrFromElsewhere = input.Flag("qr_wrong_origin", app.QrFromElsewhere),
        };
        // null in the body means "all again".
        if (input.Body.ContainsKey("granted_scopes")) app = app with { GrantedScopes = input.Texts("granted_scopes")?.ToImmutableHashSet() };
        if (input.Body.ContainsKey("available_to"))
            app = app with { AvailableTo = input.Texts("available_to")?.Select(u => state.Member(u)?.UserId ?? u).ToImmutableHashSet() };
        if (input.Body.ContainsKey("contact_departments"))
            app = app with { ContactDepartments = input.Texts("contact_departments")?.Select(d => state.NeedDepartment(d).OpenDepartmentId)
                .ToImmutableHashSet() };
        if (input.Body.ContainsKey("redirect_uris")) app = app with { RedirectUris = RedirectUris(input) };
        if (input.Body.ContainsKey("subscriptions")) app = app with { Subscriptions = input.Texts("subscriptions")?.ToImmutableHashSet() };
        return app;
    }
}
