using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Larkspur.Cli.Output;

/// <summary>Options with a time: ISO 8601 (this machine's clock unless it has an offset), or so long ago, like 2h.</summary>
internal static class PointInTime
{
    public static Option<DateTimeOffset?> Option(string name, string help) => new(name) { Description = help + " Like 2026-01-31T09:00 (local time), with an offset, or so long ago: 90s, 30m, 2h, 7d.", CustomParser = result => Parse(result, -1) };

    /// <summary>A time to come: ISO 8601, or after so long, like 90d.</summary>
    public static Option<DateTimeOffset?> Ahead(string name, string help) => new(name) { Description = help + " Like 2027-12-31T00:00 (local time), with an offset, or after so long: 12h, 90d.", CustomParser = result => Parse(result, 1) };

    /// <summary>So long: seconds, minutes, hours, days.</summary>
    public static Option<TimeSpan?> Duration(string name, string help) => new(name)
    {
        Description = help + " Like 90s, 30m, 2h, 7d.",
        CustomParser = result =>
        {
            if (Span(result.Tokens[0].Value) is { } span) return span;
            result.AddError($"\"{result.Tokens[0].Value}\" is no length of time. Write it like 30m or 2h.");
            return null;
        },
    };

    /// <summary>To the second, with the zone; empty: there is none.</summary>
    public static string Shown(DateTimeOffset? time) => time is { } at ? LocalTime.Exact(at) : "";

    /// <summary>How long ago, for lists; empty: there is none.</summary>
    public static string Short(DateTimeOffset? time) => time is { } at ? LocalTime.Brief(at) : "";

    public static string Iso(DateTimeOffset time) => time.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture);

    /// <param name="result">What was given.</param>
    /// <param name="way">-1: a length of time means so long ago; 1: after so long.</param>
    private static DateTimeOffset? Parse(ArgumentResult result, int way)
    {
        var text = result.Tokens[0].Value;
        if (Span(text) is { } span) return TimeProvider.System.GetUtcNow() + (span * way);
        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeLocal, out var at)) return at;
        result.AddError($"\"{text}\" is not a time. Write it like 2026-01-31T09:00, or 2h for two hours {(way < 0 ? "ago" : "from now")}.");
        return null;
    }

    private static TimeSpan? Span(string text)
    {
        if (text.Length < 2 || !int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count > 100_000) return null;
        return text[^1] switch { 's' => TimeSpan.FromSeconds(count), 'm' => TimeSpan.FromMinutes(count), 'h' => TimeSpan.FromHours(count), 'd' => TimeSpan.FromDays(count), _ => null };
    }
}
