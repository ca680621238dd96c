using System.Diagnostics;

namespace Larkspur.Bench.Load;

/// <summary>Every connection sends again as soon as it was answered: finds out how much the receiver takes.</summary>
internal sealed class ClosedLoop(LoadPlan plan, byte[][] requests) : Schedule(plan, requests)
{
    private readonly long _length = (long)(plan.Seconds * Stopwatch.Frequency);
    private int _next;
    private volatile bool _over;

    protected override bool Exhausted => _over;

    protected override long DueAt(int request, long sentAt) => sentAt;

    protected override void Start(IReadOnlyList<LoadConnection> connections)
    {
        foreach (var connection in connections) connection.Pump(Next(connection, Started));
    }

    protected override int Next(LoadConnection connection, long now)
    {
        if (_over) return -1;
        var request = Interlocked.Increment(ref _next) - 1;
        if (request >= Count || now - Started >= _length)
        {
            _over = true;
            return -1;
        }

        Taken();
        return request;
    }
}
