using System.Text.Json;
using Larkspur.Gateway.Common.Egress;
using Larkspur.Gateway.Tests.Api;
using Larkspur.Gateway.Tests.Messages;
using Larkspur.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Gateway.Tests.People.ScimTargets;

/// <summary>Targets over REST: what may be entered, what is shown, and what a sync would do.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class TargetRestTests
{
    [Fact]
    public async Task Bad_input_is_refused_with_what_to_do()
    {
        await using var push = await PushFixture.StartAsync();
        await RefusedAsync(push, new { token = "t" }, 400, "missing", "/url");
        await RefusedAsync(push, new { url = push.Target.Url }, 400, "missing", "/token");
        await RefusedAsync(push, new { url = "ftp://example.com", token = "t" }, 422, "bad_url", "/url");
        await RefusedAsync(push, new { url = "http://8.8.8.8/scim", token = "t" }, 422, "bad_url", "/url");
        await RefusedAsync(push, new { url = "https://10.0.0.1/scim", token = "t" }, 422, "bad_url", "/url");
        await RefusedAsync(push, new { url = "https://169.254.169.254/scim", token = "t" }, 422, "bad_url", "/url");
        await RefusedAsync(push, new { url = "https://user:pw@example.com/scim", token = "t" }, 422, "bad_url", "/url");
        await RefusedAsync(push, new { url = "https://example.com/scim?x=1", token = "t" }, 422, "bad_url", "/url");
        await RefusedAsync(push, new { url = "https://example.com", token = "two words" }, 422, "bad_secret", "/token");
        await RefusedAsync(push, new { url = "https://example.com", token = "t", groups = "department" }, 422, "bad_value", "/groups");
        await RefusedAsync(push, new { url = "https://example.com", token = "t", usr_name = "email" }, 400, "unknown_field", "/usr_name");
        var typo = await RefusedAsync(push, new { url = "https://example.com", token = "t", user_name = "emial" }, 422, "bad_value", "/user_name");
        Assert.Contains("email, work_email, employee_no", typo.ToString(), StringComparison.Ordinal);
        Assert.Contains("Did you mean", typo.ToString(), StringComparison.Ordinal);
        Assert.Equal(400, (await push.Gateway.RestAsync(HttpMethod.Put, "/scim-targets/Bad.Name", new { url = "https://example.com", token = "t" })).Status);
        Assert.Equal(404, (await push.Gateway.GetRestAsync("/scim-targets/nobody")).Status);
        Assert.Equal(404, (await push.Gateway.PostRestAsync("/scim-targets/nobody/sync", null)).Status);
        Assert.Equal(404, (await push.Gateway.RestAsync(HttpMethod.Delete, "/scim-targets/nobody")).Status);
        await push.PutAsync();
        Assert.Equal((400, "two_ways"), ((await push.SyncAsync(new { dry_run = true, confirm = true })).Status, (await push.SyncAsync(new { dry_run = true, confirm = true })).Error));
    }

    [Fact]
    public async Task A_dry_run_says_who_and_why_and_changes_nothing()
    {
        await using var push = await PushFixture.StartAsync();
        push.Target.Add("there@example.com");
        push.Target.Add("taken@example.com", "x");
        var alice = await push.Upstream.MakeUserAsync("alice@example.com");
        var bob = await push.Upstream.MakeUserAsync("bob@example.com");
        await push.PutAsync();
        await push.WriteAsync("UPDATE scim_target SET not_before = 9000000000000");
        await push.PatchUserAsync(alice, """{"op":"replace","path":"title","value":"Boss"}""");
        await push.FreezeAsync(bob);
        await push.Upstream.MakeUserAsync("new@example.com");
        await push.Upstream.MakeUserAsync("there@example.com");
        await push.Upstream.MakeUserAsync("taken@example.com");
        var none = await push.Upstream.MakeUserAsync("none@example.com");
        await push.PatchUserAsync(none, """{"op":"remove","path":"emails"}""");
        await push.TellAsPlatformAsync();
        var writes = push.Target.Writes.Count();
        var difference = await push.DryRunAsync();
        Assert.Equal((1L, 1L, 1L, 1L, 2L, 0L), (PushFixture.Count(difference, "created"), PushFixture.Count(difference, "adopted"), PushFixture.Count(difference, "changed"),
            PushFixture.Count(difference, "deactivated"), PushFixture.Count(difference, "left_out"), PushFixture.Count(difference, "unchanged")));
        Assert.True(difference.GetProperty("looked_up").GetBoolean());
        Assert.Equal("title", Item(difference, alice).GetProperty("fields")[0].GetString());
        Assert.Equal("no_user_name", Item(difference, none).GetProperty("reason").GetString());
        Assert.Equal(writes, push.Target.Writes.Count());
        // What cannot be reached is said, and the rest is shown all the same.
        push.Target.Accepted = "another-token-0123456789";
        difference = await push.DryRunAsync();
        Assert.Contains("token", difference.GetProperty("problem").GetString(), StringComparison.Ordinal);
        Assert.Equal((3L, 1L), (PushFixture.Count(difference, "created"), PushFixture.Count(difference, "changed")));

        static JsonElement Item(JsonElement difference, string id) => difference.GetProperty("items").EnumerateArray().Single(i => i.GetProperty("id").GetString() == id);
    }

    [Fact]
    public async Task Another_address_is_another_target_and_takes_its_token()
    {
        await using var push = await PushFixture.StartAsync();
        await push.Upstream.MakeUserAsync("alice@example.com");
        await push.PutAsync();
        await using var second = await FakeTarget.StartAsync();
        // Whoever may change a target does not get its token sent to a place of theirs.
        await RefusedAsync(push, new { url = second.Url }, 400, "missing", "/token");
        Assert.Empty(second.Requests);
        var moved = await push.Gateway.RestAsync(HttpMethod.Put, "/scim-targets/tool", new { url = second.Url + "/", token = FakeTarget.Token });
        Assert.True(moved.Status == 200, moved.ToString());
        await push.HoldsAsync(() => Task.FromResult(second.Users.Count == 1));
        await push.SettledAsync();
        // Another field is another name of the same account.
        await push.Gateway.RestAsync(HttpMethod.Put, "/scim-targets/tool", new { user_name = "person" });
        await push.SettledAsync();
        Assert.StartsWith("pe_", FakeTarget.Text(Assert.Single(second.Users.Values), "userName"), StringComparison.Ordinal);
        Assert.True(push.Target.IsActive("alice@example.com"));
    }

    [Fact]
    public async Task What_is_removed_is_forgotten_and_stays_as_it_is_there()
    {
        await using var push = await PushFixture.StartAsync();
        var alice = await push.Upstream.MakeUserAsync("alice@example.com");
        await push.PutAsync();
        Assert.Equal(204, (await push.Gateway.RestAsync(HttpMethod.Delete, "/scim-targets/tool")).Status);
        await push.FreezeAsync(alice);
        Assert.Equal(0, await push.NumberAsync("SELECT (SELECT COUNT(*) FROM scim_resource) + (SELECT COUNT(*) FROM scim_change) + (SELECT COUNT(*) FROM scim_target)"));
        Assert.True(push.Target.IsActive("alice@example.com"));
        var lines = (await push.Gateway.GetRestAsync("/audit?limit=50")).Items.Select(l => l.GetProperty("what").GetString()).ToArray();
        Assert.Contains("scim_target.created", lines);
        Assert.Contains("scim_target.removed", lines);
    }

    [Fact]
    public async Task A_key_needs_its_scope_and_sees_its_own_alone()
    {
        await using var push = await PushFixture.StartAsync();
        await push.PutAsync();
        var read = (await push.Gateway.MakeKeyAsync("reader", ["people:read"])).Secret;
        var write = (await push.Gateway.MakeKeyAsync("writer", ["people:read", "people:write"])).Secret;
        var other = new { url = "https://example.com/scim", token = "a-token-of-theirs" };
        Assert.Equal(403, (await push.Gateway.CallAsync(read, HttpMethod.Put, "/scim-targets/mine", other)).Status);
        Assert.Equal(403, (await push.Gateway.CallAsync(read, HttpMethod.Post, "/scim-targets/tool/sync", null)).Status);
        Assert.Equal(404, (await push.Gateway.CallAsync(write, HttpMethod.Get, "/scim-targets/tool", null)).Status);
        Assert.Equal(404, (await push.Gateway.CallAsync(write, HttpMethod.Delete, "/scim-targets/tool", null)).Status);
        Assert.Equal(404, (await push.Gateway.CallAsync(write, HttpMethod.Post, "/scim-targets/tool/sync", null)).Status);
        Assert.Equal(409, (await push.Gateway.CallAsync(write, HttpMethod.Put, "/scim-targets/tool", other)).Status);
        Assert.Equal(201, (await push.Gateway.CallAsync(write, HttpMethod.Put, "/scim-targets/mine", other)).Status);
        // The answers show people: whoever may only write does not get them.
        var blind = (await push.Gateway.MakeKeyAsync("blind", ["people:write"])).Secret;
        Assert.Equal(403, (await push.Gateway.CallAsync(blind, HttpMethod.Put, "/scim-targets/theirs", other)).Status);
        Assert.Equal(403, (await push.Gateway.CallAsync(blind, HttpMethod.Post, "/scim-targets/tool/sync", new { dry_run = true })).Status);
        // Whoever sees all may not change all.
        var seeing = (await push.Gateway.MakeKeyAsync("seeing", ["people:read", "people:write", "others:read"])).Secret;
        Assert.Equal(200, (await push.Gateway.CallAsync(seeing, HttpMethod.Get, "/scim-targets/tool", null)).Status);
        Assert.Equal(403, (await push.Gateway.CallAsync(seeing, HttpMethod.Delete, "/scim-targets/tool", null)).Status);
        Assert.Equal(403, (await push.Gateway.CallAsync(seeing, HttpMethod.Post, "/scim-targets/tool/sync", null)).Status);
        Assert.Single((await push.Gateway.CallAsync(write, HttpMethod.Get, "/scim-targets", null)).Body.GetProperty("items").EnumerateArray());
        Assert.Equal(2, (await push.Gateway.GetRestAsync("/scim-targets")).Items.Length);
        await push.Gateway.RestAsync(HttpMethod.Delete, "/scim-targets/mine");
    }

    [Fact]
    public async Task A_system_has_a_bounded_number_of_targets_and_one_dry_run_of_each_at_a_time()
    {
        await using var push = await PushFixture.StartAsync();
        var key = (await push.Gateway.MakeKeyAsync("writer", ["people:read", "people:write"])).Secret;
        var elsewhere = new { url = push.Target.Url + "/none", token = FakeTarget.Token };
        for (var i = 0; i < 20; i++)
            Assert.Equal(201, (await push.Gateway.CallAsync(key, HttpMethod.Put, $"/scim-targets/t{i}", elsewhere)).Status);
        var refused = await push.Gateway.CallAsync(key, HttpMethod.Put, "/scim-targets/t20", elsewhere);
        Assert.Equal((422, "too_many"), (refused.Status, refused.Error));
        Assert.Equal(200, (await push.Gateway.CallAsync(key, HttpMethod.Put, "/scim-targets/t0", elsewhere)).Status);

        await push.PutAsync();
        await push.WriteAsync("UPDATE scim_target SET not_before = 9000000000000");
        await push.Upstream.MakeUserAsync("alice@example.com");
        var (reached, open) = (new TaskCompletionSource(), new TaskCompletionSource());
        push.Target.Odd = r =>
        {
            reached.TrySetResult();
            // The answer is held back, not the test.
            open.Task.Wait(TimeSpan.FromSeconds(30));
            return null;
        };
        var first = push.SyncAsync(new { dry_run = true });
        await reached.Task;
        var second = await push.SyncAsync(new { dry_run = true });
        Assert.Equal((503, "busy"), (second.Status, second.Error));
        push.Target.Odd = static _ => null;
        open.SetResult();
        Assert.Equal(200, (await first).Status);
        Assert.Equal(200, (await push.SyncAsync(new { dry_run = true })).Status);
    }

    [Fact]
    public async Task Another_gateways_own_SCIM_is_a_target_as_any_other()
    {
        await using var push = await PushFixture.StartAsync();
        await using var other = await PushFixture.StartAsync();
        var key = (await other.Gateway.MakeKeyAsync("upstream", ["people:read", "people:provision"])).Secret;
        string[] ids = [await push.Upstream.MakeUserAsync("one@example.com"), await push.Upstream.MakeUserAsync("two@example.com")];
        var team = await push.Upstream.MakeGroupAsync("Team", ids);
        var put = await push.Gateway.RestAsync(HttpMethod.Put, "/scim-targets/tool",
            new { url = new Uri(other.Gateway.Address, "/scim/v2").ToString(), token = key, groups = "departments" });
        Assert.True(put.Status == 201, put.ToString());
        var target = await push.SettledAsync();
        Assert.Equal((2L, 1L, 0L, true), (PushFixture.Count(target, "users"), PushFixture.Count(target, "groups_there"), PushFixture.Count(target, "failing"), target.GetProperty("patch").GetBoolean()));
        Assert.Equal(2, (await MembersAsync()).Length);
        await push.Upstream.PatchAsync("/Groups/" + team, $$"""{"op":"remove","path":"members[value eq \"{{ids[0]}}\"]"}""");
        await push.PatchUserAsync(ids[1], """{"op":"replace","path":"title","value":"Boss"}""");
        await push.FreezeAsync(ids[0]);
        target = await push.SettledAsync();
        Assert.Equal(0, PushFixture.Count(target, "failing"));
        var people = (await other.Gateway.GetRestAsync("/people?platform=scim")).Items;
        Assert.Equal(["active", "frozen"], people.Select(p => p.GetProperty("state").GetString()!).Order(StringComparer.Ordinal));
        Assert.Single(await MembersAsync());

        async Task<JsonElement[]> MembersAsync()
        {
            var groups = (await other.Gateway.GetRestAsync("/departments?q=Team")).Items;
            return (await other.Gateway.GetRestAsync($"/people?department={groups[0].GetProperty("id").GetInt64()}")).Items;
        }
    }

    [Fact]
    public async Task A_name_that_leads_to_a_private_address_is_not_called()
    {
        await using var target = await FakeTarget.StartAsync();
        var feishu = await FeishuStub.StartAsync();
        await using var stub = feishu;
        await using var gateway = await GatewayApp.StartAsync(feishu.Address, configure: builder =>
            builder.Services.AddSingleton<HostLookup>((_, _) => Task.FromResult<System.Net.IPAddress[]>([System.Net.IPAddress.Loopback])));
        var url = new UriBuilder(target.Url) { Host = "scim.example.com", Scheme = "https" }.Uri.ToString();
        Assert.Equal(201, (await gateway.RestAsync(HttpMethod.Put, "/scim-targets/tool", new { url, token = FakeTarget.Token })).Status);
        await gateway.UntilAsync(async () => (await gateway.GetRestAsync("/scim-targets/tool")).Text("reason") == "address_refused");
        Assert.Contains("127.0.0.1", (await gateway.GetRestAsync("/scim-targets/tool")).Text("message"), StringComparison.Ordinal);
        Assert.Empty(target.Requests);
    }

    private static async Task<RestAnswer> RefusedAsync(PushFixture push, object body, int status, string word, string pointer)
    {
        var answer = await push.Gateway.RestAsync(HttpMethod.Put, "/scim-targets/tool", body);
        Assert.True(answer.Status == status, answer.ToString());
        Assert.True((answer.Error, answer.Pointer) == (word, pointer), answer.ToString());
        return answer;
    }
}
