using System.Text.Json;
using Larkspur.Gateway.Tests.Api;
using Larkspur.Gateway.Tests.Identities;
using Larkspur.Gateway.Tests.Messages;
using Larkspur.Gateway.Tests.People.Directory;
using Larkspur.Testing;

namespace Larkspur.Gateway.Tests.People.Handover;

/// <summary>A key ends with its holder, and goes on with somebody else under another secret.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class LeaverKeyTests
{
    [Fact]
    public async Task A_leavers_key_opens_nothing_until_somebody_else_has_it()
    {
        await using var directory = await DirectoryFixture.StartAsync();
        var gateway = directory.Gateway.Gateway;
        await directory.CompleteAsync();
        var (carol, bob) = (await IdAsync(directory, "carol"), await IdAsync(directory, "bob"));
        var key = await HeldAsync(gateway, "warehouse", ["people:read"], carol);
        Assert.Equal(200, (await gateway.CallAsync(key.Secret, HttpMethod.Get, "/people?limit=1")).Status);

        await directory.ControlAsync(HttpMethod.Delete, "people/carol");
        await directory.Gateway.HoldsAsync(async () =>
            (await gateway.CallAsync(key.Secret, HttpMethod.Get, "/people?limit=1")).Error == "api_key_holder_left", "the key to end");
        var seen = await gateway.GetRestAsync($"/api-keys/{key.Id}");
        Assert.Equal(("holder_left", carol), (seen.Text("state"), seen.Text("holder")));
        Assert.Equal("key_holder_left", (await gateway.PostRestAsync($"/api-keys/{key.Id}/rotate", null)).Error);
        Assert.Equal("hand_over_needed", (await PatchAsync(gateway, key.Id, bob)).Error);
        Assert.Equal("holder_away", (await HandOverAsync(gateway, key.Id, carol)).Error);

        // Back again: what had ended stays so, until somebody says otherwise.
        await directory.Gateway.Emulator.AdvanceAsync(TimeSpan.FromSeconds(2));
        await directory.ControlAsync(HttpMethod.Patch, "people/carol", new { status = "active", departments = new[] { "finance" } });
        await directory.UntilStateAsync(carol, "active");
        Assert.Equal("api_key_holder_left", (await gateway.CallAsync(key.Secret, HttpMethod.Get, "/people?limit=1")).Error);

        var handed = await HandOverAsync(gateway, key.Id, bob);
        Assert.Equal((200, bob, "active"), (handed.Status, handed.Body.GetProperty("key").GetProperty("holder").GetString(), handed.Body.GetProperty("key").GetProperty("state").GetString()));
        Assert.Equal(200, (await gateway.CallAsync(handed.Body.GetProperty("secret").GetString(), HttpMethod.Get, "/people?limit=1")).Status);
        Assert.Equal("wrong_api_key", (await gateway.CallAsync(key.Secret, HttpMethod.Get, "/people?limit=1")).Error);
        var audit = (await gateway.GetRestAsync("/audit?limit=50")).Items.Select(a => a.GetProperty("what").GetString());
        Assert.Superset(new HashSet<string?> { "api_key.holder_left", "api_key.handed_over", "person.left" }, audit.ToHashSet());
    }

    [Fact]
    public async Task A_key_before_its_rotation_ends_with_the_holder_too()
    {
        await using var directory = await DirectoryFixture.StartAsync();
        var gateway = directory.Gateway.Gateway;
        await directory.CompleteAsync();
        var carol = await IdAsync(directory, "carol");
        var key = await HeldAsync(gateway, "warehouse", ["people:read"], carol);
        var rotated = await gateway.PostRestAsync($"/api-keys/{key.Id}/rotate", new { overlap_seconds = 3600 });
        Assert.Equal(200, (await gateway.CallAsync(key.Secret, HttpMethod.Get, "/people?limit=1")).Status);
        await gateway.PostRestAsync($"/people/{carol}/disable", null);
        foreach (var secret in new[] { key.Secret, rotated.Body.GetProperty("secret").GetString()! })
            Assert.Equal(401, (await gateway.CallAsync(secret, HttpMethod.Get, "/people?limit=1")).Status);
    }

    [Fact]
    public async Task A_held_key_makes_none_that_outlives_its_holder()
    {
        await using var directory = await DirectoryFixture.StartAsync();
        var gateway = directory.Gateway.Gateway;
        await directory.CompleteAsync();
        var (alice, bob) = (await IdAsync(directory, "alice"), await IdAsync(directory, "bob"));
        var own = await HeldAsync(gateway, "alice-tools", ["keys:write", "people:read"], alice);
        var child = await gateway.CallAsync(own.Secret, HttpMethod.Post, "/api-keys", new { name = "child", scopes = new[] { "people:read" } });
        Assert.Equal((201, alice), (child.Status, child.Body.GetProperty("key").GetProperty("holder").GetString()));
        foreach (var body in new[] { """{"name":"free","scopes":["people:read"],"holder":null}""", $$"""{"name":"free","scopes":["people:read"],"holder":"{{bob}}"}""" })
        {
            var refused = await gateway.CallAsync(own.Secret, HttpMethod.Post, "/api-keys", body);
            Assert.Equal((403, "holder_not_held"), (refused.Status, refused.Error));
        }

        var id = child.Body.GetProperty("key").GetProperty("id").GetInt64();
        Assert.Equal("holder_not_held", (await gateway.CallAsync(own.Secret, HttpMethod.Post, $"/api-keys/{id}/hand-over", """{"holder":null}""")).Error);
        Assert.Equal("hand_over_needed", (await gateway.CallAsync(own.Secret, HttpMethod.Patch, $"/api-keys/{id}", """{"holder":null}""")).Error);
        Assert.Equal("no_such_person", (await gateway.PostRestAsync("/api-keys", new { name = "x", scopes = new[] { "people:read" }, holder = "pe_typo" })).Error);
        await gateway.PostRestAsync($"/people/{alice}/disable", null);
        Assert.Equal("api_key_holder_left", (await gateway.CallAsync(child.Body.GetProperty("secret").GetString(), HttpMethod.Get, "/people?limit=1")).Error);
    }

    [Fact]
    public async Task Keys_follow_two_people_who_become_one_and_two_again()
    {
        await using var directory = await DirectoryFixture.StartAsync();
        var gateway = directory.Gateway.Gateway;
        await directory.CompleteAsync();
        await directory.CompleteAsync("dingtalk");
        var (feishu, dingtalk) = (await IdAsync(directory, "alice"), await IdAsync(directory, "alice", "dingtalk"));
        var key = await HeldAsync(gateway, "warehouse", ["people:read"], dingtalk);
        var merged = await gateway.PostRestAsync($"/people/{feishu}/merge", new { from = dingtalk });
        Assert.Equal(feishu, (await gateway.GetRestAsync($"/api-keys/{key.Id}")).Text("holder"));
        var join = merged.Body.GetProperty("joins")[0].GetProperty("id").GetString();
        Assert.Equal(200, (await gateway.PostRestAsync($"/people/{feishu}/unlink", new { join })).Status);
        Assert.Equal(dingtalk, (await gateway.GetRestAsync($"/api-keys/{key.Id}")).Text("holder"));
        Assert.Equal(200, (await gateway.CallAsync(key.Secret, HttpMethod.Get, "/people?limit=1")).Status);
    }

    [Fact]
    public async Task Parting_two_who_were_one_leaves_no_key_with_a_leaver()
    {
        await using var directory = await DirectoryFixture.StartAsync();
        var gateway = directory.Gateway.Gateway;
        await directory.CompleteAsync();
        await directory.CompleteAsync("dingtalk");
        var (feishu, dingtalk) = (await IdAsync(directory, "alice"), await IdAsync(directory, "alice", "dingtalk"));
        var key = await HeldAsync(gateway, "warehouse", ["people:read"], feishu);
        var merged = await gateway.PostRestAsync($"/people/{dingtalk}/merge", new { from = feishu });
        await directory.ControlAsync(HttpMethod.Delete, "people/alice?silent=true");
        await directory.CompleteAsync();
        // Still there by the other platform.
        Assert.Equal(200, (await gateway.CallAsync(key.Secret, HttpMethod.Get, "/people?limit=1")).Status);
        var join = merged.Body.GetProperty("joins")[0].GetProperty("id").GetString();
        Assert.Equal(200, (await gateway.PostRestAsync($"/people/{dingtalk}/unlink", new { join })).Status);
        Assert.Equal("api_key_holder_left", (await gateway.CallAsync(key.Secret, HttpMethod.Get, "/people?limit=1")).Error);
    }

    [Fact]
    public async Task What_comes_to_a_leaver_by_a_merge_ends_too()
    {
        await using var directory = await DirectoryFixture.StartAsync();
        var gateway = directory.Gateway.Gateway;
        await directory.CompleteAsync();
        var carol = await IdAsync(directory, "carol");
        await directory.ControlAsync(HttpMethod.Delete, "people/carol");
        await directory.UntilStateAsync(carol, "left");
        var other = await gateway.GetOrCreateAsync(IdentityFixture.OnWeb("carol"));
        var key = await HeldAsync(gateway, "warehouse", ["people:read"], other.Id);
        Assert.Equal(200, (await gateway.PostRestAsync($"/people/{carol}/merge", new { from = other.Id })).Status);
        Assert.Equal("api_key_holder_left", (await gateway.CallAsync(key.Secret, HttpMethod.Get, "/people?limit=1")).Error);
    }

    [Fact]
    public async Task Somebodys_key_learns_no_secret_that_outlives_them()
    {
        await using var directory = await DirectoryFixture.StartAsync();
        var gateway = directory.Gateway.Gateway;
        await directory.CompleteAsync();
        var own = await HeldAsync(gateway, "alice-tools", ["keys:write", "people:read"], await IdAsync(directory, "alice"));
        foreach (var (name, holder) in new[] { ("bobs", await IdAsync(directory, "bob")), ("nobodys", (string?)null) })
        {
            var made = await gateway.PostRestAsync("/api-keys", new { name, scopes = new[] { "people:read" }, system = "alice-tools", holder, expires_at = DateTimeOffset.UtcNow.AddDays(30) });
            var rotated = await gateway.CallAsync(own.Secret, HttpMethod.Post, $"/api-keys/{made.Body.GetProperty("key").GetProperty("id")}/rotate", new { overlap_seconds = 3600 });
            Assert.Equal((403, "holder_not_held"), (rotated.Status, rotated.Error));
        }

        Assert.Equal(200, (await gateway.CallAsync(own.Secret, HttpMethod.Post, $"/api-keys/{own.Id}/rotate", new { overlap_seconds = 3600 })).Status);
    }

    internal static async Task<string> IdAsync(DirectoryFixture directory, string user, string platform = "feishu") =>
        (await directory.PersonAsync(user, platform)).GetProperty("id").GetString()!;

    internal static async Task<(string Secret, long Id)> HeldAsync(GatewayApp gateway, string name, string[] scopes, string holder)
    {
        var made = await gateway.PostRestAsync("/api-keys", new { name, scopes, holder });
        Assert.True(made.Status == 201, made.ToString());
        return (made.Body.GetProperty("secret").GetString()!, made.Body.GetProperty("key").GetProperty("id").GetInt64());
    }

    private static Task<KeyAnswer> HandOverAsync(GatewayApp gateway, long id, string? holder) =>
        gateway.CallAsync(GatewayApp.ApiKey, HttpMethod.Post, $"/api-keys/{id}/hand-over", JsonSerializer.Serialize(new { holder }));

    private static Task<KeyAnswer> PatchAsync(GatewayApp gateway, long id, string? holder) =>
        gateway.CallAsync(GatewayApp.ApiKey, HttpMethod.Patch, $"/api-keys/{id}", JsonSerializer.Serialize(new { holder }));
}
