namespace Larkspur.Gateway.Quota;

/// <summary>Where the month will end.</summary>
internal static class QuotaForecast
{
    /// <summary>What happened lately says more about the rest of the month than its beginning does.</summary>
    private const double WeightOfWeek = 0.7;

    /// <summary>Calls by the end of the month, if its rest goes on at the pace of the month so far (three tenths) and of the last seven days (seven tenths).</summary>
    /// <param name="used">Counted calls of this month.</param>
    /// <param name="week">Counted calls of today and the six days before, in whatever month.</param>
    /// <param name="watched">Days since the first call that was ever counted.</param>
    /// <param name="passed">Days of this month that have passed.</param>
    /// <param name="length">Days of this month.</param>
    public static long EndOfMonth(long used, long week, double watched, double passed, int length)
    {
        // An hour's calls times twenty-four are not a day's: less than a day is taken for one.
        var monthPace = used / Math.Max(Math.Min(passed, watched), 1);
        var weekPace = week / Math.Clamp(Math.Min(watched, 6 + passed % 1), 1, 7);
        var pace = monthPace * (1 - WeightOfWeek) + weekPace * WeightOfWeek;
        return used + (long)Math.Round(pace * Math.Max(length - passed, 0));
    }

    /// <summary>Days until a cap is reached on the straight way to the forecast.</summary>
    /// <param name="used">Counted calls of this month.</param>
    /// <param name="forecast">Counted calls by its end.</param>
    /// <param name="cap">Calls that there may be.</param>
    /// <param name="rest">Days until the month ends.</param>
    /// <returns>Null: the month ends before.</returns>
    public static double? DaysLeft(long used, long forecast, long cap, double rest) =>
        used >= cap ? 0 : forecast <= cap ? null : (double)(cap - used) / (forecast - used) * rest;
}
