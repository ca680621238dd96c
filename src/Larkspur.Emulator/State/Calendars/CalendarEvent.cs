using System.Collections.Immutable;

namespace Larkspur.Emulator.State.Calendars;

/// <summary>What everybody sets for themselves of an event. Source: calendar-v4/calendar-event/patch.</summary>
/// <param name="Visibility">null: as it was made.</param>
/// <param name="FreeBusyStatus">null: as it was made.</param>
/// <param name="Color">RGB as int32; 0 and -1: the calendar's.</param>
/// <param name="Reminders">Minutes before the beginning; below zero after it.</param>
public sealed record OwnSettings(string? Visibility, string? FreeBusyStatus, int Color, ImmutableArray<int> Reminders)
{
    public static readonly OwnSettings None = new(null, null, -1, []);
}

/// <summary>An event. It stands in its organizer's calendar and in those of its attendees.</summary>
/// <remarks>It is replaced as a whole with every change.</remarks>
public sealed record CalendarEvent
{
    /// <summary>A UUID and <c>_0</c>: behind the line would be the time of one of several repetitions, which are not played.</summary>
    public required string EventId { get; init; }
    /// <summary>A person's <c>UserId</c> in the state, or an <c>app_id</c>: in whose primary calendar it was made.</summary>
    public required string OrganizerId { get; init; }
    public string Summary { get; init; } = "";
    public string Description { get; init; } = "";
    public required EventTime Start { get; init; }
    public required EventTime End { get; init; }
    /// <summary><c>default</c>, <c>public</c> or <c>private</c>.</summary>
    public string Visibility { get; init; } = "default";
    /// <summary><c>none</c>, <c>can_see_others</c>, <c>can_invite_others</c> or <c>can_modify_event</c>.</summary>
    public string AttendeeAbility { get; init; } = "none";
    /// <summary><c>busy</c> or <c>free</c>.</summary>
    public string FreeBusyStatus { get; init; } = "busy";
    /// <summary>JSON of <c>location</c>; null: nowhere.</summary>
    public string? Location { get; init; }
    /// <summary>JSON of <c>vchat</c>; null: a meeting of the platform is made with the first attendee.</summary>
    public string? Vchat { get; init; }
    public ImmutableArray<EventAttendee> Attendees { get; init; } = [];
    /// <summary>By whose they are.</summary>
    public ImmutableDictionary<string, OwnSettings> Own { get; init; } = ImmutableDictionary<string, OwnSettings>.Empty;
    public required DateTimeOffset CreateTime { get; init; }
    /// <summary>Deleted events are remembered for those who synchronize.</summary>
    public bool Deleted { get; init; }
    /// <summary>Greater with every change of any event: what a sync token holds.</summary>
    public long Version { get; init; }

    /// <summary>What it counts for the bound of all events, in characters.</summary>
    public long Weight =>
        200 + Summary.Length + Description.Length + (Location?.Length ?? 0) + (Vchat?.Length ?? 0)
        + Attendees.Sum(static a => 100L + a.Id.Length) + Own.Values.Sum(static o => 100L + 8L * o.Reminders.Length);

    public OwnSettings OwnOf(string ownerId) => Own.GetValueOrDefault(ownerId, OwnSettings.None);

    public string FreeBusyFor(string ownerId) => OwnOf(ownerId).FreeBusyStatus ?? FreeBusyStatus;

    /// <summary>Whether some of it lies between two times in unix seconds, the second not included.</summary>
    public bool Overlaps(long from, long to) =>
        Start.Seconds < to && (End.EndSeconds > from || (End.EndSeconds == Start.Seconds && Start.Seconds == from));
}
