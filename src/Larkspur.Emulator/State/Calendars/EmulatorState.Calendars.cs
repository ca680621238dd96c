using Larkspur.Emulator.State.Calendars;

namespace Larkspur.Emulator.State;

/// <summary>Events of all primary calendars.</summary>
public sealed partial class EmulatorState
{
    /// <summary>Events that one calendar is the organizer's of, deleted ones included: of those the oldest are forgotten first.</summary>
    public const int EventsPerCalendar = 2_000;
    public const int MostCalendarEvents = 20_000;
    /// <summary>Characters of all events together.</summary>
    public const long MostCalendarText = 64L << 20;

    private readonly Dictionary<string, CalendarEvent> _calendarEvents = new(StringComparer.Ordinal);
    private long _calendarVersion;

    /// <summary>Of the last change of an event.</summary>
    public long CalendarVersion { get { lock (_gate) return _calendarVersion; } }

    /// <summary>All events, deleted ones too, by the time when they were changed last.</summary>
    public IReadOnlyList<CalendarEvent> CalendarEvents { get { lock (_gate) return [.. _calendarEvents.Values.OrderBy(e => e.Version)]; } }

    public CalendarEvent? CalendarEvent(string eventId) { lock (_gate) return _calendarEvents.GetValueOrDefault(eventId); }

    /// <summary>What stands in somebody's primary calendar: what they organize, and where they or a group of theirs are invited.</summary>
    /// <param name="ownerId">A person's <c>UserId</c>, or an <c>app_id</c>.</param>
    public IReadOnlyList<CalendarEvent> EventsOf(string ownerId) => [.. CalendarEvents.Where(e => IsIn(e, ownerId))];

    /// <summary>Whether an event stands in somebody's primary calendar.</summary>
    public bool IsIn(CalendarEvent of, string ownerId) => of.OrganizerId == ownerId || InvitationOf(of, ownerId) is not null;

    /// <summary>The attendee that somebody is: they themselves before a group that they are in.</summary>
    public EventAttendee? InvitationOf(CalendarEvent of, string ownerId) =>
        of.Attendees.FirstOrDefault(a => a.Type == "user" && a.Id == ownerId)
        ?? of.Attendees.FirstOrDefault(a => a.Type == "chat" && Chat(a.Id) is { Dissolved: false } chat && chat.Has(ownerId));

    /// <summary>Keeps a new event.</summary>
    /// <returns>The event with its version; null: there are too many already.</returns>
    public CalendarEvent? Add(CalendarEvent made)
    {
        lock (_gate)
        {
            var beside = _calendarEvents.Values.Where(e => e.OrganizerId == made.OrganizerId).ToArray();
            if (beside.Length >= EventsPerCalendar || _calendarEvents.Count >= MostCalendarEvents)
            {
                IEnumerable<CalendarEvent> among = beside.Length >= EventsPerCalendar ? beside : _calendarEvents.Values;
                var gone = among.Where(e => e.Deleted).MinBy(e => e.Version);
                if (gone is null) return null;
                _calendarEvents.Remove(gone.EventId);
            }

            if (!HasRoomFor(made)) return null;
            return _calendarEvents[made.EventId] = made with { Version = ++_calendarVersion };
        }
    }

    /// <summary>Changes an event; the change is of the event as it is at that moment, and may refuse by throwing.</summary>
    /// <returns>The event from now on; null: there is none, or all events together have become too long.</returns>
    public CalendarEvent? ChangeCalendarEvent(string eventId, Func<CalendarEvent, CalendarEvent> change)
    {
        lock (_gate)
        {
            if (!_calendarEvents.TryGetValue(eventId, out var found)) return null;
            var changed = change(found);
            return HasRoomFor(changed) ? _calendarEvents[eventId] = changed with { Version = ++_calendarVersion } : null;
        }
    }

    private bool HasRoomFor(CalendarEvent of) =>
        _calendarEvents.Values.Sum(e => e.EventId == of.EventId ? 0 : e.Weight) + of.Weight <= MostCalendarText;

    private void ForgetCalendars()
    {
        _calendarEvents.Clear();
        _calendarVersion = 0;
    }
}
