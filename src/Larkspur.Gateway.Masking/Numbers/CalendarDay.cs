namespace Larkspur.Gateway.Masking.Numbers;

/// <summary>Days on which somebody alive, or on somebody's papers, can have been born.</summary>
internal static class CalendarDay
{
    public static bool Is(int year, int month, int day) =>
        year is >= 1900 and < 2100 && month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth(year, month);
}
