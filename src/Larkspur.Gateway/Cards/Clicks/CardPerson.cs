using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Common.Localisation;

namespace Larkspur.Gateway.Cards;

/// <summary>Who used a card. Absent ids and names were not permitted to the app; only <see cref="OpenId"/> is always there.</summary>
/// <param name="OpenId">Id within the app.</param>
public sealed record CardPerson(string OpenId)
{
    /// <summary>Id within the company whose app sent the card. Of a person of another company, whose id there may be a member's here, it is
    /// null.</summary>
    public string? UserId { get; init; }

    /// <summary>The company that they are of; null: not told.</summary>
    public string? TenantKey { get; init; }

    /// <summary>Id across the apps of one developer.</summary>
    public string? UnionId { get; init; }

    /// <summary>Name.</summary>
    public string? Name { get; init; }

    /// <summary>English name.</summary>
    public string? EnglishName { get; init; }

    /// <summary>Whether one of these ids is theirs.</summary>
    public bool IsAmong(IReadOnlyList<string> ids)
    {
        ArgumentNullException.ThrowIfNull(ids);
        return ids.Contains(OpenId, StringComparer.Ordinal) || UserId is not null && ids.Contains(UserId, StringComparer.Ordinal) || UnionId is not null && ids.Contains(UnionId, StringComparer.Ordinal);
    }

    internal string? NameIn(Language language) => language == Language.English && EnglishName is { Length: > 0 } ? EnglishName : Name;

    /// <param name="who">As the platform tells of them.</param>
    /// <param name="ownTenant">The company whose app sent the card; null: not told.</param>
    /// <param name="known">What its directory says.</param>
    internal static CardPerson Of(Larkspur.Feishu.Events.CardOperator who, string? ownTenant, FeishuPerson? known)
    {
        var isForeign = ownTenant is { Length: > 0 } && who.TenantKey is { Length: > 0 } theirs && theirs != ownTenant;
        return new(who.OpenId)
        {
            UserId = isForeign ? null : who.UserId is { Length: > 0 } user ? user : known?.UserId,
            UnionId = who.UnionId is { Length: > 0 } union ? union : isForeign ? null : known?.UnionId,
            TenantKey = who.TenantKey is { Length: > 0 } tenant ? tenant : null,
            Name = known?.Name,
            EnglishName = known?.EnName,
        };
    }
}
