using System.Collections.Concurrent;
using System.Text.Json;
using Larkspur.Gateway.People.Directory.Rows;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Tests.Identities;
using Larkspur.Gateway.Tests.Messages;
using Larkspur.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Gateway.Tests.People.Directory;

/// <summary>Events keep the directory true within seconds; who leaves can do nothing any more, and comes back as who they were.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class LeaverTests
{
    [Theory]
    [InlineData("feishu")]
    [InlineData("wecom")]
    [InlineData("dingtalk")]
    public async Task A_newcomer_is_known_and_a_leaver_is_shut_out_by_the_event(string platform)
    {
        await using var directory = await DirectoryFixture.StartAsync();
        await directory.CompleteAsync(platform);
        await directory.ControlAsync(HttpMethod.Post, "people", new { user_id = "dave", name = "戴夫", email = "dave@mica.example", employee_no = "M2001", departments = new[] { "finance" } });
        await directory.Gateway.HoldsAsync(async () => (await directory.PeopleAsync($"platform={platform}&q=dave")).Length == 1, "dave to be known");
        var dave = (await directory.PersonAsync("dave", platform)).GetProperty("id").GetString()!;
        await directory.ControlAsync(HttpMethod.Delete, "people/dave");
        await directory.UntilStateAsync(dave, "left");
        // Two events of a platform that are the same to the letter within a second are one.
        await directory.Gateway.Emulator.AdvanceAsync(TimeSpan.FromSeconds(2));
        await directory.ControlAsync(HttpMethod.Patch, "people/dave", new { status = "active", departments = new[] { "finance" } });
        await directory.UntilStateAsync(dave, "active");
    }

    [Fact]
    public async Task A_leaver_is_shut_out_and_business_systems_are_told()
    {
        await using var directory = await DirectoryFixture.StartAsync(("LARKSPUR_ALLOW_PRIVATE_ADDRESSES", "127.0.0.0/8"));
        var bodies = new ConcurrentQueue<string>();
        await using var erp = await HookServer.StartAsync((_, body) =>
        {
            bodies.Enqueue(body);
            return (body, 200, "{}");
        });
        var put = await directory.Gateway.Gateway.RestAsync(HttpMethod.Put, "/webhooks/hr", new { url = erp.Url, events = new[] { "person.joined", "person.changed", "person.left", "department.changed" } });
        Assert.True(put.Status is 200 or 201, put.ToString());
        await directory.CompleteAsync();
        var alice = (await directory.PersonAsync("alice")).GetProperty("id").GetString()!;
        await directory.ControlAsync(HttpMethod.Patch, "people/bob", new { job_title = "采购总监" });
        await directory.ControlAsync(HttpMethod.Delete, "people/alice");
        await directory.UntilStateAsync(alice, "left");
        await directory.Gateway.HoldsAsync(() => Told("person.left").Count == 1 && Told("person.changed").Count >= 1 && Told("person.joined").Count == 3, "the webhook");
        Assert.Equal(alice, Told("person.left")[0].GetProperty("person").GetString());
        Assert.Contains(Told("person.changed")[0].GetProperty("changes").EnumerateArray(), c => c.GetProperty("field").GetString() == "job_title" && c.GetProperty("to").GetString() == "采购总监");
        Assert.True((await directory.Gateway.Gateway.GetRestAsync("/people/" + alice)).Body.GetProperty("disabled").GetBoolean());

        List<JsonElement> Told(string type) => [.. bodies.Select(b => JsonDocument.Parse(b).RootElement).Where(b => b.GetProperty("type").GetString() == type).Select(b => b.GetProperty("data"))];
    }

    [Fact]
    public async Task Many_leavers_by_events_are_asked_about()
    {
        await using var directory = await DirectoryFixture.StartAsync();
        await directory.FillAsync(30, 3);
        await directory.CompleteAsync();
        for (var i = 1; i <= 9; i++) await directory.ControlAsync(HttpMethod.Delete, $"people/fill{i}");
        await directory.Gateway.HoldsAsync(async () => (await directory.Gateway.Gateway.GetRestAsync("/directory/runs?limit=1")).Items is [var run] && run.GetProperty("state").GetString() == "waiting", "a run that asks");
        Assert.True((await directory.PeopleAsync("state=left&limit=200")).Length <= 5);
    }

    [Fact]
    public async Task Whoever_leaves_while_the_platform_is_away_is_shut_out_when_it_is_back()
    {
        await using var directory = await DirectoryFixture.StartAsync();
        await directory.CompleteAsync();
        var carol = (await directory.PersonAsync("carol")).GetProperty("id").GetString()!;
        await directory.Gateway.FaultAsync(new { path = "/open-apis/contact/v3/scopes", status = 500, count = 8 });
        await directory.ControlAsync(HttpMethod.Delete, "people/carol");
        await directory.UntilStateAsync(carol, "left");
        Assert.Single((await directory.Gateway.Gateway.GetRestAsync("/directory/runs")).Items);
    }

    [Fact]
    public async Task What_was_told_of_a_leaver_is_forgotten_and_that_they_left_is_not()
    {
        await using var directory = await DirectoryFixture.StartAsync();
        await directory.CompleteAsync();
        var carol = (await directory.PersonAsync("carol")).GetProperty("id").GetString()!;
        await directory.ControlAsync(HttpMethod.Delete, "people/carol");
        await directory.UntilStateAsync(carol, "left");
        await directory.Gateway.Gateway.Services.GetRequiredService<IDatabase>().TransactAsync(
            unit => MemberRow.PruneAsync(new OldBatch(unit, Dialect.Sqlite, long.MaxValue, 10)), TestContext.Current.CancellationToken);
        Assert.DoesNotContain("M1003", (await directory.Gateway.Gateway.GetRestAsync("/people/" + carol)).ToString(), StringComparison.Ordinal);
        // Somebody whom no directory knows becomes one with them: that lets nobody in.
        var other = await directory.Gateway.Gateway.GetOrCreateAsync(IdentityFixture.OnWeb("carol"));
        var merged = await directory.Gateway.Gateway.PostRestAsync($"/people/{carol}/merge", new { from = other.Id });
        Assert.Equal((200, "left", true), (merged.Status, merged.Text("state"), merged.Body.GetProperty("disabled").GetBoolean()));
    }

    [Fact]
    public async Task A_newcomer_with_the_userid_of_a_leaver_of_wecom_is_somebody_else()
    {
        await using var directory = await DirectoryFixture.StartAsync();
        await directory.CompleteAsync("wecom");
        var former = (await directory.PersonAsync("carol", "wecom")).GetProperty("id").GetString()!;
        await directory.ControlAsync(HttpMethod.Delete, "people/carol?silent=true");
        await directory.CompleteAsync("wecom");
        await directory.ControlAsync(HttpMethod.Patch, "people/carol", new { status = "active", name = "新人", departments = new[] { "finance" }, silent = true });
        await directory.CompleteAsync("wecom");
        var people = await directory.PeopleAsync("platform=wecom&q=carol");
        Assert.Equal(["active", "left"], people.Select(p => p.GetProperty("state").GetString()!).Order(StringComparer.Ordinal));
        Assert.Equal("left", people.First(p => p.GetProperty("id").GetString() == former).GetProperty("state").GetString());
    }

    [Fact]
    public async Task A_frozen_account_may_do_nothing_and_has_not_left()
    {
        await using var directory = await DirectoryFixture.StartAsync();
        await directory.CompleteAsync();
        var bob = (await directory.PersonAsync("bob")).GetProperty("id").GetString()!;
        await directory.ControlAsync(HttpMethod.Patch, "people/bob", new { status = "frozen" });
        await directory.UntilStateAsync(bob, "frozen");
        await directory.ControlAsync(HttpMethod.Patch, "people/bob", new { status = "active" });
        await directory.UntilStateAsync(bob, "active");
    }

    [Fact]
    public async Task Who_is_still_on_another_platform_has_not_left()
    {
        await using var directory = await DirectoryFixture.StartAsync();
        await directory.CompleteAsync();
        await directory.CompleteAsync("dingtalk");
        var match = (await directory.Gateway.Gateway.GetRestAsync("/directory/matches")).Items.First(m => m.GetProperty("value").GetString() == "M1001");
        await directory.Gateway.Gateway.PostRestAsync("/directory/matches", new { join = new[] { match.GetProperty("id").GetInt64() } });
        var alice = (await directory.PersonAsync("alice")).GetProperty("id").GetString()!;
        // The emulated company is one on all platforms: the others have not told of it yet.
        await directory.ControlAsync(HttpMethod.Delete, "people/alice?silent=true");
        await directory.CompleteAsync();
        Assert.Equal("active", (await directory.Gateway.Gateway.GetRestAsync("/people/" + alice)).Text("state"));
        await directory.CompleteAsync("dingtalk");
        Assert.Equal("left", (await directory.Gateway.Gateway.GetRestAsync("/people/" + alice)).Text("state"));
    }

    [Fact]
    public async Task A_renamed_userid_of_wecom_is_the_same_person()
    {
        await using var directory = await DirectoryFixture.StartAsync();
        await directory.CompleteAsync("wecom");
        var carol = (await directory.PersonAsync("carol", "wecom")).GetProperty("id").GetString()!;
        await directory.ControlAsync(HttpMethod.Patch, "people/carol", new { user_id = "carol.wu" });
        await directory.Gateway.HoldsAsync(async () => (await directory.PeopleAsync("platform=wecom&q=carol.wu")) is [var one] && DirectoryFixture.Field(one, "user_id") == "carol.wu", "the new userid");
        Assert.Equal(carol, (await directory.PersonAsync("carol.wu", "wecom")).GetProperty("id").GetString());
        var run = await directory.CompleteAsync("wecom");
        Assert.Equal((0, 0), (DirectoryFixture.Count(run, "joined"), DirectoryFixture.Count(run, "left")));
    }
}
