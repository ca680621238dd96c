using System.Text.Json.Nodes;
using Larkspur.Emulator.State;
using Larkspur.Emulator.State.Calendars;
using Larkspur.Testing;

namespace Larkspur.Emulator.Tests.Calendars;

/// <summary>Who is invited, and what they may do then; and when people have no time.</summary>
public sealed class CalendarAttendeeTests : CalendarTest
{
    private const string FreeBusy = "/open-apis/calendar/v4/freebusy/list";

    [Fact]
    public async Task Who_is_invited_finds_the_event_in_their_own_calendar()
    {
        var (bob, alice) = (await UserTokenAsync("bob"), await UserTokenAsync("alice"));
        var path = $"{Events("bob")}/{SeededCalendars.SupplierReview}";
        Assert.Equal("{}", (await CallAsync(HttpMethod.Get, path, token: bob)).Data["event"]!["vchat"]!.ToJsonString());
        var reply = await CallAsync(HttpMethod.Post, path + "/attendees", new
        {
            attendees = new object[]
            {
                new { type = "user", user_id = Open("alice"), is_optional = true },
                new { type = "chat", chat_id = SeededCompany.FinanceChat },
                new { type = "third_party", third_party_email = "zhao@supplier.example" },
                new { type = "user", user_id = Open("alice") },
            },
        }, bob);
        Assert.Equal(
            [
                ("user", "鲍勃", "accept"), ("user", "艾丽丝", "needs_action"), ("chat", "财务审批群", "needs_action"),
                ("third_party", "zhao@supplier.example", "needs_action"),
            ],
            reply.Data["attendees"]!.AsArray().Select(a =>
                (a!["type"]!.GetValue<string>(), a["display_name"]!.GetValue<string>(), a["rsvp_status"]!.GetValue<string>())));
        Assert.Equal([true, false, false, false], reply.Data["attendees"]!.AsArray().Select(a => a!["is_organizer"]!.GetValue<bool>()));
        Assert.StartsWith("https://vc.feishu.cn/j/",
            (await CallAsync(HttpMethod.Get, path, token: bob)).Data["event"]!["vchat"]!["meeting_url"]!.GetValue<string>(),
            StringComparison.Ordinal);

        var hers = (await CallAsync(HttpMethod.Get, Events("alice"), token: alice)).Data["items"]!.AsArray().Single()!;
        Assert.Equal((BobsCalendar, "tentative"), (hers["organizer_calendar_id"]!.GetValue<string>(), hers["status"]!.GetValue<string>()));
        // Carol is in the group that was invited.
        Assert.Equal(["供应商评审 Supplier review"],
            Summaries(await CallAsync(HttpMethod.Get, Events("carol"), token: await UserTokenAsync("carol"))));
        var shown = (await CallAsync(HttpMethod.Get, path + "?need_attendee=true&max_attendee_num=2", token: bob)).Data["event"]!;
        Assert.Equal((2, true), (shown["attendees"]!.AsArray().Count, shown["has_more_attendee"]!.GetValue<bool>()));
        Assert.Equal(4, (await CallAsync(HttpMethod.Get, path + "/attendees", token: bob)).Data["items"]!.AsArray().Count);

        await CallAsync(HttpMethod.Delete, path, token: bob);
        Assert.Empty(Summaries(await CallAsync(HttpMethod.Get, Events("alice"), token: alice)));
    }

