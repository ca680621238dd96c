using Larkspur.Emulator.Feishu.ApiPipeline;
using Larkspur.Emulator.State.Calendars;

namespace Larkspur.Emulator.Feishu.Calendars;

/// <summary>Who calls a calendar, whose calendar it is, and what the one may do with the other.</summary>
/// <remarks>
/// The token decides who acts: a user token the person, a tenant token the app, which needs its bot (190007). A primary calendar
/// belongs to one identity alone: it is <c>owner</c>, everybody else in the company is <c>free_busy_reader</c>, as the calendar's
/// range <c>show_only_free_busy</c> says (that primary calendars have it: UNVERIFIED). Reading events takes <c>reader</c>, so
/// another's are refused with 191002. Source: calendar-v4/calendar/introduction, calendar-v4/calendar-event/list and /create.
/// </remarks>
internal static class CalendarAccess
{
    /// <summary>A person's <c>UserId</c> with a user token, else the <c>app_id</c>.</summary>
    /// <exception cref="ApiRefusedException">190007: the app has no bot.</exception>
    public static string Caller(ApiRequest request) =>
        request.Caller?.UserId ?? (request.App.BotEnabled ? request.App.AppId : throw request.Refuse(190007));

    /// <summary>Whose calendar the path names.</summary>
    /// <exception cref="ApiRefusedException">191001: no id of a calendar; 191000: nobody's.</exception>
    public static string Owner(EmulatorState state, ApiRequest request)
    {
        var owner = CalendarIds.OwnerOf(request.Path["calendar_id"]) ?? throw request.Refuse(191001);
        var known = state.App(owner) is { BotEnabled: true } || state.Person(owner) is { IsGuest: false, IsResigned: false };
        return known ? owner : throw request.Refuse(191000);
    }

    public static string Role(string caller, string owner) => caller == owner ? "owner" : "free_busy_reader";

    /// <summary>The caller, who may read and write the events of the calendar that the path names.</summary>
    /// <exception cref="ApiRefusedException">190007, 191000, 191001; 191002: it is another's.</exception>
    public static string Own(EmulatorState state, ApiRequest request)
    {
        var caller = Caller(request);
        return Role(caller, Owner(state, request)) == "owner" ? caller : throw request.Refuse(191002);
    }

    /// <summary>The event that the path names, in a calendar of the caller.</summary>
    /// <exception cref="ApiRefusedException">193000: no id of an event; 193001: not in this calendar; 193003: deleted.</exception>
    public static CalendarEvent Event(EmulatorState state, ApiRequest request, string caller)
    {
        var id = request.Path["event_id"];
        var line = Math.Max(0, id.LastIndexOf('_'));
        if (!Guid.TryParse(id.AsSpan(0, line), out _) || !long.TryParse(id.AsSpan(line + 1), out _)) throw request.Refuse(193000);
        if (state.CalendarEvent(id) is not { } found || !state.IsIn(found, caller)) throw request.Refuse(193001);
        return found.Deleted ? throw request.Refuse(193003) : found;
    }

    /// <summary>Whether somebody may see who else is invited. Source: calendar-v4/calendar-event-attendee/list.</summary>
    public static bool SeesAttendees(CalendarEvent of, string caller) => of.OrganizerId == caller || of.AttendeeAbility != "none";

    /// <summary>Whether somebody may invite others. Source: calendar-v4/calendar-event-attendee/create.</summary>
    public static bool Invites(CalendarEvent of, string caller) =>
        of.OrganizerId == caller || of.AttendeeAbility is "can_invite_others" or "can_modify_event";

    /// <summary>Whether somebody may change what all see.</summary>
    /// <remarks>
    /// Source: <c>attendee_ability</c> in calendar-v4/calendar-event/introduction. The page of patch knows organizers alone (UNVERIFIED).
    /// </remarks>
    public static bool Edits(CalendarEvent of, string caller) =>
        of.OrganizerId == caller || of.AttendeeAbility == "can_modify_event";

    /// <summary>A request that the platform's page rules out without naming a code: 190002 (or 190014: UNVERIFIED).</summary>
    public static ApiRefusedException Bad(ApiRequest request, string what) =>
        request.Refuse(190002, "invalid parameters in request: " + what);

    /// <summary>A part of a played endpoint that the emulator does not play; never a made-up success.</summary>
    public static ApiRefusedException NotPlayed(ApiRequest request, string what) =>
        new(StatusCodes.Status501NotImplemented, FeishuApiPipeline.NotEmulated, $"not emulated: {request.Endpoint.Id} with {what}");
}
