using System.Text.Json.Nodes;
using Larkspur.Emulator.State;
using Larkspur.Emulator.State.Calendars;
using Larkspur.Testing;

namespace Larkspur.Emulator.Tests.Calendars;

/// <summary>Primary calendars: whose they are, and who may call for what is in them.</summary>
public sealed class CalendarTests : CalendarTest
{
    [Fact]
    public async Task The_primary_calendar_is_the_callers_own()
    {
        var bobs = (await CallAsync(HttpMethod.Post, Calendars + "/primary", new { },
            await UserTokenAsync("bob"))).Data["calendars"]!.AsArray().Single()!;
        Assert.Equal((BobsCalendar, "primary", "owner", "鲍勃"), Told(bobs["calendar"]!));
        Assert.Equal(Open("bob"), bobs["user_id"]!.GetValue<string>());
        var apps = (await CallAsync(HttpMethod.Post, Calendars + "/primary", new { })).Data["calendars"]!.AsArray().Single()!;
        Assert.Equal((CalendarIds.Primary(EmulatorApp.AppId), "primary", "owner", "Larkspur 助手"), Told(apps["calendar"]!));
        Assert.Equal(EmulatorApp.DefaultApp.BotOpenId, apps["user_id"]!.GetValue<string>());
        Assert.Equal((400, 190002), await CodeAsync(HttpMethod.Post, Calendars + "/primary?user_id_type=user_id", new { }));

        static (string, string, string, string) Told(JsonNode calendar) => (calendar["calendar_id"]!.GetValue<string>(),
            calendar["type"]!.GetValue<string>(), calendar["role"]!.GetValue<string>(), calendar["summary"]!.GetValue<string>());
    }

    [Fact]
    public async Task Another_calendar_can_be_looked_up_but_not_read()
    {
        var alice = await UserTokenAsync("alice");
        var shown = (await CallAsync(HttpMethod.Get, $"{Calendars}/{BobsCalendar}", token: alice)).Data;
        Assert.Equal(("鲍勃", "free_busy_reader"), (shown["summary"]!.GetValue<string>(), shown["role"]!.GetValue<string>()));
        var review = $"{Events("bob")}/{SeededCalendars.SupplierReview}";
        var window = $"?start_time={Tomorrow - Day}&end_time={Tomorrow}";
        foreach (var token in (string[])[alice, Token])
        {
            Assert.Equal((403, 191002), await CodeAsync(HttpMethod.Get, Events("bob"), token: token));
            Assert.Equal((403, 191002), await CodeAsync(HttpMethod.Get, Events("bob") + "/instance_view" + window, token: token));
            Assert.Equal((403, 191002), await CodeAsync(HttpMethod.Get, review, token: token));
            Assert.Equal((403, 191002), await CodeAsync(HttpMethod.Post, Events("bob"), Body(), token));
            Assert.Equal((403, 191002), await CodeAsync(HttpMethod.Patch, review, new { summary = "x" }, token));
            Assert.Equal((403, 191002), await CodeAsync(HttpMethod.Delete, review, token: token));
            Assert.Equal((403, 191002), await CodeAsync(HttpMethod.Get, review + "/attendees", token: token));
            Assert.Equal((403, 191002), await CodeAsync(HttpMethod.Post, review + "/attendees", new { }, token));
        }

        Assert.False(Emulator.State.CalendarEvent(SeededCalendars.SupplierReview)!.Deleted);
        Assert.Equal((400, 191001), await CodeAsync(HttpMethod.Get, $"{Calendars}/no-calendar", token: alice));
        Assert.Equal((404, 191000), await CodeAsync(HttpMethod.Get, $"{Calendars}/{CalendarIds.Primary("nobody")}", token: alice));
    }

    [Fact]
    public async Task An_app_without_a_bot_has_no_calendar()
    {
        await Emulator.ControlAsync(HttpMethod.Patch, "apps/" + EmulatorApp.AppId, new { bot_enabled = false });
        Assert.Equal((404, 190007), await CodeAsync(HttpMethod.Post, Calendars + "/primary", new { }));
        Assert.Equal((404, 190007), await CodeAsync(HttpMethod.Get, Calendars));
        Assert.Equal(200, (await CallAsync(HttpMethod.Get, Calendars, token: await UserTokenAsync("bob"))).Status);
    }

