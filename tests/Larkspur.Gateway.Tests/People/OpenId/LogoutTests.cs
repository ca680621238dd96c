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
public sealed class LogoutTests : SignedInTest
{
    private string _idToken = "";

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _idToken = (await On.TokensAsync(Client, Cookie)).Text("id_token");
    }

    [Fact]
    public async Task oidcc_rp_initiated_logout()
    {
        var answer = await LogoutAsync(("id_token_hint", _idToken), ("post_logout_redirect_uri", ProviderFixture.AfterLogout), ("state",
            "a b"));
        Assert.Equal((303, ProviderFixture.AfterLogout + "?state=a%20b"), (answer.Status, answer.Location!.OriginalString));
        await EndedAsync();
    }

    [Fact]
    public async Task oidcc_rp_initiated_logout_discovery_endpoint_verification() => Assert.Equal(On.Issuer + "/oidc/logout",
        (await On.GetAsync("/.well-known/openid-configuration")).Json.Text("end_session_endpoint"));

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
        var payload = Base64UrlEncoder.Decode(parts[1]).Replace(Person, "pe_" + new string('0', 32), StringComparison.Ordinal);
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
        var page = await AsksAsync(200, ("client_id", Client.Id), ("post_logout_redirect_uri", ProviderFixture.AfterLogout));
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
        await On.WriteAsync("UPDATE oidc_client SET settings = REPLACE(settings, '\"id_token_seconds\":3600', '\"id_token_seconds\":-3600')");
        var old = (await On.TokensAsync(Client, Cookie)).Text("id_token");
        var bob = await On.SignInAsync(await On.PersonAsync("bob"));
        Assert.Equal(200, (await On.GetAsync(Path(("id_token_hint", old), ("post_logout_redirect_uri", ProviderFixture.AfterLogout)),
            bob)).Status);
        Assert.Equal(2, await On.NumberAsync("SELECT COUNT(*) FROM sign_in_session"));
        Assert.Equal(303, (await LogoutAsync(("id_token_hint", old), ("post_logout_redirect_uri", ProviderFixture.AfterLogout))).Status);
        await EndedAsync();
    }

    [Fact]
    public async Task A_page_that_asks_ends_no_session_that_began_after_it()
    {
        var page = await AsksAsync(200);
        var bob = await On.SignInAsync(await On.PersonAsync("bob"));
        Assert.Equal(200, (await ConfirmAsync(page, bob)).Status);
        Assert.Equal(2, await On.NumberAsync("SELECT COUNT(*) FROM sign_in_session"));
        Assert.Equal(200, (await On.PostAsync("/oidc/logout", [("note", "forged")], Cookie)).Status);
        Assert.Equal(2, await On.NumberAsync("SELECT COUNT(*) FROM sign_in_session"));
    }

    [Fact]
    public async Task oidcc_backchannel_logout_discovery_endpoint_verification()
    {
        var told = (await On.GetAsync("/.well-known/openid-configuration")).Json;
        Assert.True(told.GetProperty("backchannel_logout_supported").GetBoolean()
            && told.GetProperty("backchannel_logout_session_supported").GetBoolean());
    }

    [Fact]
    public async Task oidcc_backchannel_rp_initiated_logout()
    {
        await using var hook = await HookServer.StartAsync((_, body) => (body, 200, ""));
        var client = await On.ClientAsync(new { backchannel_logout_uri = hook.Url });
        var mine = await On.TokensAsync(client, Cookie);
        var sid = (await On.CheckAsync(mine.Text("id_token"), client)).GetPayloadValue<string>("sid");
        await LogoutAsync(("id_token_hint", mine.Text("id_token")));
        var form = QueryHelpers.ParseQuery(await hook.NextAsync());
        var jwks = new JsonWebKeySet((await On.GetAsync("/oidc/jwks")).Body);
        var result = await new JsonWebTokenHandler { MapInboundClaims = false }.ValidateTokenAsync(form["logout_token"].Single(),
            new TokenValidationParameters
        {
            ValidIssuer = On.Issuer, ValidAudience = client.Id, IssuerSigningKeys = jwks.GetSigningKeys(), ValidTypes = ["logout+jwt"],
                ValidAlgorithms = ["RS256"],
        });
        Assert.True(result.IsValid, result.Exception?.ToString());
        var token = (JsonWebToken)result.SecurityToken;
        Assert.Equal((Person, sid), (token.Subject, token.GetPayloadValue<string>("sid")));
        Assert.False(token.TryGetPayloadValue<string>("nonce", out _));
        Assert.NotEmpty(token.Id);
        Assert.Equal("""{"http://schemas.openid.net/event/backchannel-logout":{}}""",
            token.GetPayloadValue<JsonElement>("events").GetRawText());
        // What is told as an event is no id_token, and opens nothing.
        Assert.Equal(401, (await On.GetAsync("/oidc/userinfo", bearer: form["logout_token"].Single())).Status);
        await On.Gateway.UntilAsync(async () => await On.NumberAsync("SELECT COUNT(*) FROM oidc_logout") == 0);
        Assert.True(hook.Idle);
    }

    [Fact]
    public async Task A_client_that_does_not_take_it_is_told_again_and_a_hostile_one_is_left()
    {
        var answers = new Queue<int>([500, 302, 200]);
        await using var hook = await HookServer.StartAsync((_, body) => (body, answers.Dequeue(), ""));
        var client = await On.ClientAsync(new { backchannel_logout_uri = hook.Url });
        await LogoutAsync(("id_token_hint", (await On.TokensAsync(client, Cookie)).Text("id_token")));
        for (var i = 0; i < 3; i++)
        {
            await hook.NextAsync();
            await On.Gateway.UntilAsync(async () =>
            {
                // What waits for its next try is due now.
                await On.WriteAsync("UPDATE oidc_logout SET not_before = 0 WHERE tries > 0 AND lease_until IS NULL");
                On.Gateway.Services.GetRequiredService<LogoutSignal>().Wake();
                return !hook.Idle || await On.NumberAsync("SELECT COUNT(*) FROM oidc_logout") == 0;
            });
        }

        Assert.Equal(0, await On.NumberAsync("SELECT COUNT(*) FROM oidc_logout"));
        var refused = await On.Gateway.PostRestAsync("/oidc/clients", new { name = "x", redirect_uris =
            new[] { ProviderFixture.Callback }, backchannel_logout_uri = "http://169.254.169.254/latest" });
        Assert.Equal((422, "bad_url", "/backchannel_logout_uri"), (refused.Status, refused.Error, refused.Pointer));
    }

    [Fact]
    public async Task What_is_given_for_longer_outlasts_the_session_and_the_rest_does_not()
    {
        var lasting = await On.TokensAsync(Client, Cookie, ("scope", "openid offline_access"));
        var bound = await On.ClientAsync(new { always_refresh = true });
        var short1 = await On.TokensAsync(bound, Cookie);
        var waiting = await On.CodeAsync(Client, Cookie);
        await LogoutAsync(("id_token_hint", _idToken));
        Assert.Equal("invalid_grant", (await On.ExchangeAsync(Client, waiting)).Error);
        Assert.Equal("invalid_grant", (await On.RefreshAsync(bound, short1.Text("refresh_token"))).Error);
        Assert.False(await On.WorksAsync(short1.Text("access_token")));
        Assert.Equal(200, (await On.RefreshAsync(Client, lasting.Text("refresh_token"))).Status);
    }

    [Fact]
    public async Task Whoever_is_shut_out_loses_sessions_codes_and_tokens_at_once()
    {
        await using var hook = await HookServer.StartAsync((_, body) => (body, 200, ""));
        var client = await On.ClientAsync(new { backchannel_logout_uri = hook.Url });
        var lasting = await On.TokensAsync(client, Cookie, ("scope", "openid offline_access"));
        var code = await On.CodeAsync(Client, Cookie);
        var disabled = await On.Gateway.PostRestAsync($"/people/{Person}/disable", null);
        Assert.True(disabled.Status == 200, disabled.ToString());
        Assert.False(await On.WorksAsync(lasting.Text("access_token")));
        Assert.Equal("invalid_grant", (await On.RefreshAsync(client, lasting.Text("refresh_token"))).Error);
        Assert.Equal("invalid_grant", (await On.ExchangeAsync(Client, code)).Error);
        Assert.Equal("login_required", (await On.GetAsync(ProviderFixture.AuthorizePath(Client, ("prompt", "none")),
            Cookie)).Query("error"));
        await hook.NextAsync();
        // Nothing of it opens again when they are let in.
        Assert.Equal(200, (await On.Gateway.PostRestAsync($"/people/{Person}/enable", null)).Status);
        Assert.False(await On.WorksAsync(lasting.Text("access_token")));
        Assert.Equal("invalid_grant", (await On.RefreshAsync(client, lasting.Text("refresh_token"))).Error);
    }

    [Fact]
    public async Task Of_two_people_who_become_one_the_former_s_tokens_end_and_the_other_s_stay()
    {
        var bob = await On.PersonAsync("bob");
        var his = await On.TokensAsync(Client, await On.SignInAsync(bob), ("scope", "openid offline_access"));
        var hers = await On.TokensAsync(Client, Cookie, ("scope", "openid offline_access"));
        var merged = await On.Gateway.PostRestAsync($"/people/{Person}/merge", new { from = bob });
        Assert.True(merged.Status == 200, merged.ToString());
        Assert.False(await On.WorksAsync(his.Text("access_token")));
        Assert.Equal("invalid_grant", (await On.RefreshAsync(Client, his.Text("refresh_token"))).Error);
        Assert.True(await On.WorksAsync(hers.Text("access_token")));
    }

    private async Task EndedAsync()
    {
        Assert.Equal(0, await On.NumberAsync("SELECT COUNT(*) FROM sign_in_session WHERE person = $1", Person));
        Assert.Equal("login_required", (await On.GetAsync(ProviderFixture.AuthorizePath(Client, ("prompt", "none")),
            Cookie)).Query("error"));
    }

    /// <summary>They are asked, and nothing has ended; nobody is sent anywhere.</summary>
    private async Task<Answer> AsksAsync(int status, params (string, string)[] parameters)
    {
        var page = await LogoutAsync(parameters);
        Assert.Equal((status, null), (page.Status, page.Location));
        Assert.Contains("name=\"note\"", page.Body, StringComparison.Ordinal);
        Assert.Equal(1, await On.NumberAsync("SELECT COUNT(*) FROM sign_in_session WHERE person = $1", Person));
        return page;
    }

    private Task<Answer> ConfirmAsync(Answer page, string? cookie = null) =>
        On.PostAsync("/oidc/logout", [("note", page.Body.Split("name=\"note\" value=\"")[1].Split('"')[0])], cookie ?? Cookie);

    private Task<Answer> LogoutAsync(params (string, string)[] parameters) => On.GetAsync(Path(parameters), Cookie);

    private static string Path(params (string Name, string Value)[] parameters) =>
        QueryHelpers.AddQueryString("/oidc/logout", parameters.Select(p => KeyValuePair.Create<string, string?>(p.Name, p.Value)));
}
