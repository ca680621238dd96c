using System.Text.Json;
using Larkspur.Gateway.Tests.Messages;
using Larkspur.Testing;

namespace Larkspur.Gateway.Tests.People.ScimTargets;

/// <summary>People reach a target, change there, and are deactivated when they leave.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class UserPushTests
{
    [Fact]
    public async Task People_are_made_changed_and_deactivated_and_an_unchanged_sync_writes_nothing()
    {
        await using var push = await PushFixture.StartAsync();
        var alice = await push.Upstream.MakeUserAsync("alice@example.com");
        var target = await push.PutAsync();
        Assert.Equal(("active", 1L, 0L), (target.GetProperty("state").GetString(), PushFixture.Count(target, "users"), PushFixture.Count(target, "failing")));
        var made = push.Target.User("alice@example.com")!;
        Assert.Equal(alice, FakeTarget.Text(made, "externalId"));
        Assert.Equal(("Ann", "Lee"), (FakeTarget.Text(made["name"]!, "givenName"), FakeTarget.Text(made["name"]!, "familyName")));
        Assert.True(push.Target.IsActive("alice@example.com"));
        Assert.False(target.TryGetProperty("token", out _));
        Assert.DoesNotContain(FakeTarget.Token, target.GetRawText(), StringComparison.Ordinal);

        // By itself, whatever it is: a newcomer, a change, somebody who leaves and comes back.
        var bob = await push.Upstream.MakeUserAsync("bob@example.com");
        await push.PatchUserAsync(alice, """{"op":"replace","path":"title","value":"Head of Purchasing"}""");
        await push.SettledAsync();
        Assert.Equal("Head of Purchasing", FakeTarget.Text(push.Target.User("alice@example.com")!, "title"));
        Assert.True(push.Target.IsActive("bob@example.com"));
        await push.FreezeAsync(bob);
        await push.SettledAsync();
        Assert.False(push.Target.IsActive("bob@example.com"));
        Assert.Equal(0, push.Target.Writes.Count(w => w.Method == "DELETE"));

        var (writes, rows) = (push.Target.Writes.Count(), await RowsAsync(push));
        Assert.Equal(202, (await push.SyncAsync()).Status);
        await push.SettledAsync();
        Assert.Equal((writes, rows), (push.Target.Writes.Count(), await RowsAsync(push)));

        await push.PatchUserAsync(bob, """{"op":"replace","path":"active","value":true}""");
        await push.SettledAsync();
        Assert.True(push.Target.IsActive("bob@example.com"));
        Assert.Equal(2, push.Target.Users.Count);
    }

    [Fact]
    public async Task A_change_is_only_what_changed()
    {
        await using var push = await PushFixture.StartAsync();
        var id = await push.Upstream.MakeUserAsync("alice@example.com");
        await push.PutAsync();
        push.Target.Users.Values.Single()["nickName"] = "Al";
        await push.PatchUserAsync(id, """{"op":"replace","path":"title","value":"Boss"}""");
        await push.SettledAsync();
        var patch = Assert.Single(push.Target.Writes, w => w.Method == "PATCH");
        var operation = Assert.Single(patch.Body!["Operations"]!.AsArray())!;
        Assert.Equal(("replace", "title", "Boss"), (FakeTarget.Text(operation, "op"), FakeTarget.Text(operation, "path"), FakeTarget.Text(operation, "value")));
        Assert.Equal("Al", FakeTarget.Text(push.Target.User("alice@example.com")!, "nickName"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("ignores filters")]
    [InlineData("tells cases apart")]
    public async Task An_account_that_is_there_is_matched_in_any_case_whatever_filters_do(string odd)
    {
        await using var push = await PushFixture.StartAsync();
        push.Target.IgnoresFilters = odd == "ignores filters";
        push.Target.TellsCasesApart = odd == "tells cases apart";
        for (var i = 0; i < 250; i++) push.Target.Add($"other{i}@example.com", "other-" + i);
        var there = push.Target.Add("Alice@Example.com");
        for (var i = 250; i < 300; i++) push.Target.Add($"other{i}@example.com", "other-" + i);
        var alice = await push.Upstream.MakeUserAsync("alice@example.com");
        await push.Upstream.MakeUserAsync("bob@example.com");
        await push.TellAsPlatformAsync();
        var target = await push.PutAsync();
        Assert.Equal((2L, 0L), (PushFixture.Count(target, "users"), PushFixture.Count(target, "failing")));
        Assert.Equal(302, push.Target.Users.Count);
        Assert.Equal(alice, FakeTarget.Text(push.Target.Users[there], "externalId"));
        Assert.Equal("kept", FakeTarget.Text(push.Target.Users[there], "nickName"));
        // What was found is what was asked for: nobody else was touched.
        Assert.All(push.Target.Users.Values.Where(u => FakeTarget.Text(u, "externalId")!.StartsWith("other-", StringComparison.Ordinal)),
            u => Assert.False(u.ContainsKey("displayName")));
    }

    [Fact]
    public async Task Nobody_elses_account_is_taken_over()
    {
        await using var push = await PushFixture.StartAsync();
        var other = push.Target.Add("alice@example.com", "somebody-else");
        push.Target.Add("bob@example.com");
        push.Target.Add("BOB@example.com");
        var alice = await push.Upstream.MakeUserAsync("alice@example.com");
        var bob = await push.Upstream.MakeUserAsync("bob@example.com");
        await push.Upstream.MakeUserAsync("carol@example.com");
        var target = await push.PutAsync();
        Assert.Equal((1L, 2L), (PushFixture.Count(target, "users"), PushFixture.Count(target, "failing")));
        var taken = PushFixture.FailureOf(target, alice);
        Assert.Equal(("taken", "somebody-else"), (taken.GetProperty("reason").GetString(), taken.GetProperty("detail").GetString()));
        Assert.Equal("duplicates", PushFixture.FailureOf(target, bob).GetProperty("reason").GetString());
        Assert.Equal("somebody-else", FakeTarget.Text(push.Target.Users[other], "externalId"));
        Assert.Equal(4, push.Target.Users.Count);
        Assert.Single(push.Target.Writes);
    }

    [Fact]
    public async Task An_upstream_gets_no_account_of_the_targets_own_by_its_name()
    {
        await using var push = await PushFixture.StartAsync();
        var there = push.Target.Add("boss@example.com");
        var boss = await push.Upstream.MakeUserAsync("boss@example.com");
        var taken = PushFixture.FailureOf(await push.PutAsync(), boss);
        Assert.Equal(("taken", "externalId = " + boss), (taken.GetProperty("reason").GetString(), taken.GetProperty("detail").GetString()));
        Assert.Contains("an administrator sets its externalId", taken.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Empty(push.Target.Writes);
        var dry = await push.DryRunAsync();
        Assert.Equal((0L, 1L), (PushFixture.Count(dry, "adopted"), PushFixture.Count(dry, "left_out")));
        // An administrator of the target says that it is theirs.
        push.Target.Users[there]["externalId"] = boss;
        await push.SyncAsync();
        var target = await push.SettledAsync();
        Assert.Equal((1L, 0L, 1), (PushFixture.Count(target, "users"), PushFixture.Count(target, "failing"), push.Target.Users.Count));
    }

    [Fact]
    public async Task A_name_that_somebody_wrote_by_hand_gets_no_account_and_one_that_is_off_stays_off()
    {
        await using var push = await PushFixture.StartAsync();
        push.Target.Add("E1", active: false);
        push.Target.Add("E2");
        var there = push.Target.Add("e3");
        var ids = new List<string>();
        foreach (var name in (string[])["one", "two", "three"]) ids.Add(await push.Upstream.MakeUserAsync(name + "@example.com"));
        await push.PatchUserAsync(ids[0], Number("E1"));
        await push.PatchUserAsync(ids[2], Number("E3"));
        await push.TellAsPlatformAsync();
        await push.Gateway.RestAsync(HttpMethod.Patch, "/people/" + ids[1], new { fields = new { employee_no = "E2" } });
        var target = await push.PutAsync("employee_no");
        Assert.Equal((1L, 2L), (PushFixture.Count(target, "users"), PushFixture.Count(target, "failing")));
        Assert.Equal("active = false", PushFixture.FailureOf(target, ids[0]).GetProperty("detail").GetString());
        Assert.Equal("externalId = " + ids[1], PushFixture.FailureOf(target, ids[1]).GetProperty("detail").GetString());
        Assert.Equal(ids[2], FakeTarget.Text(push.Target.Users[there], "externalId"));
        Assert.False(push.Target.IsActive("E1"));
        Assert.All(push.Target.Writes, w => Assert.Equal("/Users/" + there, w.Path));

        static string Number(string value) =>
            $$"""{"op":"add","path":"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:employeeNumber","value":"{{value}}"}""";
    }

    [Fact]
    public async Task A_target_without_PATCH_gets_PUT_and_that_is_remembered()
    {
        await using var push = await PushFixture.StartAsync();
        push.Target.HidesThatItLacksPatch = true;
        var id = await push.Upstream.MakeUserAsync("alice@example.com");
        var target = await push.PutAsync();
        Assert.True(target.GetProperty("patch").GetBoolean());
        push.Target.Users.Values.Single()["nickName"] = "Al";
        await push.PatchUserAsync(id, """{"op":"replace","path":"title","value":"Boss"}""");
        target = await push.SettledAsync();
        Assert.False(target.GetProperty("patch").GetBoolean());
        Assert.Equal(("Boss", "Al"), (FakeTarget.Text(push.Target.User("alice@example.com")!, "title"), FakeTarget.Text(push.Target.User("alice@example.com")!, "nickName")));
        await push.FreezeAsync(id);
        await push.SettledAsync();
        Assert.False(push.Target.IsActive("alice@example.com"));
        Assert.Equal("Boss", FakeTarget.Text(push.Target.User("alice@example.com")!, "title"));
        Assert.Single(push.Target.Requests, r => r.Method == "PATCH");
    }

    [Fact]
    public async Task Truth_as_a_text_is_understood_and_not_written_again()
    {
        await using var push = await PushFixture.StartAsync();
        push.Target.WritesTruthAsText = true;
        await push.Upstream.MakeUserAsync("alice@example.com");
        await push.PutAsync();
        var writes = push.Target.Writes.Count();
        // Ids forgotten, as with a database of before: everybody is found again, and is as they should be.
        await push.WriteAsync("DELETE FROM scim_resource");
        await push.SyncAsync();
        var target = await push.SettledAsync();
        Assert.Equal((writes, 1L), (push.Target.Writes.Count(), PushFixture.Count(target, "users")));
    }

    [Fact]
    public async Task Who_vanished_at_the_target_is_made_again_and_who_left_then_is_not()
    {
        await using var push = await PushFixture.StartAsync();
        var alice = await push.Upstream.MakeUserAsync("alice@example.com");
        var bob = await push.Upstream.MakeUserAsync("bob@example.com");
        await push.PutAsync();
        push.Target.Users.Clear();
        await push.PatchUserAsync(alice, """{"op":"replace","path":"title","value":"Boss"}""");
        await push.FreezeAsync(bob);
        var target = await push.SettledAsync();
        Assert.Equal((1L, 0L), (PushFixture.Count(target, "users"), PushFixture.Count(target, "failing")));
        Assert.Equal("Boss", FakeTarget.Text(push.Target.User("alice@example.com")!, "title"));
        Assert.Null(push.Target.User("bob@example.com"));
    }

    [Fact]
    public async Task Who_has_left_before_or_has_no_name_is_left_out()
    {
        await using var push = await PushFixture.StartAsync();
        var gone = await push.Upstream.MakeUserAsync("gone@example.com");
        await push.FreezeAsync(gone);
        var alice = await push.Upstream.MakeUserAsync("alice@example.com");
        await push.PatchUserAsync(alice, """{"op":"add","path":"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:employeeNumber","value":"E1"}""");
        var bob = await push.Upstream.MakeUserAsync("bob@example.com");
        var target = await push.PutAsync("employee_no");
        Assert.Equal((1L, 1L, 0L), (PushFixture.Count(target, "users"), PushFixture.Count(target, "left_out"), PushFixture.Count(target, "failing")));
        Assert.NotNull(push.Target.User("E1"));
        var left = PushFixture.FailureOf(target, bob);
        Assert.Equal(("no_user_name", true), (left.GetProperty("reason").GetString(), left.GetProperty("left_out").GetBoolean()));
        Assert.Contains("userName", left.GetProperty("message").GetString(), StringComparison.Ordinal);
        // And is pushed once they have one.
        await push.Gateway.RestAsync(HttpMethod.Patch, "/people/" + bob, new { fields = new { employee_no = "E2" } });
        target = await push.SettledAsync();
        Assert.NotNull(push.Target.User("E2"));
        Assert.Equal(0, PushFixture.Count(target, "left_out"));
    }

    [Fact]
    public async Task A_person_whom_an_administrator_shuts_out_is_deactivated()
    {
        await using var push = await PushFixture.StartAsync();
        var alice = await push.Upstream.MakeUserAsync("alice@example.com");
        await push.PutAsync();
        await push.Gateway.PostRestAsync($"/people/{alice}/disable", null);
        await push.SettledAsync();
        Assert.False(push.Target.IsActive("alice@example.com"));
        await push.Gateway.PostRestAsync($"/people/{alice}/enable", null);
        await push.SettledAsync();
        Assert.True(push.Target.IsActive("alice@example.com"));
    }

    [Fact]
    public async Task Of_two_who_become_one_the_other_account_is_deactivated_and_comes_back_with_them()
    {
        await using var push = await PushFixture.StartAsync();
        var one = await push.Upstream.MakeUserAsync("one@example.com");
        var other = await push.Upstream.MakeUserAsync("other@example.com");
        await push.PutAsync();
        var merged = await push.Gateway.PostRestAsync($"/people/{one}/merge", new { from = other });
        Assert.True(merged.Status == 200, merged.ToString());
        await push.SettledAsync();
        Assert.Equal((true, false), (push.Target.IsActive("one@example.com"), push.Target.IsActive("other@example.com")));
        var join = merged.Body.GetProperty("joins")[0].GetProperty("id").GetString();
        var undone = await push.Gateway.PostRestAsync($"/people/{one}/unlink", new { join });
        Assert.True(undone.Status == 200, undone.ToString());
        await push.SettledAsync();
        Assert.Equal((true, true), (push.Target.IsActive("one@example.com"), push.Target.IsActive("other@example.com")));
        Assert.Equal(2, push.Target.Users.Count);
    }

    [Fact]
    public async Task An_account_that_is_taken_off_a_person_takes_its_account_at_the_target_along()
    {
        await using var push = await PushFixture.StartAsync();
        var one = await push.Upstream.MakeUserAsync("one@example.com");
        var other = await push.Upstream.MakeUserAsync("other@example.com");
        await push.PutAsync();
        await push.Gateway.PostRestAsync($"/people/{one}/merge", new { from = other });
        await push.SettledAsync();
        var accounts = (await push.Gateway.GetRestAsync("/people/" + one)).Body.GetProperty("accounts").EnumerateArray();
        var account = accounts.Single(a => a.GetProperty("email").GetString() == "other@example.com").GetProperty("id").GetInt64();
        var unlinked = await push.Gateway.PostRestAsync($"/people/{one}/unlink", new { account });
        Assert.True(unlinked.Status == 200, unlinked.ToString());
        var target = await push.SettledAsync();
        Assert.Equal((2L, 0L, 2), (PushFixture.Count(target, "users"), PushFixture.Count(target, "failing"), push.Target.Users.Count));
        Assert.True(push.Target.IsActive("other@example.com"));
        Assert.Equal(unlinked.Body.GetProperty("unlinked").GetProperty("id").GetString(), FakeTarget.Text(push.Target.User("other@example.com")!, "externalId"));
    }

    [Fact]
    public async Task A_newcomer_gets_nothing_of_one_who_was_deleted_and_had_the_name()
    {
        await using var push = await PushFixture.StartAsync();
        var former = await push.Upstream.MakeUserAsync("alice@example.com");
        await push.PutAsync();
        await push.Upstream.DeleteAsync("/Users/" + former);
        await push.SettledAsync();
        Assert.False(push.Target.IsActive("alice@example.com"));
        var newcomer = await push.Upstream.MakeUserAsync("alice@example.com");
        Assert.NotEqual(former, newcomer);
        var taken = PushFixture.FailureOf(await push.SettledAsync(), newcomer);
        Assert.Equal(("taken", former), (taken.GetProperty("reason").GetString(), taken.GetProperty("detail").GetString()));
        Assert.False(push.Target.IsActive("alice@example.com"));
        Assert.Equal(former, FakeTarget.Text(push.Target.User("alice@example.com")!, "externalId"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Who_became_one_with_a_visitor_gets_the_account_back_with_the_entry(bool undo)
    {
        await using var push = await PushFixture.StartAsync();
        var alice = await push.Upstream.MakeUserAsync("alice@example.com");
        await push.PutAsync();
        var visitor = await push.VisitorAsync();
        var merged = await push.Gateway.PostRestAsync($"/people/{visitor}/merge", new { from = alice });
        Assert.True(merged.Status == 200, merged.ToString());
        var target = await push.SettledAsync();
        Assert.Equal((1L, 0L), (PushFixture.Count(target, "users"), PushFixture.Count(target, "failing")));
        Assert.Equal(visitor, FakeTarget.Text(push.Target.User("alice@example.com")!, "externalId"));
        object how = undo
            ? new { join = merged.Body.GetProperty("joins")[0].GetProperty("id").GetString() }
            : new { account = await AccountAsync() };
        var parted = await push.Gateway.PostRestAsync($"/people/{visitor}/unlink", how);
        Assert.True(parted.Status == 200, parted.ToString());
        var now = undo ? alice : parted.Body.GetProperty("unlinked").GetProperty("id").GetString();
        target = await push.SettledAsync();
        Assert.Equal((1L, 0L, 0L),
            (PushFixture.Count(target, "users"), PushFixture.Count(target, "failing"), PushFixture.Count(target, "deactivated")));
        Assert.Equal(now, FakeTarget.Text(Assert.Single(push.Target.Users.Values), "externalId"));
        Assert.True(push.Target.IsActive("alice@example.com"));

        async Task<long> AccountAsync() =>
            (await push.Gateway.GetRestAsync("/people/" + visitor)).Body.GetProperty("accounts").EnumerateArray()
            .Single(a => a.TryGetProperty("email", out var email) && email.GetString() == "alice@example.com").GetProperty("id").GetInt64();
    }

    [Fact]
    public async Task Where_there_is_nobody_nobody_is_looked_for_and_who_is_hidden_there_is_found_by_the_conflict()
    {
        await using var push = await PushFixture.StartAsync();
        for (var i = 0; i < 20; i++) await push.Upstream.MakeUserAsync($"p{i}@example.com");
        await push.TellAsPlatformAsync();
        var there = push.Target.Add("P7@example.com");
        // Lists show nobody; a question about somebody is answered.
        push.Target.Odd = r => r.Method == "GET" && r.Path == "/Users" && !r.Query.Contains("filter", StringComparison.Ordinal)
            ? (200, """{"totalResults":0,"Resources":[]}""", null) : null;
        var target = await push.PutAsync();
        Assert.Equal((20L, 0L, 20), (PushFixture.Count(target, "users"), PushFixture.Count(target, "failing"), push.Target.Users.Count));
        Assert.StartsWith("pe_", FakeTarget.Text(push.Target.Users[there], "externalId"), StringComparison.Ordinal);
        Assert.InRange(push.Target.Requests.Count(r => r.Query.Contains("filter", StringComparison.Ordinal)), 2, 30);
    }

    [Fact]
    public async Task Names_of_leavers_are_forgotten_after_a_time_and_they_come_back_as_who_they_were()
    {
        await using var push = await PushFixture.StartAsync();
        var alice = await push.Upstream.MakeUserAsync("alice@example.com");
        await push.PutAsync();
        await push.FreezeAsync(alice);
        await push.SettledAsync();
        await push.WriteAsync("UPDATE scim_resource SET changed_at = 1");
        await push.Gateway.PostRestAsync("/schedules/retention/run", null);
        await push.HoldsAsync(async () => await push.NumberAsync("SELECT COUNT(*) FROM scim_resource WHERE name IS NULL") == 1);
        await push.PatchUserAsync(alice, """{"op":"replace","path":"active","value":true}""");
        await push.SettledAsync();
        Assert.True(push.Target.IsActive("alice@example.com"));
        Assert.Single(push.Target.Users);
    }

    [Fact]
    public async Task Two_people_of_one_address_are_one_account_and_the_second_is_told_of()
    {
        await using var push = await PushFixture.StartAsync();
        var one = await push.Upstream.MakeUserAsync("one@example.com");
        var other = await push.Upstream.MakeUserAsync("other@example.com");
        await push.PatchUserAsync(other, """{"op":"replace","path":"emails","value":[{"type":"work","value":"ONE@example.com"}]}""");
        var target = await push.PutAsync();
        Assert.Equal((1L, 1L), (PushFixture.Count(target, "users"), PushFixture.Count(target, "left_out")));
        Assert.Equal(("duplicate", one), (PushFixture.FailureOf(target, other).GetProperty("reason").GetString(),
            PushFixture.FailureOf(target, other).GetProperty("detail").GetString()));
        Assert.Single(push.Target.Users);
    }

    /// <summary>Everything that a sync may write, but for when everything was compared.</summary>
    private static async Task<string> RowsAsync(PushFixture push) => string.Join('|', await push.Database.ReadAsync(sql => sql.QueryAsync("""
        SELECT (SELECT COUNT(*) FROM scim_resource), (SELECT MAX(changed_at) FROM scim_resource), (SELECT MAX(no) FROM scim_change),
          (SELECT COUNT(*) FROM outbox), (SELECT COUNT(*) FROM directory_change), (SELECT seen FROM scim_target)
        """, static row => string.Join(',', Enumerable.Range(0, 6).Select(i => row.IsDBNull(i) ? "" : row.GetInt64(i).ToString(System.Globalization.CultureInfo.InvariantCulture))))));
}
