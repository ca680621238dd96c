using System.Text.Json.Nodes;
using Larkspur.Emulator.State.Calendars;
using Larkspur.Testing;

namespace Larkspur.Emulator.Tests.Calendars;

/// <summary>Events of one's own calendar: times, changes, deletion.</summary>
public sealed class CalendarEventTests : CalendarTest
{
    [Fact]
    public async Task An_event_is_made_read_changed_and_deleted()
    {
        var bob = await UserTokenAsync("bob");
        var body = Body(summary: "谈判");
        body["location"] = new JsonObject { ["name"] = "上海" };
        body["reminders"] = new JsonArray(new JsonObject { ["minutes"] = 5 });
        body["visibility"] = "private";
        var made = (await CallAsync(HttpMethod.Post, Events("bob"), body, bob)).Data["event"]!;
        var path = $"{Events("bob")}/{made["event_id"]}";
        var read = (await CallAsync(HttpMethod.Get, path, token: bob)).Data["event"]!;
        Assert.True(JsonNode.DeepEquals(made, read), read.ToJsonString());
        Assert.Equal(BobsCalendar, read["organizer_calendar_id"]!.GetValue<string>());
        Assert.Equal((Open("bob"), "鲍勃"),
            (read["event_organizer"]!["user_id"]!.GetValue<string>(), read["event_organizer"]!["display_name"]!.GetValue<string>()));
        Assert.Equal(($"{Tomorrow}", "Asia/Shanghai"),
            (read["start_time"]!["timestamp"]!.GetValue<string>(), read["start_time"]!["timezone"]!.GetValue<string>()));
        Assert.Equal(("private", "busy", "confirmed"),
            (read["visibility"]!.GetValue<string>(), read["free_busy_status"]!.GetValue<string>(), read["status"]!.GetValue<string>()));
        Assert.Equal((5, "上海"), (read["reminders"]![0]!["minutes"]!.GetValue<int>(), read["location"]!["name"]!.GetValue<string>()));

        // One of the two times alone has no effect; what is not named stays.
        var changed = (await CallAsync(HttpMethod.Patch, path, new { summary = "签约", start_time = At(1) }, bob)).Data["event"]!;
        Assert.Equal(("签约", $"{Tomorrow}", "上海"),
            (changed["summary"]!.GetValue<string>(), changed["start_time"]!["timestamp"]!.GetValue<string>(),
            changed["location"]!["name"]!.GetValue<string>()));
        var moved = (await CallAsync(HttpMethod.Patch, path, new { start_time = At(Tomorrow + Day), end_time = At(Tomorrow + Day) },
            bob)).Data["event"]!;
        Assert.Equal($"{Tomorrow + Day}", moved["start_time"]!["timestamp"]!.GetValue<string>());

        Assert.Equal((200, 0), await CodeAsync(HttpMethod.Delete, path, token: bob));
        Assert.Equal((403, 193003), await CodeAsync(HttpMethod.Get, path, token: bob));
        Assert.Equal((403, 193003), await CodeAsync(HttpMethod.Patch, path, new { summary = "x" }, bob));
        Assert.Equal((403, 193003), await CodeAsync(HttpMethod.Delete, path, token: bob));
        Assert.Equal((400, 193000), await CodeAsync(HttpMethod.Get, Events("bob") + "/none", token: bob));
        Assert.Equal((404, 193001), await CodeAsync(HttpMethod.Get, $"{Events("bob")}/{Guid.Empty}_0", token: bob));
        // What stands in Bob's calendar does not stand in Alice's.
        Assert.Equal((404, 193001),
            await CodeAsync(HttpMethod.Get, $"{Events("alice")}/{SeededCalendars.WeeklyMeeting}", token: await UserTokenAsync("alice")));
    }

    [Fact]
    public async Task An_app_keeps_events_of_its_own()
    {
        var made = (await CallAsync(HttpMethod.Post, Events(EmulatorApp.AppId), Body())).Data["event"]!;
        Assert.Equal(EmulatorApp.DefaultApp.BotOpenId, made["event_organizer"]!["user_id"]!.GetValue<string>());
        Assert.Equal(["Call"], Summaries(await CallAsync(HttpMethod.Get, Events(EmulatorApp.AppId))));
        Assert.Equal((403, 191002), await CodeAsync(HttpMethod.Get, Events(EmulatorApp.AppId), token: await UserTokenAsync("bob")));
    }

