using System.Text.Json;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Tests.Operations;
using Larkspur.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Gateway.Tests.Api;

/// <summary>Keys: who may what, for how long, how often; and that their text is kept nowhere.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class ApiKeyTests : IAsyncLifetime
{
    private readonly SkippingClock _clock = new();
    private FeishuStub _feishu = null!;
    private GatewayApp _gateway = null!;

    public async ValueTask InitializeAsync()
    {
        _feishu = await FeishuStub.StartAsync();
        _gateway = await GatewayApp.StartAsync(_feishu.Address, clock: _clock);
    }

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _feishu.DisposeAsync();
    }

    [Fact]
    public async Task A_key_opens_what_its_scopes_name_and_nothing_else()
    {
        var (secret, _) = await _gateway.MakeKeyAsync("mica", ["status:read", "deliveries:read", "others:read"]);
        Assert.StartsWith("lk_", secret, StringComparison.Ordinal);
        Assert.Equal(46, secret.Length);
        Assert.Equal(200, (await _gateway.CallAsync(secret, HttpMethod.Get, "/status")).Status);
        Assert.Equal(200, (await _gateway.CallAsync(secret, HttpMethod.Get, "/inbox")).Status);
        var refused = await _gateway.CallAsync(secret, HttpMethod.Post, "/messages", "not even JSON");
        Assert.Equal((403, "missing_scope", "messages:write"), (refused.Status, refused.Error, refused.Text("scope")));
        Assert.Contains("messages:write", refused.Text("detail"), StringComparison.Ordinal);
        Assert.Contains("insufficient_scope", refused.Challenge, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_secret_is_shown_once_and_kept_nowhere()
    {
        var (secret, id) = await _gateway.MakeKeyAsync("mica", ["status:read"]);
        await _gateway.CallAsync(secret, HttpMethod.Get, "/status");
        await _gateway.CallAsync(secret, HttpMethod.Get, "/inbox");
        var one = await _gateway.CallAsync(GatewayApp.ApiKey, HttpMethod.Get, $"/api-keys/{id}");
        Assert.Equal(secret[..10], one.Text("prefix"));
        Assert.DoesNotContain(secret, one.Body.GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain(secret, (await _gateway.CallAsync(GatewayApp.ApiKey, HttpMethod.Get, "/api-keys")).Body.GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain(secret[10..], await EverythingAsync("api_key", "prefix || hash || name || scopes"), StringComparison.Ordinal);
        Assert.DoesNotContain(secret[10..], await EverythingAsync("audit", "COALESCE(detail, '') || COALESCE(subject, '')"), StringComparison.Ordinal);
        Assert.DoesNotContain(secret[10..], _gateway.Logs.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_hands_on_what_he_does_not_hold()
    {
        var (manager, _) = await _gateway.MakeKeyAsync("manager", ["keys:write", "messages:read", "others:write"]);
        var (other, otherId) = await _gateway.MakeKeyAsync("other", ["payments:write", "status:read"]);
        var wide = await _gateway.CallAsync(manager, HttpMethod.Post, "/api-keys", new { name = "wide", scopes = new[] { "messages:read", "settings:write" } });
        Assert.Equal((403, "scope_not_held", "/scopes/1"), (wide.Status, wide.Error, wide.Text("pointer")));
        // A renewed key would give its changer what the key holds.
        Assert.Equal((403, "scope_not_held"), (await _gateway.CallAsync(manager, HttpMethod.Post, $"/api-keys/{otherId}/rotate")) is var rotated ? (rotated.Status, rotated.Error) : default);
        Assert.Equal(403, (await _gateway.CallAsync(manager, HttpMethod.Delete, $"/api-keys/{otherId}")).Status);
        Assert.Equal(200, (await _gateway.CallAsync(other, HttpMethod.Get, "/status")).Status);
        Assert.Equal(201, (await _gateway.CallAsync(manager, HttpMethod.Post, "/api-keys", new { name = "narrow", scopes = new[] { "messages:read" } })).Status);
        Assert.Equal((403, "missing_scope"), await _gateway.CallAsync(other, HttpMethod.Get, "/api-keys") is var listed ? (listed.Status, listed.Error) : default);
        Assert.DoesNotContain((await _gateway.CallAsync(GatewayApp.ApiKey, HttpMethod.Get, "/api-keys")).Body.GetProperty("items").EnumerateArray(), k => k.GetProperty("name").GetString() == "wide");
    }

    [Fact]
    public async Task A_key_that_ends_makes_none_that_lasts_longer()
    {
        var end = _clock.GetUtcNow().AddHours(1);
        var (manager, _) = await _gateway.MakeKeyAsync("manager", ["keys:write", "status:read"], expiresAt: end);
        var eternal = await _gateway.CallAsync(manager, HttpMethod.Post, "/api-keys", """{"name":"eternal","scopes":["status:read"],"expires_at":null}""");
        Assert.Equal((403, "outlives_caller", "/expires_at"), (eternal.Status, eternal.Error, eternal.Text("pointer")));
        var heir = await _gateway.CallAsync(manager, HttpMethod.Post, "/api-keys", new { name = "heir", scopes = new[] { "status:read" } });
        Assert.Equal(end.ToUnixTimeMilliseconds(), heir.Body.GetProperty("key").GetProperty("expires_at").GetDateTimeOffset().ToUnixTimeMilliseconds());
        Assert.Equal(201, (await _gateway.CallAsync(manager, HttpMethod.Post, "/api-keys", new { name = "short", scopes = new[] { "status:read" }, expires_at = end })).Status);
        _clock.Advance(TimeSpan.FromHours(2));
        Assert.Equal((401, "expired_api_key"), await _gateway.CallAsync(manager, HttpMethod.Get, "/api-keys") is var late ? (late.Status, late.Error) : default);
    }

    [Fact]
    public async Task A_revoked_key_ends_at_once_and_its_name_is_free_again()
    {
        var (secret, id) = await _gateway.MakeKeyAsync("mica", ["status:read"]);
        Assert.Equal(200, (await _gateway.CallAsync(secret, HttpMethod.Get, "/status")).Status);
        var again = await _gateway.CallAsync(GatewayApp.ApiKey, HttpMethod.Post, "/api-keys", new { name = "mica", scopes = new[] { "status:read" } });
        Assert.Equal((409, "name_in_use", "/name"), (again.Status, again.Error, again.Text("pointer")));
        var revoked = await _gateway.CallAsync(GatewayApp.ApiKey, HttpMethod.Delete, $"/api-keys/{id}");
        Assert.Equal((200, "revoked", "api"), (revoked.Status, revoked.Text("state"), revoked.Text("revoked_by")));
        Assert.Equal((401, "revoked_api_key"), await _gateway.CallAsync(secret, HttpMethod.Get, "/status") is var late ? (late.Status, late.Error) : default);
        Assert.Equal(409, (await _gateway.CallAsync(GatewayApp.ApiKey, HttpMethod.Post, $"/api-keys/{id}/rotate")).Status);
        Assert.Equal(200, (await _gateway.CallAsync(GatewayApp.ApiKey, HttpMethod.Delete, $"/api-keys/{id}")).Status);
        Assert.Empty((await _gateway.CallAsync(GatewayApp.ApiKey, HttpMethod.Get, "/api-keys")).Body.GetProperty("items").EnumerateArray());
        Assert.Single((await _gateway.CallAsync(GatewayApp.ApiKey, HttpMethod.Get, "/api-keys?revoked=true")).Body.GetProperty("items").EnumerateArray());
        await _gateway.MakeKeyAsync("mica", ["status:read"]);
        Assert.Equal(["api_key.created", "api_key.revoked", "api_key.created"], (await EverythingAsync("audit", "what")).Split('\n'));
    }

    [Fact]
    public async Task A_renewed_key_is_taken_beside_the_one_before_for_as_long_as_was_said()
    {
        var (first, id) = await _gateway.MakeKeyAsync("mica", ["status:read"]);
        var rotated = await _gateway.CallAsync(GatewayApp.ApiKey, HttpMethod.Post, $"/api-keys/{id}/rotate", new { overlap_seconds = 3600 });
        var second = rotated.Text("secret")!;
        Assert.Equal(200, (await _gateway.CallAsync(first, HttpMethod.Get, "/status")).Status);
        Assert.Equal(200, (await _gateway.CallAsync(second, HttpMethod.Get, "/status")).Status);
        _clock.Advance(TimeSpan.FromHours(2));
        Assert.Equal((401, "rotated_api_key"), await _gateway.CallAsync(first, HttpMethod.Get, "/status") is var old ? (old.Status, old.Error) : default);
        var third = (await _gateway.CallAsync(GatewayApp.ApiKey, HttpMethod.Post, $"/api-keys/{id}/rotate")).Text("secret")!;
        Assert.Equal(401, (await _gateway.CallAsync(second, HttpMethod.Get, "/status")).Status);
        Assert.Equal(200, (await _gateway.CallAsync(third, HttpMethod.Get, "/status")).Status);
    }

    [Fact]
    public async Task A_key_has_so_many_calls_a_minute()
    {
        var (secret, _) = await _gateway.MakeKeyAsync("mica", ["status:read"], perMinute: 3);
        var (free, _) = await _gateway.MakeKeyAsync("erp", ["status:read"], perMinute: 3);
        for (var i = 0; i < 3; i++) Assert.Equal(200, (await _gateway.CallAsync(secret, HttpMethod.Get, "/status")).Status);
        // What the clock adds to the bucket meanwhile is less than a token: a busy machine may take its time, 20 seconds of it.
        var refused = await _gateway.CallAsync(secret, HttpMethod.Get, "/status");
        Assert.Equal((429, "key_rate_limited"), (refused.Status, refused.Error));
        Assert.InRange(refused.RetryAfter!.Value.TotalSeconds, 1, 20);
        Assert.Equal(200, (await _gateway.CallAsync(free, HttpMethod.Get, "/status")).Status);
        _clock.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal(200, (await _gateway.CallAsync(secret, HttpMethod.Get, "/status")).Status);
    }

    [Fact]
    public async Task Guessing_costs_and_locks_nobody_out_who_has_a_key()
    {
        var (secret, _) = await _gateway.MakeKeyAsync("mica", ["status:read"]);
        var (unused, _) = await _gateway.MakeKeyAsync("erp", ["status:read"]);
        Assert.Equal(200, (await _gateway.CallAsync(secret, HttpMethod.Get, "/status")).Status);
        KeyAnswer guess = null!;
        for (var i = 0; i < 200 && guess?.Status != 429; i++) guess = await _gateway.CallAsync($"guess-{i}", HttpMethod.Get, "/status");
        Assert.Equal((429, "too_many_attempts"), (guess.Status, guess.Error));
        Assert.InRange(guess.RetryAfter!.Value.TotalSeconds, 1, 60);
        Assert.Equal(200, (await _gateway.CallAsync(secret, HttpMethod.Get, "/status")).Status);
        Assert.Equal(200, (await _gateway.CallAsync(GatewayApp.ApiKey, HttpMethod.Get, "/status")).Status);
        // Behind one proxy all callers have one address: a key that this process never saw gets in too, also one that is made only now.
        Assert.Equal(200, (await _gateway.CallAsync(unused, HttpMethod.Get, "/status")).Status);
        Assert.Equal(429, (await _gateway.CallAsync("lk_" + new string('x', 43), HttpMethod.Get, "/status")).Status);
        var (late, _) = await _gateway.MakeKeyAsync("late", ["status:read"]);
        Assert.Equal(200, (await _gateway.CallAsync(late, HttpMethod.Get, "/status")).Status);
        Assert.Equal(401, (await _gateway.CallAsync(null, HttpMethod.Get, "/status")).Status);
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(401, (await _gateway.CallAsync("guess", HttpMethod.Get, "/status")).Status);
    }

    [Fact]
    public async Task The_last_use_is_noted_now_and_then()
    {
        var (secret, id) = await _gateway.MakeKeyAsync("mica", ["status:read"]);
        Assert.Null((await _gateway.CallAsync(GatewayApp.ApiKey, HttpMethod.Get, $"/api-keys/{id}")).Text("last_used_at"));
        await _gateway.CallAsync(secret, HttpMethod.Get, "/status");
        var first = (await _gateway.CallAsync(GatewayApp.ApiKey, HttpMethod.Get, $"/api-keys/{id}")).Text("last_used_at");
        Assert.NotNull(first);
        _clock.Advance(TimeSpan.FromMinutes(5));
        await _gateway.CallAsync(secret, HttpMethod.Get, "/status");
        Assert.Equal(first, (await _gateway.CallAsync(GatewayApp.ApiKey, HttpMethod.Get, $"/api-keys/{id}")).Text("last_used_at"));
        _clock.Advance(TimeSpan.FromMinutes(6));
        await _gateway.CallAsync(secret, HttpMethod.Get, "/status");
        Assert.NotEqual(first, (await _gateway.CallAsync(GatewayApp.ApiKey, HttpMethod.Get, $"/api-keys/{id}")).Text("last_used_at"));
    }

    [Fact]
    public async Task Rows_and_the_audit_name_the_key_that_acted()
    {
        var (secret, _) = await _gateway.MakeKeyAsync("night watch", ["keys:write", "status:read", "deliveries:write", "deliveries:read", "others:write"]);
        var push = new FeishuPush();
        var eventId = FeishuPush.NewId("ev_");
        await push.SendAsync(_gateway, "test.nobody", """{"chat_id":"oc_1"}""", eventId);
        var row = await _gateway.OutcomeAsync(eventId);
        await _gateway.DamageAsync("UPDATE inbox SET status = 2, outcome = 'dead', finished_at = NULL");
        var id = row.GetProperty("id").GetInt64();
        Assert.Equal(200, (await _gateway.CallAsync(secret, HttpMethod.Post, $"/inbox/{id}/discard")).Status);
        Assert.Contains("key:night watch", (await _gateway.CallAsync(secret, HttpMethod.Get, $"/inbox/{id}")).Body.GetRawText(), StringComparison.Ordinal);
        Assert.Equal(201, (await _gateway.CallAsync(secret, HttpMethod.Post, "/api-keys", new { name = "child", scopes = new[] { "status:read" } })).Status);
        Assert.Equal(["api", "key:night watch"], (await EverythingAsync("audit", "who")).Split('\n'));
    }

    [Theory]
    [InlineData("""{"scopes":["status:read"]}""", 400, "missing", "/name")]
    [InlineData("""{"name":"a"}""", 400, "missing", "/scopes")]
    [InlineData("""{"name":"a","scopes":[]}""", 400, "empty", "/scopes")]
    [InlineData("""{"name":"a","scopes":["status:read","everything"]}""", 422, "unknown_scope", "/scopes/1")]
    [InlineData("""{"name":" a","scopes":["status:read"]}""", 422, "bad_name", "/name")]
    [InlineData("""{"name":"a","scopes":["status:read"],"expires_at":"2020-01-01T00:00:00Z"}""", 422, "bad_time", "/expires_at")]
    [InlineData("""{"name":"a","scopes":["status:read"],"expires_at":"soon"}""", 400, "bad_time", "/expires_at")]
    [InlineData("""{"name":"a","scopes":["status:read"],"requests_per_minute":0}""", 422, "bad_rate", "/requests_per_minute")]
    [InlineData("""{"name":"a","scopes":["status:read"],"requests_per_minute":"many"}""", 400, "wrong_type", "/requests_per_minute")]
    [InlineData("""{"name":"a","scopes":["status:read"],"admin":true}""", 400, "unknown_field", "/admin")]
    public async Task A_key_that_cannot_be_is_refused_where_it_is_wrong(string body, int status, string word, string pointer)
    {
        var answer = await _gateway.CallAsync(GatewayApp.ApiKey, HttpMethod.Post, "/api-keys", body);
        Assert.Equal((status, word, pointer), (answer.Status, answer.Error, answer.Text("pointer")));
        Assert.Equal("", await EverythingAsync("api_key", "name"));
    }

    [Fact]
    public async Task Keys_come_in_pages()
    {
        for (var i = 0; i < 5; i++) await _gateway.MakeKeyAsync($"key {i}", ["status:read"]);
        List<string> seen = [];
        for (var path = "/api-keys?limit=2"; ;)
        {
            var page = await _gateway.CallAsync(GatewayApp.ApiKey, HttpMethod.Get, path);
            seen.AddRange(page.Body.GetProperty("items").EnumerateArray().Select(k => k.GetProperty("name").GetString()!));
            if (!page.Body.TryGetProperty("next", out var next)) break;
            path = $"/api-keys?limit=2&cursor={next.GetInt64()}";
        }

        Assert.Equal(["key 4", "key 3", "key 2", "key 1", "key 0"], seen);
        Assert.Equal((400, "?limit"), await _gateway.CallAsync(GatewayApp.ApiKey, HttpMethod.Get, "/api-keys?limit=0") is var bad ? (bad.Status, bad.Text("pointer")) : default);
    }

    [Fact]
    public async Task Nobody_gets_in_by_what_only_looks_like_a_key()
    {
        var (secret, _) = await _gateway.MakeKeyAsync("mica", ["status:read"]);
        foreach (var wrong in (string[])["lk_", secret[..^1], secret + "x", secret[..^1] + (secret[^1] == 'A' ? 'B' : 'A'), secret.ToUpperInvariant(), "lk_" + new string('A', 43)])
            Assert.Equal(401, (await _gateway.CallAsync(wrong, HttpMethod.Get, "/status")).Status);
    }

    private async Task<string> EverythingAsync(string table, string columns) => string.Join('\n',
        await _gateway.Services.GetRequiredService<IDatabase>().ReadAsync(sql => sql.QueryAsync($"SELECT {columns} FROM {table} ORDER BY id", static row => row.GetString(0))));
}
