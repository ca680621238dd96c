namespace Larkspur.DingTalk.Cards;

/// <summary>How a card tells that somebody acted on it.</summary>
public enum CardCallbackWay
{
    /// <summary>Over the stream.</summary>
    Stream,

    /// <summary>To an address that was registered under <see cref="CardInstance.CallbackRouteKey"/>.</summary>
    Http,
}

/// <summary>A place where a card is shown.</summary>
/// <param name="Type"><c>IM_GROUP</c>, <c>IM_ROBOT</c>, <c>IM_SINGLE</c>, <c>ONE_BOX</c>.</param>
/// <param name="Id">Its id.</param>
public sealed record CardSpace(string Type, string Id)
{
    /// <summary>A group that the robot is in.</summary>
    public static CardSpace Group(string openConversationId) => new("IM_GROUP", openConversationId);

    /// <summary>A person's conversation with the robot.</summary>
    public static CardSpace Person(string userId) => new("IM_ROBOT", userId);

    internal static string Join(IReadOnlyList<CardSpace> spaces)
    {
        if (spaces.Count == 0) throw new ArgumentException("A card needs a space.", nameof(spaces));
        foreach (CardSpace space in spaces)
        {
            if (string.IsNullOrWhiteSpace(space.Type) || string.IsNullOrWhiteSpace(space.Id) || space.Id.Contains(';', StringComparison.Ordinal)) throw new ArgumentException("A card's space has no type or no id, or a semicolon in it.", nameof(spaces));
        }

        // The prefix once, then type.id;type.id.
        return $"dtv1.card//{string.Join(';', spaces.Select(s => $"{s.Type}.{s.Id}"))}";
    }
}

/// <summary>A card to make: a template of the card platform, and what fills it.</summary>
public sealed record CardInstance
{
    /// <summary>The template, <c>….schema</c>.</summary>
    public required string TemplateId { get; init; }

    /// <summary>Your own key of the card, at most 100 characters: it names the card in updates and callbacks, and makes asking again harmless. Take the outbox row's id, for example.</summary>
    public required string OutTrackId { get; init; }

    /// <summary>Variables that everybody sees.</summary>
    public CardVariables Variables { get; init; } = new();

    /// <summary>Variables that only one person sees, by user id; at most 1 KB each person.</summary>
    public IReadOnlyDictionary<string, CardVariables> PrivateVariables { get; init; } = new Dictionary<string, CardVariables>();

    /// <summary>Where it is shown.</summary>
    public IReadOnlyList<CardSpace> Spaces { get; init; } = [];

    /// <summary>How it tells that somebody acted on it.</summary>
    public CardCallbackWay Callback { get; init; } = CardCallbackWay.Stream;

    /// <summary>With <see cref="CardCallbackWay.Http"/>: under which key the address was registered.</summary>
    public string? CallbackRouteKey { get; init; }

    /// <summary>User ids in it are union ids, not userids.</summary>
    public bool ByUnionId { get; init; }

    /// <summary>What the list of conversations shows.</summary>
    public string? LastMessage { get; init; }

    /// <summary>People may forward it. Default true.</summary>
    public bool AllowForward { get; init; } = true;

    /// <summary>Groups: only these people see it; empty: everybody.</summary>
    public IReadOnlyList<string> Recipients { get; init; } = [];

    /// <summary>Groups: whom it addresses with an @, user id and name.</summary>
    public IReadOnlyDictionary<string, string> At { get; init; } = new Dictionary<string, string>();
}

/// <summary>What became of a card in its spaces.</summary>
/// <param name="OutTrackId">The card's key.</param>
/// <param name="Results">One a space. Look at each: the card may be shown in one and not in another.</param>
public sealed record CardDelivered(string OutTrackId, IReadOnlyList<CardSpaceResult> Results)
{
    /// <summary>It is shown wherever it should be.</summary>
    public bool Everywhere => Results.All(r => r.Success);
}

/// <summary>One space.</summary>
/// <param name="SpaceType">Kind of space.</param>
/// <param name="SpaceId">The space.</param>
/// <param name="Success">It is shown there.</param>
/// <param name="CarrierId">The platform's id of what carries it.</param>
/// <param name="ErrorMsg">Why it is not.</param>
public sealed record CardSpaceResult(string? SpaceType, string? SpaceId, bool Success, string? CarrierId, string? ErrorMsg);
