using System.Globalization;
using Larkspur.Gateway.Quota;

namespace Larkspur.Gateway.Console.Pages.Quota;

/// <summary>A month as columns, one a day: what was used by its end, what the days to come may bring, and the quota.</summary>
/// <param name="Columns">From the first day to the last.</param>
/// <param name="Quota">Height of the line of the quota; null: there is none, or it is far above.</param>
public sealed record MonthPicture(IReadOnlyList<MonthColumn> Columns, int? Quota)
{
    public const int Height = 1000;

    /// <summary>A quota that is further away than this would flatten everything below it.</summary>
    private const int Near = 4;

    internal static MonthPicture Of(string today, IReadOnlyList<DayUse> days, long used, long forecast, long? cap)
    {
        var date = DateOnly.ParseExact(today, "yyyy-MM-dd", CultureInfo.InvariantCulture);
        var length = DateTime.DaysInMonth(date.Year, date.Month);
        var highest = Math.Max(Math.Max(used, forecast), 1);
        var isNear = cap <= highest * Near;
        var top = (isNear ? Math.Max(highest, cap!.Value) : highest) * 1.05;
        var byDay = days.ToDictionary(d => d.Day % 100, d => d.Counted);
        var columns = new List<MonthColumn>();
        long sum = 0;
        for (var day = 1; day <= length; day++)
        {
            var own = day <= date.Day ? byDay.GetValueOrDefault(day) : 0;
            sum += own;
            var expected = used + (double)(forecast - used) * (day - date.Day) / Math.Max(length - date.Day, 1);
            columns.Add(day <= date.Day ? new MonthColumn(day, Scaled(sum - own), Scaled(sum), IsExpected: false)
                : new MonthColumn(day, 0, Scaled(expected), IsExpected: true));
        }

        return new MonthPicture(columns, isNear ? Scaled(cap!.Value) : null);

        int Scaled(double calls) => (int)Math.Round(calls / top * Height);
    }
}

/// <summary>A day's column.</summary>
/// <param name="Day">Of the month.</param>
/// <param name="Before">Height of what the days before had used.</param>
/// <param name="Total">Height of the whole.</param>
/// <param name="IsExpected">The day is to come.</param>
public sealed record MonthColumn(int Day, int Before, int Total, bool IsExpected)
{
    /// <summary>What the day itself used: seen, if it is anything at all.</summary>
    public int Own => Total > Before ? Math.Max(Total - Before, 8) : 0;
}
