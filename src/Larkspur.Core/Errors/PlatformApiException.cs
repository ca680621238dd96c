namespace Larkspur;

/// <summary>A platform answered and said no. See <see cref="PlatformNetworkException"/> for no answer at all.</summary>
public abstract class PlatformApiException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Which platform: <c>feishu</c>, <c>wecom</c>, <c>dingtalk</c>.</summary>
    public abstract string Platform { get; }

    /// <summary>The platform's own error code; 0 when its answer had none.</summary>
    public int Code { get; init; }

    /// <summary>The id under which the platform's support finds the call, or null.</summary>
    public string? LogId { get; init; }

    /// <summary>What to do about it.</summary>
    public FailureKind FailureKind { get; init; }

    /// <summary>What was called too fast, or written by two at once; <see cref="RateLimitScope.None"/> when that is not what happened.</summary>
    public RateLimitScope LimitScope { get; init; }

    /// <summary>How long the platform asked to wait, or null.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The call was refused before it had an effect, so even a write may be repeated.</summary>
    public bool NothingHappened { get; init; }

    /// <summary>The same call may work later. Whether repeating it is safe is another question: a write without an idempotency key is not.</summary>
    public virtual bool IsTransient => FailureKind is FailureKind.Transient or FailureKind.RateLimited or FailureKind.Conflict;
}
