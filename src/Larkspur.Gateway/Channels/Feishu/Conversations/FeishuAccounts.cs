using Larkspur.Gateway.Ingress;
using Larkspur.Gateway.People.Identities;

namespace Larkspur.Gateway.Channels.Feishu.Conversations;

/// <summary>Feishu's ids of a person as the account that identities are kept by.</summary>
internal static class FeishuAccounts
{
    /// <param name="app">The app's name in the settings: open ids are its own.</param>
    /// <param name="tenant">The company: user ids are its own; null: unknown, and they are left out.</param>
    /// <param name="openId">Id within the app.</param>
    /// <param name="unionId">Id across the apps of one developer, if told.</param>
    /// <param name="userId">Id within the company, if told.</param>
    /// <param name="known">What the directory says, as far as the app may see it.</param>
    public static PlatformAccount Of(string app, string? tenant, string openId, string? unionId, string? userId, FeishuPerson? known)
    {
        const string Platform = FeishuInboundEvents.Platform;
        var ids = new List<PlatformIdentity> { new(Platform, app, "open_id", openId) };
        if ((unionId is { Length: > 0 } ? unionId : known?.UnionId) is { Length: > 0 } union) ids.Add(new PlatformIdentity(Platform, "", "union_id", union));
        if (tenant is { Length: > 0 } && (userId is { Length: > 0 } ? userId : known?.UserId) is { Length: > 0 } user) ids.Add(new PlatformIdentity(Platform, tenant, "user_id", user));
        return new PlatformAccount { Platform = Platform, App = app, Ids = ids, Name = known?.Name ?? known?.EnName, VerifiedEmail = known?.Email, Departments = known?.Departments };
    }
}
