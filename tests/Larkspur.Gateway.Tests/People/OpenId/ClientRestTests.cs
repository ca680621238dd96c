using Larkspur.Gateway.Tests.Api;
using Larkspur.Gateway.Tests.Messages;
using Larkspur.Testing;

namespace Larkspur.Gateway.Tests.People.OpenId;

/// <summary>Clients over REST.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class ClientRestTests : IAsyncLifetime
{
    private ProviderFixture _on = null!;

    public async ValueTask InitializeAsync() => _on = await ProviderFixture.StartAsync();

    public ValueTask DisposeAsync() => _on.DisposeAsync();

    [Fact]
    public async Task A_secret_is_shown_once_and_kept_nowhere()
    {
        var client = await _on.ClientAsync();
        Assert.Matches("^ls_[A-Za-z0-9_-]{43}$", client.Secret);
        var shown = await _on.Gateway.GetRestAsync($"/oidc/clients/{client.Id}");
        Assert.Equal((200, "Grafana", true), (shown.Status, shown.Text("name"), shown.Body.GetProperty("trusted").GetBoolean()));
        Assert.Equal(client.Id, Assert.Single((await _on.Gateway.GetRestAsync("/oidc/clients")).Items).Text("client_id"));
        foreach (var body in (string[])[shown.ToString(), (await _on.Gateway.GetRestAsync("/oidc/clients")).ToString(), _on.Gateway.Logs.Text])
            Assert.DoesNotContain(client.Secret!, body, StringComparison.Ordinal);
        Assert.Equal(0, await _on.NumberAsync("SELECT COUNT(*) FROM oidc_client WHERE secret_hash = $1 OR settings LIKE $1", client.Secret));
    }

    [Theory]
    [InlineData("""{"name":"x","redirect_uris":["http://[::1"]}""", 422, "bad_url", "/redirect_uris/0")]
    [InlineData("""{"name":"x","redirect_uris":["https://a.example/*"]}""", 422, "bad_url", "/redirect_uris/0")]
    [InlineData("""{"name":"x","redirect_uris":["https://a.example/cb","https://a.example/cb#x"]}""", 422, "bad_url", "/redirect_uris/1")]
    [InlineData("""{"name":"x","redirect_uris":["javascript:alert(1)"],"public":true}""", 422, "bad_url", "/redirect_uris/0")]
    [InlineData("""{"name":"x","redirect_uris":["http://a.example/cb"],"public":true}""", 422, "bad_url", "/redirect_uris/0")]
    [InlineData("""{"name":"x","redirect_uris":["com.example.app:/cb"]}""", 422, "bad_url", "/redirect_uris/0")]
    [InlineData("""{"name":"x","redirect_uris":["https://u:p@a.example/cb"]}""", 422, "bad_url", "/redirect_uris/0")]
    [InlineData("""{"name":"x","redirect_uris":["https://a.example/a/../cb"]}""", 422, "bad_url", "/redirect_uris/0")]
    [InlineData("""{"name":"x","redirect_uris":[]}""", 400, "empty", "/redirect_uris")]
    [InlineData("""{"name":"x"}""", 400, "missing", "/redirect_uris")]
    [InlineData("""{"name":"x","redirect_uris":["https://a.example/cb"],"redirect_url":"y"}""", 400, "unknown_field", "/redirect_url")]
    [InlineData("""{"name":"x","redirect_uris":["https://a.example/cb"],"groups":"name"}""", 422, "bad_value", "/groups")]
    [InlineData("""{"name":"x","redirect_uris":["https://a.example/cb"],"policy_claim":"sub"}""", 422, "bad_value", "/policy_claim")]
    [InlineData("""{"name":"x","redirect_uris":["https://a.example/cb"],"grace_seconds":61}""", 422, "bad_duration", "/grace_seconds")]
    [InlineData("""{"name":"x","redirect_uris":["https://a.example/cb"],"public":true,"introspects":true}""", 422, "public_client",
        "/introspects")]
    [InlineData("""{"name":"x","redirect_uris":["https://a.example/cb"],"backchannel_logout_uri":"http://10.0.0.1/"}""", 422, "bad_url",
        "/backchannel_logout_uri")]
    public async Task What_cannot_be_is_refused_with_its_place(string body, int status, string word, string pointer)
    {
        var refused = await _on.Gateway.PostRestAsync("/oidc/clients", body);
        Assert.Equal((status, word, pointer), (refused.Status, refused.Error, refused.Pointer));
    }

    [Fact]
    public async Task Members_that_are_absent_stay_and_null_takes_away()
    {
        var client = await _on.ClientAsync(new { policy_claim = "policy", backchannel_logout_uri = "https://a.example/bye?x=1" });
        var changed = await _on.Gateway.RestAsync(HttpMethod.Patch, $"/oidc/clients/{client.Id}", """{"name":"Other","policy_claim":null}""");
        Assert.Equal((200, "Other", "https://a.example/bye?x=1"), (changed.Status, changed.Text("name"), changed.Text("backchannel_logout_uri")));
        Assert.Equal(System.Text.Json.JsonValueKind.Null, changed.Body.GetProperty("policy_claim").ValueKind);
        var emptied = await _on.Gateway.RestAsync(HttpMethod.Patch, $"/oidc/clients/{client.Id}", """{"post_logout_redirect_uris":[]}""");
        Assert.Empty(emptied.Body.GetProperty("post_logout_redirect_uris").EnumerateArray());
    }

    [Fact]
    public async Task What_a_system_makes_is_its_own_and_what_counts_for_all_is_an_administrator_s_word()
    {
        var mica = (await _on.Gateway.MakeKeyAsync("mica", ["oidc:read", "oidc:write"])).Secret;
        var orca = (await _on.Gateway.MakeKeyAsync("orca", ["oidc:read", "oidc:write"])).Secret;
        var body = new { name = "Mica", redirect_uris = new[] { ProviderFixture.Callback } };
        var made = await _on.Gateway.CallAsync(mica, HttpMethod.Post, "/oidc/clients", body);
        Assert.Equal((201, false), (made.Status, made.Body.GetProperty("client").GetProperty("trusted").GetBoolean()));
        var id = made.Body.GetProperty("client_id").GetString();
        Assert.Empty((await _on.Gateway.CallAsync(orca, HttpMethod.Get, "/oidc/clients")).Body.GetProperty("items").EnumerateArray());
        foreach (var (method, path) in ((HttpMethod, string)[])[(HttpMethod.Get, ""), (HttpMethod.Delete, ""), (HttpMethod.Post, "/rotate")])
            Assert.Equal(404, (await _on.Gateway.CallAsync(orca, method, $"/oidc/clients/{id}{path}")).Status);
        foreach (var wide in (object[])[new { trusted = true }, new { introspects = true }, new { verified_email_domains = new[] { "example.com" } }])
        {
            var refused = await _on.Gateway.CallAsync(mica, HttpMethod.Patch, $"/oidc/clients/{id}", wide);
            Assert.Equal((403, "administrators_only"), (refused.Status, refused.Error));
        }

        Assert.Equal(403, (await _on.Gateway.CallAsync(mica, HttpMethod.Post, "/oidc/keys/rotate")).Status);
        Assert.Equal(200, (await _on.Gateway.CallAsync(mica, HttpMethod.Patch, $"/oidc/clients/{id}", new { name = "Mica 2" })).Status);
        Assert.Equal(204, (await _on.Gateway.CallAsync(mica, HttpMethod.Delete, $"/oidc/clients/{id}")).Status);
        var publicOne = await _on.ClientAsync(new { @public = true });
        Assert.Equal((422, "public_client"), await _on.Gateway.PostRestAsync($"/oidc/clients/{publicOne.Id}/rotate", null) is var r ? (r.Status, r.Error) : default);
    }

    [Fact]
    public async Task Keys_go_from_state_to_state_by_themselves()
    {
        var keys = Microsoft.Extensions.DependencyInjection.ServiceProviderServiceExtensions
            .GetRequiredService<Gateway.People.OpenId.Keys.SigningKeys>(_on.Gateway.Services);
        var before = await StatesAsync();
        Assert.Equal(["active", "next"], before.Select(k => k.State).Order());
        Assert.Null(await keys.TendAsync(TestContext.Current.CancellationToken));
        const long Day = 86_400_000;
        await _on.WriteAsync("UPDATE oidc_key SET state_at = state_at - $1, made_at = made_at - $1", 90 * Day);
        Assert.Equal("rotated", await keys.TendAsync(TestContext.Current.CancellationToken));
        var after = await StatesAsync();
        Assert.Equal(["active", "next", "retiring"], after.Select(k => k.State).Order());
        Assert.Equal(before.Single(k => k.State == "next").Kid, after.Single(k => k.State == "active").Kid);
        Assert.Equal(before.Single(k => k.State == "active").Kid, after.Single(k => k.State == "retiring").Kid);
        await _on.WriteAsync("UPDATE oidc_key SET state_at = state_at - $1 WHERE state = 'retiring'", 3 * Day);
        Assert.Equal("1 gone", await keys.TendAsync(TestContext.Current.CancellationToken));
        // Nothing private is readable in the database.
        Assert.Equal(0, await _on.NumberAsync("SELECT COUNT(*) FROM oidc_key WHERE sealed_key LIKE 'MII%'"));

        async Task<(string Kid, string State)[]> StatesAsync() =>
            [.. (await _on.Gateway.GetRestAsync("/oidc/keys")).Items.Select(k => (k.Text("kid"), k.Text("state")))];
    }
}
