using System.Diagnostics;

namespace Larkspur.Bench.Load;

/// <summary>
/// Requests at even distances, whether or not earlier ones were answered. What waits for a free connection waits on the receiver's account: its
/// latency counts from the scheduled time, so a stall is not hidden by the sender's own patience.
/// </summary>
internal sealed class PacedLoop(LoadPlan plan, byte[][] requests) : Schedule(plan, requests)
{
    private readonly double _distance = Stopwatch.Frequency / plan.Rate!.Value;
    private readonly int _total = (int)Math.Min(requests.Length, plan.Rate.Value * plan.Seconds);
    private readonly Lock _gate = new();
    private readonly Stack<LoadConnection> _resting = new();
    private int _next;

    protected override bool Exhausted
    {
        get { lock (_gate) return _next >= _total; }
    }

    protected override long DueAt(int request, long sentAt) => Due(request);

    protected override void Start(IReadOnlyList<LoadConnection> connections)
    {
        lock (_gate)
        {
            foreach (var connection in connections) _resting.Push(connection);
        }

        new Thread(Pace) { IsBackground = true, Name = "pace" }.Start();
    }

    protected override int Next(LoadConnection connection, long now)
    {
        lock (_gate)
        {
            if (_next < _total && Due(_next) <= now)
            {
                Taken();
                return _next++;
            }

            _resting.Push(connection);
            return -1;
        }
    }

    private long Due(int request) => Started + (long)(request * _distance);

    /// <summary>Looks once a millisecond; spinning would take a core from the receiver. The lateness, half a millisecond, is the receiver's loss.</summary>
    private void Pace()
    {
        while (!Exhausted)
        {
            while (TryTake(Stopwatch.GetTimestamp(), out var connection, out var request)) connection.Pump(request);
            Thread.Sleep(1);
        }
    }

    private bool TryTake(long now, out LoadConnection connection, out int request)
    {
        lock (_gate)
        {
            request = _next;
            connection = null!;
            if (_next >= _total || Due(_next) > now || !_resting.TryPop(out connection!)) return false;
            _next++;
            Taken();
            return true;
        }
    }
}
