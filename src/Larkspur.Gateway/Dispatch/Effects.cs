using Larkspur.Gateway.Inbox;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Dispatch;

/// <inheritdoc/>
internal sealed class Effects(IUnitOfWork unit, IOutboxStore outbox, InboundEvent inbound, DateTimeOffset now) : IEffects
{
    private readonly List<OutboxMessage> _messages = [];

    public IUnitOfWork Unit { get; } = unit;

    public DateTimeOffset Now { get; } = now;

    public CallbackAnswer? Given { get; private set; }

    public void Send(OutboxMessage message) => _messages.Add(message);

    public void Answer(CallbackAnswer answer) => Given = answer;

    public ValueTask<bool> IsLaneOpenAsync(string lane) => outbox.IsLaneOpenAsync(Unit, inbound.App, lane);

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
            var entry = await outbox.AddAsync(Unit, new OutboxEntry
            {
                Id = 0,
                Platform = inbound.Platform,
                App = inbound.App,
                Message = _messages[i],
                IdempotencyKey = IdempotencyKeys.For(inbound.Platform, inbound.App, inbound.EventId, firstOrdinal + i),
                InboxId = inboxId,
                Reference = reference,
                TraceParent = System.Diagnostics.Activity.Current?.Id ?? inbound.TraceParent,
                CreatedAt = Now,
                NotBefore = Now + _messages[i].Delay,
            });
            Unit.AfterCommit(() => arrived(entry));
        }
    }
}
