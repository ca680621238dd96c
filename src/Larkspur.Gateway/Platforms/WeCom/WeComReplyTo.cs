using System.Text.Json;
using System.Text.Json.Serialization;
using Larkspur.Gateway.Conversations;
using Larkspur.Gateway.Platforms.WeCom.Answers;
using Larkspur.WeCom.AiBots;

namespace Larkspur.Gateway.Platforms.WeCom;

/// <summary>Where an answer in WeCom goes: a person through the application, or a conversation with the bot, with what the platform gave to answer its message by.</summary>
/// <param name="TargetType"><see cref="UserId"/>, <see cref="BotSingle"/> or <see cref="BotGroup"/>.</param>
/// <param name="Target">Userid, or the group's chat id.</param>
internal sealed record WeComReplyTo(string TargetType, string Target)
{
    public const string UserId = "userid";
    public const string BotSingle = "bot_single";
    public const string BotGroup = "bot_group";

    /// <summary>Long connection: the request that answers name.</summary>
    public string? RequestId { get; init; }

    /// <summary>Callback: the stream that was begun in the answer to the message, and which the platform polls.</summary>
    public string? StreamId { get; init; }

    /// <summary>Callback: where one later answer may be posted, sealed (<see cref="ResponseAddresses"/>).</summary>
    public string? ResponseSeal { get; init; }

    /// <summary>The person who wrote; in a group too.</summary>
    public string? Person { get; init; }

    /// <summary>When the message came: the platform's windows count from here.</summary>
    public DateTimeOffset At { get; init; }

    public bool IsBot => TargetType != UserId;

    public bool IsGroup => TargetType == BotGroup;

    /// <summary>The end of what may be streamed in answer to the message.</summary>
    public DateTimeOffset StreamsUntil => At + AiBotLimits.StreamLife;

    /// <summary>From here on a stream in answer to the message is closed with what there is.</summary>
    public DateTimeOffset ClosesAt => StreamsUntil - StreamFace.Margin;

    public ReplyAddress ToAddress(string app) => new(IsBot ? WeComLanes.OfBot(app, Target) : WeComLanes.OfPerson(Target), TargetType, Target)
    {
        Extra = IsBot ? JsonSerializer.Serialize(new Kept(RequestId, StreamId, ResponseSeal, Person, At.ToUnixTimeMilliseconds())) : null,
        ExtraUntil = IsBot ? At + (RequestId is not null ? AiBotLimits.ReplyWindow : AiBotLimits.ResponseUrlLife) : null,
    };

    /// <summary>Reads an address that was stored.</summary>
    public static WeComReplyTo Read(string targetType, string target, string? extra)
    {
        var to = new WeComReplyTo(targetType, target);
        if (extra is null) return to;
        try
        {
            return JsonSerializer.Deserialize<Kept>(extra) is { } kept
                ? to with { RequestId = kept.Request, StreamId = kept.Stream, ResponseSeal = kept.ResponseSeal, Person = kept.Person, At = DateTimeOffset.FromUnixTimeMilliseconds(kept.At) }
                : to;
        }
        catch (Exception e) when (e is JsonException or ArgumentOutOfRangeException)
        {
            // Without it the answer still has somewhere to go, only not as an answer to its message.
            return to;
        }
    }

    public static WeComReplyTo Read(ReplyAddress address) => Read(address.TargetType, address.Target, address.Extra);

    /// <summary>The message as the SDK answers it.</summary>
    /// <param name="botId">The bot.</param>
    /// <param name="response">Callback: the opened response address.</param>
    public AiBotDelivery Delivery(string botId, Uri? response = null) => new()
    {
        Id = RequestId ?? StreamId ?? "", BotId = botId, From = Person ?? Target, ChatId = IsGroup ? Target : null, IsGroup = IsGroup, ReceivedAt = At,
        Content = new BotTextReceived(""), RequestId = RequestId, ResponseUrl = response, Json = default,
    };

    private sealed record Kept(string? Request, string? Stream, [property: JsonPropertyName("response_seal")] string? ResponseSeal, string? Person, long At);
}