    [Fact]
    public async Task An_attendee_may_do_what_the_event_lets_them()
    {
        var (bob, alice) = (await UserTokenAsync("bob"), await UserTokenAsync("alice"));
        var id = await MadeAsync("bob");
        await InviteAsync("bob", id, "alice");
        var hers = $"{Events("alice")}/{id}";
        Assert.Equal((403, 194001), await CodeAsync(HttpMethod.Get, hers + "/attendees", token: alice));
        Assert.Equal((403, 194001), await CodeAsync(HttpMethod.Get, hers + "?need_attendee=true", token: alice));
        Assert.Equal((403, 194002), await CodeAsync(HttpMethod.Post, hers + "/attendees", Carol(), alice));
        Assert.Equal((403, 193002), await CodeAsync(HttpMethod.Patch, hers, new { summary = "mine" }, alice));
        Assert.Equal((403, 193002), await CodeAsync(HttpMethod.Delete, hers, token: alice));
        // What is her own she sets, and it is nobody else's.
        var own = (await CallAsync(HttpMethod.Patch, hers,
            new { free_busy_status = "free", color = 7, reminders = new[] { new { minutes = 15 } } }, alice)).Data["event"]!;
        Assert.Equal(("free", 7), (own["free_busy_status"]!.GetValue<string>(), own["color"]!.GetValue<int>()));
        var his = (await CallAsync(HttpMethod.Get, $"{Events("bob")}/{id}", token: bob)).Data["event"]!;
        Assert.Equal(("busy", -1, 0),
            (his["free_busy_status"]!.GetValue<string>(), his["color"]!.GetValue<int>(), his["reminders"]!.AsArray().Count));

        await CallAsync(HttpMethod.Patch, $"{Events("bob")}/{id}", new { attendee_ability = "can_see_others" }, bob);
        Assert.Equal(2, (await CallAsync(HttpMethod.Get, hers + "/attendees", token: alice)).Data["items"]!.AsArray().Count);
        Assert.Equal((403, 194002), await CodeAsync(HttpMethod.Post, hers + "/attendees", Carol(), alice));
        await CallAsync(HttpMethod.Patch, $"{Events("bob")}/{id}", new { attendee_ability = "can_invite_others" }, bob);
        Assert.Equal((200, 0), await CodeAsync(HttpMethod.Post, hers + "/attendees", Carol(), alice));
        Assert.Equal((403, 193002), await CodeAsync(HttpMethod.Patch, hers, new { summary = "mine" }, alice));
        await CallAsync(HttpMethod.Patch, $"{Events("bob")}/{id}", new { attendee_ability = "can_modify_event" }, bob);
        Assert.Equal((200, 0), await CodeAsync(HttpMethod.Patch, hers, new { summary = "ours" }, alice));
        Assert.Equal("ours", (await CallAsync(HttpMethod.Get, $"{Events("bob")}/{id}",
            token: bob)).Data["event"]!["summary"]!.GetValue<string>());

        static object Carol() => new { attendees = new[] { new { type = "user", user_id = Open("carol") } } };
    }

    [Fact]
    public async Task Attendees_are_people_of_the_company_groups_and_addresses()
    {
        var bob = await UserTokenAsync("bob");
        var path = $"{Events("bob")}/{SeededCalendars.WeeklyMeeting}/attendees";
        var foreign = Emulator.CreateGroup("alice", "Alice's");
        foreach (var (attendee, status, code) in ((object, int, long)[])
        [
            (new { type = "user", user_id = "ou_nobody" }, 404, 195100), (new { type = "user" }, 400, 190002),
            (new { user_id = Open("alice") }, 400, 194004),
            (new { type = "chat", chat_id = "oc_none" }, 404, 194000), (new { type = "chat", chat_id = foreign }, 404, 194000),
            (new { type = "resource", room_id = "omm_x" }, 501, 599_000_501),
        ])
        {
            Assert.Equal((status, code), await CodeAsync(HttpMethod.Post, path, new { attendees = new[] { attendee } }, bob));
        }

        var many = Enumerable.Range(0, 1000).Select(i => new { type = "third_party", third_party_email = $"a{i}@x.example" }).ToArray();
        Assert.Equal((400, 190002), await CodeAsync(HttpMethod.Post, path, new { attendees = many.Append(many[0]) }, bob));
        Assert.Empty(Emulator.State.CalendarEvent(SeededCalendars.WeeklyMeeting)!.Attendees);
        Assert.Equal((200, 0), await CodeAsync(HttpMethod.Post, path, new { attendees = many }, bob));
        var page = await CallAsync(HttpMethod.Get, path + "?page_size=100", token: bob);
        Assert.Equal((100, true), (page.Data["items"]!.AsArray().Count, page.Data["has_more"]!.GetValue<bool>()));
        var next = await CallAsync(HttpMethod.Get,
            $"{path}?page_size=100&page_token={Uri.EscapeDataString(page.Data["page_token"]!.GetValue<string>())}", token: bob);
        Assert.Equal("a99@x.example", next.Data["items"]![0]!["third_party_email"]!.GetValue<string>());
        Assert.Equal((400, 190002), await CodeAsync(HttpMethod.Get, path + "?page_token=none", token: bob));
    }

