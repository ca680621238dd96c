using System.Text.Json.Nodes;
using Larkspur.Emulator.State.Calendars;
using Larkspur.Testing;

namespace Larkspur.Emulator.Tests.Calendars;

/// <summary>Events of a time, pages of events, and what changed since.</summary>
public sealed class CalendarListTests : CalendarTest
{
    [Fact]
    public async Task A_view_shows_what_touches_its_time_in_order()
    {
        var bob = await UserTokenAsync("bob");
        await MadeAsync("bob", Body(Tomorrow + 7200, Tomorrow + 10_800, "late"));
        await MadeAsync("bob", Body(Tomorrow - 600, Tomorrow + 600, "early"));
        await MadeAsync("bob",
            new JsonObject { ["summary"] = "all day", ["start_time"] = On("2026-01-06"), ["end_time"] = On("2026-01-06") });
        Assert.Equal(["周会 Weekly meeting", "供应商评审 Supplier review"],
            Summaries(await ViewAsync(Tomorrow - Day - 7200, Tomorrow - Day + 28_800)));
        Assert.Equal(["all day", "early", "late"], Summaries(await ViewAsync(Tomorrow, Tomorrow + 28_800)));
        // An end is not included, a whole day is.
        Assert.Equal(["all day"], Summaries(await ViewAsync(Tomorrow + 10_800, Tomorrow + 28_800)));
        Assert.Equal(["all day", "early"], Summaries(await ViewAsync(Tomorrow - 7200, Tomorrow)));
        await CallAsync(HttpMethod.Delete, $"{Events("bob")}/{SeededCalendars.WeeklyMeeting}", token: bob);
        Assert.Equal(["供应商评审 Supplier review"], Summaries(await ViewAsync(Tomorrow - Day - 7200, Tomorrow - Day + 28_800)));

        Assert.Equal(200, (await ViewAsync(Tomorrow, Tomorrow + 40 * Day)).Status);
        var tooLong = await ViewAsync(Tomorrow, Tomorrow + 40 * Day + 1);
        Assert.Equal((400, 193103), (tooLong.Status, tooLong.Code));
        Assert.Equal(190002, (await ViewAsync(Tomorrow, Tomorrow - 1)).Code);
        Assert.Equal((400, 190002),
            await CodeAsync(HttpMethod.Get, Events("bob") + "/instance_view?start_time=today&end_time=5", token: bob));
        Assert.Equal((400, 99992402), await CodeAsync(HttpMethod.Get, Events("bob") + "/instance_view?start_time=5", token: bob));

        async Task<ApiReply> ViewAsync(long from, long to) =>
            await CallAsync(HttpMethod.Get, $"{Events("bob")}/instance_view?start_time={from}&end_time={to}", token: bob);
    }

    [Fact]
    public async Task A_view_holds_fewer_than_a_thousand()
    {
        var time = EventTime.At(DateTimeOffset.FromUnixTimeSeconds(Tomorrow));
        for (var i = 0; i < 999; i++) Emulator.State.Add(Stored(i));
        var path = $"{Events("carol")}/instance_view?start_time={Tomorrow - 60}&end_time={Tomorrow + 60}";
        var carol = await UserTokenAsync("carol");
        Assert.Equal(999, (await CallAsync(HttpMethod.Get, path, token: carol)).Data["items"]!.AsArray().Count);
        Emulator.State.Add(Stored(999));
        Assert.Equal((400, 193104), await CodeAsync(HttpMethod.Get, path, token: carol));

        CalendarEvent Stored(int number) => new()
        {
            EventId = new Guid(number, 0, 0, new byte[8]) + "_0", OrganizerId = "carol", Start = time, End = time,
            CreateTime = DateTimeOffset.UnixEpoch,
        };
    }

