namespace Larkspur.Gateway.Quota;

/// <summary>Days (<c>20261121</c>) and months (<c>202611</c>) of the tenant's calendar. The platform's month begins on its first day.</summary>
/// <remarks>At which hour of the world it begins the platform does not say; its own clock is China's, and so is the default time zone.</remarks>
internal sealed class QuotaCalendar(TimeZoneInfo zone)
{
    public int Day(DateTimeOffset at) => Number(Local(at));

    public static int MonthOf(int day) => day / 100;

    public int Month(DateTimeOffset at) => MonthOf(Day(at));

    /// <summary>The day that many days earlier.</summary>
    public int DaysBefore(DateTimeOffset at, int days) => Number(Local(at).AddDays(-days));

    /// <summary>The month that many months earlier.</summary>
    public int MonthsBefore(DateTimeOffset at, int months) => MonthOf(Number(Local(at).AddMonths(-months)));

    /// <summary>Where in its month a time stands, in days: what has passed, and the month's length.</summary>
    public (double Passed, int Length) InMonth(DateTimeOffset at)
    {
        var local = Local(at);
        return (local.Day - 1 + local.TimeOfDay.TotalDays, DateTime.DaysInMonth(local.Year, local.Month));
    }

    /// <summary>Days, and parts of one, from the beginning of a day until a time.</summary>
    public double Since(int day, DateTimeOffset at)
    {
        var begin = new DateTime(day / 10_000, day / 100 % 100, day % 100);
        return (Local(at) - begin).TotalDays;
    }

    private static int Number(DateTime local) => local.Year * 10_000 + local.Month * 100 + local.Day;

    private DateTime Local(DateTimeOffset at) => TimeZoneInfo.ConvertTime(at, zone).DateTime;
}
