namespace Larkspur.Emulator.State;

/// <summary>Real time plus an offset that only grows. Timers made here fire when the virtual time passes them, also when it jumps.</summary>
public sealed class VirtualClock(TimeProvider? real = null) : TimeProvider, IResettableState
{
    private readonly TimeProvider _real = real ?? System;
    private readonly Lock _gate = new();
    private readonly HashSet<VirtualTimer> _timers = [];
    private TimeSpan _offset;

    public override long TimestampFrequency => _real.TimestampFrequency;

    /// <summary>How far virtual time is ahead of real time.</summary>
    public TimeSpan Offset
    {
        get { lock (_gate) return _offset; }
    }

    public override DateTimeOffset GetUtcNow() => _real.GetUtcNow() + Offset;

    public override long GetTimestamp() => _real.GetTimestamp() + (long)(Offset.TotalSeconds * TimestampFrequency);

    /// <summary>Moves virtual time forward and fires what became due, earliest first.</summary>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        VirtualTimer[] timers;
        lock (_gate)
        {
            _offset += by;
            timers = [.. _timers];
        }

        foreach (var timer in timers.OrderBy(t => t.DueAt)) timer.FireIfDue();
    }

    /// <summary>Back to real time; timers move along and wait as long as they still had to.</summary>
    public void Reset()
    {
        VirtualTimer[] timers;
        TimeSpan offset;
        lock (_gate)
        {
            (offset, _offset) = (_offset, TimeSpan.Zero);
            timers = [.. _timers];
        }

        foreach (var timer in timers) timer.Shift(-offset);
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new VirtualTimer(this, callback, state);
        lock (_gate) _timers.Add(timer);
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class VirtualTimer : ITimer
    {
        // A real timer cannot wait longer than about 49 days; a longer wait is cut into laps.
        private static readonly TimeSpan LongestLap = TimeSpan.FromDays(1);

        private readonly VirtualClock _clock;
        private readonly TimerCallback _callback;
        private readonly object? _state;
        private readonly Lock _gate = new();
        private readonly ITimer _real;
        private TimeSpan _period;
        private bool _disposed;

        public VirtualTimer(VirtualClock clock, TimerCallback callback, object? state)
        {
            (_clock, _callback, _state) = (clock, callback, state);
            _real = clock._real.CreateTimer(_ => FireIfDue(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        public DateTimeOffset? DueAt { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (_gate)
            {
                if (_disposed) return false;
                _period = period;
                DueAt = dueTime == Timeout.InfiniteTimeSpan ? null : _clock.GetUtcNow() + dueTime;
                Arm();
                return true;
            }
        }

        public void Shift(TimeSpan by)
        {
            lock (_gate)
            {
                if (_disposed || DueAt is null) return;
                DueAt += by;
                Arm();
            }
        }

        public void FireIfDue()
        {
            lock (_gate)
            {
                if (_disposed || DueAt is not { } due) return;
                if (due > _clock.GetUtcNow())
                {
                    Arm();
                    return;
                }

                DueAt = _period > TimeSpan.Zero ? _clock.GetUtcNow() + _period : null;
                Arm();
            }

            _callback(_state);
        }

        public void Dispose()
        {
            lock (_gate)
            {
                if (_disposed) return;
                _disposed = true;
                DueAt = null;
            }

            lock (_clock._gate) _clock._timers.Remove(this);
            _real.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Arm()
        {
            if (DueAt is not { } due)
            {
                _real.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                return;
            }

            var wait = due - _clock.GetUtcNow();
            if (wait < TimeSpan.FromMilliseconds(1)) wait = TimeSpan.FromMilliseconds(1);
            _real.Change(wait < LongestLap ? wait : LongestLap, Timeout.InfiniteTimeSpan);
        }
    }
}
