using Larkspur.Gateway.Common.Localisation;

namespace Larkspur.Gateway.Console.Shell;

/// <summary>Lengths of time in words.</summary>
internal static class Spans
{
    private static readonly TimeSpan JustNow = TimeSpan.FromSeconds(5);

    /// <summary>Like "3 min" or "2 d".</summary>
    public static string Text(TimeSpan span, string language) => Of(span).In(language);

    /// <summary>How long ago something was.</summary>
    public static string Ago(TimeSpan span, string language) =>
        (span < JustNow ? ShellTexts.JustNow : ShellTexts.Ago(Of(span))).In(language);

    /// <summary>How long it is until something.</summary>
    public static string Ahead(TimeSpan span, string language) => ShellTexts.Ahead(Of(span)).In(language);

    private static LocalText Of(TimeSpan span) => span switch
    {
        { TotalSeconds: < 60 } => ShellTexts.Seconds(Math.Max(0, (int)span.TotalSeconds)),
        { TotalMinutes: < 60 } => ShellTexts.Minutes((int)span.TotalMinutes),
        { TotalHours: < 48 } => ShellTexts.Hours((int)span.TotalHours),
        _ => ShellTexts.Days((int)span.TotalDays),
    };
}
