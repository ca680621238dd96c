using System.Globalization;

namespace Larkspur.Emulator.Web.Cards;

/// <summary>Moments of a card in the viewer's time, as <c>local_datetime</c> and table date columns ask for them.</summary>
internal static class LocalTime
{
    public static string Written(string? milliseconds, string? format, CardScene scene) =>
        At(milliseconds, scene) is not { } moment ? "" : Written(moment, format, scene);

    public static DateTimeOffset? At(string? milliseconds, CardScene scene)
    {
        if (!long.TryParse(milliseconds, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var ms)) return null;
        if (ms < DateTimeOffset.MinValue.AddDays(2).ToUnixTimeMilliseconds() || ms > DateTimeOffset.MaxValue.AddDays(-2).ToUnixTimeMilliseconds()) return null;
        return DateTimeOffset.FromUnixTimeMilliseconds(ms).ToOffset(scene.UtcOffset);
    }

    /// <summary>Table columns write their own pattern of Y, M, D, H, m and s.</summary>
    public static string Patterned(DateTimeOffset moment, string? pattern)
    {
        var known = (pattern ?? "YYYY/MM/DD").Replace("YYYY", "yyyy", StringComparison.Ordinal).Replace("YY", "yy", StringComparison.Ordinal)
            .Replace("DD", "dd", StringComparison.Ordinal);
        return known.All(static c => "yMdHhms/-.: ".Contains(c, StringComparison.Ordinal)) && known.Length is > 1 and < 40
            ? moment.ToString(known, CultureInfo.InvariantCulture)
            : moment.ToString("yyyy/MM/dd", CultureInfo.InvariantCulture);
    }

    private static string Written(DateTimeOffset moment, string? format, CardScene scene)
    {
        var chinese = scene.Locale == "zh_cn";
        var pattern = format switch
        {
            "date_short" => chinese ? "M月d日" : "MMM d",
            "date" => chinese ? "yyyy年M月d日" : "MMM d, yyyy",
            "week" or "week_long" => "dddd",
            "week_short" => "ddd",
            "time" => "HH:mm",
            "time_sec" => "HH:mm:ss",
            "timezone" => "'UTC'zzz",
            _ => "yyyy-MM-dd HH:mm",
        };
        if (chinese && pattern is "dddd" or "ddd") return scene.Texts.Weekdays[(int)moment.DayOfWeek];
        return moment.ToString(pattern, CultureInfo.InvariantCulture);
    }
}
