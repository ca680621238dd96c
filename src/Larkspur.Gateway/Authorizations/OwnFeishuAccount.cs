using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.People.Identities;

namespace Larkspur.Gateway.Authorizations;

/// <summary>Who somebody is to an app of Feishu, on whichever platform they speak.</summary>
/// <param name="App">The app that was written to; else the one that the person is known to.</param>
/// <param name="OpenId">The person, as the app knows them.</param>
/// <param name="Ids">All ids of that account.</param>
/// <param name="IsExternal">As the platform said; null: it did not say.</param>
internal sealed record OwnFeishuAccount(FeishuApp App, string OpenId, IReadOnlyList<PlatformIdentity> Ids, bool? IsExternal)
{
    /// <summary>They speak for themselves. In a chat of the web a business system may speak for somebody, and says who that is.</summary>
    /// <param name="platform">Where they speak.</param>
    public static bool IsOwnWord(string platform) => platform != PlatformIdentity.Web;

    /// <summary>Finds it. Account by account: a user id of another tenant is somebody else's in this one.</summary>
    /// <param name="apps">The apps of this moment.</param>
    /// <param name="platform">Where they speak.</param>
    /// <param name="app">The app that they speak to.</param>
    /// <param name="sender">They there.</param>
    /// <param name="person">Who they are here; null: nobody that is known.</param>
    /// <returns>Null: no account of theirs is one of Feishu, or none of a connected app.</returns>
    public static OwnFeishuAccount? Find(FeishuApps apps, string platform, string app, PlatformAccount sender, KnownPerson? person)
    {
        const string Feishu = PlatformNames.Feishu;
        var accounts = platform == Feishu ? [(sender.Ids, sender.IsExternal)]
            : person?.Accounts.Select(a => (a.Ids, (bool?)a.IsExternal)) ?? [];
        foreach (var (ids, isExternal) in accounts)
        {
            foreach (var open in ids.Where(i => FeishuOpenIds.Is(i) && (platform != Feishu || i.Scope == app)))
            {
                if (apps.TryGet(open.Scope, out var found)) return new OwnFeishuAccount(found, open.Value, ids, isExternal);
            }
        }

        return null;
    }
}
