using System.Text.Json.Nodes;
using Larkspur.Emulator.State;
using Larkspur.Gateway.Tests.Messages;
using Larkspur.Gateway.Tests.Notifications;
using Larkspur.Testing;

namespace Larkspur.Gateway.Tests.People;

/// <summary>Members of departments and roles are asked for once in a while, not with each notification.</summary>
public sealed class MemberCacheTests
{
    [Fact]
    public async Task Members_are_remembered_until_somebody_says_they_changed_or_time_has_passed()
    {
        var clock = new ShiftingClock();
        await using var fixture = await NotificationFixture.StartAsync(clock);
        fixture.Emulator.State.Put(new FunctionalRole("role_buyers", "采购主管", ["carol"]));
        var department = (await fixture.Emulator.StateAsync())["departments"]!.AsArray().First(d => d!["name"]!.GetValue<string>() == "采购部")!["open_department_id"]!.GetValue<string>();
        Task<string[]> ToldAsync(string subject) => NamesAsync(fixture, subject, department);

        Assert.Equal(["Alice", "Bob", "Carol"], await ToldAsync("PR-1"));
        var calls = await CallsAsync(fixture);
        Assert.Equal(["Alice", "Bob", "Carol"], await ToldAsync("PR-2"));
        Assert.Equal(calls, await CallsAsync(fixture));

        // Somebody else has the role now: an event tells of it, a refresh is asked for, or time passes.
        fixture.Emulator.State.Put(new FunctionalRole("role_buyers", "采购主管", ["bob"]));
        Assert.Equal(["Alice", "Bob", "Carol"], await ToldAsync("PR-3"));
        var refreshed = await fixture.Gateway.PostRestAsync("/people/refresh", null);
        Assert.Equal(204, refreshed.Status);
        Assert.Equal(["Alice", "Bob"], await ToldAsync("PR-4"));

        fixture.Emulator.State.Put(new FunctionalRole("role_buyers", "采购主管", ["carol"]));
        var push = new FeishuPush();
        await push.SendAsync(fixture.Gateway, "contact.user.updated_v3", """{"object":{"open_id":"ou_x"},"old_object":{"department_ids":["od-1"]}}""", "ev_moved");
        await fixture.Gateway.OutcomeAsync("ev_moved");
        Assert.Equal(["Alice", "Bob", "Carol"], await ToldAsync("PR-5"));

        fixture.Emulator.State.Put(new FunctionalRole("role_buyers", "采购主管", ["bob"]));
        clock.Shift(TimeSpan.FromMinutes(11));
        Assert.Equal(["Alice", "Bob"], await ToldAsync("PR-6"));
    }

    [Fact]
    public async Task Those_who_ask_together_share_one_reading_and_a_department_that_is_none_is_not_remembered()
    {
        await using var fixture = await NotificationFixture.StartAsync();
        var department = (await fixture.Emulator.StateAsync())["departments"]!.AsArray().First(d => d!["name"]!.GetValue<string>() == "采购部")!["open_department_id"]!.GetValue<string>();
        await Task.WhenAll(Enumerable.Range(0, 5).Select(i => fixture.SendAsync(NotificationFixture.Requisition($"PR-{i}", new JsonObject { ["department_id"] = department }))));
        Assert.Equal(1, await CallsAsync(fixture));
        var unknown = NotificationFixture.Requisition("PR-9", new JsonObject { ["department_id"] = "od-none" }).ToJsonString();
        Assert.Equal((422, "unknown_recipients"), await fixture.Gateway.PostRestAsync("/notifications", unknown) is var one ? (one.Status, one.Error) : default);
        var calls = await CallsAsync(fixture);
        Assert.Equal(422, (await fixture.Gateway.PostRestAsync("/notifications", unknown)).Status);
        Assert.True(await CallsAsync(fixture) > calls);
    }

    private static async Task<string[]> NamesAsync(NotificationFixture fixture, string subject, string department)
    {
        var sent = await fixture.SendAsync(NotificationFixture.Requisition(subject, new JsonObject { ["department_id"] = department }, new JsonObject { ["role_id"] = "role_buyers" }));
        return [.. sent.GetProperty("deliveries").EnumerateArray().Select(d => d.GetProperty("person").GetProperty("en_name").GetString()!).Order()];
    }

    private static async Task<int> CallsAsync(NotificationFixture fixture) => (await fixture.Emulator.ControlAsync(HttpMethod.Get, "calls?limit=1000"))["calls"]!.AsArray()
        .Select(c => c!["path"]!.GetValue<string>()).Count(p => p.Contains("find_by_department", StringComparison.Ordinal) || p.Contains("functional_roles", StringComparison.Ordinal));
}
