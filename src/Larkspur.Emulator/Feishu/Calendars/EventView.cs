using System.Globalization;
using System.Text.Json.Nodes;
using Larkspur.Emulator.Feishu.ApiPipeline;
using Larkspur.Emulator.Feishu.Im;
using Larkspur.Emulator.State.Calendars;

namespace Larkspur.Emulator.Feishu.Calendars;

/// <summary>Events and attendees as the calendar API shows them to one caller.</summary>
internal sealed class EventView(EmulatorState state)
{
    /// <summary>A person's or a bot's id in the style that the call asks for; an app has no <c>user_id</c>.</summary>
    public string Id(ApiRequest request, string ownerId)
    {
        var style = request.QueryText("user_id_type") ?? "open_id";
        if (state.App(ownerId) is not { } app) return MessageView.PersonId(state, request.App, ownerId, style);
        return style switch { "user_id" => "", "union_id" => "on_" + WireIds.Hash("union", app.AppId), _ => app.BotOpenId };
    }

    /// <summary>A primary calendar is called as its owner. Source: calendar-v4/calendar/introduction.</summary>
    public string Name(string ownerId) => state.App(ownerId)?.Name ?? state.Person(ownerId)?.Name ?? "";

    /// <param name="caller">Colour, reminders, visibility and busyness are this one's own.</param>
    public JsonObject Event(ApiRequest request, CalendarEvent of, string caller)
    {
        var item = Instance(request, of, caller);
        item["reminders"] = new JsonArray([.. of.OwnOf(caller).Reminders.Select(m => (JsonNode)new JsonObject { ["minutes"] = m })]);
        item["recurrence"] = "";
        item["create_time"] = of.CreateTime.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        return item;
    }

    /// <summary>The members that a view of instances shows too.</summary>
    public JsonObject Instance(ApiRequest request, CalendarEvent of, string caller)
    {
        var own = of.OwnOf(caller);
        var item = new JsonObject
        {
            ["event_id"] = of.EventId, ["organizer_calendar_id"] = CalendarIds.Primary(of.OrganizerId), ["summary"] = of.Summary,
            ["description"] = of.Description, ["start_time"] = Time(of.Start), ["end_time"] = Time(of.End), ["vchat"] = Meeting(of),
            ["visibility"] = own.Visibility ?? of.Visibility, ["attendee_ability"] = of.AttendeeAbility,
            ["free_busy_status"] = of.FreeBusyFor(caller), ["color"] = own.Color, ["status"] = Status(of, caller), ["is_exception"] = false,
            ["recurring_event_id"] = "", ["app_link"] = Link(of),
            ["event_organizer"] = new JsonObject { ["user_id"] = Id(request, of.OrganizerId), ["display_name"] = Name(of.OrganizerId) },
        };
        if (of.Location is { } location) item["location"] = JsonNode.Parse(location);
        return item;
    }

    public JsonObject Attendee(ApiRequest request, CalendarEvent of, EventAttendee attendee)
    {
        var item = new JsonObject
        {
            ["type"] = attendee.Type, ["attendee_id"] = attendee.AttendeeId, ["rsvp_status"] = attendee.RsvpStatus,
            ["is_optional"] = attendee.IsOptional, ["is_organizer"] = attendee.Type == "user" && attendee.Id == of.OrganizerId,
            ["is_external"] = attendee.Type == "third_party",
            ["display_name"] = attendee.Type switch
            {
                "user" => Name(attendee.Id),
                "chat" => state.Chat(attendee.Id)?.Name ?? "",
                _ => attendee.Id,
            },
        };
        var (name, id) = attendee.Type switch
        {
            "user" => ("user_id", Id(request, attendee.Id)),
            "chat" => ("chat_id", attendee.Id),
            _ => ("third_party_email", attendee.Id),
        };
        item[name] = id;
        return item;
    }

    /// <summary><c>tentative</c> for who was asked and did not answer yet. Source: calendar-v4/calendar-event/introduction.</summary>
    private string Status(CalendarEvent of, string caller) => of.Deleted ? "cancelled"
        : of.OrganizerId != caller && state.InvitationOf(of, caller)?.RsvpStatus is "needs_action" or "tentative" ? "tentative"
        : "confirmed";

    public static JsonObject Time(EventTime time)
    {
        var shown = new JsonObject { ["timezone"] = time.Timezone };
        if (time.Date is { } date) shown["date"] = date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        else shown["timestamp"] = time.Seconds.ToString(CultureInfo.InvariantCulture);
        return shown;
    }

    /// <summary>The first attendee brings a meeting of the platform, unless the event says otherwise.</summary>
    /// <remarks>Source: <c>vchat.vc_type</c> in calendar-v4/calendar-event/create. The address leads nowhere.</remarks>
    private static JsonObject Meeting(CalendarEvent of)
    {
        var vchat = of.Vchat is { } given ? JsonNode.Parse(given)!.AsObject() : new JsonObject();
        var type = vchat["vc_type"]?.GetValue<string>();
        if (of.Attendees.IsEmpty || type is not (null or "vc")) return vchat;
        var number = Convert.ToInt64(WireIds.Hash("meeting", of.EventId)[..8], 16) % 1_000_000_000;
        var address = "https://vc.feishu.cn/j/" + number.ToString("D9", CultureInfo.InvariantCulture);
        return new JsonObject { ["vc_type"] = "vc", ["meeting_url"] = address };
    }

    private static string Link(CalendarEvent of) => "https://applink.feishu.cn/client/calendar/event/detail?calendarId="
        + Uri.EscapeDataString(CalendarIds.Primary(of.OrganizerId)) + "&key=" + of.EventId[..^2] + "&originalTime=0&startTime="
        + of.Start.Seconds.ToString(CultureInfo.InvariantCulture);
}
