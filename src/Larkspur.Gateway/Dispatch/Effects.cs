using System.Globalization;
using Larkspur.Gateway.Inbox;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Dispatch;

/// <inheritdoc/>
internal sealed class Effects(IUnitOfWork unit, IOutboxStore outbox, InboundEvent inbound, DateTimeOffset now) : IEffects
{
    /// <summary>The platform waits 3 s for an answer: after that none can cross the update on its way.</summary>
    private static readonly TimeSpan AfterAnswer = TimeSpan.FromSeconds(3);
    private const int HeldOrdinal = 999;

    private readonly List<OutboxMessage> _messages = [];
    private OutboxMessage? _held;

    public IUnitOfWork Unit { get; } = unit;

    public DateTimeOffset Now { get; } = now;

    public CallbackAnswer? Given { get; private set; }

    /// <summary>The row that stands in for the answer until it is written, or null.</summary>
    public long? HeldId { get; private set; }

    public void Send(OutboxMessage message) => _messages.Add(message);

    public void Answer(CallbackAnswer answer) => Given = answer;

    private async ValueTask<bool> IsLaneOpenAsync(string lane) =>
        _messages.Exists(m => m.Lane == lane) || await outbox.IsLaneOpenAsync(Unit, inbound.App, lane);

    /// <summary>The request will carry the answer. Should the process die first, the card's new face is in the outbox.</summary>
    public async ValueTask HoldAnswerAsync()
    {
        if (Given?.Card is not { } card || inbound.MessageId is not { } messageId) return;
        var update = OutboxMessage.PatchCard(messageId, card);
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

    /// <summary>Writes the messages as rows; <paramref name="arrived"/> is told once they are durable.</summary>
    public async ValueTask StoreAsync(long inboxId, string reference, Action<OutboxEntry> arrived, int firstOrdinal = 0)
    {
        for (var i = 0; i < _messages.Count; i++)
        {
            var entry = await outbox.AddAsync(Unit, Entry(_messages[i], firstOrdinal + i));
            Unit.AfterCommit(() => arrived(entry));
        }

        if (_held is { } held) HeldId = await outbox.HoldAsync(Unit, Entry(held, HeldOrdinal));

        OutboxEntry Entry(OutboxMessage message, int ordinal) => new()
        {
            Id = 0,
            Platform = message.Platform ?? inbound.Platform,
            App = inbound.App,
            Message = message,
            IdempotencyKey = IdempotencyKeys.For(inbound.Platform, inbound.App, inbound.EventId, message.KeyPart ?? ordinal.ToString(CultureInfo.InvariantCulture)),
            InboxId = inboxId,
            Reference = reference,
            TraceParent = System.Diagnostics.Activity.Current?.Id ?? inbound.TraceParent,
            CreatedAt = Now,
            NotBefore = Now + message.Delay,
        };
    }
}