    [Fact]
    public async Task Times_are_days_or_moments_in_order()
    {
        var bob = await UserTokenAsync("bob");
        var day = (await CallAsync(HttpMethod.Post, Events("bob"), Timed(On("2026-02-01"), On("2026-02-02")), bob)).Data["event"]!;
        Assert.Equal(("2026-02-01", "UTC", null),
            (day["start_time"]!["date"]!.GetValue<string>(), day["start_time"]!["timezone"]!.GetValue<string>(),
            day["start_time"]!["timestamp"]));
        var both = At(Tomorrow);
        both["date"] = "2026-02-01";
        var elsewhere = At(Tomorrow);
        elsewhere["timezone"] = "Europe/Berlin";
        Assert.Equal(200, (await CallAsync(HttpMethod.Post, Events("bob"), Timed(elsewhere, At(Tomorrow)), bob)).Status);
        var nowhere = At(Tomorrow);
        nowhere["timezone"] = "Mars/Olympus";
        foreach (var (start, end) in ((JsonObject, JsonObject)[])
        [
            (At(Tomorrow), At(Tomorrow - 1)), (On("2026-02-02"), On("2026-02-01")), (On("2026-02-01"), At(Tomorrow)), (both, At(Tomorrow)),
            ([], At(Tomorrow)),
            (On("1.2.2026"), On("2026-02-01")), (On("2026-02-30"), On("2026-03-01")), (At(0), At(Tomorrow)),
            (At(16_725_225_601), At(16_725_225_602)), (nowhere, At(Tomorrow)),
            (On("2500-01-02"), On("2500-01-02")), (On("2026-02-01"), On("9999-12-31")), (On("1969-12-31"), On("2026-02-01")),
            // Milliseconds are no seconds.
            (At(Tomorrow * 1000), At(Tomorrow * 1000)),
        ])
        {
            Assert.Equal((400, 190002), await CodeAsync(HttpMethod.Post, Events("bob"), Timed(start, end), bob));
        }

        Assert.Equal((400, 99992402), await CodeAsync(HttpMethod.Post, Events("bob"), new { summary = "x" }, bob));
        Assert.Equal((400, 190002),
            await CodeAsync(HttpMethod.Patch, $"{Events("bob")}/{day["event_id"]}", new { start_time = At(5), end_time = At(4) }, bob));

        static JsonObject Timed(JsonObject start, JsonObject end) =>
            new() { ["start_time"] = start.DeepClone(), ["end_time"] = end.DeepClone() };
    }

    [Fact]
    public async Task What_is_not_played_says_so_and_makes_nothing()
    {
        var bob = await UserTokenAsync("bob");
        foreach (var (name, value) in ((string, JsonNode)[])
        [
            ("recurrence", "FREQ=DAILY"), ("attachments", new JsonArray(new JsonObject { ["file_token"] = "x" })),
            ("vchat", new JsonObject { ["vc_type"] = "vc", ["meeting_settings"] = new JsonObject { ["auto_record"] = true } }),
            ("event_check_in", new JsonObject { ["enable_check_in"] = true }),
            ("schemas", new JsonArray(new JsonObject { ["ui_name"] = "RSVP" })),
        ])
        {
            var body = Body();
            body[name] = value;
            Assert.Equal((501, 599_000_501), await CodeAsync(HttpMethod.Post, Events("bob"), body, bob));
        }

        Assert.Equal(2, Emulator.State.CalendarEvents.Count);
        var empty = Body();
        empty["recurrence"] = "";
        empty["attachments"] = new JsonArray();
        Assert.Equal((200, 0), await CodeAsync(HttpMethod.Post, Events("bob"), empty, bob));
    }

    [Fact]
    public async Task A_key_makes_one_event_in_a_calendar()
    {
        var key = "?idempotency_key=25fdf41b-8c80-2ce1-e94c-de8b5e7aa7e6";
        var bob = await UserTokenAsync("bob");
        var first = (await CallAsync(HttpMethod.Post, Events("bob") + key, Body(), bob)).Data["event"]!["event_id"]!.GetValue<string>();
        var again = (await CallAsync(HttpMethod.Post, Events("bob") + key, Body(), bob)).Data["event"]!["event_id"]!.GetValue<string>();
        var others = (await CallAsync(HttpMethod.Post, Events("alice") + key, Body(),
            await UserTokenAsync("alice"))).Data["event"]!["event_id"]!.GetValue<string>();
        Assert.Equal(first, again);
        Assert.NotEqual(first, others);
        Assert.Equal(4, Emulator.State.CalendarEvents.Count);
    }
}
