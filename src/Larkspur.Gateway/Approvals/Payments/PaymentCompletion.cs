using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Approvals;

/// <summary>Notes in a payment what became of the calls that were queued for it, in the transaction that ends their rows.</summary>
internal sealed class PaymentCompletion(PaymentStore store, PaymentTransitions transitions) : IOutboxCompletion
{
    public IReadOnlyCollection<OutboxOperation> Operations { get; } = [InstanceCreate.Definition, InstanceCancel.Definition, ApprovalRemind.Definition];

    public async ValueTask SentAsync(IUnitOfWork unit, OutboxEntry entry, SendReceipt receipt, DateTimeOffset at)
    {
        if (await PaymentOfAsync(unit, entry) is not { } payment) return;
        if (entry.Message.Operation == InstanceCreate.Definition)
        {
            // What the instance has become since, events and reconciliation tell.
            await transitions.SeenAsync(unit, payment.Id, new InstanceFacts { InstanceCode = receipt.MessageId!, State = PaymentStates.Pending, At = at }, PaymentSource.Create, at);
            return;
        }

        var what = entry.Message.Operation == InstanceCancel.Definition ? "cancel_sent" : "reminded";
        await store.NoteAsync(unit, payment.Id, Line(payment, entry, what, at));
    }

    public async ValueTask DeadAsync(IUnitOfWork unit, OutboxEntry entry, string reason, string message, DateTimeOffset at)
    {
        if (await PaymentOfAsync(unit, entry) is not { } payment) return;
        if (entry.Message.Operation == InstanceCreate.Definition)
        {
            await transitions.FailedAsync(unit, payment.Id, reason, message, PaymentSource.Create, at);
            return;
        }

        var what = entry.Message.Operation == InstanceCancel.Definition ? "cancel_failed" : "remind_failed";
        await store.NoteAsync(unit, payment.Id, Line(payment, entry, what, at) with { Detail = $"{reason}: {message}" });
    }

    private ValueTask<Payment?> PaymentOfAsync(IUnitOfWork unit, OutboxEntry entry) =>
        PaymentCalls.PaymentOf(entry.Message) is { } id ? store.FindAsync(unit, id) : ValueTask.FromResult<Payment?>(null);

    private static PaymentLine Line(Payment payment, OutboxEntry entry, string what, DateTimeOffset at) => new()
    {
        Key = $"{what}:{entry.Id}", At = at, What = what, Version = payment.Version, Source = PaymentSource.Create, OpenId = entry.Message.TargetType == "open_id" ? entry.Message.Target : null,
    };
}
