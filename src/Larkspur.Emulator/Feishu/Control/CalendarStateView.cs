using System.Text.Json.Nodes;
using Larkspur.Emulator.Control;
using Larkspur.Emulator.Feishu.Calendars;
using Larkspur.Emulator.Feishu.Im;
using Larkspur.Emulator.State.Calendars;

namespace Larkspur.Emulator.Feishu.Control;

/// <summary>The calendars' part of <c>GET /_emulator/state</c>: all events, deleted ones too.</summary>
internal static class CalendarStateView
{
    public static JsonArray Of(EmulatorState state) => state.CalendarEvents.ToJson(e => new JsonObject
    {
        ["event_id"] = e.EventId, ["calendar_id"] = CalendarIds.Primary(e.OrganizerId), ["organizer"] = e.OrganizerId,
        ["summary"] = e.Summary, ["description"] = e.Description,
        ["start_time"] = EventView.Time(e.Start), ["end_time"] = EventView.Time(e.End),
        ["location"] = e.Location is null ? null : JsonNode.Parse(e.Location), ["status"] = e.Deleted ? "cancelled" : "confirmed",
        // As the organizer has them.
        ["visibility"] = e.OwnOf(e.OrganizerId).Visibility ?? e.Visibility, ["free_busy_status"] = e.FreeBusyFor(e.OrganizerId),
        ["attendee_ability"] = e.AttendeeAbility,
        ["create_time"] = MessageView.Millis(e.CreateTime),
        ["attendees"] = e.Attendees.ToJson(a => new JsonObject
        {
            ["type"] = a.Type, ["id"] = a.Id, ["rsvp_status"] = a.RsvpStatus, ["is_optional"] = a.IsOptional,
        }),
    });
}
