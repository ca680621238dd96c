using System.Globalization;
using System.Text.Json.Nodes;
using Larkspur.Emulator.Feishu.Cards;
using Larkspur.Emulator.Feishu.Cards.Validation;

namespace Larkspur.Emulator.Feishu.CardKit;

/// <summary>Keeps card entities: each is sent once, streams for 10 minutes at most, and is gone after 14 days.</summary>
internal sealed class CardEntities(EmulatorState state) : IResettableState
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(14);
    public static readonly TimeSpan LongestStream = TimeSpan.FromMinutes(10);

    private readonly Dictionary<string, ITimer> _closing = [];

    /// <summary>One operation at a time: what is read is what is changed.</summary>
    public Lock Gate { get; } = new();

    public bool IsExpired(CardEntity entity) => state.Clock.GetUtcNow() - entity.CreateTime >= Lifetime;

    /// <param name="shownBy">The message that shows it already (id_convert).</param>
    public CardEntity Make(string appId, JsonObject card, string? shownBy = null)
    {
        var entity = new CardEntity
        {
            CardId = NextId(), AppId = appId, Json = CanonicalJson.Write(card), CreateTime = state.Clock.GetUtcNow(), MessageId = shownBy,
        };
        lock (Gate) return Keep(Streamed(entity, card, decides: true));
    }

    /// <summary>The entity for sending; whether it may be is checked, but it is not taken yet.</summary>
    public CardState? Unsent(string? appId, string cardId, out CardProblem? problem)
    {
        var entity = state.CardEntity(cardId);
        // Seen on the wire for ids that do not work; that a second sending is answered the same way is UNVERIFIED.
        problem = entity is null || entity.MessageId is not null || IsExpired(entity) ? new CardProblem(11310, null, "cardid is invalid", cardId)
            : entity.AppId != appId ? new CardProblem(300311, null, "The current application does not have permission to update/use this card", cardId)
            : null;
        return problem is null ? State(entity!) : null;
    }

    /// <summary>Sends the entity by adding its one message.</summary>
    /// <returns><see langword="null"/> when another message was faster.</returns>
    public Message? SendOnce(string cardId, Func<CardState, Message> send)
    {
        lock (Gate)
        {
            if (state.CardEntity(cardId) is not { MessageId: null } entity || IsExpired(entity)) return null;
            var message = send(State(entity));
            state.Put(entity with { MessageId = message.MessageId });
            return message;
        }
    }

    /// <summary>The card was replaced through its message (callback, PATCH, token): the entity is what the message shows.</summary>
    public void Follow(string messageId)
    {
        lock (Gate)
        {
            if (state.CardEntityOf(messageId) is not { } entity || state.Message(messageId)?.Card is not { } shown || shown.Json == entity.Json) return;
            Keep(Streamed(entity with { Json = shown.Json }, (JsonObject)JsonNode.Parse(shown.Json)!, decides: true), show: false);
        }
    }

    /// <summary>Stores a changed entity and shows it. Call it with <see cref="Gate"/> held.</summary>
    public CardEntity Keep(CardEntity entity, bool show = true)
    {
        state.Put(entity);
        if (show && entity.MessageId is { } message)
        {
            state.ChangeMessage(message, m => m.Card is not { } card || card.EntityId != entity.CardId ? m : m with
            {
                Card = card with { Json = entity.Json }, Rendered = entity.Json, Updated = true, UpdateTime = state.Clock.GetUtcNow(),
            });
        }

        return entity;
    }

    /// <summary>The entity with the streaming mode that its card asks for.</summary>
    /// <param name="decides">The change spoke of the mode; otherwise a stream that timed out stays one.</param>
    public CardEntity Streamed(CardEntity entity, JsonObject card, bool decides)
    {
        var open = card["config"] is JsonObject config && config["streaming_mode"] is JsonValue mode && mode.TryGetValue<bool>(out var on) && on;
        if (!decides || open == (entity.Streaming == CardStreaming.Open)) return open || !decides ? entity : entity with { Streaming = CardStreaming.Closed };
        if (_closing.Remove(entity.CardId, out var timer)) timer.Dispose();
        if (!open) return entity with { Streaming = CardStreaming.Closed, StreamingSince = null };

        var (id, since) = (entity.CardId, state.Clock.GetUtcNow());
        _closing[id] = state.Clock.CreateTimer(_ => TimeOut(id), null, LongestStream, Timeout.InfiniteTimeSpan);
        return entity with { Streaming = CardStreaming.Open, StreamingSince = since };
    }

    /// <summary>Closes a stream whose time is over.</summary>
    public CardEntity? TimeOut(string cardId)
    {
        lock (Gate)
        {
            if (state.CardEntity(cardId) is not { Streaming: CardStreaming.Open, StreamingSince: { } since } entity) return state.CardEntity(cardId);
            if (state.Clock.GetUtcNow() - since < LongestStream) return entity;
            if (_closing.Remove(cardId, out var timer)) timer.Dispose();
            var card = (JsonObject)JsonNode.Parse(entity.Json)!;
            card["config"]!["streaming_mode"] = false;
            return Keep(entity with { Json = CanonicalJson.Write(card), Streaming = CardStreaming.TimedOut, StreamingSince = null });
        }
    }

    public void Reset()
    {
        lock (Gate)
        {
            foreach (var timer in _closing.Values) timer.Dispose();
            _closing.Clear();
        }
    }

    private static CardState State(CardEntity entity) => new() { Json = entity.Json, IsV2 = true, Shared = true, EntityId = entity.CardId };

    /// <summary>19 digits, as the platform's are.</summary>
    private string NextId()
    {
        Span<byte> bytes = stackalloc byte[8];
        state.Ids.Fill(bytes);
        return (7_000_000_000_000_000_000 + (BitConverter.ToInt64(bytes) & 0x7FFF_FFFF_FFFF_FFF)).ToString(CultureInfo.InvariantCulture);
    }
}
