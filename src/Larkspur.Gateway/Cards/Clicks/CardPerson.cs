using Larkspur.Gateway.Channels.Feishu;
using Larkspur.Gateway.Bots;

namespace Larkspur.Gateway.Cards;

/// <summary>Who used a card. Absent ids and names were not permitted to the app; only <see cref="OpenId"/> is always there.</summary>
/// <param name="OpenId">Id within the app.</param>
public sealed record CardPerson(string OpenId)
{
    /// <summary>Id within the tenant.</summary>
    public string? UserId { get; init; }

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

    internal static CardPerson Of(Larkspur.Feishu.Events.CardOperator who, FeishuPerson? known) => new(who.OpenId)
    {
        UserId = who.UserId is { Length: > 0 } user ? user : known?.UserId,
        UnionId = who.UnionId is { Length: > 0 } union ? union : known?.UnionId,
        Name = known?.Name,
        EnglishName = known?.EnName,
    };
}
