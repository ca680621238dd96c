using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Gateway.Outbox;

namespace Larkspur.Gateway.Cards;

/// <summary>A change of a card by the token of a click on it, as an outbox row carries it.</summary>
/// <param name="Token">The token: 30 minutes, two uses. Secret while it lives.</param>
/// <param name="Card">The card.</param>
/// <param name="OnlyFor">Who sees the change of a card that is not shared; null: the card is shared.</param>
internal sealed record CardTokenUpdate(string Token, string Card, IReadOnlyList<string>? OnlyFor)
{
    /// <summary>Change a card by what its click has brought: on Feishu a token, on WeCom a code.</summary>
    public static OutboxOperation Operation { get; } = new("card_update", Repetition.Repeats, CardTexts.ChangeCardAfterClick);

    public static OutboxMessage Message(string token, string? messageId, string card, IReadOnlyList<string>? onlyFor)
    {
        ArgumentException.ThrowIfNullOrEmpty(token);
        if (IsShared(card) && onlyFor is not null) throw new ArgumentException("A shared card is changed for all: name nobody.", nameof(onlyFor));
        if (!IsShared(card) && onlyFor is not { Count: > 0 }) throw new ArgumentException("A card that is not shared is changed for people who are named.", nameof(onlyFor));
        var lane = messageId ?? token;
        return new OutboxMessage
        {
            Operation = Operation, Lane = lane, TargetType = "message_id", Target = messageId ?? "-", MessageType = "card_update",
            Content = JsonSerializer.Serialize(new CardTokenUpdate(token, card, onlyFor)),
        };
    }

    /// <exception cref="JsonException">The row holds something else.</exception>
    public static CardTokenUpdate Read(string content) =>
        JsonSerializer.Deserialize<CardTokenUpdate>(content) ?? throw new JsonException("The row holds no update of a card.");

    /// <summary>Everybody sees the same face: JSON 2.0 knows no other, 1.0 says so.</summary>
    /// <exception cref="ArgumentException">It is no card.</exception>
    public static bool IsShared(string card)
    {
        ArgumentException.ThrowIfNullOrEmpty(card);
        try
        {
            return JsonNode.Parse(card) is not JsonObject root ? throw new ArgumentException("A card is a JSON object.", nameof(card))
                : root["schema"]?.ToString() == "2.0" || root["type"] is not null || root["config"]?["update_multi"]?.ToString() == "true";
        }
        catch (JsonException e)
        {
            throw new ArgumentException("The card is not JSON.", nameof(card), e);
        }
    }
}
