using System.Text.Json;
using Larkspur.Gateway.Common.Localisation;

namespace Larkspur.Gateway.Inbox.Dispatch;

/// <summary>An event on its way through a handler.</summary>
/// <param name="inbound">The event.</param>
/// <param name="inboxId">Its row.</param>
/// <param name="reference">What a user may quote and an operator can search for.</param>
/// <param name="attempt">1 for the first.</param>
public sealed class EventContext(InboundEvent inbound, long inboxId, string reference, int attempt)
{
    /// <inheritdoc cref="EventContext"/>
    public InboundEvent Event { get; } = inbound;

    /// <inheritdoc cref="EventContext"/>
    public long InboxId { get; } = inboxId;

    /// <inheritdoc cref="EventContext"/>
    public string Reference { get; } = reference;

    /// <inheritdoc cref="EventContext"/>
    public int Attempt { get; } = attempt;

    /// <summary>The event's body as a typed record.</summary>
    /// <param name="options">How its platform writes JSON.</param>
    /// <exception cref="UnreadableEventException">The body does not have the record's shape, and never will.</exception>
    public T Read<T>(JsonSerializerOptions options)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(Event.Payload.Span, options) ?? throw new UnreadableEventException($"The body of {Event.EventType} is null.");
        }
        catch (JsonException e)
        {
            throw new UnreadableEventException($"The body of {Event.EventType} does not have its shape at {e.Path}.", e);
        }
    }
}

/// <summary>An event that no further attempt can read.</summary>
public sealed class UnreadableEventException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>Looks at an event and decides; may call platforms to read, but must not change anything yet.</summary>
/// <remarks>Changes belong into the <see cref="Reaction"/>: they are committed together with the event's end, so a crash or a repeat has no second effect.</remarks>
public delegate ValueTask<Reaction> InboundEventHandler(EventContext context, CancellationToken cancellation);

/// <summary>What a handler wants committed.</summary>
/// <param name="apply">Runs in the transaction that ends the event: state changes, messages, the answer. Awaits nothing but its own statements.</param>
public sealed class Reaction(Func<IEffects, ValueTask<Outcome>> apply)
{
    /// <summary>Runs inside the transaction.</summary>
    public Func<IEffects, ValueTask<Outcome>> Apply { get; } = apply;

    /// <summary>Nothing to do, and why.</summary>
    public static Reaction Ignore(string reason) => new(_ => ValueTask.FromResult(Outcome.Ignored(reason)));

    /// <summary>One message in answer.</summary>
    public static Reaction Send(Outbox.OutboxMessage message, Outcome? outcome = null) => new(effects =>
    {
        effects.Send(message);
        return ValueTask.FromResult(outcome ?? Outcome.Answered);
    });
}

/// <summary>The transaction that ends an event.</summary>
public interface IEffects
{
    /// <summary>For the handler's own stores.</summary>
    Storage.IUnitOfWork Unit { get; }

    /// <summary>The time of the transaction.</summary>
    DateTimeOffset Now { get; }

    /// <summary>Queues a message; it leaves once the transaction is durable.</summary>
    void Send(Outbox.OutboxMessage message);

    /// <summary>Answers a callback: within the deadline as the response, later through the outbox.</summary>
    void Answer(CallbackAnswer answer);
}

/// <summary>The answer to a click.</summary>
public sealed record CallbackAnswer
{
    /// <summary>The small message that only the clicking person sees.</summary>
    public Toast? Toast { get; init; }

    /// <summary>The card's new face (card JSON), or null to leave it.</summary>
    public string? Card { get; init; }

    /// <summary>What is sent in place of the toast when the deadline has passed; null: nothing (the card says it).</summary>
    public Outbox.OutboxMessage? Late { get; init; }
}
