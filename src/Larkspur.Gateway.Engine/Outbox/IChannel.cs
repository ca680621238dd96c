
namespace Larkspur.Gateway.Outbox;

/// <summary>A platform that messages can be sent to.</summary>
public interface IChannel
{
    /// <summary><c>feishu</c>…</summary>
    string Platform { get; }

    /// <summary>What can be done there; other rows become dead letters.</summary>
    IReadOnlyCollection<OutboxOperation> Operations { get; }

    /// <summary>Time for which an attempt would be in vain, because the receiver is known to be away; null: none. Waiting costs a message none of its attempts.</summary>
    TimeSpan? HoldBack(OutboxEntry entry) => null;

    /// <summary>
    /// Time after which to ask again, because an administrator has switched the sender off or not completed it; null: it is there. Unlike <see cref="HoldBack"/> this
    /// comes before the message's age: nothing dies of waiting for it.
    /// </summary>
    TimeSpan? Away(OutboxEntry entry) => null;

    /// <summary>Since when it waits, where that is later than it was made: its patience begins then; null: it is not.</summary>
    DateTimeOffset? WaitsSince(OutboxEntry entry) => null;

    /// <summary>How its messages are tried again, and how fast they go to one receiver.</summary>
    DeliveryPolicy Policy { get; }

    /// <summary>The budget of which the message's call needs a permit, as it is at this moment; null: it needs none. Asked under locks: it answers from memory.</summary>
    ChannelPace? PaceOf(OutboxEntry entry) => null;

    /// <summary>Sends one message under its idempotency key; its permit has been acquired.</summary>
    /// <exception cref="ChannelException">The platform did not take it, or it is not known whether it did.</exception>
    Task<SendReceipt> SendAsync(OutboxEntry entry, CancellationToken cancellation);

    /// <summary>A plainer message with the same facts, for one that was refused for what it says; null: there is none.</summary>
    OutboxMessage? Plainer(OutboxEntry refused, ChannelException refusal) => null;
}

/// <summary>A message was not sent, or may have been.</summary>
/// <param name="reason">A word, for metrics and the dead-letter list.</param>
/// <param name="message">What happened, for the log.</param>
/// <param name="transient">True: another attempt under the same key may succeed.</param>
/// <param name="inner">The cause.</param>
public sealed class ChannelException(string reason, string message, bool transient, Exception? inner = null) : Exception(message, inner)
{
    /// <inheritdoc cref="ChannelException"/>
    public string Reason { get; } = reason;

    /// <inheritdoc cref="ChannelException"/>
    public bool Transient { get; } = transient;

    /// <summary>The platform took offence at what the message says, not at whom it goes to: another message may well arrive.</summary>
    public bool ContentRefused { get; init; }

    /// <summary>The platform's own error code; 0 when it gave none.</summary>
    public int Code { get; init; }

    /// <summary>True: the call may have had its effect (a time-out, a broken connection after sending).</summary>
    public bool Ambiguous { get; init; }

    /// <summary>Who has to slow down.</summary>
    public Blame Blame { get; init; }

    /// <summary>True: the receiver was found to be away before anything was sent. It is no attempt of the message.</summary>
    public bool NotTried { get; init; }

    /// <summary>The platform's own wish for the next attempt.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The platform's id of the call, if it told.</summary>
    public string? LogId { get; init; }
}

/// <summary>Whose trouble a failure is, and so what waits because of it.</summary>
public enum Blame
{
    /// <summary>The message's own: what stands behind it in its lane waits.</summary>
    Message,

    /// <summary>The receiver takes no more for now: its whole lane waits.</summary>
    Receiver,

    /// <summary>The budget is used up; whoever gives the turns knows.</summary>
    Endpoint,

    /// <summary>The platform does not serve, or cannot be reached: when that is said again and again, everything under the same budget waits.</summary>
    Platform,
}
