namespace Larkspur.Gateway.Storage.Postgres;

/// <summary>
/// The time of day as the database has it: the one clock that the processes on it agree on, whatever their machines say. Between two looks it
/// goes on evenly by the machine's counter, so nobody's setting of the machine's clock moves it.
/// </summary>
/// <remarks>Until the database has been asked for the first time, it is the machine's clock.</remarks>
internal sealed class DatabaseClock(TimeProvider machine, ILogger<DatabaseClock> logger) : TimeProvider
{
    /// <summary>An answer that was longer on its way says nothing exact.</summary>
    private static readonly TimeSpan LongestLook = TimeSpan.FromSeconds(1);

    /// <summary>A machine that differs by more is spoken of: what its own log says happened at another time.</summary>
    private static readonly TimeSpan Remarkable = TimeSpan.FromSeconds(5);

    private volatile Anchor? _anchor;
    private TimeSpan _told;

    public override long TimestampFrequency => machine.TimestampFrequency;

    public override TimeZoneInfo LocalTimeZone => machine.LocalTimeZone;

    public override DateTimeOffset GetUtcNow() => _anchor is { } anchor ? At(anchor, GetTimestamp()) : machine.GetUtcNow();

    public override long GetTimestamp() => machine.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        machine.CreateTimer(callback, state, dueTime, period);

    /// <summary>Asks the database what time it is, and goes by that from now on.</summary>
    /// <exception cref="StorageUnavailableException">It could not be asked; the clock goes on as before.</exception>
    public async Task LookAsync(IDatabase database, CancellationToken cancellation = default)
    {
        var begun = GetTimestamp();
        var said = await database.ReadAsync(static sql => sql.NumberAsync("SELECT " + PostgresClock.Now), cancellation);
        var ended = GetTimestamp();
        var way = machine.GetElapsedTime(begun, ended);
        if (_anchor is not null && way > LongestLook) return;
        // Read somewhere on the way there and back, in whole milliseconds.
        var slack = (way / 2) + TimeSpan.FromMilliseconds(1);
        var anchor = new Anchor(DateTimeOffset.FromUnixTimeMilliseconds(said.GetValueOrDefault()) + (way / 2), ended);
        if (_anchor is { } known && (At(known, ended) - anchor.Time).Duration() <= slack) return;
        _anchor = anchor;
        Tell(machine.GetUtcNow() - anchor.Time);
    }

    private DateTimeOffset At(Anchor anchor, long timestamp) => anchor.Time + machine.GetElapsedTime(anchor.Timestamp, timestamp);

    private void Tell(TimeSpan ahead)
    {
        if (ahead.Duration() < Remarkable || (ahead - _told).Duration() < Remarkable) return;
        _told = ahead;
        logger.LogWarning("This machine's clock is {Seconds:0} s {Where} the database's; the gateway goes by the database's",
            ahead.Duration().TotalSeconds, ahead > TimeSpan.Zero ? "ahead of" : "behind");
    }

    /// <param name="Time">What the database said.</param>
    /// <param name="Timestamp">When, by the machine's counter.</param>
    private sealed record Anchor(DateTimeOffset Time, long Timestamp);
}
