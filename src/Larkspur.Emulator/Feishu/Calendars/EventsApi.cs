using System.Text.Json.Nodes;
using Larkspur.Emulator.Feishu.ApiPipeline;
using Larkspur.Emulator.State.Calendars;

namespace Larkspur.Emulator.Feishu.Calendars;

/// <summary>Single events: makes, shows, changes and deletes them in the caller's primary calendar.</summary>
/// <remarks>
/// Not played (501): repetitions, attachments, check-in, settings of meetings, the look of the event's page. Nobody is notified, and no
/// <c>calendar.calendar.event.changed_v4</c> is pushed: the calls that subscribe to it are not played either.
/// </remarks>
internal sealed class EventsApi(EmulatorState state, IdempotencyKeys done) : IApiArea
{
    /// <summary>How long an <c>idempotency_key</c> works: UNVERIFIED.</summary>
    private static readonly TimeSpan KeyLifetime = TimeSpan.FromHours(1);

    private readonly EventView _view = new(state);

    public void Register(ApiHandlers on)
    {
        on.Add("calendar.v4.calendar.event.create", Create);
        on.Add("calendar.v4.calendar.event.get", Get);
        on.Add("calendar.v4.calendar.event.patch", Patch);
        on.Add("calendar.v4.calendar.event.delete", Delete);
    }

    /// <summary>A key is of the app and the calendar. Source: calendar-v4/calendar-event/create.</summary>
    private ApiAnswer Create(ApiRequest request)
    {
        var caller = CalendarAccess.Own(state, request);
        var key = request.QueryText("idempotency_key") is { } given ? $"{request.App.AppId}/{request.Endpoint.Id}/{caller}/{given}" : null;
        return done.Run(key, KeyLifetime, () =>
        {
            var (start, end) = EventReader.Times(request);
            var empty = new CalendarEvent
            {
                EventId = Guid.Parse(state.Ids.Next("")) + "_0", OrganizerId = caller, Start = start, End = end,
                CreateTime = state.Clock.GetUtcNow(),
            };
            var made = state.Add(EventReader.Apply(request, empty, caller, isNew: true)) ?? throw Full(request);
            return Answer(request, made, caller);
        }, () => request.Refuse(190010));
    }

    private ApiAnswer Get(ApiRequest request)
    {
        var caller = CalendarAccess.Own(state, request);
        var found = CalendarAccess.Event(state, request, caller);
        var shown = _view.Event(request, found, caller);
        if (!request.QueryFlag("need_attendee")) return FeishuAnswer.Data(new JsonObject { ["event"] = shown });
        if (!CalendarAccess.SeesAttendees(found, caller)) throw request.Refuse(194001);
        var most = Math.Max(0, request.QueryInt("max_attendee_num", 10));
        shown["attendees"] = new JsonArray([.. found.Attendees.Take(most).Select(a => (JsonNode)_view.Attendee(request, found, a))]);
        shown["has_more_attendee"] = found.Attendees.Length > most;
        return FeishuAnswer.Data(new JsonObject { ["event"] = shown });
    }

    /// <summary>The organizer changes everything, who is invited only what is their own, unless the event lets them do more.</summary>
    private ApiAnswer Patch(ApiRequest request)
    {
        var caller = CalendarAccess.Own(state, request);
        var id = CalendarAccess.Event(state, request, caller).EventId;
        var changed = state.ChangeCalendarEvent(id, found =>
        {
            if (found.Deleted) throw request.Refuse(193003);
            if (EventReader.ChangesForAll(request) && !CalendarAccess.Edits(found, caller)) throw request.Refuse(193002);
            return EventReader.Apply(request, found, caller, isNew: false);
        });
        return Answer(request, changed ?? throw Full(request), caller);
    }

    private ApiAnswer Delete(ApiRequest request)
    {
        var caller = CalendarAccess.Own(state, request);
        var found = CalendarAccess.Event(state, request, caller);
        if (found.OrganizerId != caller) throw request.Refuse(193002);
        state.ChangeCalendarEvent(found.EventId, e => e.Deleted ? throw request.Refuse(193003) : e with { Deleted = true });
        return FeishuAnswer.Data();
    }

    private ApiAnswer Answer(ApiRequest request, CalendarEvent of, string caller) =>
        FeishuAnswer.Data(new JsonObject { ["event"] = _view.Event(request, of, caller) });

    /// <summary>The emulator's own bound; the platform names none.</summary>
    private static ApiRefusedException Full(ApiRequest request) => CalendarAccess.Bad(request, "the emulator keeps no more events");
}
