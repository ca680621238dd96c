using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Outbox;

/// <summary>Queues messages that no event has caused: notifications, alarms, reminders.</summary>
public interface IOutbox
{
    /// <summary>Queues a message in a transaction of its own; it is durable when this returns.</summary>
    /// <returns>False: a message of this key was queued before, and this one is not.</returns>
    /// <exception cref="ArgumentException">The message says nothing, or goes nowhere.</exception>
    /// <exception cref="StorageUnavailableException">The database is away; nothing was queued.</exception>
    Task<bool> QueueAsync(QueuedMessage message, CancellationToken cancellation = default);

    /// <summary>Queues a message in the caller's transaction; it leaves once that is durable.</summary>
    /// <inheritdoc cref="QueueAsync" path="/returns"/>
    /// <inheritdoc cref="QueueAsync" path="/exception[1]"/>
    ValueTask<bool> QueueAsync(IUnitOfWork unit, QueuedMessage message);
}

/// <summary>A message that no event has caused. Its class is <see cref="OutboxMessage.Priority"/>.</summary>
/// <param name="Platform"><c>feishu</c>…</param>
/// <param name="App">The configured name of the app that sends it.</param>
/// <param name="IdempotencyKey">
/// Names the reason for it, up to 500 characters: one message per key, app and platform, for as long as ended messages are kept (<c>Larkspur:Retention:Keep</c>).
/// </param>
/// <param name="Message">What is sent.</param>
public sealed record QueuedMessage(string Platform, string App, string IdempotencyKey, OutboxMessage Message)
{
    /// <summary>What people may quote and operators search for; null: one is made from the key.</summary>
    public string? Reference { get; init; }
}
