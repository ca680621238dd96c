using System.Globalization;

namespace Larkspur.Gateway.Console.Pages.Approvals;

/// <summary>What the list's address asks for: the state and the days. Whatever does not fit is as if it were not there.</summary>
/// <param name="State">The platform's word; null: all but withdrawn ones.</param>
/// <param name="From">The first day.</param>
/// <param name="Until">The last day.</param>
public sealed record ApprovalsQuery(string? State, DateOnly From, DateOnly Until)
{
    private const string DayFormat = "yyyy-MM-dd";
    private const int UsualDays = 7;

    /// <summary>The period ends before it begins.</summary>
    public bool IsReversed => Until < From;

    /// <summary>As the address has it.</summary>
    /// <param name="state">A state.</param>
    /// <param name="from">The first day; null: seven days before the last.</param>
    /// <param name="until">The last day; null: today.</param>
    /// <param name="today">The reader's day.</param>
    public static ApprovalsQuery Of(string? state, string? from, string? until, DateOnly today)
    {
        var last = DayOf(until) ?? today;
        return new(ApprovalsTexts.Searchable.Contains(state) ? state : null, DayOf(from) ?? last.AddDays(-UsualDays), last);
    }

    /// <summary>A day as the address has it.</summary>
    public static string? Text(DateOnly? day) => day?.ToString(DayFormat, CultureInfo.InvariantCulture);

    private static DateOnly? DayOf(string? text) =>
        DateOnly.TryParseExact(text, DayFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            && day.Year is >= 2000 and < 2100 ? day : null;
}
