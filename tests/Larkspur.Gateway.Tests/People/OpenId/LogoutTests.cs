using System.Text.Json;
using Larkspur.Gateway.People.OpenId.Logout;
using Larkspur.Gateway.Tests.Messages;
using Larkspur.Testing;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Larkspur.Gateway.Tests.People.OpenId;

/// <summary>Rows of the certification suite's logout plans, and what else ends.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class LogoutTests : IAsyncLifetime
{
    private ProviderFixture _on = null!;
    private TestClient _client = null!;
    private string _person = "";
    private string _cookie = "";
    private string _idToken = "";

    public async ValueTask InitializeAsync()
    {
        _on = await ProviderFixture.StartAsync();
        _client = await _on.ClientAsync();
        _person = await _on.PersonAsync();
        _cookie = await _on.SignInAsync(_person);
        _idToken = (await _on.TokensAsync(_client, _cookie)).Text("id_token");
    }

    public ValueTask DisposeAsync() => _on.DisposeAsync();

    [Fact]
    public async Task oidcc_rp_initiated_logout()
    {
        var answer = await LogoutAsync(("id_token_hint", _idToken), ("post_logout_redirect_uri", ProviderFixture.AfterLogout), ("state",
            "a b"));
        Assert.Equal((303, ProviderFixture.AfterLogout + "?state=a%20b"), (answer.Status, answer.Location!.OriginalString));
        await EndedAsync();
    }

    [Fact]
    public async Task oidcc_rp_initiated_logout_discovery_endpoint_verification() => Assert.Equal(_on.Issuer + "/oidc/logout",
        (await _on.GetAsync("/.well-known/openid-configuration")).Json.Text("end_session_endpoint"));

    [Fact]
    public async Task oidcc_rp_initiated_logout_bad_post_logout_redirect_uri() =>
        await AsksAsync(400, ("id_token_hint", _idToken), ("post_logout_redirect_uri", "https://evil.example/bye"));

    [Fact]
    public async Task oidcc_rp_initiated_logout_query_added_to_post_logout_redirect_uri() =>
        await AsksAsync(400, ("id_token_hint", _idToken), ("post_logout_redirect_uri", ProviderFixture.AfterLogout + "?foo=bar"));

    [Fact]
    public async Task oidcc_rp_initiated_logout_modified_id_token_hint()
    {
        var parts = _idToken.Split('.');
        var payload = Base64UrlEncoder.Decode(parts[1]).Replace(_person, "pe_" + new string('0', 32), StringComparison.Ordinal);
        await AsksAsync(400, ("id_token_hint", $"{parts[0]}.{Base64UrlEncoder.Encode(payload)}.{parts[2]}"),
            ("post_logout_redirect_uri", ProviderFixture.AfterLogout));
        await AsksAsync(400, ("id_token_hint",
            $"{Base64UrlEncoder.Encode("""{"alg":"none"}""")}.{parts[1]}."), ("post_logout_redirect_uri", ProviderFixture.AfterLogout));
    }

    [Fact]
    public async Task oidcc_rp_initiated_logout_bad_id_token_hint() =>
        await AsksAsync(400, ("id_token_hint", "not.a.token"), ("post_logout_redirect_uri", ProviderFixture.AfterLogout));

    [Fact]
    public async Task oidcc_rp_initiated_logout_no_id_token_hint()
    {
        var page = await AsksAsync(200, ("client_id", _client.Id), ("post_logout_redirect_uri", ProviderFixture.AfterLogout));
        var answer = await ConfirmAsync(page);
        Assert.Equal(ProviderFixture.AfterLogout, answer.Location!.OriginalString);
        await EndedAsync();
    }

    [Fact]
    public async Task oidcc_rp_initiated_logout_no_params()
    {
        Assert.Equal(200, (await ConfirmAsync(await AsksAsync(200))).Status);
        await EndedAsync();
    }

    [Fact]
    public async Task oidcc_rp_initiated_logout_no_post_logout_redirect_uri()
    {
        var answer = await LogoutAsync(("id_token_hint", _idToken));
        Assert.Equal((200, null), (answer.Status, answer.Location));
        await EndedAsync();
    }

    [Fact]
    public async Task oidcc_rp_initiated_logout_no_state()
    {
        Assert.Equal(ProviderFixture.AfterLogout, (await LogoutAsync(("id_token_hint", _idToken), ("post_logout_redirect_uri",
            ProviderFixture.AfterLogout))).Location!.OriginalString);
        await EndedAsync();
    }

    [Fact]
    public async Task oidcc_rp_initiated_logout_only_state() => Assert.Null((await ConfirmAsync(await AsksAsync(200, ("state",
        "x")))).Location);

    [Fact]
    public async Task An_id_token_whose_time_is_over_says_whose_session_ends_and_one_of_somebody_else_asks()
    {
        await _on.WriteAsync("UPDATE oidc_client SET settings = REPLACE(settings, '\"id_token_seconds\":3600', '\"id_token_seconds\":-3600')");
        var old = (await _on.TokensAsync(_client, _cookie)).Text("id_token");
        var bob = await _on.SignInAsync(await _on.PersonAsync("bob"));
        Assert.Equal(200, (await _on.GetAsync(Path(("id_token_hint", old), ("post_logout_redirect_uri", ProviderFixture.AfterLogout)),
            bob)).Status);
        Assert.Equal(2, await _on.NumberAsync("SELECT COUNT(*) FROM sign_in_session"));
        Assert.Equal(303, (await LogoutAsync(("id_token_hint", old), ("post_logout_redirect_uri", ProviderFixture.AfterLogout))).Status);
        await EndedAsync();
    }

    [Fact]
    public async Task A_page_that_asks_ends_no_session_that_began_after_it()
    {
        var page = await AsksAsync(200);
        var bob = await _on.SignInAsync(await _on.PersonAsync("bob"));
        Assert.Equal(200, (await ConfirmAsync(page, bob)).Status);
        Assert.Equal(2, await _on.NumberAsync("SELECT COUNT(*) FROM sign_in_session"));
        Assert.Equal(200, (await _on.PostAsync("/oidc/logout", [("note", "forged")], _cookie)).Status);
        Assert.Equal(2, await _on.NumberAsync("SELECT COUNT(*) FROM sign_in_session"));
    }

    [Fact]
    public async Task oidcc_backchannel_logout_discovery_endpoint_verification()
    {
        var told = (await _on.GetAsync("/.well-known/openid-configuration")).Json;
        Assert.True(told.GetProperty("backchannel_logout_supported").GetBoolean()
            && told.GetProperty("backchannel_logout_session_supported").GetBoolean());
    }

    [Fact]
    public async Task oidcc_backchannel_rp_initiated_logout()
    {
        await using var hook = await HookServer.StartAsync((_, body) => (body, 200, ""));
        var client = await _on.ClientAsync(new { backchannel_logout_uri = hook.Url });
        var mine = await _on.TokensAsync(client, _cookie);
        var sid = (await _on.CheckAsync(mine.Text("id_token"), client)).GetPayloadValue<string>("sid");
        await LogoutAsync(("id_token_hint", mine.Text("id_token")));
        var form = QueryHelpers.ParseQuery(await hook.NextAsync());
        var jwks = new JsonWebKeySet((await _on.GetAsync("/oidc/jwks")).Body);
        var result = await new JsonWebTokenHandler { MapInboundClaims = false }.ValidateTokenAsync(form["logout_token"].Single(),
            new TokenValidationParameters
        {
            ValidIssuer = _on.Issuer, ValidAudience = client.Id, IssuerSigningKeys = jwks.GetSigningKeys(), ValidTypes = ["logout+jwt"],
                ValidAlgorithms = ["RS256"],
        });
        Assert.True(result.IsValid, result.Exception?.ToString());
        var token = (JsonWebToken)result.SecurityToken;
        Assert.Equal((_person, sid), (token.Subject, token.GetPayloadValue<string>("sid")));
        Assert.False(token.TryGetPayloadValue<string>("nonce", out _));
        Assert.NotEmpty(token.Id);
        Assert.Equal("""{"http://schemas.openid.net/event/backchannel-logout":{}}""",
            token.GetPayloadValue<JsonElement>("events").GetRawText());
        // What is told as an event is no id_token, and opens nothing.
        Assert.Equal(401, (await _on.GetAsync("/oidc/userinfo", bearer: form["logout_token"].Single())).Status);
        await _on.Gateway.UntilAsync(async () => await _on.NumberAsync("SELECT COUNT(*) FROM oidc_logout") == 0);
        Assert.True(hook.Idle);
    }

    [Fact]
    public async Task A_client_that_does_not_take_it_is_told_again_and_a_hostile_one_is_left()
    {
        var answers = new Queue<int>([500, 302, 200]);
        await using var hook = await HookServer.StartAsync((_, body) => (body, answers.Dequeue(), ""));
        var client = await _on.ClientAsync(new { backchannel_logout_uri = hook.Url });
        await LogoutAsync(("id_token_hint", (await _on.TokensAsync(client, _cookie)).Text("id_token")));
        for (var i = 0; i < 3; i++)
        {
            await hook.NextAsync();
            await _on.Gateway.UntilAsync(async () =>
            {
                // What waits for its next try is due now.
                await _on.WriteAsync("UPDATE oidc_logout SET not_before = 0 WHERE tries > 0 AND lease_until IS NULL");
                _on.Gateway.Services.GetRequiredService<LogoutSignal>().Wake();
                return !hook.Idle || await _on.NumberAsync("SELECT COUNT(*) FROM oidc_logout") == 0;
            });
        }

        Assert.Equal(0, await _on.NumberAsync("SELECT COUNT(*) FROM oidc_logout"));
        var refused = await _on.Gateway.PostRestAsync("/oidc/clients", new { name = "x", redirect_uris =
            new[] { ProviderFixture.Callback }, backchannel_logout_uri = "http://169.254.169.254/latest" });
        Assert.Equal((422, "bad_url", "/backchannel_logout_uri"), (refused.Status, refused.Error, refused.Pointer));
    }

    [Fact]
    public async Task What_is_given_for_longer_outlasts_the_session_and_the_rest_does_not()
    {
        var lasting = await _on.TokensAsync(_client, _cookie, ("scope", "openid offline_access"));
        var bound = await _on.ClientAsync(new { always_refresh = true });
        var short1 = await _on.TokensAsync(bound, _cookie);
        var waiting = await _on.CodeAsync(_client, _cookie);
        await LogoutAsync(("id_token_hint", _idToken));
        Assert.Equal("invalid_grant", (await _on.ExchangeAsync(_client, waiting)).Error);
        Assert.Equal("invalid_grant", (await _on.RefreshAsync(bound, short1.Text("refresh_token"))).Error);
        Assert.False(await _on.WorksAsync(short1.Text("access_token")));
        Assert.Equal(200, (await _on.RefreshAsync(_client, lasting.Text("refresh_token"))).Status);
    }

    [Fact]
    public async Task Whoever_is_shut_out_loses_sessions_codes_and_tokens_at_once()
    {
        await using var hook = await HookServer.StartAsync((_, body) => (body, 200, ""));
        var client = await _on.ClientAsync(new { backchannel_logout_uri = hook.Url });
        var lasting = await _on.TokensAsync(client, _cookie, ("scope", "openid offline_access"));
        var code = await _on.CodeAsync(_client, _cookie);
        var disabled = await _on.Gateway.PostRestAsync($"/people/{_person}/disable", null);
        Assert.True(disabled.Status == 200, disabled.ToString());
        Assert.False(await _on.WorksAsync(lasting.Text("access_token")));
        Assert.Equal("invalid_grant", (await _on.RefreshAsync(client, lasting.Text("refresh_token"))).Error);
        Assert.Equal("invalid_grant", (await _on.ExchangeAsync(_client, code)).Error);
        Assert.Equal("login_required", (await _on.GetAsync(ProviderFixture.AuthorizePath(_client, ("prompt", "none")),
            _cookie)).Query("error"));
        await hook.NextAsync();
        // Nothing of it opens again when they are let in.
        Assert.Equal(200, (await _on.Gateway.PostRestAsync($"/people/{_person}/enable", null)).Status);
        Assert.False(await _on.WorksAsync(lasting.Text("access_token")));
        Assert.Equal("invalid_grant", (await _on.RefreshAsync(client, lasting.Text("refresh_token"))).Error);
    }

    [Fact]
    public async Task Of_two_people_who_become_one_the_former_s_tokens_end_and_the_other_s_stay()
    {
        var bob = await _on.PersonAsync("bob");
        var his = await _on.TokensAsync(_client, await _on.SignInAsync(bob), ("scope", "openid offline_access"));
        var hers = await _on.TokensAsync(_client, _cookie, ("scope", "openid offline_access"));
        var merged = await _on.Gateway.PostRestAsync($"/people/{_person}/merge", new { from = bob });
        Assert.True(merged.Status == 200, merged.ToString());
        Assert.False(await _on.WorksAsync(his.Text("access_token")));
        Assert.Equal("invalid_grant", (await _on.RefreshAsync(_client, his.Text("refresh_token"))).Error);
        Assert.True(await _on.WorksAsync(hers.Text("access_token")));
    }

    private async Task EndedAsync()
    {
        Assert.Equal(0, await _on.NumberAsync("SELECT COUNT(*) FROM sign_in_session WHERE person = $1", _person));
        Assert.Equal("login_required", (await _on.GetAsync(ProviderFixture.AuthorizePath(_client, ("prompt", "none")),
            _cookie)).Query("error"));
    }

    /// <summary>They are asked, and nothing has ended; nobody is sent anywhere.</summary>
    private async Task<Answer> AsksAsync(int status, params (string, string)[] parameters)
    {
        var page = await LogoutAsync(parameters);
        Assert.Equal((status, null), (page.Status, page.Location));
        Assert.Contains("name=\"note\"", page.Body, StringComparison.Ordinal);
        Assert.Equal(1, await _on.NumberAsync("SELECT COUNT(*) FROM sign_in_session WHERE person = $1", _person));
        return page;
    }

    private Task<Answer> ConfirmAsync(Answer page, string? cookie = null) =>
        _on.PostAsync("/oidc/logout", [("note", page.Body.Split("name=\"note\" value=\"")[1].Split('"')[0])], cookie ?? _cookie);

    private Task<Answer> LogoutAsync(params (string, string)[] parameters) => _on.GetAsync(Path(parameters), _cookie);

    private static string Path(params (string Name, string Value)[] parameters) =>
        QueryHelpers.AddQueryString("/oidc/logout", parameters.Select(p => KeyValuePair.Create<string, string?>(p.Name, p.Value)));
}
