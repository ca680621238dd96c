using Larkspur.Gateway.Tests.Messages;
using Larkspur.Testing;

namespace Larkspur.Gateway.Tests.People.ScimTargets;

/// <summary>Departments are groups at a target, and whoever joins or leaves one does so there.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class GroupPushTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Departments_are_groups_and_members_join_and_leave(bool patch)
    {
        await using var push = await PushFixture.StartAsync();
        push.Target.LacksPatch = !patch;
        string[] ids = [await push.Upstream.MakeUserAsync("m1@example.com"), await push.Upstream.MakeUserAsync("m2@example.com"), await push.Upstream.MakeUserAsync("m3@example.com")];
        var sales = await push.Upstream.MakeGroupAsync("Sales", ids[0], ids[1]);
        var target = await push.PutAsync(groups: "departments");
        Assert.Equal((1L, 0L), (PushFixture.Count(target, "groups_there"), PushFixture.Count(target, "failing")));
        Assert.Equal(["m1@example.com", "m2@example.com"], push.Target.MembersOf("Sales"));

        await push.Upstream.PatchAsync("/Groups/" + sales, $$"""{"op":"remove","path":"members[value eq \"{{ids[0]}}\"]"}""",
            $$"""{"op":"add","path":"members","value":[{"value":"{{ids[2]}}"}]}""");
        await push.SettledAsync();
        Assert.Equal(["m2@example.com", "m3@example.com"], push.Target.MembersOf("Sales"));
        await push.Upstream.PatchAsync("/Groups/" + sales, """{"op":"replace","path":"displayName","value":"Sales Asia"}""");
        await push.SettledAsync();
        Assert.Equal(["m2@example.com", "m3@example.com"], push.Target.MembersOf("Sales Asia"));
        // The department's name is an attribute of its people too.
        Assert.Equal("Sales Asia", FakeTarget.Text(push.Target.User("m2@example.com")!["urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"]!, "department"));

        var writes = push.Target.Writes.Count();
        var rows = new WrittenRows(push.Database, "scim_resource", "scim_resource_member", "scim_change", "person", "person_account",
            "directory_member", "directory_membership", "directory_department");
        await rows.BeginAsync();
        await push.SyncAsync();
        await push.SettledAsync();
        Assert.Equal(writes, push.Target.Writes.Count());
        Assert.Equal("", await rows.SaidAsync());

        // What is no more here is emptied there, and stays.
        await push.Upstream.DeleteAsync("/Groups/" + sales);
        await push.SettledAsync();
        Assert.Empty(push.Target.MembersOf("Sales Asia"));
        Assert.Single(push.Target.Groups);
        Assert.DoesNotContain(push.Target.Writes, w => w.Method == "DELETE");
    }

    [Fact]
    public async Task A_dry_run_names_who_would_join_and_leave_a_group()
    {
        await using var push = await PushFixture.StartAsync();
        string[] ids = [await push.Upstream.MakeUserAsync("m1@example.com"), await push.Upstream.MakeUserAsync("m2@example.com"), await push.Upstream.MakeUserAsync("m3@example.com")];
        var sales = await push.Upstream.MakeGroupAsync("Sales", ids[0], ids[1]);
        var ended = await push.Upstream.MakeGroupAsync("Ended", ids[1]);
        await push.PutAsync(groups: "departments");
        Assert.Equal("", await MembersAsync());
        await push.WriteAsync("UPDATE scim_target SET not_before = 9000000000000");
        var fresh = await push.Upstream.MakeUserAsync("fresh@example.com");
        var nameless = await push.Upstream.MakeUserAsync("nameless@example.com");
        await push.PatchUserAsync(nameless, """{"op":"remove","path":"emails"}""");
        await push.Upstream.PatchAsync("/Groups/" + sales, $$"""{"op":"remove","path":"members[value eq \"{{ids[0]}}\"]"}""",
            $$"""{"op":"add","path":"members","value":[{"value":"{{ids[2]}}"},{"value":"{{fresh}}"},{"value":"{{nameless}}"}]}""");
        await push.Upstream.DeleteAsync("/Groups/" + ended);
        var made = await push.Upstream.MakeGroupAsync("Made", ids[0]);
        await push.TellAsPlatformAsync();
        var writes = push.Target.Writes.Count();
        Assert.Equal(string.Join('\n', new[]
        {
            $"join Made {ids[0]}", $"join Sales {ids[2]}", $"join Sales {fresh}", $"leave Ended {ids[1]}", $"leave Sales {ids[0]}",
        }.Order(StringComparer.Ordinal)), await MembersAsync());
        Assert.Equal(writes, push.Target.Writes.Count());
        var difference = await push.DryRunAsync();
        Assert.Equal((3L, 2L, 1L), (PushFixture.Count(difference, "members_joining"), PushFixture.Count(difference, "members_leaving"), PushFixture.Count(difference, "groups_changed")));
        Assert.All(difference.GetProperty("items").EnumerateArray().Where(i => i.GetProperty("kind").GetString() == "member"),
            i => Assert.NotEmpty(i.GetProperty("name").GetString()!));

        async Task<string> MembersAsync() => string.Join('\n', (await push.DryRunAsync()).GetProperty("items").EnumerateArray()
            .Where(i => i.GetProperty("kind").GetString() == "member")
            .Select(i => $"{i.GetProperty("action")} {i.GetProperty("group")} {i.GetProperty("id")}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_large_group_changes_by_whom_it_changed()
    {
        await using var push = await PushFixture.StartAsync();
        var ids = new List<string>();
        for (var i = 0; i < 230; i++) ids.Add(await push.Upstream.MakeUserAsync($"m{i}@example.com"));
        var all = await push.Upstream.MakeGroupAsync("All", [.. ids]);
        await push.PutAsync(groups: "departments");
        Assert.Equal(230, push.Target.MembersOf("All").Length);
        var joins = push.Target.Writes.Where(w => w.Method == "PATCH" && w.Path.StartsWith("/Groups/", StringComparison.Ordinal)).ToArray();
        Assert.Equal([100, 100, 30], joins.Select(j => j.Body!["Operations"]![0]!["value"]!.AsArray().Count));
        await push.Upstream.PatchAsync("/Groups/" + all, $$"""{"op":"remove","path":"members[value eq \"{{ids[7]}}\"]"}""");
        await push.SettledAsync();
        Assert.Equal(229, push.Target.MembersOf("All").Length);
        var leave = push.Target.Writes.Last();
        Assert.StartsWith("members[value eq ", FakeTarget.Text(Assert.Single(leave.Body!["Operations"]!.AsArray())!, "path"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_member_who_is_refused_keeps_no_other_out_and_is_pushed_anew()
    {
        await using var push = await PushFixture.StartAsync();
        var ids = new List<string>();
        for (var i = 0; i < 5; i++) ids.Add(await push.Upstream.MakeUserAsync($"m{i}@example.com"));
        await push.PutAsync(groups: "departments");
        // Somebody deletes one there, and nobody tells.
        push.Target.Users.TryRemove(FakeTarget.Text(push.Target.User("m2@example.com")!, "id")!, out _);
        await push.Upstream.MakeGroupAsync("Team", [.. ids]);
        await push.HoldsAsync(async () => push.Target.MembersOf("Team").Length == 5 && PushFixture.Count(await push.SettledAsync(), "failing") == 0);
        Assert.Equal(5, push.Target.Users.Count);
    }

    [Fact]
    public async Task A_group_that_is_there_is_matched_and_who_else_is_in_it_stays()
    {
        await using var push = await PushFixture.StartAsync();
        var ours = await push.Upstream.MakeUserAsync("ours@example.com");
        var stranger = push.Target.Add("stranger@example.com", "x");
        push.Target.Groups["g1"] = new() { ["id"] = "g1", ["displayName"] = "Team", ["members"] = new System.Text.Json.Nodes.JsonArray(new System.Text.Json.Nodes.JsonObject { ["value"] = stranger }) };
        push.Target.Groups["r900"] = new() { ["id"] = "r900", ["displayName"] = "Other", ["externalId"] = "somebody-else" };
        push.Target.Groups.TryRemove("g1", out var there);
        there!["id"] = "r901";
        push.Target.Groups["r901"] = there;
        await push.Upstream.MakeGroupAsync("Team", ours);
        var other = await push.Upstream.MakeGroupAsync("Other", ours);
        await push.TellAsPlatformAsync();
        var target = await push.PutAsync(groups: "departments");
        Assert.Equal(["ours@example.com", "stranger@example.com"], push.Target.MembersOf("Team"));
        Assert.Equal("taken", PushFixture.FailureOf(target, other).GetProperty("reason").GetString());
        Assert.Empty(push.Target.MembersOf("Other"));
        Assert.Equal(2, push.Target.Groups.Count);
    }

    [Fact]
    public async Task Whom_the_gateway_did_not_bring_into_a_group_it_does_not_take_out()
    {
        await using var push = await PushFixture.StartAsync();
        var ours = await push.Upstream.MakeUserAsync("ours@example.com");
        await push.Upstream.MakeUserAsync("owner@example.com");
        await push.PutAsync();
        // Somebody there has put a person into it whom the gateway knows, and who is not of the department.
        push.Target.AddGroup("Team", FakeTarget.Text(push.Target.User("owner@example.com")!, "id")!);
        await push.Upstream.MakeGroupAsync("Team", ours);
        await push.TellAsPlatformAsync();
        await push.PutAsync(groups: "departments");
        Assert.Equal(["ours@example.com", "owner@example.com"], push.Target.MembersOf("Team"));
        await push.WriteAsync("DELETE FROM directory_membership");
        await push.SyncAsync();
        await push.SettledAsync();
        Assert.Equal(["owner@example.com"], push.Target.MembersOf("Team"));
    }

    [Fact]
    public async Task An_upstream_gets_no_group_of_the_targets_own_by_its_name()
    {
        await using var push = await PushFixture.StartAsync();
        var ours = await push.Upstream.MakeUserAsync("ours@example.com");
        var group = push.Target.AddGroup("Admins", push.Target.Add("boss@example.com", "x"));
        var admins = await push.Upstream.MakeGroupAsync("Admins", ours);
        var target = await push.PutAsync(groups: "departments");
        var failure = PushFixture.FailureOf(target, admins);
        Assert.Equal(("taken", "externalId = department-" + admins),
            (failure.GetProperty("reason").GetString(), failure.GetProperty("detail").GetString()));
        Assert.Equal(["boss@example.com"], push.Target.MembersOf("Admins"));
        Assert.DoesNotContain(push.Target.Writes, w => w.Path.StartsWith("/Groups/", StringComparison.Ordinal));
        // An administrator of the target says that it is theirs.
        push.Target.Groups[group]["externalId"] = "department-" + admins;
        await push.SyncAsync();
        await push.SettledAsync();
        Assert.Equal(["boss@example.com", "ours@example.com"], push.Target.MembersOf("Admins"));
    }

    [Fact]
    public async Task A_group_that_vanished_is_made_again_with_its_members()
    {
        await using var push = await PushFixture.StartAsync();
        var one = await push.Upstream.MakeUserAsync("one@example.com");
        var two = await push.Upstream.MakeUserAsync("two@example.com");
        var team = await push.Upstream.MakeGroupAsync("Team", one);
        await push.PutAsync(groups: "departments");
        push.Target.Groups.Clear();
        await push.Upstream.PatchAsync("/Groups/" + team, $$"""{"op":"add","path":"members","value":[{"value":"{{two}}"}]}""");
        await push.SettledAsync();
        Assert.Equal(["one@example.com", "two@example.com"], push.Target.MembersOf("Team"));
    }

    [Fact]
    public async Task Groups_that_failed_are_left_alone_once_no_groups_are_pushed()
    {
        await using var push = await PushFixture.StartAsync();
        push.Target.Odd = r => r.Method == "POST" && r.Path == "/Groups" ? (400, FakeTarget.Error(400, "invalidValue", "no groups here"), null) : null;
        await push.Upstream.MakeGroupAsync("Team", await push.Upstream.MakeUserAsync("one@example.com"));
        Assert.Equal(1, PushFixture.Count(await push.PutAsync(groups: "departments"), "failing"));
        await push.WriteAsync("UPDATE scim_resource SET not_before = 1 WHERE kind = 'group'");
        Assert.Equal(0, PushFixture.Count(await push.PutAsync(groups: "none"), "failing"));
        var asked = push.Target.Requests.Count(r => r.Path == "/Groups");
        await push.Upstream.MakeUserAsync("two@example.com");
        await push.SettledAsync();
        Assert.Equal((2, asked), (push.Target.Users.Count, push.Target.Requests.Count(r => r.Path == "/Groups")));
    }

    [Fact]
    public async Task Two_departments_of_one_name_are_two_groups()
    {
        await using var push = await PushFixture.StartAsync();
        var one = await push.Upstream.MakeUserAsync("one@example.com");
        await push.Upstream.MakeGroupAsync("Team", one);
        var second = await push.Upstream.MakeGroupAsync("team");
        var target = await push.PutAsync(groups: "departments");
        Assert.Equal(0, PushFixture.Count(target, "failing"));
        Assert.NotNull(push.Target.Group("Team"));
        Assert.NotNull(push.Target.Group($"team ({second})"));
    }
}
