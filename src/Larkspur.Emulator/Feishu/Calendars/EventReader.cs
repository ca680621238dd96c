using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Larkspur.Emulator.Feishu.ApiPipeline;
using Larkspur.Emulator.State.Calendars;

namespace Larkspur.Emulator.Feishu.Calendars;

/// <summary>Reads what a call says of an event. Source: calendar-v4/calendar-event/create and /patch.</summary>
internal static class EventReader
{
    private static readonly string[] Unplayed = ["recurrence", "schemas", "attachments", "event_check_in"];
    private static readonly string[] OfAll =
        ["summary", "description", "start_time", "end_time", "vchat", "attendee_ability", "location", .. Unplayed];

    /// <summary>Whether the call changes what everybody sees.</summary>
    public static bool ChangesForAll(ApiRequest request) => OfAll.Any(name => request.Body[name] is not null);

    /// <summary>The event with what the call says of it; of <c>start_time</c> and <c>end_time</c> one alone has no effect.</summary>
    /// <exception cref="ApiRefusedException">190002: times that are none; 501: what is not played.</exception>
    public static CalendarEvent Apply(ApiRequest request, CalendarEvent to, string caller, bool isNew)
    {
        foreach (var name in Unplayed)
        {
            if (request.Body[name] is { } given && given is not JsonArray { Count: 0 } && request.Text(name) != "")
                throw CalendarAccess.NotPlayed(request, name);
        }

        var times = request.Body["start_time"] is not null && request.Body["end_time"] is not null ? Times(request) : (to.Start, to.End);
        var own = to.OwnOf(caller);
        own = own with
        {
            Color = request.Body["color"] is JsonValue color ? Number(request, "color", color) : own.Color,
            Reminders = request.Body["reminders"] is JsonArray list ? Reminders(list) : own.Reminders,
            // Of a new event they are everybody's; a change is the caller's own.
            Visibility = isNew ? null : request.Text("visibility") ?? own.Visibility,
            FreeBusyStatus = isNew ? null : request.Text("free_busy_status") ?? own.FreeBusyStatus,
        };
        return to with
        {
            Summary = request.Text("summary") ?? to.Summary, Description = request.Text("description") ?? to.Description,
            Start = times.Item1, End = times.Item2, AttendeeAbility = request.Text("attendee_ability") ?? to.AttendeeAbility,
            Location = request.Body["location"] is JsonObject location ? Location(location) : to.Location,
            Vchat = request.Body["vchat"] is JsonObject vchat ? Meeting(request, vchat) : to.Vchat,
            Visibility = isNew ? request.Text("visibility") ?? to.Visibility : to.Visibility,
            FreeBusyStatus = isNew ? request.Text("free_busy_status") ?? to.FreeBusyStatus : to.FreeBusyStatus,
            Own = own == OwnSettings.None ? to.Own : to.Own.SetItem(caller, own),
        };
    }

    /// <summary>Both times: days or moments, the second not before the first.</summary>
    public static (EventTime Start, EventTime End) Times(ApiRequest request)
    {
        var (start, end) = (Time(request, "start_time"), Time(request, "end_time"));
        if (start.Date is null != end.Date is null)
            throw CalendarAccess.Bad(request, "start_time and end_time must both be date or both timestamp");
        return end.Seconds < start.Seconds ? throw CalendarAccess.Bad(request, "end_time is before start_time") : (start, end);
    }

    private static EventTime Time(ApiRequest request, string name)
    {
        var given = request.Body[name] as JsonObject ?? throw CalendarAccess.Bad(request, name);
        var (date, timestamp) = (given.TextOf("date"), given.TextOf("timestamp"));
        if (date.Length > 0 == timestamp.Length > 0) throw CalendarAccess.Bad(request, $"{name} needs either date or timestamp");
        if (date.Length > 0)
        {
            return DateOnly.TryParseExact(date, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
                && EventTime.Day(day) is { Seconds: >= 0 and <= EventTime.Latest } whole
                ? whole
                : throw CalendarAccess.Bad(request, $"{name}.date must be yyyy-MM-dd, from 1970 up to {EventTime.Latest} unix seconds");
        }

        if (Seconds(timestamp) is not { } seconds)
            throw CalendarAccess.Bad(request, $"{name}.timestamp must be unix seconds up to {EventTime.Latest}");
        var zone = given.TextOf("timezone") is { Length: > 0 } named ? named : EventTime.DefaultTimezone;
        return IsZone(zone) ? new EventTime(null, seconds, zone)
            : throw CalendarAccess.Bad(request, $"{name}.timezone is no IANA time zone");
    }

    /// <returns>null: no time that the platform takes.</returns>
    public static long? Seconds(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds is >= 1 and <= EventTime.Latest
            ? seconds : null;

    /// <summary>IANA names have a slash, but for UTC; names of Windows have none.</summary>
    private static bool IsZone(string name) =>
        name is "UTC" or EventTime.DefaultTimezone
        || (name.Contains('/', StringComparison.Ordinal) && TimeZoneInfo.TryFindSystemTimeZoneById(name, out _));

    private static string Location(JsonObject given)
    {
        var kept = new JsonObject();
        foreach (var name in (string[])["name", "address", "latitude", "longitude"])
        {
            if (given[name] is { } value) kept[name] = value.DeepClone();
        }

        return kept.ToJsonString();
    }

    /// <summary>Of a meeting elsewhere its three members count, of every other kind none.</summary>
    private static string Meeting(ApiRequest request, JsonObject given)
    {
        if (given["meeting_settings"] is JsonObject { Count: > 0 }) throw CalendarAccess.NotPlayed(request, "vchat.meeting_settings");
        var type = given.TextOf("vc_type");
        if (type is "lark_live" or "unknown") throw CalendarAccess.Bad(request, "vchat.vc_type can only be read");
        var kept = new JsonObject();
        if (type.Length > 0) kept["vc_type"] = type;
        if (type == "third_party")
        {
            kept["icon_type"] = given.TextOf("icon_type") is { Length: > 0 } icon ? icon : "default";
            kept["description"] = given.TextOf("description");
            kept["meeting_url"] = given.TextOf("meeting_url");
        }

        return kept.ToJsonString();
    }

    private static ImmutableArray<int> Reminders(JsonArray list) =>
        [.. list.OfType<JsonObject>().Select(r => r["minutes"]).OfType<JsonValue>().Select(v => v.GetValue<int>())];

    private static int Number(ApiRequest request, string name, JsonValue value) =>
        value.TryGetValue<int>(out var number) ? number : throw CalendarAccess.Bad(request, name + " must be an int32");
}
