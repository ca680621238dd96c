using System.Globalization;
using Larkspur.Gateway.Common.Localisation;

namespace Larkspur.Gateway.Console.Pages.Schedules;

/// <summary>What the page of schedules says.</summary>
internal static partial class SchedulesTexts
{
    public static LocalText RunNamed(string job) => RunNow(Name(job));

    public static string KindOf(string outcome) => outcome switch
    {
        "ok" => "good",
        "running" => "busy",
        "stopped" => "off",
        "timed_out" or "lost" => "warn",
        _ => "bad",
    };

    public static LocalText Of(string outcome) => FindOutcomeName(outcome) ?? LocalText.From(outcome);

    public static LocalText Took(TimeSpan time) => time switch
    {
        { TotalSeconds: < 1 } => TookMs(Number(time.TotalMilliseconds)),
        { TotalMinutes: < 2 } => TookS(Number(time.TotalSeconds)),
        _ => TookMin(Number(time.TotalMinutes)),
    };

    /// <summary>A rule in words: <c>every 00:15:00</c>, or a cron expression with its time zone.</summary>
    public static LocalText OfRule(string rule)
    {
        if (!rule.StartsWith("every ", StringComparison.Ordinal)) return LocalText.From(rule);
        return TimeSpan.TryParseExact(rule[6..], "c", CultureInfo.InvariantCulture, out var every) ? Every(every) : LocalText.From(rule);
    }

    /// <summary>A job's name for people; one that is not the gateway's own is shown as it is.</summary>
    public static LocalText Name(string job) => FindName(job) ?? LocalText.From(job);

    /// <summary>What a job is for.</summary>
    public static LocalText Purpose(string job) => FindPurpose(job) ?? JobExtension;

    private static LocalText Every(TimeSpan every) => every switch
    {
        _ when every.Ticks % TimeSpan.TicksPerDay == 0 => EveryDays(every.TotalDays),
        _ when every.Ticks % TimeSpan.TicksPerHour == 0 => EveryHours(every.TotalHours),
        _ when every.Ticks % TimeSpan.TicksPerMinute == 0 => EveryMinutes(every.TotalMinutes),
        _ => EverySeconds(every.TotalSeconds),
    };

    private static string Number(double number) => number.ToString("0.#", CultureInfo.InvariantCulture);
}
