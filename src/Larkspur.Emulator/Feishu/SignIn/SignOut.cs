using System.Text.Json.Nodes;
using Larkspur.Emulator.Company;
using Larkspur.Emulator.Feishu.Auth;
using Larkspur.Emulator.Feishu.Events;

namespace Larkspur.Emulator.Feishu.SignIn;

/// <summary>Ends people's tokens, and tells the apps that had them (<c>auth.user_access_token.revoked_v4</c>): when an administrator or the
/// person takes them back, and when the person leaves the company.</summary>
internal sealed class SignOut(EmulatorState state, TokenStore access, RefreshTokens refresh, Consents consents, EventPusher pusher)
    : IDirectoryListener
{
    public const string Type = "auth.user_access_token.revoked_v4";
    public const string ByUser = "Revoked by user action.";
    public const string ByAdministrator = "Revoked by administrator action.";
    public const string ByRiskControl = "Revoked by security and risk control action.";
    public const string ByRestriction = "Revoked by restriction action.";
    public const string Unknown = "Revoked by unknown action.";

    private const string AccessToken = "user_access_token";
    private const string RefreshToken = "refresh_token";

    public string Platform => FeishuPlatform.PlatformName;

    public void PersonChanged(PersonChange change)
    {
        if (change.Left) End(null, change.After.UserId, ByAdministrator);
    }

    public void DepartmentChanged(DepartmentChange change)
    {
    }

    /// <param name="appId"><see langword="null"/>: of every app.</param>
    /// <param name="userId"><see langword="null"/>: of everybody.</param>
    /// <param name="onlyRefresh">The access tokens live on to their own end.</param>
    /// <returns>How many people and apps there were whose tokens ended.</returns>
    public int End(string? appId, string? userId, string reason, bool onlyRefresh = false)
    {
        bool Concerns(string app, string? user) => (appId ?? app) == app && (userId ?? user) == user;
        var refreshed = refresh.Revoke(c => Concerns(c.AppId, c.UserId)).ToHashSet();
        var used = onlyRefresh ? [] : access.EndOfPeople(t => Concerns(t.AppId, t.UserId)).ToHashSet();
        if (!onlyRefresh) consents.TakeBack(appId, userId);
        var all = used.Union(refreshed).ToArray();
        foreach (var ended in all)
        {
            if (state.App(ended.AppId) is not { } app || !EventScopes.Allow(app, Type)) continue;
            var body = new JsonObject
            {
                ["revoke_token_type"] = string.Join(' ', Kinds(used.Contains(ended), refreshed.Contains(ended))),
                ["revoke_reason"] = reason,
                ["open_id"] = WireIds.OpenId(app.AppId, ended.UserId), ["union_id"] = state.Person(ended.UserId)?.UnionId ?? "",
            };
            if (app.IsGranted("contact:user.employee_id:readonly")) body["user_id"] = state.Person(ended.UserId)?.PresentUserId ?? "";
            pusher.Publish(app, Type, body, "tokens/" + app.AppId);
        }

        return all.Length;
    }

    private static IEnumerable<string> Kinds(bool wasAccess, bool wasRefresh)
    {
        if (wasAccess) yield return AccessToken;
        if (wasRefresh) yield return RefreshToken;
    }
}
