using System.Globalization;

namespace Larkspur.Cli.Output;

/// <summary>Times for people: on this machine's clock, with its offset named; with <c>--utc</c> of UTC. What is for programs stays
/// UTC.</summary>
internal static class LocalTime
{
    private static readonly TimeSpan Recent = TimeSpan.FromDays(30);

    /// <summary>People asked for UTC.</summary>
    public static bool Utc { get; set; }

    /// <summary><c>2026-11-25 17:47:05 +08:00</c>.</summary>
    public static string Exact(DateTimeOffset at) => Written(at, "yyyy-MM-dd HH:mm:ss");

    /// <summary>For lists: <c>5 min ago</c>, <c>in 3 d</c>; what is more than a month away, and all of it with <c>--utc</c>, as a
    /// date.</summary>
    public static string Brief(DateTimeOffset at) => Brief(at, TimeProvider.System.GetUtcNow());

    private static string Brief(DateTimeOffset at, DateTimeOffset now)
    {
        var away = now - at;
        if (Utc || away.Duration() > Recent) return Written(at, "yyyy-MM-dd HH:mm");
        // What is to come is rounded up to the minute: eight hours are not seven a second later.
        var span = away < TimeSpan.Zero && away.Duration() > TimeSpan.FromMinutes(1) ? away.Duration() + TimeSpan.FromSeconds(30)
            : away.Duration();
        var (count, en, zh) = span switch
        {
            { TotalMinutes: < 1 } => (span.TotalSeconds, "s", "秒"),
            { TotalHours: < 1 } => (span.TotalMinutes, "min", "分钟"),
            { TotalDays: < 1 } => (span.TotalHours, "h", "小时"),
            _ => (span.TotalDays, "d", "天"),
        };
        var number = Math.Floor(count).ToString(CultureInfo.InvariantCulture);
        if (Words.AreChinese) return $"{number} {zh}{(away < TimeSpan.Zero ? "后" : "前")}";
        return away < TimeSpan.Zero ? $"in {number} {en}" : $"{number} {en} ago";
    }

    /// <summary>What zone the clock is of at a time: an offset, as names of zones differ from machine to machine.</summary>
    public static string Zone(DateTimeOffset at)
    {
        var local = TimeZoneInfo.Local;
        if (Utc || (local.BaseUtcOffset == TimeSpan.Zero && !local.SupportsDaylightSavingTime)) return "UTC";
        return Here(at).ToString("zzz", CultureInfo.InvariantCulture);
    }

    /// <summary>The same instant on the clock that people read.</summary>
    public static DateTimeOffset Here(DateTimeOffset at) => Utc ? at.ToUniversalTime() : at.ToLocalTime();

    private static string Written(DateTimeOffset at, string format) =>
        $"{Here(at).ToString(format, CultureInfo.InvariantCulture)} {Zone(at)}";
}
