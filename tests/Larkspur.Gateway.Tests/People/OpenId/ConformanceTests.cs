using Larkspur.Testing;
using System.Text.Json;

namespace Larkspur.Gateway.Tests.People.OpenId;

/// <summary>Rows of the certification suite's basic, config and refresh plans, each under its own name.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class ConformanceTests : SignedInTest
{
    [Fact]
    public async Task oidcc_server()
    {
        var answer = await On.GetAsync(ProviderFixture.AuthorizePath(Client), Cookie);
        Assert.Equal((303, "st ate&1", On.Issuer), (answer.Status, answer.Query("state"), answer.Query("iss")));
        Assert.StartsWith(ProviderFixture.Callback + "&code=lo_", answer.Location!.OriginalString, StringComparison.Ordinal);
        var given = await On.ExchangeAsync(Client, answer.Query("code")!);
        Assert.Equal((200, "Bearer", 3600, "openid"), (given.Status, given.Json.Text("token_type"),
            given.Json.GetProperty("expires_in").GetInt32(), given.Json.Text("scope")));
        Assert.True(given.Headers.CacheControl!.NoStore);
        Assert.False(given.Json.TryGetProperty("refresh_token", out _));
        var token = await On.CheckAsync(given.Json.Text("id_token"), Client);
        Assert.Equal(Person, token.Subject);
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        Assert.InRange(token.GetPayloadValue<long>("iat"), now - 300, now + 300);
        Assert.InRange(token.GetPayloadValue<long>("auth_time"), now - 300, now + 300);
        Assert.StartsWith("si_", token.GetPayloadValue<string>("sid"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task oidcc_idtoken_signature()
    {
        var text = (await On.TokensAsync(Client, Cookie)).Text("id_token");
        var token = await On.CheckAsync(text, Client);
        Assert.Equal(("RS256", "JWT"), (token.Alg, token.Typ));
        var kids = (await On.GetAsync("/oidc/jwks")).Json.GetProperty("keys").EnumerateArray().Select(k => k.Text("kid")).ToArray();
        Assert.Equal(token.Kid, kids[0]);
        Assert.Equal(2, kids.Length);
    }

    [Fact]
    public async Task oidcc_server_client_secret_post()
    {
        var code = await On.CodeAsync(Client, Cookie);
        var given = await On.PostAsync("/oidc/token", [("grant_type", "authorization_code"), ("code", code), ("redirect_uri",
            ProviderFixture.Callback),
            ("code_verifier", Client.Verifier), ("client_id", Client.Id), ("client_secret", Client.Secret!)]);
        Assert.True(given.Status == 200, given.ToString());
    }

    [Fact]
    public async Task oidcc_ensure_post_request_succeeds()
    {
        var form = Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(ProviderFixture.AuthorizePath(Client).Split('?')[1])
            .Select(p => (p.Key, p.Value.ToString())).ToArray();
        Assert.NotNull((await On.PostAsync("/oidc/authorize", form, Cookie)).Query("code"));
        // A form that another site posts brings no cookie: the browser is sent here again, with one.
        var again = await On.PostAsync("/oidc/authorize", form);
        Assert.Equal(303, again.Status);
        Assert.NotNull((await On.GetAsync(again.Location!.ToString(), Cookie)).Query("code"));
    }

    [Fact]
    public async Task oidcc_ensure_request_with_valid_pkce_succeeds() =>
        Assert.Equal(200, (await On.ExchangeAsync(Client, await On.CodeAsync(Client, Cookie))).Status);

    [Fact]
    public async Task oidcc_ensure_request_without_nonce_succeeds_for_code_flow() =>
        await On.CheckAsync((await On.TokensAsync(Client, Cookie, ("nonce", null))).Text("id_token"), Client, nonce: null);

    [Fact]
    public async Task oidcc_response_type_missing()
    {
        var answer = await On.GetAsync(ProviderFixture.AuthorizePath(Client, ("response_type", null)), Cookie);
        Assert.Equal(("invalid_request", "st ate&1", null), (answer.Query("error"), answer.Query("state"), answer.Query("code")));
        foreach (var type in (string[])["token", "id_token", "code id_token", "code token", "none"])
            Assert.Equal("unsupported_response_type", (await On.GetAsync(ProviderFixture.AuthorizePath(Client, ("response_type", type)),
                Cookie)).Query("error"));
    }

    [Fact]
    public async Task oidcc_userinfo_get()
    {
        var answer = await On.GetAsync("/oidc/userinfo", bearer: (await On.TokensAsync(Client, Cookie)).Text("access_token"));
        Assert.Equal((200, Person), (answer.Status, answer.Json.Text("sub")));
        Assert.Single(answer.Json.EnumerateObject());
        var refused = await On.GetAsync("/oidc/userinfo", bearer: "la_nothing");
        Assert.Equal(401, refused.Status);
        Assert.Contains("error=\"invalid_token\"", refused.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task oidcc_userinfo_post_header() => Assert.Equal(Person, (await On.PostAsync("/oidc/userinfo", [],
        bearer: (await On.TokensAsync(Client, Cookie)).Text("access_token"))).Json.Text("sub"));

    [Fact]
    public async Task oidcc_userinfo_post_body() => Assert.Equal(Person, (await On.PostAsync("/oidc/userinfo",
        [("access_token", (await On.TokensAsync(Client, Cookie)).Text("access_token"))])).Json.Text("sub"));

    [Fact]
    public async Task oidcc_scope_profile()
    {
        var told = await ToldAsync("openid profile");
        Assert.Equal(["name", "preferred_username", "sub", "updated_at"], Names(told));
        Assert.Equal(("alice", "alice"), (told.Text("name"), told.Text("preferred_username")));
        Assert.Equal(JsonValueKind.Number, told.GetProperty("updated_at").ValueKind);
    }

    [Fact]
    public async Task oidcc_scope_email()
    {
        var told = await ToldAsync("openid email");
        // That it is verified is not said: a directory alone tells it.
        Assert.Equal(["email", "sub"], Names(told));
        Assert.Equal("alice@example.com", told.Text("email"));
    }

    [Fact]
    public async Task oidcc_scope_address() => Assert.Equal(["sub"], Names(await ToldAsync("openid address")));

    [Fact]
    public async Task oidcc_scope_phone() => Assert.Equal(["sub"], Names(await ToldAsync("openid phone")));

    [Fact]
    public async Task oidcc_scope_all()
    {
        var tokens = await On.TokensAsync(Client, Cookie, ("scope", ProviderFixture.AllScopes + " address unknown"));
        Assert.Equal(ProviderFixture.AllScopes, tokens.Text("scope"));
        var told = (await On.GetAsync("/oidc/userinfo", bearer: tokens.Text("access_token"))).Json;
        Assert.Equal(["email", "groups", "name", "preferred_username", "sub", "updated_at"], Names(told));
        var id = await On.CheckAsync(tokens.Text("id_token"), Client);
        Assert.False(id.TryGetPayloadValue<string>("email", out _));
    }

    [Fact]
    public async Task oidcc_alternate_happy_flow() => await HarmlessAsync();

    [Fact]
    public async Task oidcc_display_page() => await HarmlessAsync(("display", "page"));

    [Fact]
    public async Task oidcc_display_popup() => await HarmlessAsync(("display", "popup"));

    [Fact]
    public async Task oidcc_login_hint() => await HarmlessAsync(("login_hint", "bob@example.com"));

    [Fact]
    public async Task oidcc_ui_locales() => await HarmlessAsync(("ui_locales", "se zh-CN"));

    [Fact]
    public async Task oidcc_claims_locales() => await HarmlessAsync(("claims_locales", "se"));

    [Fact]
    public async Task oidcc_ensure_request_with_acr_values_succeeds() => await HarmlessAsync(("acr_values", "1 2"));

    [Fact]
    public async Task oidcc_ensure_request_with_unknown_parameter_succeeds() => await HarmlessAsync(("extra", "foobar"));

    [Fact]
    public async Task oidcc_claims_essential() =>
        await HarmlessAsync(("claims", """{"userinfo":{"name":{"essential":true}}}"""));

    [Fact]
    public async Task oidcc_prompt_login()
    {
        await On.AgeAsync(TimeSpan.FromMinutes(2));
        var before = (await On.CheckAsync((await On.TokensAsync(Client, Cookie)).Text("id_token"),
            Client)).GetPayloadValue<long>("auth_time");
        var sent = await On.GetAsync(ProviderFixture.AuthorizePath(Client, ("prompt", "login")), Cookie);
        Assert.True(sent.IsToSignIn && sent.Location!.ToString().EndsWith("&again=1", StringComparison.Ordinal), sent.ToString());
        // Coming back alone proves nothing.
        var back = await On.GetAsync(sent.ReturnTo, Cookie);
        Assert.True(back.IsToSignIn, back.ToString());
        await On.SignInAsync(Person, Cookie);
        var code = (await On.GetAsync(back.ReturnTo, Cookie)).Query("code");
        var token = await On.CheckAsync((await On.ExchangeAsync(Client, code!)).Json.Text("id_token"), Client);
        Assert.True(token.GetPayloadValue<long>("auth_time") > before);
    }

    [Fact]
    public async Task oidcc_prompt_none_not_logged_in()
    {
        var answer = await On.GetAsync(ProviderFixture.AuthorizePath(Client, ("prompt", "none")));
        Assert.Equal(("login_required", "st ate&1", null, On.Issuer),
            (answer.Query("error"), answer.Query("state"), answer.Query("code"), answer.Query("iss")));
        Assert.Equal("invalid_request", (await On.GetAsync(ProviderFixture.AuthorizePath(Client, ("prompt", "none login")),
            Cookie)).Query("error"));
    }

    [Fact]
    public async Task oidcc_prompt_none_logged_in()
    {
        var one = await On.CheckAsync((await On.TokensAsync(Client, Cookie)).Text("id_token"), Client);
        var two = await On.CheckAsync((await On.TokensAsync(Client, Cookie, ("prompt", "none"))).Text("id_token"), Client);
        Assert.Equal((one.Subject, one.GetPayloadValue<long>("auth_time")), (two.Subject, two.GetPayloadValue<long>("auth_time")));
    }

    [Fact]
    public async Task oidcc_id_token_hint()
    {
        var hint = (await On.TokensAsync(Client, Cookie)).Text("id_token");
        var again = await On.CheckAsync((await On.TokensAsync(Client, Cookie, ("prompt", "none"),
            ("id_token_hint", hint))).Text("id_token"), Client);
        Assert.Equal(Person, again.Subject);
        // Somebody else is signed in: silently there is nothing to give, and they are not taken for the one who is meant.
        var bob = await On.SignInAsync(await On.PersonAsync("bob"));
        Assert.Equal("login_required", (await On.GetAsync(ProviderFixture.AuthorizePath(Client, ("prompt", "none"), ("id_token_hint",
            hint)), bob)).Query("error"));
        var sent = await On.GetAsync(ProviderFixture.AuthorizePath(Client, ("id_token_hint", hint)), bob);
        Assert.True(sent.IsToSignIn);
        var bobAgain = await On.SignInAsync(await On.PersonAsync("bob"), bob);
        Assert.Equal("login_required", (await On.GetAsync(sent.ReturnTo, bobAgain)).Query("error"));
        Assert.Equal("invalid_request", (await On.GetAsync(ProviderFixture.AuthorizePath(Client, ("id_token_hint", hint[..^4] + "AAAA")),
            Cookie)).Query("error"));
    }

    [Fact]
    public async Task oidcc_max_age_1()
    {
        await On.AgeAsync(TimeSpan.FromSeconds(5));
        var sent = await On.GetAsync(ProviderFixture.AuthorizePath(Client, ("max_age", "1")), Cookie);
        Assert.True(sent.IsToSignIn, sent.ToString());
        await On.SignInAsync(Person, Cookie);
        Assert.NotNull((await On.GetAsync(sent.ReturnTo, Cookie)).Query("code"));
        Assert.Equal("login_required", (await On.GetAsync(ProviderFixture.AuthorizePath(Client, ("max_age", "0"), ("prompt", "none")),
            await OldAsync())).Query("error"));
        Assert.Equal("invalid_request", (await On.GetAsync(ProviderFixture.AuthorizePath(Client, ("max_age", "-1")),
            Cookie)).Query("error"));

        async Task<string> OldAsync()
        {
            await On.AgeAsync(TimeSpan.FromSeconds(2));
            return Cookie;
        }
    }

    [Fact]
    public async Task oidcc_max_age_10000()
    {
        await On.AgeAsync(TimeSpan.FromSeconds(100));
        var one = await On.CheckAsync((await On.TokensAsync(Client, Cookie)).Text("id_token"), Client);
        var two = await On.CheckAsync((await On.TokensAsync(Client, Cookie, ("max_age", "10000"))).Text("id_token"), Client);
        Assert.Equal(one.GetPayloadValue<long>("auth_time"), two.GetPayloadValue<long>("auth_time"));
    }

    [Fact]
    public async Task oidcc_codereuse()
    {
        var code = await On.CodeAsync(Client, Cookie, ("scope", "openid offline_access"));
        var first = (await On.ExchangeAsync(Client, code)).Json;
        Assert.True(await On.WorksAsync(first.Text("access_token")));
        var second = await On.ExchangeAsync(Client, code);
        Assert.Equal((400, "invalid_grant"), (second.Status, second.Error));
        Assert.False(await On.WorksAsync(first.Text("access_token")));
        Assert.Equal("invalid_grant", (await On.RefreshAsync(Client, first.Text("refresh_token"))).Error);
    }

    [Fact]
    public async Task oidcc_codereuse_30seconds()
    {
        var code = await On.CodeAsync(Client, Cookie);
        var first = (await On.ExchangeAsync(Client, code)).Json;
        await On.WriteAsync("UPDATE oidc_code SET used_at = used_at - 30000, expires_at = expires_at - 90000");
        Assert.Equal("invalid_grant", (await On.ExchangeAsync(Client, code)).Error);
        Assert.False(await On.WorksAsync(first.Text("access_token")));
    }

    [Fact]
    public async Task oidcc_ensure_registered_redirect_uri()
    {
        foreach (var tricked in (string?[])[ProviderFixture.Callback + "/appended", ProviderFixture.Callback + "&x=1",
            "https://rp.example.com/callback", "https://RP.example.com/callback?from=larkspur",
            "https://rp.example.com:443/callback?from=larkspur", "https://rp.example.com/callback/../callback?from=larkspur",
                "https://rp.example.com@evil.example/callback?from=larkspur",
            "https://rp.example.com.evil.example/callback?from=larkspur", "//rp.example.com/callback?from=larkspur", "javascript:alert(1)",
                "http://localhost:1234/cb", "http://127.0.0.1.evil.example/cb",
            "http://127.0.0.1:99999/cb", "http://127.0.0.1:80/cb2", "http://127.0.0.1@evil.example/cb",
                "https://rp.example.com/callback%3Ffrom=larkspur", null])
        {
            var answer = await On.GetAsync(ProviderFixture.AuthorizePath(Client, ("redirect_uri", tricked)), Cookie);
            Assert.True(answer is { Status: 400, Location: null }, $"{tricked}: {answer}");
            Assert.Contains("<main", answer.Body, StringComparison.Ordinal);
        }

        Assert.StartsWith("http://127.0.0.1:54321/cb?code=", (await On.GetAsync(ProviderFixture.AuthorizePath(Client, ("redirect_uri",
            "http://127.0.0.1:54321/cb")), Cookie)).Location!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task oidcc_request_uri_unsigned_supported_correctly_or_rejected_as_unsupported() =>
        Assert.Equal("request_uri_not_supported",
        (await On.GetAsync(ProviderFixture.AuthorizePath(Client, ("request_uri", "https://rp.example.com/r.jwt")),
            Cookie)).Query("error"));

    [Fact]
    public async Task oidcc_unsigned_request_object_supported_correctly_or_rejected_as_unsupported() =>
        Assert.Equal("request_not_supported",
        (await On.GetAsync(ProviderFixture.AuthorizePath(Client, ("request", "eyJhbGciOiJub25lIn0.eyJzdGF0ZSI6ImV2aWwifQ.")),
            Cookie)).Query("error"));

    [Fact]
    public async Task oidcc_ensure_request_object_with_redirect_uri()
    {
        var answer = await On.GetAsync(ProviderFixture.AuthorizePath(Client, ("request",
            "eyJhbGciOiJub25lIn0.eyJyZWRpcmVjdF91cmkiOiJodHRwczovL2V2aWwuZXhhbXBsZSJ9.")), Cookie);
        Assert.Equal(("request_not_supported", "rp.example.com"), (answer.Query("error"), answer.Location!.Host));
    }

    [Fact]
    public async Task oidcc_refresh_token()
    {
        var tokens = await On.TokensAsync(Client, Cookie, ("scope", "openid email offline_access"));
        var refresh = tokens.Text("refresh_token");
        Assert.True(refresh.Length >= 43);
        var other = await On.ClientAsync(new { name = "Other" });
        var stolen = await On.RefreshAsync(other, refresh);
        Assert.Equal((400, "invalid_grant"), (stolen.Status, stolen.Error));
        var next = await On.RefreshAsync(Client, refresh);
        Assert.True(next.Status == 200, next.ToString());
        var (one, two) = (await On.CheckAsync(tokens.Text("id_token"), Client), await On.CheckAsync(next.Json.Text("id_token"), Client,
            nonce: null));
        Assert.Equal((one.Subject, one.Issuer, one.GetPayloadValue<long>("auth_time")),
            (two.Subject, two.Issuer, two.GetPayloadValue<long>("auth_time")));
        Assert.NotEqual(refresh, next.Json.Text("refresh_token"));
        Assert.True(await On.WorksAsync(next.Json.Text("access_token")));
    }

    [Fact]
    public async Task oidcc_discovery_endpoint_verification()
    {
        var told = await On.GetAsync("/.well-known/openid-configuration");
        Assert.Equal("*", told.Headers.GetValues("Access-Control-Allow-Origin").Single());
        var json = told.Json;
        Assert.Equal((On.Issuer, On.Issuer + "/oidc/jwks"), (json.Text("issuer"), json.Text("jwks_uri")));
        foreach (var name in (string[])["request_uri_parameter_supported", "request_parameter_supported", "claims_parameter_supported"])
            Assert.Equal(JsonValueKind.False, json.GetProperty(name).ValueKind);
        foreach (var name in (string[])["authorization_response_iss_parameter_supported", "backchannel_logout_supported",
            "backchannel_logout_session_supported"])
            Assert.Equal(JsonValueKind.True, json.GetProperty(name).ValueKind);
        Assert.Equal(["code"], Texts("response_types_supported"));
        Assert.Equal(["S256"], Texts("code_challenge_methods_supported"));
        Assert.Contains("RS256", Texts("id_token_signing_alg_values_supported"));
        Assert.Equal(["openid", "profile", "email", "phone", "groups", "offline_access"], Texts("scopes_supported"));
        Assert.Equal(["zh-CN", "en"], Texts("ui_locales_supported"));
        foreach (var key in (await On.GetAsync("/oidc/jwks")).Json.GetProperty("keys").EnumerateArray())
            Assert.Equal(["alg", "e", "kid", "kty", "n", "use"], Names(key));
        Assert.Equal(told.Body, (await On.GetAsync("/.well-known/oauth-authorization-server")).Body);
        Assert.Equal(404, (await On.GetAsync("/.well-known/oauth-authorization-server/elsewhere")).Status);

        string[] Texts(string name) => [.. json.GetProperty(name).EnumerateArray().Select(t => t.GetString()!)];
    }

    [Fact]
    public async Task oidcc_server_rotate_keys()
    {
        var before = (await On.TokensAsync(Client, Cookie)).Text("id_token");
        var kids = (await On.GetAsync("/oidc/jwks")).Json.GetProperty("keys").EnumerateArray().Select(k => k.Text("kid")).ToArray();
        Assert.Equal(200, (await On.Gateway.RotateOidcKeysAsync()).Status);
        var after = (await On.TokensAsync(Client, Cookie)).Text("id_token");
        // It was published before it signed, and the one before is still there.
        Assert.Equal(kids[1], (await On.CheckAsync(after, Client)).Kid);
        Assert.Equal(kids[0], (await On.CheckAsync(before, Client)).Kid);
    }

    private async Task HarmlessAsync(params (string, string?)[] more) =>
        Assert.Equal(Person, (await On.CheckAsync((await On.TokensAsync(Client, Cookie, more)).Text("id_token"), Client)).Subject);

    private async Task<JsonElement> ToldAsync(string scope) =>
        (await On.GetAsync("/oidc/userinfo", bearer: (await On.TokensAsync(Client, Cookie, ("scope",
            scope))).Text("access_token"))).Json;

    private static string[] Names(JsonElement json) => [.. json.EnumerateObject().Select(m => m.Name).Order(StringComparer.Ordinal)];
}

internal static class KeyCalls
{
    public static Task<Messages.RestAnswer> RotateOidcKeysAsync(this GatewayApp gateway) =>
        Messages.MessagesApi.PostRestAsync(gateway, "/oidc/keys/rotate", null);
}
