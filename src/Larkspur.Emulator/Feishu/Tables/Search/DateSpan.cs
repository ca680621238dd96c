using System.Globalization;

namespace Larkspur.Emulator.Feishu.Tables.Search;

/// <summary>
/// The days that a date condition names, in the base's time zone: from the first inclusive to the end exclusive, unix milliseconds.
/// </summary>
/// <remarks>
/// Weeks begin on Monday; TheLast… and TheNext… are 7 or 30 days with today among them. Both UNVERIFIED.
/// Source: bitable-v1/app-table-record/record-filter-guide.
/// </remarks>
internal readonly record struct DateSpan(long From, long To)
{
    /// <summary>Milliseconds from 1970; both ways some 126 years.</summary>
    private const long Farthest = 4_000_000_000_000;

    /// <summary>Words for single days, with which one may compare.</summary>
    public static bool IsDay(string word) => word is "ExactDate" or "Today" or "Tomorrow" or "Yesterday";

    /// <returns>Null: the value is none.</returns>
    public static DateSpan? Of(IReadOnlyList<string> value, TimeZoneInfo zone, DateTimeOffset now)
    {
        var today = Day(now, zone);
        if (value is ["ExactDate", var exact])
        {
            if (!long.TryParse(exact, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var ms)
                || ms is < -Farthest or > Farthest) return null;
            var day = Day(DateTimeOffset.FromUnixTimeMilliseconds(ms), zone);
            return Span(day, day.AddDays(1), zone);
        }

        if (value is not [var word]) return null;
        var monday = today.AddDays(-(((int)today.DayOfWeek + 6) % 7));
        var month = new DateOnly(today.Year, today.Month, 1);
        return word switch
        {
            "Today" => Span(today, today.AddDays(1), zone),
            "Tomorrow" => Span(today.AddDays(1), today.AddDays(2), zone),
            "Yesterday" => Span(today.AddDays(-1), today, zone),
            "CurrentWeek" => Span(monday, monday.AddDays(7), zone),
            "LastWeek" => Span(monday.AddDays(-7), monday, zone),
            "CurrentMonth" => Span(month, month.AddMonths(1), zone),
            "LastMonth" => Span(month.AddMonths(-1), month, zone),
            "TheLastWeek" => Span(today.AddDays(-6), today.AddDays(1), zone),
            "TheNextWeek" => Span(today, today.AddDays(7), zone),
            "TheLastMonth" => Span(today.AddDays(-29), today.AddDays(1), zone),
            "TheNextMonth" => Span(today, today.AddDays(30), zone),
            _ => null,
        };
    }

    /// <summary>The base's zone; the platform's documented <c>Asia/Beijing</c> is Shanghai.</summary>
    public static TimeZoneInfo Zone(string name) =>
        TimeZoneInfo.TryFindSystemTimeZoneById(name == "Asia/Beijing" ? "Asia/Shanghai" : name, out var zone) ? zone : TimeZoneInfo.Utc;

    private static DateOnly Day(DateTimeOffset at, TimeZoneInfo zone) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(at, zone).DateTime);

    private static DateSpan Span(DateOnly from, DateOnly to, TimeZoneInfo zone) => new(Midnight(from, zone), Midnight(to, zone));

    private static long Midnight(DateOnly day, TimeZoneInfo zone)
    {
        var local = day.ToDateTime(TimeOnly.MinValue);
        return new DateTimeOffset(local, zone.GetUtcOffset(local)).ToUnixTimeMilliseconds();
    }
}
