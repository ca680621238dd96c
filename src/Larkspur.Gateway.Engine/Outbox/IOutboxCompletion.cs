using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Outbox;

/// <summary>
/// What a capability notes when a message of its own operation ends: in the transaction that ends it, so that the platform's answer is never known to the
/// outbox and unknown to whoever asked for the call, nor the other way round.
/// </summary>
/// <remarks>Runs inside the transaction: it awaits nothing but its own statements, and may be run again. A row that ended twice (given up, and sent after all) is told twice.</remarks>
internal interface IOutboxCompletion
{
    /// <summary>The operations whose ends it notes.</summary>
    IReadOnlyCollection<OutboxOperation> Operations { get; }

    /// <summary>The platform took it.</summary>
    ValueTask SentAsync(IUnitOfWork unit, OutboxEntry entry, SendReceipt receipt, DateTimeOffset at);

    /// <summary>It will not be sent, unless an operator replays it.</summary>
    /// <param name="unit">The transaction.</param>
    /// <param name="entry">The row.</param>
    /// <param name="reason">A word.</param>
    /// <param name="message">The reason in words.</param>
    /// <param name="at">Now.</param>
    ValueTask DeadAsync(IUnitOfWork unit, OutboxEntry entry, string reason, string message, DateTimeOffset at);
}

/// <summary>All of them. Found when the first row ends: those who note something queue messages themselves, and so come after the senders.</summary>
internal sealed class OutboxCompletions(IServiceProvider services)
{
    private readonly Lazy<ILookup<OutboxOperation, IOutboxCompletion>> _byOperation = new(() =>
        services.GetServices<IOutboxCompletion>().SelectMany(c => c.Operations, static (c, operation) => (operation, c)).ToLookup(x => x.operation, x => x.c));

    /// <summary>Those who note the end of such a row.</summary>
    public IEnumerable<IOutboxCompletion> For(OutboxEntry entry) => _byOperation.Value[entry.Message.Operation];
}
