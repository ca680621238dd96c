namespace Larkspur;

/// <summary>The total time of a call, and the caller's own cancellation.</summary>
public sealed class CallDeadline : IDisposable
{
    private readonly TimeProvider _clock;
    private readonly long _start;
    private readonly CancellationTokenSource _time;
    private readonly CancellationTokenSource _linked;

    /// <summary>Begins now.</summary>
    /// <param name="total">All the time there is; <see cref="Timeout.InfiniteTimeSpan"/>: without end.</param>
    /// <param name="clock">Source of time.</param>
    /// <param name="cancellationToken">The caller's own.</param>
    public CallDeadline(TimeSpan total, TimeProvider clock, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(clock);
        Total = total;
        _clock = clock;
        _start = clock.GetTimestamp();
        _time = new CancellationTokenSource(total, clock);
        _linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _time.Token);
    }

    /// <summary>All the time there was.</summary>
    public TimeSpan Total { get; }

    /// <summary>Ends with the time or the caller, whichever is first.</summary>
    public CancellationToken Token => _linked.Token;

    /// <summary>What is left.</summary>
    public TimeSpan Remaining => Total == Timeout.InfiniteTimeSpan ? TimeSpan.MaxValue : Total - _clock.GetElapsedTime(_start);

    /// <inheritdoc/>
    public void Dispose()
    {
        _linked.Dispose();
        _time.Dispose();
    }
}
