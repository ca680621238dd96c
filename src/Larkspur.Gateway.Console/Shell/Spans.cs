namespace Larkspur.Gateway.Console.Shell;

/// <summary>Lengths of time in words.</summary>
internal static class Spans
{
    /// <summary>Like "3 min" or "2 d".</summary>
    public static string Text(TimeSpan span, string language)
    {
        var zh = language == "zh";
        return span switch
        {
            { TotalSeconds: < 60 } => $"{Math.Max(0, (int)span.TotalSeconds)} {(zh ? "秒" : "s")}",
            { TotalMinutes: < 60 } => $"{(int)span.TotalMinutes} {(zh ? "分钟" : "min")}",
            { TotalHours: < 48 } => $"{(int)span.TotalHours} {(zh ? "小时" : "h")}",
            _ => $"{(int)span.TotalDays} {(zh ? "天" : "d")}",
        };
    }

    /// <summary>How long ago something was.</summary>
    public static string Ago(TimeSpan span, string language) => Text(span, language) + (language == "zh" ? "前" : " ago");
}
