using Larkspur.Gateway.Tests.Operations;
using Larkspur.Testing;

namespace Larkspur.Gateway.Tests.Api;

/// <summary>A key's name, scopes, limit and end are changed in place: its secret stays.</summary>
public sealed class KeyEditTests : IAsyncLifetime
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
    public async Task What_is_named_changes_and_the_rest_stays()
    {
        var (secret, id) = await _gateway.MakeKeyAsync("mica", ["status:read"], perMinute: 100);
        Assert.Equal(403, (await _gateway.CallAsync(secret, HttpMethod.Get, "/outbox")).Status);
        var changed = await PatchAsync(GatewayApp.ApiKey, id, new { name = "mica 2", scopes = new[] { "deliveries:read", "status:read" }, requests_per_minute = 3, expires_at = _clock.GetUtcNow().AddHours(1) });
        Assert.True(changed.Status == 200, changed.ToString());
        Assert.Equal(("mica 2", 3), (changed.Text("name"), changed.Body.GetProperty("requests_per_minute").GetInt32()));
        Assert.Equal(["deliveries:read", "status:read"], changed.Body.GetProperty("scopes").EnumerateArray().Select(s => s.GetString()));
        Assert.Equal(200, (await _gateway.CallAsync(secret, HttpMethod.Get, "/outbox")).Status);
        for (var i = 0; i < 3; i++) await _gateway.CallAsync(secret, HttpMethod.Get, "/outbox");
        Assert.Equal((429, "key_rate_limited"), await _gateway.CallAsync(secret, HttpMethod.Get, "/outbox") is var full ? (full.Status, full.Error) : default);

        // null takes the end away; what is not named stays.
        var endless = await PatchAsync(GatewayApp.ApiKey, id, """{"expires_at":null}""");
        Assert.True(endless.Status == 200, endless.ToString());
        Assert.Null(endless.Text("expires_at"));
        Assert.Equal("mica 2", endless.Text("name"));
        var line = (await _gateway.CallAsync(GatewayApp.ApiKey, HttpMethod.Get, "/audit?what=api_key.changed")).Body.GetProperty("items").EnumerateArray().Last();
        Assert.Equal(("mica", "mica 2"), (line.GetProperty("subject").GetString(), line.GetProperty("detail").GetProperty("name").GetString()));
    }

    [Fact]
    public async Task Nobody_hands_on_or_takes_away_more_than_they_hold()
    {
        var (editor, _) = await _gateway.MakeKeyAsync("editor", ["keys:write", "status:read", "others:write"], expiresAt: _clock.GetUtcNow().AddDays(1));
        var end = _clock.GetUtcNow().AddHours(1);
        var (_, own) = await _gateway.MakeKeyAsync("own", ["status:read"], expiresAt: end);
        var (_, larger) = await _gateway.MakeKeyAsync("larger", ["messages:write"], expiresAt: end);
        var (_, longer) = await _gateway.MakeKeyAsync("longer", ["status:read"]);
        Assert.Equal(200, (await PatchAsync(editor, own, new { name = "mine" })).Status);
        await RefusedAsync(editor, own, """{"scopes":["status:read","messages:write"]}""", 403, "scope_not_held", "/scopes/1");
        await RefusedAsync(editor, own, """{"expires_at":null}""", 403, "outlives_caller", "/expires_at");
        await RefusedAsync(editor, larger, """{"scopes":["status:read"]}""", 403, "scope_not_held", "/{id}");
        await RefusedAsync(editor, longer, """{"name":"short"}""", 403, "outlives_caller", "/{id}");
        Assert.Equal(403, (await PatchAsync((await _gateway.MakeKeyAsync("reader", ["status:read"])).Secret, own, new { name = "x" })).Status);
    }

    [Fact]
    public async Task A_key_does_not_give_itself_scopes()
    {
        var (editor, id) = await _gateway.MakeKeyAsync("editor", ["keys:write"], perMinute: 10);
        await RefusedAsync(editor, id, """{"scopes":["keys:write","settings:write"]}""", 403, "scope_not_held", "/scopes/1");
    }

    [Theory]
    [InlineData("""{}""", 400, "nothing_to_change", null)]
    [InlineData("""{"scopes":[]}""", 400, "empty", "/scopes")]
    [InlineData("""{"scopes":["everything"]}""", 422, "unknown_scope", "/scopes/0")]
    [InlineData("""{"name":" a"}""", 422, "bad_name", "/name")]
    [InlineData("""{"name":"other"}""", 409, "name_in_use", "/name")]
    [InlineData("""{"requests_per_minute":0}""", 422, "bad_rate", "/requests_per_minute")]
    [InlineData("""{"expires_at":"2020-01-01T00:00:00Z"}""", 422, "bad_time", "/expires_at")]
    [InlineData("""{"secret":"x"}""", 400, "unknown_field", "/secret")]
    public async Task A_change_that_cannot_be_is_refused_and_nothing_changes(string body, int status, string word, string? pointer)
    {
        await _gateway.MakeKeyAsync("other", ["status:read"]);
        var (_, id) = await _gateway.MakeKeyAsync("mica", ["status:read"]);
        var before = (await _gateway.CallAsync(GatewayApp.ApiKey, HttpMethod.Get, $"/api-keys/{id}")).Body.GetRawText();
        await RefusedAsync(GatewayApp.ApiKey, id, body, status, word, pointer);
        Assert.Equal(before, (await _gateway.CallAsync(GatewayApp.ApiKey, HttpMethod.Get, $"/api-keys/{id}")).Body.GetRawText());
    }

    [Fact]
    public async Task A_key_that_has_ended_for_good_is_not_changed()
    {
        var (_, id) = await _gateway.MakeKeyAsync("mica", ["status:read"]);
        await _gateway.CallAsync(GatewayApp.ApiKey, HttpMethod.Delete, $"/api-keys/{id}");
        await RefusedAsync(GatewayApp.ApiKey, id, """{"name":"again"}""", 409, "key_revoked", null);
        await RefusedAsync(GatewayApp.ApiKey, 99999, """{"name":"again"}""", 404, "not_found", "/{id}");
    }

    private Task<KeyAnswer> PatchAsync(string key, long id, object body) => _gateway.CallAsync(key, HttpMethod.Patch, $"/api-keys/{id}", body);

    private async Task RefusedAsync(string key, long id, string body, int status, string word, string? pointer)
    {
        var answer = await PatchAsync(key, id, body);
        Assert.Equal((status, word, pointer), (answer.Status, answer.Error, answer.Text("pointer")));
    }
}
