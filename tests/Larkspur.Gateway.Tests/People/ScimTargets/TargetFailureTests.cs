using System.Text.Json;
using Larkspur.Gateway.People.ScimTargets.Calls;
using Larkspur.Gateway.People.ScimTargets.Pushing;
using Larkspur.Gateway.People.ScimTargets.Rows;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Tests.Messages;
using Larkspur.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Gateway.Tests.People.ScimTargets;

/// <summary>What a target does wrong holds up nobody whom it does not concern, and is said.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class TargetFailureTests
{
    [Fact]
    public async Task One_whom_the_target_refuses_or_fails_at_keeps_nobody_waiting()
    {
        await using var push = await PushFixture.StartAsync();
        push.Target.Odd = r => r.Method != "POST" ? null : FakeTarget.Text(r.Body!, "userName") switch
        {
            "bad@example.com" => (400, FakeTarget.Error(400, "invalidValue", $"No such title; you sent {FakeTarget.Token}"), null),
            "sick@example.com" => (500, "<html>oops</html>", null),
            _ => null,
        };
        var bad = await push.Upstream.MakeUserAsync("bad@example.com");
        var sick = await push.Upstream.MakeUserAsync("sick@example.com");
        for (var i = 0; i < 12; i++) await push.Upstream.MakeUserAsync($"well{i}@example.com");
        var target = await push.PutAsync();
        Assert.Equal(("active", 12L, 2L), (target.GetProperty("state").GetString(), PushFixture.Count(target, "users"), PushFixture.Count(target, "failing")));
        var refused = PushFixture.FailureOf(target, bad);
        Assert.Equal((400, "invalidValue", 1), (refused.GetProperty("status").GetInt32(), refused.GetProperty("scim_type").GetString(), refused.GetProperty("tries").GetInt32()));
        Assert.Contains("It answered 400: invalidValue: No such title", refused.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Contains("目标返回 400", refused.GetProperty("message_zh").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain(FakeTarget.Token, target.GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain(FakeTarget.Token, push.Gateway.Logs.Text, StringComparison.Ordinal);
        Assert.Equal(500, PushFixture.FailureOf(target, sick).GetProperty("status").GetInt32());
        Assert.InRange(refused.GetProperty("next_try_at").GetDateTimeOffset() - refused.GetProperty("at").GetDateTimeOffset(), TimeSpan.FromSeconds(29), TimeSpan.FromSeconds(31));

        // Mended, they come by themselves when their time has come.
        push.Target.Odd = static _ => null;
        await push.WriteAsync("UPDATE scim_resource SET not_before = 1 WHERE not_before IS NOT NULL");
        await push.HoldsAsync(async () => PushFixture.Count(await push.ShowAsync(), "failing") == 0);
        Assert.Equal(14, push.Target.Users.Count);
    }

    [Theory]
    [InlineData(401, "unauthorized")]
    [InlineData(403, "forbidden")]
    public async Task A_token_that_is_not_taken_pauses_the_target_until_somebody_mends_it(int status, string reason)
    {
        await using var push = await PushFixture.StartAsync();
        await push.Upstream.MakeUserAsync("alice@example.com");
        push.Target.Odd = _ => (status, FakeTarget.Error(status, null, "go away"), null);
        var target = await push.PutAsync();
        Assert.Equal(("paused", reason), (target.GetProperty("state").GetString(), target.GetProperty("reason").GetString()));
        Assert.Contains("token", target.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Null, target.GetProperty("next_try_at").ValueKind);
        Assert.Single(push.Target.Requests);
        push.Target.Odd = static _ => null;
        await push.Gateway.RestAsync(HttpMethod.Put, "/scim-targets/tool", new { token = FakeTarget.Token });
        target = await push.SettledAsync();
        Assert.Equal(("active", 1L), (target.GetProperty("state").GetString(), PushFixture.Count(target, "users")));
    }

    [Theory]
    [InlineData(403, "not_allowed")]
    [InlineData(307, "refused")]
    public async Task One_account_that_is_protected_there_keeps_nobody_active_who_has_left(int status, string reason)
    {
        await using var push = await PushFixture.StartAsync();
        var owner = await push.Upstream.MakeUserAsync("owner@example.com");
        var alice = await push.Upstream.MakeUserAsync("alice@example.com");
        await push.PutAsync();
        var address = "/Users/" + FakeTarget.Text(push.Target.User("owner@example.com")!, "id");
        push.Target.Odd = r => r.IsWrite && r.Path == address ? (status, FakeTarget.Error(status, null, "owners stay"), null) : null;
        await push.FreezeAsync(owner);
        await push.FreezeAsync(alice);
        var target = await push.SettledAsync();
        Assert.Equal(("active", false), (target.GetProperty("state").GetString(), push.Target.IsActive("alice@example.com")));
        var failure = PushFixture.FailureOf(target, owner);
        Assert.Equal((reason, status, 1),
            (failure.GetProperty("reason").GetString(), failure.GetProperty("status").GetInt32(), failure.GetProperty("tries").GetInt32()));
        Assert.NotEqual(JsonValueKind.Undefined, failure.GetProperty("next_try_at").ValueKind);
        // A token that is not taken any more is another thing, whatever is refused first.
        push.Target.Odd = r => r.Path == "/ServiceProviderConfig" ? null : (status, "", null);
        await push.Upstream.MakeUserAsync("bob@example.com");
        target = await push.SettledAsync();
        Assert.Equal(status == 403 ? ("paused", "forbidden") : ("away", "redirected"),
            (target.GetProperty("state").GetString(), target.GetProperty("reason").GetString()));
    }

    [Theory]
    [InlineData(404)]
    [InlineData(405)]
    [InlineData(501)]
    public async Task Groups_that_a_target_does_not_take_keep_no_people_waiting(int status)
    {
        await using var push = await PushFixture.StartAsync();
        push.Target.Odd = r => r.Path == "/Groups" && r.IsWrite ? (status, FakeTarget.Error(status, null, "no groups"), null) : null;
        var team = await push.Upstream.MakeGroupAsync("Team", await push.Upstream.MakeUserAsync("alice@example.com"));
        var target = await push.PutAsync(groups: "departments");
        Assert.Equal("active", target.GetProperty("state").GetString());
        Assert.Equal("not_supported", PushFixture.FailureOf(target, team).GetProperty("reason").GetString());
        await push.Upstream.MakeUserAsync("bob@example.com");
        await push.SettledAsync();
        Assert.Equal(2, push.Target.Users.Count);
    }

    [Fact]
    public async Task Retry_After_is_kept_to_and_nobody_fails_by_it()
    {
        await using var push = await PushFixture.StartAsync();
        await push.Upstream.MakeUserAsync("alice@example.com");
        push.Target.Odd = r => r.Method == "POST" ? (429, FakeTarget.Error(429, null, "slow down"), "1800") : null;
        var target = await push.PutAsync();
        Assert.Equal(("away", "too_fast", 0L), (target.GetProperty("state").GetString(), target.GetProperty("reason").GetString(), PushFixture.Count(target, "failing")));
        var wait = target.GetProperty("next_try_at").GetDateTimeOffset() - DateTimeOffset.UtcNow;
        Assert.InRange(wait, TimeSpan.FromMinutes(28), TimeSpan.FromMinutes(31));
        push.Target.Odd = static _ => null;
        await push.WriteAsync("UPDATE scim_target SET not_before = 1");
        await push.HoldsAsync(() => Task.FromResult(push.Target.Users.Count == 1));
        target = await push.SettledAsync();
        Assert.Equal("active", target.GetProperty("state").GetString());
    }

    [Fact]
    public async Task A_target_that_fails_at_everybody_is_left_alone_for_a_while()
    {
        await using var push = await PushFixture.StartAsync();
        for (var i = 0; i < 30; i++) await push.Upstream.MakeUserAsync($"p{i}@example.com");
        push.Target.Odd = r => r.Path.StartsWith("/Users", StringComparison.Ordinal) ? (500, "", null) : null;
        var target = await push.PutAsync();
        Assert.Equal(("away", "away"), (target.GetProperty("state").GetString(), target.GetProperty("reason").GetString()));
        Assert.InRange(push.Target.Requests.Count, 3, 10);
        push.Target.Odd = static _ => null;
        Assert.Equal(202, (await push.SyncAsync()).Status);
        await push.HoldsAsync(() => Task.FromResult(push.Target.Users.Count == 30));
        target = await push.SettledAsync();
        Assert.Equal((30L, 0L), (PushFixture.Count(target, "users"), PushFixture.Count(target, "failing")));
    }

    [Theory]
    [InlineData("redirected")]
    [InlineData("not_scim")]
    public async Task A_redirect_is_not_followed_and_an_address_that_is_none_of_SCIM_is_said(string reason)
    {
        await using var push = await PushFixture.StartAsync();
        await push.Upstream.MakeUserAsync("alice@example.com");
        push.Target.Odd = r => reason == "redirected" ? (307, "", null) : (404, "not here", null);
        var target = await push.PutAsync();
        Assert.Equal(("away", reason), (target.GetProperty("state").GetString(), target.GetProperty("reason").GetString()));
    }

    [Fact]
    public async Task An_answer_without_end_or_without_sense_fails_one_and_costs_little()
    {
        await using var push = await PushFixture.StartAsync();
        var huge = new string('x', 6 << 20);
        push.Target.Odd = r => r.Method != "POST" ? null : FakeTarget.Text(r.Body!, "userName") switch
        {
            "huge@example.com" => (201, huge, null),
            "odd@example.com" => (200, "[1,2]", null),
            "half@example.com" => (200, "{\"id\":\"\\ud800\"}", null),
            "none@example.com" => (201, "", null),
            _ => null,
        };
        var ids = new Dictionary<string, string>();
        foreach (var name in (string[])["huge", "well1", "odd", "well2", "half", "well3", "none", "well4"])
            ids[name] = await push.Upstream.MakeUserAsync(name + "@example.com");
        var target = await push.PutAsync();
        Assert.Equal((4L, 4L), (PushFixture.Count(target, "users"), PushFixture.Count(target, "failing")));
        Assert.Equal(["bad_answer", "bad_answer", "no_id", "too_large"], new[] { "huge", "odd", "half", "none" }
            .Select(n => PushFixture.FailureOf(target, ids[n]).GetProperty("reason").GetString()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task An_id_without_end_and_an_answer_of_very_many_pieces_fail_one()
    {
        await using var push = await PushFixture.StartAsync();
        var pieces = $$"""{"id":"x","list":[{{string.Join(',', Enumerable.Repeat("1", 250_000))}}]}""";
        push.Target.Odd = r => r.Method != "POST" ? null : FakeTarget.Text(r.Body!, "userName") switch
        {
            "long@example.com" => (201, $$"""{"id":"{{new string('7', 1001)}}"}""", null),
            "many@example.com" => (201, pieces, null),
            _ => null,
        };
        var ids = new Dictionary<string, string>();
        foreach (var name in (string[])["long", "well1", "many", "well2"])
            ids[name] = await push.Upstream.MakeUserAsync(name + "@example.com");
        var target = await push.PutAsync();
        Assert.Equal((2L, 2L), (PushFixture.Count(target, "users"), PushFixture.Count(target, "failing")));
        Assert.Equal(("bad_answer", "too_large"), (PushFixture.FailureOf(target, ids["long"]).GetProperty("reason").GetString(),
            PushFixture.FailureOf(target, ids["many"]).GetProperty("reason").GetString()));
    }

    [Fact]
    public async Task A_target_that_cannot_be_asked_and_has_very_many_is_not_read_whole()
    {
        await using var push = await PushFixture.StartAsync();
        var page = 0;
        push.Target.Odd = r => r.Method != "GET" || r.Path != "/Users" ? null : (200,
            $$"""{"totalResults":9000000,"Resources":[{{string.Join(',', Enumerable.Range(Interlocked.Increment(ref page) * 20_000, 20_000)
                .Select(i => $$"""{"id":"i{{i}}","userName":"{{i}}"}"""))}}]}""", null);
        var alice = await push.Upstream.MakeUserAsync("alice@example.com");
        var target = await push.PutAsync();
        Assert.Equal("unfiltered", PushFixture.FailureOf(target, alice).GetProperty("reason").GetString());
        Assert.InRange(push.Target.Requests.Count, 5, 12);
    }

    [Fact]
    public async Task More_leavers_than_usual_wait_for_a_yes_and_others_go_on()
    {
        await using var push = await PushFixture.StartAsync();
        var ids = new List<string>();
        for (var i = 0; i < 12; i++) ids.Add(await push.Upstream.MakeUserAsync($"p{i}@example.com"));
        await push.PutAsync();
        // Nothing is sent while they leave: all of them are found at once.
        await push.WriteAsync("UPDATE scim_target SET not_before = 9000000000000");
        foreach (var id in ids.Take(6)) await push.FreezeAsync(id);
        await push.Upstream.MakeUserAsync("newcomer@example.com");
        await push.WriteAsync("UPDATE scim_target SET not_before = NULL");
        var target = await push.SettledAsync();
        Assert.Equal(("waiting", 6L), (target.GetProperty("state").GetString(), PushFixture.Count(target, "waiting")));
        Assert.Contains("6 people wait", target.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.True(push.Target.IsActive("p0@example.com"));
        Assert.True(push.Target.IsActive("newcomer@example.com"));
        // Who comes back waits no more; a sync without a yes deactivates nobody.
        await push.PatchUserAsync(ids[0], """{"op":"replace","path":"active","value":true}""");
        await push.SyncAsync();
        target = await push.SettledAsync();
        Assert.Equal(5L, PushFixture.Count(target, "waiting"));
        Assert.All(Enumerable.Range(0, 6), i => Assert.True(push.Target.IsActive($"p{i}@example.com")));
        Assert.Equal(202, (await push.SyncAsync(new { confirm = true })).Status);
        target = await push.SettledAsync();
        Assert.Equal(("active", 5L), (target.GetProperty("state").GetString(), PushFixture.Count(target, "deactivated")));
        Assert.Equal([true, false, false, false, false, false], Enumerable.Range(0, 6).Select(i => push.Target.IsActive($"p{i}@example.com")));
        // One more is not many, though six were confirmed a moment ago.
        await push.FreezeAsync(ids[0]);
        await push.SettledAsync();
        Assert.False(push.Target.IsActive("p0@example.com"));
    }

    [Fact]
    public async Task One_whom_the_target_never_deactivates_is_given_up_until_the_next_comparison()
    {
        await using var push = await PushFixture.StartAsync();
        var alice = await push.Upstream.MakeUserAsync("alice@example.com");
        await push.PutAsync();
        push.Target.Odd = r => r.Method == "PATCH" ? (400, FakeTarget.Error(400, null, "an owner stays"), null) : null;
        await push.FreezeAsync(alice);
        for (var tries = 1; tries <= 10; tries++)
        {
            var so = tries;
            await push.HoldsAsync(async () => await push.NumberAsync("SELECT tries FROM scim_resource") == so);
            Assert.Equal(so, push.Target.Requests.Count(r => r.Method == "PATCH"));
            await push.WriteAsync("UPDATE scim_resource SET not_before = 1 WHERE not_before IS NOT NULL");
        }

        // Nobody is due any more: neither who looks for work finds it, nor does one who works on somebody else.
        Assert.Empty(await push.Gateway.Services.GetRequiredService<TargetLeases>().DueAsync(TestContext.Current.CancellationToken));
        await push.Upstream.MakeUserAsync("bob@example.com");
        var target = await push.SettledAsync();
        Assert.True(push.Target.IsActive("bob@example.com"));
        Assert.Equal(10, push.Target.Requests.Count(r => r.Method == "PATCH"));
        Assert.Equal(10, PushFixture.FailureOf(target, alice).GetProperty("tries").GetInt32());
        push.Target.Odd = static _ => null;
        await push.SyncAsync();
        target = await push.SettledAsync();
        Assert.Equal((false, 0L), (push.Target.IsActive("alice@example.com"), PushFixture.Count(target, "failing")));
    }

    [Fact]
    public async Task Leavers_one_by_one_are_counted_together()
    {
        await using var push = await PushFixture.StartAsync();
        var ids = new List<string>();
        for (var i = 0; i < 12; i++) ids.Add(await push.Upstream.MakeUserAsync($"p{i}@example.com"));
        await push.PutAsync();
        foreach (var id in ids.Take(6))
        {
            await push.FreezeAsync(id);
            await push.SettledAsync();
        }

        var target = await push.ShowAsync();
        Assert.Equal(("waiting", 1L, 5L), (target.GetProperty("state").GetString(), PushFixture.Count(target, "waiting"), PushFixture.Count(target, "deactivated")));
    }

    [Fact]
    public async Task A_target_that_hangs_is_given_up_after_its_time_and_makes_nobody_twice()
    {
        await using var push = await PushFixture.StartAsync();
        var slow = await push.Upstream.MakeUserAsync("slow@example.com");
        await push.Upstream.MakeUserAsync("quick@example.com");
        // It has done what it was asked, and never says so.
        push.Target.Hangs = r =>
        {
            if (r.Method != "POST" || FakeTarget.Text(r.Body!, "userName") != "slow@example.com") return false;
            push.Target.Add("slow@example.com", FakeTarget.Text(r.Body!, "externalId"));
            return true;
        };
        var target = await push.PutAsync();
        Assert.Equal(("active", 1L, "timed_out"), (target.GetProperty("state").GetString(), PushFixture.Count(target, "users"),
            PushFixture.FailureOf(target, slow).GetProperty("reason").GetString()));
        push.Target.Hangs = static _ => false;
        await push.WriteAsync("UPDATE scim_resource SET not_before = 1 WHERE not_before IS NOT NULL");
        await push.HoldsAsync(async () => PushFixture.Count(await push.ShowAsync(), "failing") == 0);
        Assert.Equal((2, 2L), (push.Target.Users.Count, PushFixture.Count(await push.ShowAsync(), "users")));
    }

    [Fact]
    public async Task A_gateway_that_stops_in_the_middle_of_a_push_goes_on_afterwards_without_doubles()
    {
        await using var push = await PushFixture.StartAsync();
        for (var i = 0; i < 8; i++) await push.Upstream.MakeUserAsync($"p{i}@example.com");
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var posts = 0;
        // The third and those beside it are done there, and nobody hears of it: the gateway stops.
        push.Target.Hangs = r =>
        {
            if (r.Method != "POST" || Interlocked.Increment(ref posts) < 3) return false;
            push.Target.Add(FakeTarget.Text(r.Body!, "userName")!, FakeTarget.Text(r.Body!, "externalId"));
            reached.TrySetResult();
            return true;
        };
        await push.Gateway.RestAsync(HttpMethod.Put, "/scim-targets/tool", new { url = push.Target.Url, token = FakeTarget.Token });
        await push.HoldsAsync(() => Task.FromResult(reached.Task.IsCompleted));
        await push.RestartAsync();
        push.Target.Hangs = static _ => false;
        var target = await push.SettledAsync();
        await push.HoldsAsync(async () => PushFixture.Count(target = await push.ShowAsync(), "users") == 8);
        Assert.Equal((8, 0L), (push.Target.Users.Count, PushFixture.Count(target, "failing")));
        Assert.Equal(8, push.Target.Users.Values.Select(u => FakeTarget.Text(u, "userName")).Distinct().Count());
    }

    [Fact]
    public async Task A_process_that_lost_the_target_writes_nothing_more_and_another_goes_on()
    {
        await using var push = await PushFixture.StartAsync();
        for (var i = 0; i < 8; i++) await push.Upstream.MakeUserAsync($"p{i}@example.com");
        var (open, reached) = (new TaskCompletionSource(), new TaskCompletionSource());
        push.Target.Odd = r =>
        {
            if (r.Method == "POST")
            {
                reached.TrySetResult();
                // The answer is held back, not the test.
                open.Task.Wait(TimeSpan.FromSeconds(30));
            }

            return null;
        };
        await push.Gateway.RestAsync(HttpMethod.Put, "/scim-targets/tool", new { url = push.Target.Url, token = FakeTarget.Token });
        await push.HoldsAsync(() => Task.FromResult(reached.Task.IsCompleted));
        // As if this process had stood still for longer than its lease: another one has the target.
        await push.WriteAsync("UPDATE scim_target SET fence = fence + 1, lease_until = 9000000000000");
        push.Target.Odd = static _ => null;
        open.SetResult();
        await push.HoldsAsync(() => Task.FromResult(push.Gateway.Logs.Text.Contains("is gone on with elsewhere", StringComparison.Ordinal)));
        Assert.Equal(0, await push.NumberAsync("SELECT COUNT(*) FROM scim_resource"));
        // That one dies; who goes on finds what was made, and makes nobody twice.
        await push.WriteAsync("UPDATE scim_target SET lease_until = 0");
        var target = await push.SettledAsync();
        await push.HoldsAsync(async () => PushFixture.Count(await push.ShowAsync(), "users") == 8);
        Assert.Equal((8, 0L), (push.Target.Users.Count, PushFixture.Count(target, "failing")));
    }

    [Fact]
    public async Task What_a_process_writes_while_the_address_changes_is_forgotten_too()
    {
        await using var push = await PushFixture.StartAsync();
        await push.PutAsync();
        var leases = push.Gateway.Services.GetRequiredService<TargetLeases>();
        var id = await push.NumberAsync("SELECT id FROM scim_target");
        var held = (await leases.TakeAsync(id, TestContext.Current.CancellationToken))!;
        Task<RestAnswer>? change = null;
        await push.Database.TransactAsync(async unit =>
        {
            await TargetLeases.FenceAsync(unit, held);
            change ??= push.Gateway.RestAsync(HttpMethod.Put, "/scim-targets/tool",
                new { url = push.Target.Url + "/other", token = FakeTarget.Token });
            // On PostgreSQL the change has begun, and waits for this transaction; SQLite lets none begin.
            while (push.Database.Dialect == Dialect.Postgres
                && await unit.NumberAsync("SELECT COUNT(*) FROM pg_locks WHERE NOT granted") == 0)
            {
                Assert.False(change.IsCompleted);
                await Task.Yield();
            }

            await ResourceRows.WriteAsync(unit, id, new ResourceRow(ResourceKinds.User, "pe_old") { RemoteId = "r1" },
                DateTimeOffset.UtcNow);
        }, TestContext.Current.CancellationToken);
        Assert.Equal(200, (await change!).Status);
        Assert.Equal(0, await push.NumberAsync("SELECT COUNT(*) FROM scim_resource WHERE item = 'pe_old'"));
    }

    [Fact]
    public async Task A_target_leaves_the_others_their_turn_after_a_minute()
    {
        await using var push = await PushFixture.StartAsync();
        await push.PutAsync();
        var services = push.Gateway.Services;
        var (leases, clock, signal) = (services.GetRequiredService<TargetLeases>(), new ShiftingClock(), new TargetSignal());
        var held = (await leases.TakeAsync(await push.NumberAsync("SELECT id FROM scim_target"), TestContext.Current.CancellationToken))!;
        var run = new TargetRun(held, new TargetAccess(push.Target.Url, FakeTarget.Token), services.GetRequiredService<TargetCalls>(),
            leases, push.Database, signal, clock);
        signal.OthersWait = true;
        run.GoOn();
        clock.Shift(TargetRun.Turn + TimeSpan.FromSeconds(1));
        Assert.Throws<TurnEndedException>(run.GoOn);
        signal.OthersWait = false;
        run.GoOn();
    }

    [Fact]
    public async Task Twelve_targets_that_are_due_at_once_all_have_their_turn()
    {
        await using var push = await PushFixture.StartAsync();
        await push.Upstream.MakeUserAsync("alice@example.com");
        for (var i = 0; i < 12; i++)
            Assert.Equal(201, (await push.Gateway.RestAsync(HttpMethod.Put, $"/scim-targets/t{i}",
                new { url = push.Target.Url, token = FakeTarget.Token })).Status);
        await push.HoldsAsync(async () => await push.NumberAsync("SELECT COUNT(*) FROM scim_resource WHERE remote_id IS NOT NULL") == 12);
        Assert.Single(push.Target.Users);
    }

    [Fact]
    public async Task A_target_is_taken_by_one_process_alone()
    {
        await using var push = await PushFixture.StartAsync();
        await push.PutAsync();
        var leases = push.Gateway.Services.GetRequiredService<TargetLeases>();
        var id = await push.NumberAsync("SELECT id FROM scim_target");
        var taken = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => leases.TakeAsync(id, TestContext.Current.CancellationToken)));
        Assert.Single(taken, t => t is not null);
    }
}
