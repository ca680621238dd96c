namespace Larkspur.Gateway.Inbox.Dispatch;

/// <summary>The request that waits for a callback's answer, and the handler that makes it, agreeing on who delivers.</summary>
/// <remarks>
/// Exactly one of two things happens: the request carries the answer, or the outbox does. The handler claims the request before it commits;
/// the request gives up at its deadline. Whoever comes second learns it.
/// </remarks>
internal sealed class CallbackWaiter
{
    private const int Open = 0;
    private const int Claimed = 1;
    private const int GivenUp = 2;
    private const int Delivered = 3;

    private readonly TaskCompletionSource<GivenAnswer> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _state;

    /// <summary>The answer, once its effects are durable.</summary>
    public Task<GivenAnswer> Answer => _answer.Task;

    /// <summary>The request was answered otherwise.</summary>
    public bool HasLeft => Volatile.Read(ref _state) == GivenUp;

    /// <summary>The handler is about to commit: true when the request still waits.</summary>
    public bool TryClaim() => Interlocked.CompareExchange(ref _state, Claimed, Open) is Open or Claimed;

    /// <summary>The commit failed; the request may give up again.</summary>
    public void Unclaim() => Interlocked.CompareExchange(ref _state, Open, Claimed);

    /// <summary>The request cannot wait longer: true when nobody has claimed it.</summary>
    public bool TryGiveUp() => Interlocked.CompareExchange(ref _state, GivenUp, Open) == Open;

    /// <summary>The request leaves although a commit is under way.</summary>
    public bool TryAbandon() => Interlocked.CompareExchange(ref _state, GivenUp, Claimed) == Claimed;

    /// <summary>After the commit: false when the request has left meanwhile and the outbox must deliver.</summary>
    public bool TryDeliver(GivenAnswer answer)
    {
        if (Interlocked.CompareExchange(ref _state, Delivered, Claimed) != Claimed) return false;
        _answer.TrySetResult(answer);
        return true;
    }
}

/// <summary>An answer in the hands of a request.</summary>
/// <param name="Answer">What to write; null when there is nothing to say.</param>
/// <param name="Settle">To be told whether it reached the platform; what did not goes through the outbox.</param>
internal sealed record GivenAnswer(CallbackAnswer? Answer, Func<bool, Task> Settle)
{
    /// <summary>
    /// Asked when it was written: may the platform have given up waiting before? A process that stood still writes into a connection whose
    /// other end has left, or to somebody who listens no more, and cannot tell.
    /// </summary>
    public Func<bool>? MayBeTooLate { get; init; }

    /// <summary>It was written, or could not be.</summary>
    public Task SettleAsync(bool written) => Settle(written && MayBeTooLate?.Invoke() != true);

    /// <summary>The platform has said that it took it.</summary>
    public Task ConfirmAsync() => Settle(true);
}