    [Fact]
    public async Task Anybody_sees_when_somebody_is_busy_and_nothing_more()
    {
        foreach (var token in (string[])[Token, await UserTokenAsync("alice")])
        {
            var reply = await CallAsync(HttpMethod.Post, FreeBusy, Ask("bob"), token);
            Assert.Equal([("2026-01-05T10:00:00+08:00", "2026-01-05T10:30:00+08:00"),
                ("2026-01-05T14:00:00+08:00", "2026-01-05T15:00:00+08:00")], Times(reply));
            Assert.DoesNotContain("review", reply.Json.ToJsonString(), StringComparison.Ordinal);
        }

        var free = Body(Tomorrow, Tomorrow + 60);
        free["free_busy_status"] = "free";
        await MadeAsync("bob", free);
        Assert.Equal(2, Times(await CallAsync(HttpMethod.Post, FreeBusy, Ask("bob"))).Length);
        Assert.Equal(3, Times(await CallAsync(HttpMethod.Post, FreeBusy, Ask("bob", all: true))).Length);
        // An invitation takes the time, too.
        Assert.Empty(Times(await CallAsync(HttpMethod.Post, FreeBusy, Ask("carol"))));
        await InviteAsync("bob", SeededCalendars.SupplierReview, "carol");
        var carols = await CallAsync(HttpMethod.Post, FreeBusy, Ask("carol"));
        Assert.Equal("needs_action", carols.Data["freebusy_list"]![0]!["rsvp_status"]!.GetValue<string>());
        // From 14:30 in Shanghai on only the second is left.
        Assert.Equal(["2026-01-05T14:00:00+08:00"],
            Times(await CallAsync(HttpMethod.Post, FreeBusy, Ask("bob", "2026-01-05T06:30:00Z"))).Select(t => t.Start));

        Assert.Equal((404, 195100), await CodeAsync(HttpMethod.Post, FreeBusy, Ask("nobody")));
        Assert.Equal((501, 599_000_501),
            await CodeAsync(HttpMethod.Post, FreeBusy,
            new { time_min = "2026-01-05T00:00:00Z", time_max = "2026-01-05T00:00:00Z", room_id = "omm_x" }));
        Assert.Equal((400, 190002),
            await CodeAsync(HttpMethod.Post, FreeBusy, new { time_min = "2026-01-05T00:00:00Z", time_max = "2026-01-05T00:00:00Z" }));
        Assert.Equal((200, 0),
            await CodeAsync(HttpMethod.Post, FreeBusy, Ask("bob", "2026-01-01T00:00:00+08:00", "2026-04-01T00:00:00+08:00")));
        foreach (var (from, to) in ((string, string)[])
            [("2026-01-01T00:00:00+08:00", "2026-04-01T00:00:01+08:00"), ("2026-01-02T00:00:00Z", "2026-01-01T00:00:00Z"),
                ("2026-01-01T00:00:00", "2026-01-02T00:00:00Z"), ("1767664800", "1767668400")])
        {
            Assert.Equal((400, 190002), await CodeAsync(HttpMethod.Post, FreeBusy, Ask("bob", from, to)));
        }

        static object Ask(string who, string from = "2026-01-05T00:00:00+08:00", string to = "2026-01-08T00:00:00+08:00",
            bool all = false) =>
            new { time_min = from, time_max = to, user_id = Open(who), only_busy = !all, need_rsvp_status = true };

        static (string Start, string End)[] Times(ApiReply reply) =>
            [.. reply.Data["freebusy_list"]!.AsArray().Select(t =>
                (t!["start_time"]!.GetValue<string>(), t["end_time"]!.GetValue<string>()))];
    }
}