    [Fact]
    public async Task Scopes_are_the_apps_and_the_persons()
    {
        var lean = (await Emulator.ControlAsync(HttpMethod.Post, "tokens",
            new { @as = "bob", scopes = new[] { "calendar:calendar.event:read" } }));
        var token = lean["user_access_token"]!.GetValue<string>();
        Assert.Equal(200, (await CallAsync(HttpMethod.Get, Events("bob"), token: token)).Status);
        Assert.Equal((400, 99991679), await CodeAsync(HttpMethod.Post, Events("bob"), Body(), token));
        Assert.Equal((400, 99991679), await CodeAsync(HttpMethod.Get, Calendars, token: token));
        await Emulator.ControlAsync(HttpMethod.Patch, "apps/" + EmulatorApp.AppId, new { granted_scopes = new[] { "im:message" } });
        Assert.Equal((400, 99991672), await CodeAsync(HttpMethod.Get, Events("bob"), token: token));
        Assert.Equal((400, 99991672), await CodeAsync(HttpMethod.Post, "/open-apis/calendar/v4/freebusy/list", new { }));
    }

    [Fact]
    public async Task The_list_holds_the_primary_calendar_and_then_nothing_new()
    {
        var bob = await UserTokenAsync("bob");
        var first = await CallAsync(HttpMethod.Get, Calendars, token: bob);
        Assert.Equal(BobsCalendar, first.Data["calendar_list"]!.AsArray().Single()!["calendar_id"]!.GetValue<string>());
        var sync = first.Data["sync_token"]!.GetValue<string>();
        Assert.Empty((await CallAsync(HttpMethod.Get, $"{Calendars}?sync_token={sync}", token: bob)).Data["calendar_list"]!.AsArray());
        Assert.Equal((400, 190002), await CodeAsync(HttpMethod.Get, Calendars + "?sync_token=none", token: bob));
        await Emulator.AdvanceAsync(TimeSpan.FromDays(91));
        Assert.Equal((400, 190008), await CodeAsync(HttpMethod.Get, $"{Calendars}?sync_token={sync}", token: await UserTokenAsync("bob")));
    }

    [Fact]
    public async Task The_state_shows_events_and_a_reset_brings_the_seeded_ones_back()
    {
        var seeded = (await Emulator.StateAsync())["calendar_events"]!.AsArray();
        Assert.Equal(["周会 Weekly meeting", "供应商评审 Supplier review"], seeded.Select(e => e!["summary"]!.GetValue<string>()));
        Assert.Equal(("bob", BobsCalendar), (seeded[0]!["organizer"]!.GetValue<string>(), seeded[0]!["calendar_id"]!.GetValue<string>()));
        // 10:00 of the day in Shanghai.
        Assert.Equal($"{Tomorrow - Day}", seeded[0]!["start_time"]!["timestamp"]!.GetValue<string>());
        await InviteAsync("alice", await MadeAsync("alice"), "carol");
        var added = (await Emulator.StateAsync())["calendar_events"]!.AsArray()[^1]!;
        Assert.Equal(["alice", "carol"], added["attendees"]!.AsArray().Select(a => a!["id"]!.GetValue<string>()));
        await CallAsync(HttpMethod.Delete, $"{Events("bob")}/{SeededCalendars.WeeklyMeeting}", token: await UserTokenAsync("bob"));
        Assert.Contains((await Emulator.StateAsync())["calendar_events"]!.AsArray(), e => e!["status"]!.GetValue<string>() == "cancelled");
        await Emulator.ControlAsync(HttpMethod.Post, "reset");
        var again = (await Emulator.StateAsync())["calendar_events"]!.AsArray();
        Assert.Equal(seeded.Select(e => e!["event_id"]!.GetValue<string>()), again.Select(e => e!["event_id"]!.GetValue<string>()));
        Assert.DoesNotContain(again, e => e!["status"]!.GetValue<string>() == "cancelled");
    }

    [Fact]
    public void Only_so_many_events_are_kept_and_deleted_ones_go_first()
    {
        var state = Emulator.State;
        var time = EventTime.At(state.Clock.GetUtcNow());
        CalendarEvent New(int number) => new()
        {
            EventId = new Guid(number, 0, 0, new byte[8]) + "_0", OrganizerId = SeededCompany.Carol, Start = time, End = time,
            CreateTime = state.Clock.GetUtcNow(),
        };
        for (var i = 0; i < EmulatorState.EventsPerCalendar; i++) Assert.NotNull(state.Add(New(i)));
        Assert.Null(state.Add(New(-1)));
        state.ChangeCalendarEvent(New(7).EventId, e => e with { Deleted = true });
        Assert.NotNull(state.Add(New(-1)));
        Assert.Null(state.CalendarEvent(New(7).EventId));
        var tooLong = new string('x', (int)EmulatorState.MostCalendarText);
        Assert.Null(state.Add(New(-2) with { OrganizerId = SeededCompany.Alice, Description = tooLong }));
        Assert.Null(state.ChangeCalendarEvent(New(1).EventId, e => e with { Description = tooLong }));
    }
}
