namespace Larkspur.Testing;

/// <summary>A clock that stands still until a test moves it; its timers fire as it passes them.</summary>
public sealed class ManualTimeProvider(DateTimeOffset? start = null) : TimeProvider
{
    private const int MostSteps = 1000;

    private readonly Lock _gate = new();
    private readonly List<ManualTimer> _timers = [];
    private TimeSpan _hands;
    private DateTimeOffset _now = start ?? new DateTimeOffset(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>Timers waiting to fire: lets a test wait until the code under test has gone to sleep.</summary>
    public int PendingTimers
    {
        get { lock (_gate) return _timers.Count(t => t.DueAt is not null); }
    }

    /// <summary>How long until the next timer fires; null when none waits. Tells the sleep that a test means from the deadlines of calls that are just being made.</summary>
    public TimeSpan? NextDue
    {
        get { lock (_gate) return _timers.Min(t => t.DueAt) - _now; }
    }

    /// <summary>Waits until the next timer is due in exactly this time.</summary>
    /// <exception cref="TimeoutException">It was not within 30 s of real time.</exception>
    public Task DueInAsync(TimeSpan left) => DueInAsync(left, left);

    /// <summary>Waits until the next timer is due in a time within these bounds, both included.</summary>
    /// <inheritdoc cref="DueInAsync(TimeSpan)" path="/exception"/>
    public async Task DueInAsync(TimeSpan atLeast, TimeSpan atMost)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (!(NextDue is { } left && left >= atLeast && left <= atMost))
        {
            if (deadline.IsCancellationRequested) throw new TimeoutException($"Waited in vain for a timer that is due in {atLeast} to {atMost}; the next is due in {NextDue?.ToString() ?? "no time at all"}.");
            await ticks.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate) return _now + _hands;
    }

    public override long GetTimestamp()
    {
        lock (_gate) return _now.UtcTicks;
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, callback, state);
        lock (_gate) _timers.Add(timer);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>
    /// Moves the clock forward, firing every timer on the way at its own instant; on a way of more than an hour at the next of a thousand steps,
    /// as on a busy machine. What looks every second would else look a third of a million times in four days.
    /// </summary>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        DateTimeOffset began;
        lock (_gate) began = _now;
        if (by > TimeSpan.FromHours(1))
        {
            for (var step = 1; step < MostSteps; step++) FireUntil(began + by * step / MostSteps, atOnce: true);
        }

        FireUntil(began + by, atOnce: by > TimeSpan.FromHours(1));
    }

    private void FireUntil(DateTimeOffset target, bool atOnce)
    {
        if (atOnce)
        {
            lock (_gate) _now = target > _now ? target : _now;
        }

        while (true)
        {
            ManualTimer? next;
            lock (_gate)
            {
                next = _timers.Where(t => t.DueAt <= target).MinBy(t => t.DueAt);
                _now = next?.DueAt is { } due && due > _now ? due : next is null && target > _now ? target : _now;
                if (next is null) return;
                next.Reschedule();
            }

            next.Fire();
        }
    }

    /// <summary>Moves the time of day alone, either way: what measures durations does not notice.</summary>
    public void MoveHands(TimeSpan by)
    {
        lock (_gate) _hands += by;
    }

    /// <summary>Moves the clock and fires nothing: as for a process that stood still, and whose timers have not run yet.</summary>
    public void Shift(TimeSpan by)
    {
        lock (_gate) _now += by;
    }

    private sealed class ManualTimer(ManualTimeProvider clock, TimerCallback callback, object? state) : ITimer
    {
        private TimeSpan _period = Timeout.InfiniteTimeSpan;

        public DateTimeOffset? DueAt { get; private set; }

        public void Fire() => callback(state);

        /// <summary>A period that went by meanwhile is left out, as real timers do.</summary>
        public void Reschedule()
        {
            var once = _period == Timeout.InfiniteTimeSpan || _period == TimeSpan.Zero;
            DueAt = once || DueAt is not { } due ? null : due + _period * Math.Max(1, Math.Floor((clock._now - due) / _period) + 1);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            bool now;
            lock (clock._gate)
            {
                _period = period;
                DueAt = dueTime == Timeout.InfiniteTimeSpan ? null : clock._now + dueTime;
                now = dueTime == TimeSpan.Zero;
                if (now) Reschedule();
            }

            if (now) ThreadPool.QueueUserWorkItem(_ => Fire());
            return true;
        }

        public void Dispose()
        {
            lock (clock._gate) clock._timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
