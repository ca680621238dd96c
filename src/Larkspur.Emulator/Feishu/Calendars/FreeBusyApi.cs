using System.Globalization;
using System.Text.Json.Nodes;
using Larkspur.Emulator.Feishu.ApiPipeline;
using Larkspur.Emulator.State.Calendars;

namespace Larkspur.Emulator.Feishu.Calendars;

/// <summary>When somebody has no time: only begin and end of what stands in their primary calendar, for everybody in the company.</summary>
/// <remarks>
/// Source: calendar-v4/freebusy/list. UNVERIFIED: that times are told in the company's zone (+08:00), that each event is told by itself and
/// whole, that what was declined is left out, and the code of a wrong window. Rooms are not played (501).
/// </remarks>
internal sealed class FreeBusyApi(EmulatorState state) : IApiArea
{
    private static readonly TimeSpan LongestWindow = TimeSpan.FromDays(90);
    private static readonly TimeSpan CompanyZone = TimeSpan.FromHours(8);
    private static readonly string[] Formats = ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];

    public void Register(ApiHandlers on) => on.Add("calendar.v4.freebusy.list", List);

    private ApiAnswer List(ApiRequest request)
    {
        CalendarAccess.Caller(request);
        var (from, to) = (Time(request, "time_min"), Time(request, "time_max"));
        if (to < from) throw CalendarAccess.Bad(request, "time_max is before time_min");
        if (to - from > LongestWindow) throw CalendarAccess.Bad(request, "time_min and time_max are more than 90 days apart");
        if (request.Text("user_id") is not { Length: > 0 } user)
        {
            if (request.Text("room_id") is { Length: > 0 }) throw CalendarAccess.NotPlayed(request, "room_id");
            throw CalendarAccess.Bad(request, "user_id or room_id is needed");
        }

        var who = CalendarPeople.Find(state, request, user);
        var onlyBusy = request.Body["only_busy"] is null || request.Flag("only_busy");
        var found = state.EventsOf(who).Where(e => !e.Deleted && e.Overlaps(from.ToUnixTimeSeconds(), to.ToUnixTimeSeconds())
            && (!onlyBusy || e.FreeBusyFor(who) == "busy") && Rsvp(e, who) != "decline").OrderBy(e => e.Start.Seconds);
        var shown = new JsonArray([.. found.Select(e => (JsonNode)Show(request, e, who))]);
        return FeishuAnswer.Data(new JsonObject { ["freebusy_list"] = shown });
    }

    private JsonObject Show(ApiRequest request, CalendarEvent of, string who)
    {
        var item = new JsonObject { ["start_time"] = Text(of.Start.Seconds), ["end_time"] = Text(of.End.EndSeconds) };
        if (request.Flag("need_rsvp_status")) item["rsvp_status"] = Rsvp(of, who);
        return item;
    }

    private string Rsvp(CalendarEvent of, string who) =>
        of.OrganizerId == who ? "accept" : state.InvitationOf(of, who)?.RsvpStatus ?? "needs_action";

    private static string Text(long seconds) =>
        DateTimeOffset.FromUnixTimeSeconds(seconds).ToOffset(CompanyZone)
            .ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture);

    private static DateTimeOffset Time(ApiRequest request, string name)
    {
        var text = request.Text(name)!;
        // Without a zone it would be no time of RFC 3339.
        var zoned = text.EndsWith('Z') || (text.Length > 6 && text[^6] is '+' or '-' && text[^3] == ':');
        return zoned && DateTimeOffset.TryParseExact(text, Formats, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
            ? time
            : throw CalendarAccess.Bad(request, name + " must be a date and time of RFC 3339 with its zone");
    }
}
