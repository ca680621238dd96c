using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Larkspur.Cli.Output;

/// <summary>Options with a time: ISO 8601 (this machine's clock unless it has an offset), or so long ago, like 2h.</summary>
internal static class PointInTime
{
    public static Option<DateTimeOffset?> Option(string name, string help) => new(name) { Description = help + " Like 2026-01-31T09:00 (local time), with an offset, or so long ago: 90s, 30m, 2h, 7d.", CustomParser = Parse };

    public static string Iso(DateTimeOffset time) => time.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture);

    private static DateTimeOffset? Parse(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (Ago(text) is { } ago) return TimeProvider.System.GetUtcNow() - ago;
        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeLocal, out var at)) return at;
        result.AddError($"\"{text}\" is not a time. Write it like 2026-01-31T09:00, or 2h for two hours ago.");
        return null;
    }

    private static TimeSpan? Ago(string text)
    {
        if (text.Length < 2 || !int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count > 100_000) return null;
        return text[^1] switch { 's' => TimeSpan.FromSeconds(count), 'm' => TimeSpan.FromMinutes(count), 'h' => TimeSpan.FromHours(count), 'd' => TimeSpan.FromDays(count), _ => null };
    }
}
