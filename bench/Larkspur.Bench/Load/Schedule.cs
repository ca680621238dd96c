using System.Diagnostics;

namespace Larkspur.Bench.Load;

/// <summary>Decides what a connection sends next and keeps the times. Thread-safe.</summary>
internal abstract class Schedule(LoadPlan plan, byte[][] requests)
{
    private readonly double[] _latencies = new double[requests.Length];
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _sent;
    private long _answered;
    private long _lastAnswer;

    public Task Done => _done.Task;

    protected long Started { get; private set; }

    protected int Count => requests.Length;

    public byte[] Bytes(int request) => requests[request];

    /// <summary>Starts the clock and sets the connections going.</summary>
    public void Begin(IReadOnlyList<LoadConnection> connections)
    {
        Started = Stopwatch.GetTimestamp();
        Start(connections);
    }

    /// <summary>An answer came.</summary>
    /// <returns>The request that this connection sends next, or -1.</returns>
    public int Answered(LoadConnection connection, int request, long sentAt, int status)
    {
        var now = Stopwatch.GetTimestamp();
        _latencies[request] = Stopwatch.GetElapsedTime(DueAt(request, sentAt), now).TotalMilliseconds;
        if (status != plan.Expect)
        {
            Fail($"an answer had status {status} and not {plan.Expect}");
            return -1;
        }

        // What comes next is taken before this answer counts: otherwise another thread could find all answered in between.
        var next = Next(connection, now);
        Interlocked.Exchange(ref _lastAnswer, now);
        Interlocked.Increment(ref _answered);
        if (next < 0) EndIfComplete();
        return next;
    }

    public void Fail(string problem) => _done.TrySetException(new LoadException(problem));

    public LoadResult Result(TimeSpan cpu, string? problem)
    {
        var sent = Interlocked.Read(ref _sent);
        var sorted = _latencies.AsSpan(0, (int)sent);
        sorted.Sort();
        return new LoadResult
        {
            Sent = sent,
            Answered = Interlocked.Read(ref _answered),
            Seconds = Stopwatch.GetElapsedTime(Started, Interlocked.Read(ref _lastAnswer)).TotalSeconds,
            Cpu = cpu.TotalSeconds,
            P50 = Running.Statistics.Percentile(sorted, 0.50),
            P99 = Running.Statistics.Percentile(sorted, 0.99),
            Max = sorted.IsEmpty ? double.NaN : sorted[^1],
            Problem = problem,
        };
    }

    /// <summary>When the request should have left.</summary>
    protected abstract long DueAt(int request, long sentAt);

    protected abstract void Start(IReadOnlyList<LoadConnection> connections);

    /// <summary>The next request of this connection, or -1 when it rests.</summary>
    protected abstract int Next(LoadConnection connection, long now);

    /// <summary>Nothing more will be taken.</summary>
    protected abstract bool Exhausted { get; }

    /// <summary>Counts a request that was handed out.</summary>
    protected void Taken() => Interlocked.Increment(ref _sent);

    private void EndIfComplete()
    {
        if (Exhausted && Interlocked.Read(ref _answered) == Interlocked.Read(ref _sent)) _done.TrySetResult();
    }
}

/// <summary>The load did not go as planned.</summary>
internal sealed class LoadException(string message) : Exception(message);
