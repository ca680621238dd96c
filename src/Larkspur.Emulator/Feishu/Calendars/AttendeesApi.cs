using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Larkspur.Emulator.Feishu.ApiPipeline;
using Larkspur.Emulator.State.Calendars;

namespace Larkspur.Emulator.Feishu.Calendars;

/// <summary>Whom an event invites. Source: calendar-v4/calendar-event-attendee/create and /list.</summary>
/// <remarks>
/// Who is invited finds the event in their own calendar and has not answered. Rooms are not played (501). UNVERIFIED: that a person who
/// organizes is among the attendees from the first on, that who is invited already stays as they are, and the code for a group
/// that the caller is not in (194000).
/// </remarks>
internal sealed class AttendeesApi(EmulatorState state) : IApiArea
{
    private const int MostInOneCall = 1000;
    private const int MostOfAnEvent = 3000;
    private const int DefaultPage = 20;

    private readonly EventView _view = new(state);

    public void Register(ApiHandlers on)
    {
        on.Add("calendar.v4.calendar.event.attendee.create", Create);
        on.Add("calendar.v4.calendar.event.attendee.list", List);
    }

    private ApiAnswer Create(ApiRequest request)
    {
        var caller = CalendarAccess.Own(state, request);
        var id = CalendarAccess.Event(state, request, caller).EventId;
        if (request.Flag("is_enable_admin")) throw CalendarAccess.NotPlayed(request, "is_enable_admin");
        var given = (request.Body["attendees"] as JsonArray ?? []).OfType<JsonObject>().ToArray();
        if (given.Length > MostInOneCall) throw CalendarAccess.Bad(request, $"attendees has more than {MostInOneCall} entries");
        var added = given.Select(a => Read(request, caller, a)).ToArray();
        var changed = state.ChangeCalendarEvent(id, found =>
        {
            if (found.Deleted) throw request.Refuse(193003);
            if (!CalendarAccess.Invites(found, caller)) throw request.Refuse(194002);
            var all = With(found, added);
            if (all.Length > MostOfAnEvent) throw CalendarAccess.Bad(request, $"an event has at most {MostOfAnEvent} attendees");
            return found with { Attendees = all };
        }) ?? throw CalendarAccess.Bad(request, "the emulator keeps no more events");
        var shown = changed.Attendees.Select(a => (JsonNode)_view.Attendee(request, changed, a));
        return FeishuAnswer.Data(new JsonObject { ["attendees"] = new JsonArray([.. shown]) });
    }

    private ApiAnswer List(ApiRequest request)
    {
        var caller = CalendarAccess.Own(state, request);
        var found = CalendarAccess.Event(state, request, caller);
        if (!CalendarAccess.SeesAttendees(found, caller)) throw request.Refuse(194001);
        var page = Paging.Page(request, found.Attendees, a => _view.Attendee(request, found, a), DefaultPage, badToken: 190002);
        return FeishuAnswer.Data(page);
    }

    private ImmutableArray<EventAttendee> With(CalendarEvent found, EventAttendee[] added)
    {
        var all = found.Attendees.ToBuilder();
        var byPerson = state.Person(found.OrganizerId) is not null;
        if (all.Count == 0 && added.Length > 0 && byPerson) all.Add(new EventAttendee("user", found.OrganizerId, "accept"));
        var known = all.Select(a => a.AttendeeId).ToHashSet(StringComparer.Ordinal);
        foreach (var one in added)
        {
            if (known.Add(one.AttendeeId)) all.Add(one);
        }

        return all.ToImmutable();
    }

    private EventAttendee Read(ApiRequest request, string caller, JsonObject given)
    {
        var optional = given["is_optional"] is JsonValue v && v.TryGetValue<bool>(out var flag) && flag;
        var type = given.TextOf("type");
        return type switch
        {
            "user" => new EventAttendee(type, CalendarPeople.Find(state, request, Needed(request, given, "user_id")), IsOptional: optional),
            "chat" => new EventAttendee(type, Group(request, caller, Needed(request, given, "chat_id")), IsOptional: optional),
            "third_party" => new EventAttendee(type, Needed(request, given, "third_party_email"), IsOptional: optional),
            "resource" => throw CalendarAccess.NotPlayed(request, "rooms"),
            _ => throw request.Refuse(194004),
        };
    }

    private string Group(ApiRequest request, string caller, string chatId) =>
        state.Chat(chatId) is { Dissolved: false, Kind: ChatKind.Group } chat && chat.Has(caller) ? chatId
            : throw request.Refuse(194000);

    private static string Needed(ApiRequest request, JsonObject given, string name) =>
        given.TextOf(name) is { Length: > 0 and <= 500 } text ? text
            : throw CalendarAccess.Bad(request, $"attendees: {name} is missing");
}
