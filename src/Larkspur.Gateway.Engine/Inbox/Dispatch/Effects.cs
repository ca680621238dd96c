using System.Globalization;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.Queueing;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Telemetry;

namespace Larkspur.Gateway.Inbox.Dispatch;

/// <inheritdoc/>
internal sealed class Effects(IUnitOfWork unit, IOutboxStore outbox, IAnswerCardCheck cards, InboundEvent inbound, DateTimeOffset now)
    : IEffects
{
    /// <summary>The platform waits 3 s for an answer: after that none can cross the update on its way.</summary>
    private static readonly TimeSpan AfterAnswer = TimeSpan.FromSeconds(3);
    private const int HeldOrdinal = 999;

    private readonly List<OutboxMessage> _messages = [];
    private OutboxMessage? _held;
    private string? _heldBy;

    public IUnitOfWork Unit { get; } = unit;

    public DateTimeOffset Now { get; } = now;

    public CallbackAnswer? Given { get; private set; }

    /// <summary>For the event's latency: shared by all of its effects.</summary>
    public EventOrigin Origin { get; } = new(inbound.ReceivedAt, inbound.CreatedAt);

    /// <summary>The row that stands in for the answer until it is written, or null.</summary>
    public long? HeldId { get; private set; }

    public void Send(OutboxMessage message) => _messages.Add(message);

    public void Answer(CallbackAnswer answer) => Given = answer;

    private async ValueTask<bool> IsLaneOpenAsync(string lane) =>
        _messages.Exists(m => m.Lane == lane) || await outbox.IsLaneOpenAsync(Unit, inbound.App, lane);

    /// <summary>The request will carry the answer. Should the process die first, the card's new face is in the outbox.</summary>
    /// <param name="heldBy">The process that has the request.</param>
    /// <param name="elsewhere">That is another one: it may have let the request go when it hears of the answer, or not hear of it at all.</param>
    public async ValueTask HoldAnswerAsync(string heldBy, bool elsewhere)
    {
        _heldBy = heldBy;
        if (Given is not null) Origin.Expect(1);
        if (elsewhere && Given is { Card: null, Late: { } late }) _held = late with { Delay = AfterAnswer };
        if (Given?.Card is not { } card || inbound.MessageId is not { } messageId) return;
        var update = OutboxMessage.PatchCard(messageId, card);
        // A card that the platform refuses is lost with the answer that carries it; as a change of its own it can still be told in plain words.
        if (!cards.IsAccepted(card))
        {
            _messages.Add(update);
            Given = Given with { Card = null };
            return;
        }

        // An update that waits or is on its way shows an older face; the last word must be this one's.
        if (await IsLaneOpenAsync(messageId)) _messages.Add(update);
        else _held = update with { Delay = AfterAnswer };
    }

    /// <summary>The request has left: what it would have carried goes by itself.</summary>
    public void SendAnswer()
    {
        if (Given is null) return;
        if (Given.Card is { } card && inbound.MessageId is { } messageId) _messages.Add(OutboxMessage.PatchCard(messageId, card));
        else if (Given.Late is { } late) _messages.Add(late);
    }

    /// <summary>Writes the messages as rows and shows each to <paramref name="stored"/>, within the transaction.</summary>
    public async ValueTask StoreAsync(InboxEntry cause, Action<IUnitOfWork, OutboxEntry> stored, int firstOrdinal = 0)
    {
        // What a business system is told is not what somebody waits for: a receiver that is away
        // would keep the figure from ever being taken.
        Origin.Expect(_messages.Count(m => m.Platform != OutboxScope.WebhookPlatform));
        for (var i = 0; i < _messages.Count; i++)
        {
            // What has a key of its own is told once, however often the event is replayed.
            var entry = Entry(_messages[i], firstOrdinal + i);
            if ((_messages[i].KeyPart is null ? await outbox.AddAsync(Unit, entry) : await outbox.AddOnceAsync(Unit, entry)) is { } added) stored(Unit, added);
            else if (entry.Origin is { } origin) origin.Expect(-1);
        }

        if (_held is { } held) HeldId = await outbox.HoldAsync(Unit, Entry(held, HeldOrdinal), _heldBy!);

        OutboxEntry Entry(OutboxMessage message, int ordinal) => new()
        {
            Id = 0,
            Platform = message.Platform ?? inbound.Platform,
            App = inbound.App,
            Partition = OutboxEntry.PartitionOf(inbound.App, message.Lane),
            Message = message,
            IdempotencyKey = IdempotencyKeys.For(inbound.Platform, inbound.App, inbound.EventId, message.KeyPart ?? ordinal.ToString(CultureInfo.InvariantCulture), message.KeyPart is null ? cause.ReplayCount : 0),
            InboxId = cause.Id,
            Reference = cause.Reference,
            TraceParent = inbound.TraceParent,
            CreatedAt = Now,
            NotBefore = Now + message.Delay,
            Origin = message.Platform == OutboxScope.WebhookPlatform ? null : Origin,
        };
    }
}
