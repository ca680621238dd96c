using Larkspur.Gateway.Tests.Api;

namespace Larkspur.Security.Tests;

/// <summary>Whoever may make keys makes none that reaches further than its own.</summary>
public sealed class KeyReachTests
{
    [Fact]
    public async Task A_key_of_one_system_makes_none_of_another_and_touches_none()
    {
        await using var gateway = await GatewayApp.StartAsync("http://127.0.0.1:1");
        var (_, erp) = await gateway.MakeKeyAsync("erp", ["messages:write"]);
        var (canteen, _) = await gateway.MakeKeyAsync("canteen", ["messages:write", "keys:write"]);

        var forged = await gateway.CallAsync(canteen, HttpMethod.Post, "/api-keys", new { name = "erp-2", scopes = new[] { "messages:write" }, system = "erp" });
        Assert.Equal((403, "system_not_held"), (forged.Status, forged.Error));
        var heir = await gateway.CallAsync(canteen, HttpMethod.Post, "/api-keys", new { name = "erp-2", scopes = new[] { "messages:write" } });
        Assert.Equal((201, "canteen"), (heir.Status, heir.Body.GetProperty("key").GetProperty("system").GetString()));
        var rotated = await gateway.CallAsync(canteen, HttpMethod.Post, $"/api-keys/{erp}/rotate");
        Assert.Equal((403, "system_not_held"), (rotated.Status, rotated.Error));
        var revoked = await gateway.CallAsync(canteen, HttpMethod.Delete, $"/api-keys/{erp}");
        Assert.Equal(403, revoked.Status);
    }

    [Fact]
    public async Task A_key_opens_nothing_from_an_address_that_is_not_its_own()
    {
        await using var gateway = await GatewayApp.StartAsync("http://127.0.0.1:1");
        var made = await gateway.CallAsync(GatewayApp.ApiKey, HttpMethod.Post, "/api-keys", new { name = "erp", scopes = new[] { "status:read" }, addresses = new[] { "10.0.0.0/8" } });
        var secret = made.Text("secret");
        var refused = await gateway.CallAsync(secret, HttpMethod.Get, "/status");
        Assert.Equal((403, "address_not_allowed"), (refused.Status, refused.Error));

        var here = await gateway.CallAsync(GatewayApp.ApiKey, HttpMethod.Patch, $"/api-keys/{made.Body.GetProperty("key").GetProperty("id").GetInt64()}", new { addresses = new[] { "127.0.0.1", "::1/128" } });
        Assert.Equal(200, here.Status);
        Assert.Equal(200, (await gateway.CallAsync(secret, HttpMethod.Get, "/status")).Status);
    }

    [Fact]
    public async Task A_key_lasts_a_year_unless_somebody_says_otherwise()
    {
        await using var gateway = await GatewayApp.StartAsync("http://127.0.0.1:1");
        var year = await gateway.CallAsync(GatewayApp.ApiKey, HttpMethod.Post, "/api-keys", new { name = "a", scopes = new[] { "status:read" } });
        var end = year.Body.GetProperty("key").GetProperty("expires_at").GetDateTimeOffset();
        Assert.InRange(end - DateTimeOffset.UtcNow, TimeSpan.FromDays(364), TimeSpan.FromDays(366));
        var endless = await gateway.CallAsync(GatewayApp.ApiKey, HttpMethod.Post, "/api-keys", """{"name":"b","scopes":["status:read"],"expires_at":null}""");
        Assert.False(endless.Body.GetProperty("key").TryGetProperty("expires_at", out var none) && none.ValueKind != System.Text.Json.JsonValueKind.Null);
        var typo = await gateway.CallAsync(GatewayApp.ApiKey, HttpMethod.Post, "/api-keys", new { name = "c", scopes = new[] { "status:read" }, addresses = new[] { "10.0.0.0/33" } });
        Assert.Equal((422, "/addresses/0"), (typo.Status, typo.Text("pointer")));
    }

