using System.Text.Json.Nodes;
using Larkspur.Emulator.State.Calendars;

namespace Larkspur.Emulator.Tests;

public sealed partial class AnswerShapeTests
{
    private async Task CalendarsAsync()
    {
        const string calendars = "/open-apis/calendar/v4/calendars";
        var bob = (await _emulator.ControlAsync(HttpMethod.Post, "tokens", new { @as = "bob" }))["user_access_token"]!.GetValue<string>();
        var own = $"{calendars}/{CalendarIds.Primary("bob")}";
        await CheckAsync("calendar.v4.calendar.primary", HttpMethod.Post, calendars + "/primary", new { }, bob);
        await CheckAsync("calendar.v4.calendar.list", HttpMethod.Get, calendars, token: bob);
        await CheckAsync("calendar.v4.calendar.get", HttpMethod.Get, own, token: bob);
        var made = await CheckAsync("calendar.v4.calendar.event.create", HttpMethod.Post, own + "/events", new
        {
            summary = "签约", description = "d", start_time = new { timestamp = "1767664800", timezone = "Asia/Shanghai" },
            end_time = new { timestamp = "1767668400" },
            location = new { name = "上海", address = "a", latitude = 31.2, longitude = 121.5 }, reminders = new[] { new { minutes = 5 } },
            color = 1,
            vchat = new { vc_type = "third_party", icon_type = "vc", description = "d", meeting_url = "https://meet.example/1" },
        }, bob);
        var path = $"{own}/events/{made["data"]!["event"]!["event_id"]}";
        var attendees = new JsonArray(
            new JsonObject { ["type"] = "user", ["user_id"] = "alice" },
            new JsonObject { ["type"] = "chat", ["chat_id"] = State.SeededCompany.FinanceChat },
            new JsonObject { ["type"] = "third_party", ["third_party_email"] = "a@x.example" });
        var by = "?user_id_type=user_id";
        await CheckAsync("calendar.v4.calendar.event.attendee.create", HttpMethod.Post, path + "/attendees" + by, new { attendees }, bob);
        await CheckAsync("calendar.v4.calendar.event.attendee.list", HttpMethod.Get, path + "/attendees" + by, token: bob);
        await CheckAsync("calendar.v4.calendar.event.get", HttpMethod.Get, path + "?need_attendee=true", token: bob);
        await CheckAsync("calendar.v4.calendar.event.patch", HttpMethod.Patch, path,
            new { vchat = new { vc_type = "vc" }, visibility = "public" }, bob);
        await CheckAsync("calendar.v4.calendar.event.list", HttpMethod.Get, own + "/events?anchor_time=1", token: bob);
        await CheckAsync("calendar.v4.calendar.event.instance_view", HttpMethod.Get,
            own + "/events/instance_view?start_time=1767600000&end_time=1767700000", token: bob);
        await CheckAsync("calendar.v4.freebusy.list", HttpMethod.Post, "/open-apis/calendar/v4/freebusy/list" + by,
            new { time_min = "2026-01-05T00:00:00+08:00", time_max = "2026-01-08T00:00:00+08:00", user_id = "bob",
                need_rsvp_status = true }, bob);
        await CheckAsync("calendar.v4.calendar.event.delete", HttpMethod.Delete, path, token: bob);
    }
}
