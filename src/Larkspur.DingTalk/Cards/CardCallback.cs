using System.Text.Json;
using System.Text.Json.Serialization;

namespace Larkspur.DingTalk.Cards;

/// <summary>Somebody acted on a card. Answer within 2 s, and do not call the update API meanwhile: the two would race.</summary>
public sealed record CardCallback
{
    /// <summary>The card, by the key it was made under.</summary>
    public required string OutTrackId { get; init; }

    /// <summary><c>actionCallback</c>.</summary>
    public string? Type { get; init; }

    /// <summary>The organisation.</summary>
    public string? CorpId { get; init; }

    /// <summary>Who acted; a userid or a union id, as <see cref="UserIdType"/> says.</summary>
    public string UserId { get; init; } = "";

    /// <summary>1: userid; 2: union id.</summary>
    public int? UserIdType { get; init; }

    /// <summary>The space in which the card is.</summary>
    public string? SpaceId { get; init; }

    /// <summary>Kind of space.</summary>
    public string? SpaceType { get; init; }

    /// <summary>What the card was made with for this purpose; JSON text.</summary>
    public string? Extension { get; init; }

    /// <summary>The action, as JSON text; see <see cref="ActionIds"/> and <see cref="Parameters"/>.</summary>
    public string? Content { get; init; }

    /// <summary>Ids of the buttons or other parts that were acted on.</summary>
    /// <exception cref="JsonException">The content is no JSON.</exception>
    [JsonIgnore]
    public IReadOnlyList<string> ActionIds => Action is { ActionIds: { } ids } ? ids : [];

    /// <summary>Parameters of the action, and what was filled in.</summary>
    /// <exception cref="JsonException">The content is no JSON.</exception>
    [JsonIgnore]
    public IReadOnlyDictionary<string, JsonElement> Parameters => Action is { Params: { } parameters } ? parameters : new Dictionary<string, JsonElement>();

    [JsonIgnore]
    private CardAction? Action => string.IsNullOrEmpty(Content) ? null : JsonSerializer.Deserialize<CardContent>(Content, DingTalkJson.New)?.CardPrivateData;

    private sealed record CardContent(CardAction? CardPrivateData);

    private sealed record CardAction(IReadOnlyList<string>? ActionIds, IReadOnlyDictionary<string, JsonElement>? Params);
}

/// <summary>The answer to a card callback: what the card shows from now on. An empty one changes nothing.</summary>
public sealed record CardAnswer
{
    /// <summary>Changes nothing.</summary>
    public static CardAnswer Nothing { get; } = new();

    /// <summary>Variables that everybody sees.</summary>
    public CardVariables? Variables { get; init; }

    /// <summary>Variables that only the person who acted sees.</summary>
    public CardVariables? PrivateVariables { get; init; }

    /// <summary>Variables that are not named keep their value. Default true; the platform's own default drops them.</summary>
    public bool KeepOthers { get; init; } = true;

    /// <summary>The body of the answer over HTTP; over the stream it goes in a member <c>response</c>.</summary>
    public byte[] ToUtf8Json() => JsonSerializer.SerializeToUtf8Bytes(Body(), DingTalkJson.New);

    internal object Body() => Variables is null && PrivateVariables is null ? new { } : new
    {
        cardUpdateOptions = new { updateCardDataByKey = KeepOthers, updatePrivateDataByKey = KeepOthers },
        cardData = Variables is null ? null : new { cardParamMap = Variables.Map },
        userPrivateData = PrivateVariables is null ? null : new { cardParamMap = PrivateVariables.Map },
    };
}
