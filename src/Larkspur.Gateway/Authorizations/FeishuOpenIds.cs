using Larkspur.Gateway.Common;
using Larkspur.Gateway.People.Identities;

namespace Larkspur.Gateway.Authorizations;

/// <summary>People as apps of Feishu know them.</summary>
internal static class FeishuOpenIds
{
    private const string Kind = "open_id";

    /// <summary>An <c>open_id</c> of an app.</summary>
    /// <param name="app">The app's name in the settings.</param>
    /// <param name="openId">The id.</param>
    public static PlatformIdentity Of(string app, string openId) => new(PlatformNames.Feishu, app, Kind, openId);

    /// <summary>All that a person has, of all apps; nobody has none.</summary>
    public static IEnumerable<PlatformIdentity> Of(KnownPerson? person) => person?.Ids.Where(Is) ?? [];

    /// <summary>It is one.</summary>
    public static bool Is(PlatformIdentity id) => id is { Platform: PlatformNames.Feishu, Kind: Kind };
}
