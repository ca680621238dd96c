using System.Globalization;

namespace Larkspur.Gateway.People.Permissions;

/// <summary>Hours of some days of the week, by a zone's clocks.</summary>
/// <remarks>
/// From the first minute on and before the last. Hours that go over midnight belong to the day on which they begin: those of Friday from 22:00 to 06:00 end on Saturday. They are
/// what the clock on the wall shows: what summer time leaves out does not come, and what it shows twice counts twice.
/// </remarks>
/// <param name="Days">On which days they begin.</param>
/// <param name="From">Minutes after midnight, 0 to 1439.</param>
/// <param name="To">Minutes after midnight, 1 to 1440; below <paramref name="From"/>: on the next day.</param>
/// <param name="Zone">Null: the gateway's.</param>
internal sealed record RuleHours(IReadOnlySet<DayOfWeek> Days, int From, int To, TimeZoneInfo? Zone)
{
    public const int Day = 24 * 60;

    /// <summary>The days, in the order and by the words in which they are written.</summary>
    public static IReadOnlyList<(string Word, DayOfWeek Day)> Words { get; } =
    [
        ("mon", DayOfWeek.Monday), ("tue", DayOfWeek.Tuesday), ("wed", DayOfWeek.Wednesday), ("thu", DayOfWeek.Thursday), ("fri", DayOfWeek.Friday), ("sat", DayOfWeek.Saturday), ("sun", DayOfWeek.Sunday),
    ];

    /// <summary>Whether a moment is in them.</summary>
    /// <param name="at">The moment.</param>
    /// <param name="usual">The zone of hours that name none.</param>
    public bool Contain(DateTimeOffset at, TimeZoneInfo usual)
    {
        var local = TimeZoneInfo.ConvertTime(at, Zone ?? usual);
        var minute = local.TimeOfDay.TotalMinutes;
        if (From < To) return Days.Contains(local.DayOfWeek) && minute >= From && minute < To;
        return (Days.Contains(local.DayOfWeek) && minute >= From) || (minute < To && Days.Contains((DayOfWeek)(((int)local.DayOfWeek + 6) % 7)));
    }

    /// <summary>Reads <c>09:00</c>, to <c>24:00</c>.</summary>
    public static bool TryMinute(string text, out int minute)
    {
        minute = 0;
        if (text is "24:00")
        {
            minute = Day;
            return true;
        }

        if (!TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)) return false;
        minute = time.Hour * 60 + time.Minute;
        return true;
    }

    /// <summary>Writes <c>09:00</c>.</summary>
    public static string Text(int minute) => string.Create(CultureInfo.InvariantCulture, $"{minute / 60:00}:{minute % 60:00}");
}
