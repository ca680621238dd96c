using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.People.Identities;

namespace Larkspur.Gateway.Platforms.Feishu.Conversations;

/// <summary>Feishu's ids of a person as the account that identities are kept by.</summary>
internal static class FeishuAccounts
{
    /// <param name="app">The app's name in the settings: open ids are its own.</param>
    /// <param name="own">The company whose app it is; null: not told.</param>
    /// <param name="theirs">The company that they are of: user ids are its own; null: not told, and user ids are left out.</param>
    /// <param name="openId">Id within the app.</param>
    /// <param name="unionId">Id across the apps of one developer, if told.</param>
    /// <param name="userId">Id within their company, if told.</param>
    /// <param name="known">What our directory says, as far as the app may see it.</param>
    /// <returns>The account, from outside where the companies differ; of whom that is not told, it says nothing.</returns>
    public static PlatformAccount Of(
        string app, string? own, string? theirs, string openId, string? unionId, string? userId, FeishuPerson? known)
    {
        const string Platform = PlatformNames.Feishu;
        bool? isExternal = own is { Length: > 0 } && theirs is { Length: > 0 } ? own != theirs : null;
        // What our directory says of ids, addresses and departments is about members.
        var member = isExternal == true ? null : known;
        var ids = new List<PlatformIdentity> { new(Platform, app, "open_id", openId) };
        if (Told(unionId, member?.UnionId) is { } union) ids.Add(new PlatformIdentity(Platform, "", "union_id", union));
        if (theirs is { Length: > 0 } tenant && Told(userId, member?.UserId) is { } user)
            ids.Add(new PlatformIdentity(Platform, tenant, "user_id", user));
        return new PlatformAccount
        {
            Platform = Platform, App = app, Ids = ids, Name = known?.Name ?? known?.EnName, VerifiedEmail = member?.Email,
            Departments = member?.Departments, IsExternal = isExternal,
        };
    }

    private static string? Told(string? id, string? known) => id is { Length: > 0 } ? id : known is { Length: > 0 } ? known : null;
}