    [Fact]
    public async Task A_key_gives_nobody_a_higher_limit_than_its_own_not_even_itself()
    {
        await using var gateway = await GatewayApp.StartAsync("http://127.0.0.1:1");
        var (key, id) = await gateway.MakeKeyAsync("erp", ["status:read", "keys:write"], perMinute: 100);
        var raised = await gateway.CallAsync(key, HttpMethod.Patch, $"/api-keys/{id}", new { requests_per_minute = 101 });
        Assert.Equal((403, "rate_not_held", "/requests_per_minute"), (raised.Status, raised.Error, raised.Text("pointer")));
        var heir = await gateway.CallAsync(key, HttpMethod.Post, "/api-keys",
            new { name = "erp-2", scopes = new[] { "status:read" }, requests_per_minute = 101 });
        Assert.Equal((403, "rate_not_held", "/requests_per_minute"), (heir.Status, heir.Error, heir.Text("pointer")));
        // Without a word it is no more than the caller's own.
        var silent = await gateway.CallAsync(key, HttpMethod.Post, "/api-keys", new { name = "erp-3", scopes = new[] { "status:read" } });
        Assert.Equal((201, 100), (silent.Status, silent.Body.GetProperty("key").GetProperty("requests_per_minute").GetInt32()));
        Assert.Equal(200, (await gateway.CallAsync(key, HttpMethod.Patch, $"/api-keys/{id}", new { requests_per_minute = 90 })).Status);
        // One that an administrator gave more keeps it when another member is changed.
        var (_, wide) = await gateway.MakeKeyAsync("erp-wide", ["status:read"], perMinute: 1000);
        await gateway.CallAsync(GatewayApp.ApiKey, HttpMethod.Patch, $"/api-keys/{wide}", new { system = "erp" });
        Assert.Equal(200, (await gateway.CallAsync(key, HttpMethod.Patch, $"/api-keys/{wide}", new { name = "erp-batch" })).Status);
        Assert.Equal(200, (await gateway.CallAsync(key, HttpMethod.Patch, $"/api-keys/{wide}", new { requests_per_minute = 1000 })).Status);

        var (desk, own) = await gateway.MakeKeyAsync("desk", ["status:read", "keys:write", "others:write"], perMinute: 100);
        Assert.Equal(200, (await gateway.CallAsync(desk, HttpMethod.Patch, $"/api-keys/{own}", new { requests_per_minute = 1000 })).Status);
    }

    [Fact]
    public async Task A_revoked_keys_name_stays_its_systems()
    {
        await using var gateway = await GatewayApp.StartAsync("http://127.0.0.1:1");
        var (_, erp) = await gateway.MakeKeyAsync("erp", ["status:read"]);
        var (canteen, own) = await gateway.MakeKeyAsync("canteen", ["status:read", "keys:write"]);
        Assert.Equal(200, (await gateway.CallAsync(GatewayApp.ApiKey, HttpMethod.Delete, $"/api-keys/{erp}")).Status);
        var made = await gateway.CallAsync(canteen, HttpMethod.Post, "/api-keys", new { name = "erp", scopes = new[] { "status:read" } });
        Assert.Equal((409, "name_in_use", "/name"), (made.Status, made.Error, made.Text("pointer")));
        var named = await gateway.CallAsync(canteen, HttpMethod.Patch, $"/api-keys/{own}", new { name = "erp" });
        Assert.Equal((409, "name_in_use", "/name"), (named.Status, named.Error, named.Text("pointer")));
        Assert.Equal(200, (await gateway.CallAsync(canteen, HttpMethod.Patch, $"/api-keys/{own}", new { name = "canteen" })).Status);

        // Its own system, and administrators, give the name anew.
        var batch = await gateway.KeyOfAsync("erp-batch", ["status:read", "keys:write"], system: "erp");
        var again = await gateway.CallAsync(batch, HttpMethod.Post, "/api-keys", new { name = "erp", scopes = new[] { "status:read" } });
        Assert.Equal(201, again.Status);
    }
}