    [Fact]
    public async Task A_window_is_one_answer()
    {
        var bob = await UserTokenAsync("bob");
        await MadeAsync("bob");
        Assert.Equal(["Call"],
            Summaries(await CallAsync(HttpMethod.Get, $"{Events("bob")}?start_time={Tomorrow}&end_time={Tomorrow + Day}", token: bob)));
        var sync = (await CallAsync(HttpMethod.Get, Events("bob"), token: bob)).Data["sync_token"]!.GetValue<string>();
        Assert.Equal((400, 190009),
            await CodeAsync(HttpMethod.Get, $"{Events("bob")}?start_time=5&end_time=6&sync_token={sync}", token: bob));
        foreach (var query in (string[])["start_time=5", "end_time=5", "start_time=6&end_time=5", "start_time=5&end_time=6&anchor_time=5",
            "anchor_time=x", "page_token=x", "sync_token=x"])
        {
            Assert.Equal((400, 190002), await CodeAsync(HttpMethod.Get, $"{Events("bob")}?{query}", token: bob));
        }

        Assert.Equal((400, 99992402), await CodeAsync(HttpMethod.Get, Events("bob") + "?page_size=10", token: bob));
    }

    [Fact]
    public async Task What_a_list_cuts_off_comes_with_its_sync_token()
    {
        var bob = await UserTokenAsync("bob");
        for (var i = 0; i < 60; i++) await MadeAsync("bob", Body(summary: $"n{i}"));
        var cut = await CallAsync(HttpMethod.Get, Events("bob") + "?page_size=50", token: bob);
        Assert.Equal((50, false), (Summaries(cut).Length, cut.Data["has_more"]!.GetValue<bool>()));
        var rest = await CallAsync(HttpMethod.Get, $"{Events("bob")}?sync_token={cut.Data["sync_token"]}", token: bob);
        Assert.Equal(62, Summaries(cut).Concat(Summaries(rest)).Distinct().Count());
    }

    [Fact]
    public async Task An_anchor_brings_pages_and_a_token_for_what_changes_later()
    {
        var bob = await UserTokenAsync("bob");
        var ids = new List<string>();
        for (var i = 0; i < 60; i++) ids.Add(await MadeAsync("bob", Body(Tomorrow, Tomorrow + 60, $"n{i}")));
        var first = await CallAsync(HttpMethod.Get, $"{Events("bob")}?anchor_time={Tomorrow}&page_size=50", token: bob);
        Assert.True(first.Data["has_more"]!.GetValue<bool>());
        Assert.Null(first.Data["sync_token"]);
        // Deleted between two pages: the sync tells.
        await CallAsync(HttpMethod.Delete, $"{Events("bob")}/{ids[3]}", token: bob);
        var second = await CallAsync(HttpMethod.Get, $"{Events("bob")}?page_size=50&page_token={first.Data["page_token"]}", token: bob);
        Assert.False(second.Data["has_more"]!.GetValue<bool>());
        Assert.Null(second.Data["page_token"]);
        // The seeded events are over by then.
        Assert.Equal(Enumerable.Range(0, 60).Select(i => $"n{i}"), Summaries(first).Concat(Summaries(second)));

        await CallAsync(HttpMethod.Patch, $"{Events("bob")}/{ids[5]}", new { summary = "changed" }, bob);
        var changes = await CallAsync(HttpMethod.Get, $"{Events("bob")}?sync_token={second.Data["sync_token"]}", token: bob);
        Assert.Equal([("n3", "cancelled"), ("changed", "confirmed")],
            changes.Data["items"]!.AsArray().Select(e => (e!["summary"]!.GetValue<string>(), e["status"]!.GetValue<string>())));
        var last = changes.Data["sync_token"]!.GetValue<string>();
        Assert.Empty((await CallAsync(HttpMethod.Get, $"{Events("bob")}?sync_token={last}", token: bob)).Data["items"]!.AsArray());
        await Emulator.AdvanceAsync(TimeSpan.FromDays(91));
        Assert.Equal((400, 190008),
            await CodeAsync(HttpMethod.Get, $"{Events("bob")}?sync_token={last}", token: await UserTokenAsync("bob")));
    }
}
