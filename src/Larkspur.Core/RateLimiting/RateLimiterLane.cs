namespace Larkspur;

/// <summary>One key's queue.</summary>
internal sealed class RateLimiterLane(RateLimiterClock time)
{
    private const long TimerGrain = TimeSpan.TicksPerMillisecond;

    private readonly Lock _gate = new();
    private readonly LinkedList<Waiter> _queue = [];
    private SlidingWindow? _second;
    private SlidingWindow? _minute;
    private ITimer? _timer;
    private long _pausedUntil;
    private long _pace;
    private bool _retired;

    public bool TryWait(RateLimit limit, CancellationToken cancellationToken, out ValueTask<TimeSpan> permit)
    {
        cancellationToken.ThrowIfCancellationRequested();
        LinkedListNode<Waiter> node;
        lock (_gate)
        {
            permit = default;
            if (_retired) return false;
            Apply(limit);
            long now = time.Now;
            if (_queue.Count == 0 && Opens(queued: false) <= now)
            {
                Begin(now);
                permit = ValueTask.FromResult(TimeSpan.Zero);
                return true;
            }

            node = _queue.AddLast(new Waiter(now));
            if (_queue.First == node) Arm(now);
        }

        permit = WaitAsync(node, cancellationToken);
        return true;
    }

    public bool TryPause(TimeSpan pause)
    {
        lock (_gate)
        {
            if (_retired) return false;
            long now = time.Now;
            _pausedUntil = Math.Max(_pausedUntil, now + pause.Ticks);
            if (_queue.Count > 0) Arm(now);
            return true;
        }
    }

    public bool TryRetire()
    {
        lock (_gate)
        {
            long now = time.Now;
            if (_queue.Count > 0 || _pausedUntil > now || _second?.IsIdle(now) == false || _minute?.IsIdle(now) == false) return false;
            _retired = true;
            _timer?.Dispose();
            return true;
        }
    }

    private async ValueTask<TimeSpan> WaitAsync(LinkedListNode<Waiter> node, CancellationToken cancellationToken)
    {
        await using CancellationTokenRegistration registration = cancellationToken.UnsafeRegister(
            static (state, token) =>
            {
                var (lane, waiting) = ((RateLimiterLane, LinkedListNode<Waiter>))state!;
                lane.Leave(waiting, token);
            },
            (this, node));
        await node.Value.Permit.Task;
        return node.Value.Waited;
    }

    private void Leave(LinkedListNode<Waiter> node, CancellationToken token)
    {
        lock (_gate)
        {
            if (node.List is null) return;
            bool first = _queue.First == node;
            _queue.Remove(node);
            if (first && _queue.Count > 0) Arm(time.Now);
        }

        node.Value.Permit.TrySetCanceled(token);
    }

    private void Serve()
    {
        lock (_gate)
        {
            while (_queue.First is { } first)
            {
                long now = time.Now;
                if (Opens(queued: true) > now)
                {
                    Arm(now);
                    return;
                }

                _queue.RemoveFirst();
                Begin(now);
                first.Value.Waited = TimeSpan.FromTicks(now - first.Value.Since);
                first.Value.Permit.TrySetResult();
            }
        }
    }

    private void Apply(RateLimit limit)
    {
        _second = SlidingWindow.For(limit.PerSecond, TimeSpan.FromSeconds(1), _second);
        _minute = SlidingWindow.For(limit.PerMinute, TimeSpan.FromMinutes(1), _minute);
    }

    private long Opens(bool queued)
    {
        long opens = Math.Max(_pausedUntil, Math.Max(_second?.Opens ?? 0, _minute?.Opens ?? 0));
        return queued && _second is not null ? Math.Max(opens, _pace) : opens;
    }

    private void Begin(long now)
    {
        // Counted from when the permit was due, not from when the timer woke up: late timers must not add up to a lower rate.
        if (_second is not null) _pace = Math.Max(_pace, now - TimerGrain) + _second.Spacing;
        _second?.Add(now);
        _minute?.Add(now);
    }

    private void Arm(long now)
    {
        _timer ??= time.Timer(_ => Serve());
        // Timers count whole milliseconds: round up, or the timer fires just before the permit and again and again.
        long ticks = Math.Max(Opens(queued: true) - now, 0);
        _timer.Change(TimeSpan.FromMilliseconds(Math.Ceiling(ticks / (double)TimeSpan.TicksPerMillisecond)), Timeout.InfiniteTimeSpan);
    }

    private sealed class Waiter(long since)
    {
        public long Since { get; } = since;

        public TimeSpan Waited { get; set; }

        public TaskCompletionSource Permit { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
