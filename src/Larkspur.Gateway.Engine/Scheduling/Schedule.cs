using Quartz;

namespace Larkspur.Gateway.Scheduling;

/// <summary>A job and when it runs, as declared in code.</summary>
internal sealed class Schedule
{
    /// <summary>Time a run has when nothing else is said.</summary>
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromMinutes(5);

    private const int LongestName = 40;

    private Schedule(string name, Type job, TimeSpan timeout)
    {
        if (name.Length is 0 or > LongestName || name.Any(c => c is not ((>= 'a' and <= 'z') or (>= '0' and <= '9') or '-')))
            throw new ArgumentException($"A schedule's name has lower-case letters, digits and -, at most {LongestName}; \"{name}\" does not fit.", nameof(name));
        ArgumentOutOfRangeException.ThrowIfLessThan(timeout, TimeSpan.FromMilliseconds(1));
        (Name, Job, Timeout) = (name, job, timeout);
    }

    /// <summary>Unique; part of URLs and metrics.</summary>
    public string Name { get; }

    /// <summary>An <see cref="IScheduledJob"/>, taken from the services.</summary>
    public Type Job { get; }

    /// <summary>After this long a run is asked to end.</summary>
    public TimeSpan Timeout { get; }

    /// <summary>The distance of two runs' beginnings; null when <see cref="Cron"/> says it.</summary>
    public TimeSpan? Every { get; private init; }

    /// <summary>Seconds, minutes, hours, day of month, month, day of week (Quartz's form), in the zone of <c>LARKSPUR_TIME_ZONE</c>.</summary>
    public string? Cron { get; private init; }

    /// <exception cref="ArgumentException">The name does not fit, or the distance is under a second.</exception>
    public static Schedule Periodic(string name, Type job, TimeSpan every, TimeSpan? timeout)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(every, TimeSpan.FromSeconds(1));
        return new Schedule(name, job, timeout ?? DefaultTimeout) { Every = every };
    }

    /// <exception cref="ArgumentException">The name does not fit, or the expression is not one.</exception>
    public static Schedule ByCalendar(string name, Type job, string cron, TimeSpan? timeout)
    {
        if (!CronExpression.TryParse(cron, out _)) throw new ArgumentException($"\"{cron}\" is not a cron expression of six or seven fields, like \"0 30 3 * * ?\".", nameof(cron));
        return new Schedule(name, job, timeout ?? DefaultTimeout) { Cron = cron };
    }

    /// <summary>The rule in words. What is stored under other words is out of date.</summary>
    public string Rule(TimeZoneInfo zone) => Every is { } every ? $"every {every:c}" : $"{Cron} ({zone.Id})";

    /// <summary>When it is due for the first time in a store that does not know it: as if the runs of former lives had gone on.</summary>
    /// <returns>Not before <paramref name="soon"/>.</returns>
    public DateTimeOffset FirstDue(DateTimeOffset? lastStarted, DateTimeOffset soon, TimeZoneInfo zone)
    {
        // A start in the future was written by a clock that has been set back since.
        if (lastStarted is not { } last || last > soon) return Every is null ? NextByCalendar(soon, zone) : soon;
        var due = Every is { } every ? last + every : NextByCalendar(last, zone);
        return due > soon ? due : soon;
    }

    private DateTimeOffset NextByCalendar(DateTimeOffset after, TimeZoneInfo zone) =>
        new CronExpression(Cron!, zone).GetNextValidTimeAfter(after) ?? DateTimeOffset.MaxValue;
}
