namespace Larkspur.Emulator.State.Calendars;

/// <summary>The events of every fresh state: two of Bob, on the day (in Shanghai) on which the state began.</summary>
public static class SeededCalendars
{
    /// <summary>周会 Weekly meeting, 10:00 to 10:30.</summary>
    public static readonly string WeeklyMeeting = EventId("weekly-meeting");
    /// <summary>供应商评审 Supplier review, 14:00 to 15:00.</summary>
    public static readonly string SupplierReview = EventId("supplier-review");

    private static readonly TimeSpan Shanghai = TimeSpan.FromHours(8);

    public static void Fill(EmulatorState state)
    {
        Add(state, WeeklyMeeting, "周会 Weekly meeting", "10:00", "10:30", "");
        Add(state, SupplierReview, "供应商评审 Supplier review", "14:00", "15:00", "三季度供应商评分 / Supplier scores, third quarter");
    }

    private static void Add(EmulatorState state, string eventId, string summary, string from, string to, string description)
    {
        var now = state.Clock.GetUtcNow();
        var today = DateOnly.FromDateTime(now.ToOffset(Shanghai).DateTime);
        state.Add(new CalendarEvent
        {
            EventId = eventId, OrganizerId = SeededCompany.Bob, Summary = summary, Description = description, CreateTime = now,
            Start = EventTime.At(new DateTimeOffset(today, TimeOnly.Parse(from), Shanghai)),
            End = EventTime.At(new DateTimeOffset(today, TimeOnly.Parse(to), Shanghai)),
        });
    }

    private static string EventId(string name) => Guid.Parse(WireIds.Hash("event", name)) + "_0";
}
