using Larkspur.Gateway.Outbox;

namespace Larkspur.Gateway.Webhooks.Attempts;

/// <summary>An attempt that is under way.</summary>
internal sealed class WebhookCall(TimeProvider clock)
{
    private long _started = clock.GetTimestamp();
    private DateTimeOffset _at = clock.GetUtcNow();
    private TimeSpan? _took;

    /// <summary>What the receiver has said.</summary>
    public WebhookAnswer Answer { get; set; }

    /// <summary>It begins now.</summary>
    /// <returns>The time with which it is signed.</returns>
    public DateTimeOffset Begin()
    {
        _started = clock.GetTimestamp();
        return _at = clock.GetUtcNow();
    }

    /// <summary>The answer's headers have come.</summary>
    public void Answered() => _took = clock.GetElapsedTime(_started);

    /// <summary>How it went.</summary>
    /// <param name="entry">What was sent.</param>
    /// <param name="reason">Why it failed; null: the receiver took it.</param>
    public WebhookAttempt Ended(OutboxEntry entry, string? reason) => new(entry.Message.Target, entry.IdempotencyKey, entry.Attempts + 1,
        _at, _took ?? clock.GetElapsedTime(_started), reason, Answer);
}
