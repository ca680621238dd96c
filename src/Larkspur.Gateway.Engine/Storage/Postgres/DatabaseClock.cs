namespace Larkspur.Gateway.Storage.Postgres;

/// <summary>
/// The time of day as the database has it: the one clock that the processes on it agree on, whatever their machines say. Between two
/// looks it goes on evenly by the machine's counter, so nobody's setting of the machine's clock moves it.
/// </summary>
/// <remarks>Until the database has been asked for the first time, it is the machine's clock.</remarks>
internal sealed partial class DatabaseClock(TimeProvider machine, ILogger<DatabaseClock> logger) : TimeProvider
{
    /// <summary>An answer that was longer on its way says nothing exact.</summary>
    private static readonly TimeSpan LongestLook = TimeSpan.FromSeconds(1);
    private const int Looks = 3;

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
        var best = await AskAsync(database, cancellation);
        // The first may have had to connect; the quickest answer is the most exact one.
        for (var i = 1; i < Looks; i++)
        {
            if (await AskAsync(database, cancellation) is var again && again.Way < best.Way) best = again;
        }

        if (_anchor is { } known && (best.Way > LongestLook || (At(known, best.Ended) - best.Time).Duration() <= best.Slack)) return;
        _anchor = new Anchor(best.Time, best.Ended);
        Tell(machine.GetUtcNow() - GetUtcNow());
    }

    private async Task<Answer> AskAsync(IDatabase database, CancellationToken cancellation)
    {
        var begun = GetTimestamp();
        var said = await database.ReadAsync(static sql => sql.NumberAsync("SELECT " + PostgresClock.Now), cancellation);
        var ended = GetTimestamp();
        return new Answer(DateTimeOffset.FromUnixTimeMilliseconds(said.GetValueOrDefault()), ended, machine.GetElapsedTime(begun, ended));
    }

    private DateTimeOffset At(Anchor anchor, long timestamp) => anchor.Time + machine.GetElapsedTime(anchor.Timestamp, timestamp);

    private void Tell(TimeSpan ahead)
    {
        if (ahead.Duration() < Remarkable || (ahead - _told).Duration() < Remarkable) return;
        _told = ahead;
        ClockDiffers(ahead.Duration().TotalSeconds, ahead > TimeSpan.Zero ? "ahead of" : "behind");
    }

    /// <param name="Said">Read somewhere on the way there and back, in whole milliseconds.</param>
    /// <param name="Ended">When it was here, by the machine's counter.</param>
    /// <param name="Way">How long it was on its way, there and back.</param>
    private readonly record struct Answer(DateTimeOffset Said, long Ended, TimeSpan Way)
    {
        public DateTimeOffset Time => Said + (Way / 2);

        public TimeSpan Slack => (Way / 2) + TimeSpan.FromMilliseconds(1);
    }

    /// <param name="Time">What the database said.</param>
    /// <param name="Timestamp">When, by the machine's counter.</param>
    private sealed record Anchor(DateTimeOffset Time, long Timestamp);

    [LoggerMessage(LogLevel.Warning, "This machine's clock is {Seconds:0} s {Where} the database's; the gateway goes by the database's")]
    private partial void ClockDiffers(double seconds, string where);
}
