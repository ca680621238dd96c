using System.Net.Http.Headers;
using System.Text;
using Larkspur.Gateway.People.OpenId.Keys;
using Larkspur.Gateway.People.OpenId.Tokens;
using Larkspur.Gateway.Tests.Messages;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.Tokens;

namespace Larkspur.Gateway.Tests.People.OpenId;

/// <summary>What people try who want more than is theirs.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class HostileTests : SignedInTest
{
    [Fact]
    public async Task A_hint_with_another_algorithm_key_or_header_is_none()
    {
        var token = (await On.TokensAsync(Client, Cookie)).Text("id_token");
        var parts = token.Split('.');
        var reads = On.Gateway.Services.GetRequiredService<ProviderTokens>();
        async Task<bool> TakenAsync(string text) =>
            await reads.ReadHintAsync(text, On.Issuer, TestContext.Current.CancellationToken) is not null;
        Assert.True(await TakenAsync(token));
        var keys = await On.Gateway.Services.GetRequiredService<SigningKeys>().PublishedAsync(TestContext.Current.CancellationToken);
        var kid = keys[0].Kid;
        Assert.False(await TakenAsync($"{Base64UrlEncoder.Encode("{\"alg\":\"none\",\"typ\":\"JWT\"}")}.{parts[1]}."));
        Assert.False(await TakenAsync($"{Base64UrlEncoder.Encode("{\"alg\":\"none\",\"typ\":\"JWT\"}")}.{parts[1]}.{parts[2]}"));
        // HS256 keyed with what everybody knows of the key.
        var info = ((RsaSecurityKey)keys[0].ToKey()).Parameters;
        using var rsa = System.Security.Cryptography.RSA.Create(info);
        foreach (var known in (byte[][])[rsa.ExportSubjectPublicKeyInfo(), Encoding.ASCII.GetBytes(rsa.ExportSubjectPublicKeyInfoPem()),
            info.Modulus!])
        {
            var head = Base64UrlEncoder.Encode($$"""{"alg":"HS256","typ":"JWT","kid":"{{kid}}"}""");
            var signature = System.Security.Cryptography.HMACSHA256.HashData(known, Encoding.ASCII.GetBytes($"{head}.{parts[1]}"));
            Assert.False(await TakenAsync($"{head}.{parts[1]}.{Base64UrlEncoder.Encode(signature)}"));
        }

        // A key of the sender's own, named in every way that there is.
        using var own = System.Security.Cryptography.RSA.Create(2048);
        var (n, e) = (Base64UrlEncoder.Encode(own.ExportParameters(false).Modulus),
            Base64UrlEncoder.Encode(own.ExportParameters(false).Exponent));
        foreach (var header in (string[])[
            $$"""{"alg":"RS256","typ":"JWT","kid":"{{kid}}"}""", """{"alg":"RS256","typ":"JWT"}""",
                """{"alg":"RS256","typ":"JWT","kid":"../../../dev/null"}""",
            """{"alg":"RS256","typ":"JWT","kid":"' OR 1=1 --"}""", """{"alg":"RS256","typ":"JWT","jku":"https://evil.example/jwks"}""",
            $$$"""{"alg":"RS256","typ":"JWT","jwk":{"kty":"RSA","n":"{{{n}}}","e":"{{{e}}}"}}""",
                """{"alg":"RS256","typ":"JWT","x5u":"https://evil.example/c.pem"}"""])
        {
            var head = Base64UrlEncoder.Encode(header);
            var signature = own.SignData(Encoding.ASCII.GetBytes($"{head}.{parts[1]}"),
                System.Security.Cryptography.HashAlgorithmName.SHA256,
                System.Security.Cryptography.RSASignaturePadding.Pkcs1);
            Assert.False(await TakenAsync($"{head}.{parts[1]}.{Base64UrlEncoder.Encode(signature)}"), header);
        }

        // What is signed by us, and is something else.
        var jwtClient = await On.ClientAsync(new { jwt_access_tokens = true });
        Assert.False(await TakenAsync((await On.TokensAsync(jwtClient, Cookie)).Text("access_token")));
        Assert.False(await TakenAsync(new string('a', 20_000) + ".b.c"));
    }

    [Fact]
    public async Task An_id_token_opens_nothing_and_a_JWT_access_token_is_of_its_own_type()
    {
        var client = await On.ClientAsync(new { jwt_access_tokens = true });
        var tokens = await On.TokensAsync(client, Cookie, ("scope", "openid groups"));
        Assert.Equal(401, (await On.GetAsync("/oidc/userinfo", bearer: tokens.Text("id_token"))).Status);
        var access = new Microsoft.IdentityModel.JsonWebTokens.JsonWebToken(tokens.Text("access_token"));
        Assert.Equal(("at+jwt", client.Id, "openid groups"), (access.Typ, access.GetPayloadValue<string>("client_id"),
            access.GetPayloadValue<string>("scope")));
        Assert.True(await On.WorksAsync(tokens.Text("access_token")));
        // Another payload under the same signature is unknown.
        var parts = tokens.Text("access_token").Split('.');
        Assert.False(await On.WorksAsync($"{parts[0]}.{Base64UrlEncoder.Encode(Base64UrlEncoder.Decode(parts[1]).Replace(Person, "pe_other", StringComparison.Ordinal))}.{parts[2]}"));
        Assert.Equal(200, (await On.PostAsync("/oidc/revoke", [("token", tokens.Text("access_token"))],
            authorization: client.Basic)).Status);
        Assert.False(await On.WorksAsync(tokens.Text("access_token")));
    }

    [Fact]
    public async Task A_code_is_its_client_s_alone_and_stays_good_for_it()
    {
        var other = await On.ClientAsync(new { name = "Other" });
        var code = await On.CodeAsync(Client, Cookie);
        Assert.Equal("invalid_grant", (await On.ExchangeAsync(other, code)).Error);
        Assert.Equal("invalid_client", (await On.ExchangeAsync(other with { Secret = Client.Secret }, code)).Error);
        Assert.Equal(200, (await On.ExchangeAsync(Client, code)).Status);
    }

    [Theory]
    [InlineData("redirect_uri", "http://127.0.0.1/cb")]
    [InlineData("redirect_uri", null)]
    [InlineData("code_verifier", null)]
    [InlineData("code_verifier", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM")]
    public async Task A_code_is_bound_to_all_that_it_was_asked_for_with(string name, string? value)
    {
        var code = await On.CodeAsync(Client, Cookie);
        Assert.Equal("invalid_grant", (await On.ExchangeAsync(Client, code, (name, value))).Error);
        // There is one try.
        Assert.Equal("invalid_grant", (await On.ExchangeAsync(Client, code)).Error);
    }

    [Fact]
    public async Task PKCE_cannot_be_taken_away_or_made_weaker()
    {
        // The challenge was taken out of the request: a verifier then says that somebody did.
        var code = await On.CodeAsync(Client, Cookie, ("code_challenge", null), ("code_challenge_method", null));
        Assert.Equal("invalid_grant", (await On.ExchangeAsync(Client, code)).Error);
        foreach (var more in ((string, string?)[][])[[("code_challenge_method", "plain")], [("code_challenge_method", null)],
            [("code_challenge", null)],
            [("code_challenge", "short")], [("code_challenge_method", "s256")]])
            Assert.Equal("invalid_request", (await On.GetAsync(ProviderFixture.AuthorizePath(Client, more), Cookie)).Query("error"));
        var page = await On.ClientAsync(new { @public = true, trusted = true });
        Assert.Null(page.Secret);
        Assert.Equal("invalid_request", (await On.GetAsync(ProviderFixture.AuthorizePath(page, ("code_challenge", null),
            ("code_challenge_method", null)), Cookie)).Query("error"));
        Assert.Equal(200, (await On.ExchangeAsync(page, await On.CodeAsync(page, Cookie))).Status);
        var strict = await On.ClientAsync(new { require_pkce = true });
        Assert.Equal("invalid_request", (await On.GetAsync(ProviderFixture.AuthorizePath(strict, ("code_challenge", null),
            ("code_challenge_method", null)), Cookie)).Query("error"));
    }

    [Fact]
    public async Task A_code_is_good_for_a_minute()
    {
        var code = await On.CodeAsync(Client, Cookie);
        await On.WriteAsync("UPDATE oidc_code SET expires_at = expires_at - 60001");
        Assert.Equal("invalid_grant", (await On.ExchangeAsync(Client, code)).Error);
    }

    [Fact]
    public async Task Of_many_who_exchange_a_code_at_once_at_most_one_gets_tokens_and_then_none_holds()
    {
        var code = await On.CodeAsync(Client, Cookie);
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => On.ExchangeAsync(Client, code)));
        var given = answers.Where(a => a.Status == 200).ToArray();
        Assert.Single(given);
        Assert.All(answers.Where(a => a.Status != 200), a => Assert.Equal("invalid_grant", a.Error));
        Assert.False(await On.WorksAsync(given[0].Json.Text("access_token")));
    }

    [Fact]
    public async Task A_refresh_token_comes_once_and_a_second_use_ends_all()
    {
        var first = await On.TokensAsync(Client, Cookie, ("scope", "openid offline_access"));
        var second = (await On.RefreshAsync(Client, first.Text("refresh_token"))).Json;
        Assert.Equal("invalid_grant", (await On.RefreshAsync(Client, first.Text("refresh_token"))).Error);
        Assert.Equal("invalid_grant", (await On.RefreshAsync(Client, second.Text("refresh_token"))).Error);
        Assert.False(await On.WorksAsync(second.Text("access_token")));
        Assert.Equal(1, await On.NumberAsync("SELECT COUNT(*) FROM audit WHERE what = 'oidc.refresh_reused'"));
    }

    [Fact]
    public async Task With_a_grace_workers_of_one_client_get_the_same_successor()
    {
        var client = await On.ClientAsync(new { grace_seconds = 30 });
        var first = await On.TokensAsync(client, Cookie, ("scope", "openid offline_access"));
        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => On.RefreshAsync(client, first.Text("refresh_token"))));
        Assert.All(answers, a => Assert.True(a.Status == 200, a.ToString()));
        var next = Assert.Single(answers.Select(a => a.Json.Text("refresh_token")).Distinct());
        Assert.Equal(200, (await On.RefreshAsync(client, next)).Status);
        await On.WriteAsync("UPDATE oidc_token SET used_at = used_at - 31000 WHERE used_at IS NOT NULL");
        Assert.Equal("invalid_grant", (await On.RefreshAsync(client, first.Text("refresh_token"))).Error);
        Assert.Equal("invalid_grant", (await On.RefreshAsync(client, next)).Error);
    }

    [Fact]
    public async Task Scopes_get_narrower_alone_and_families_run_out()
    {
        var client = await On.ClientAsync(new { refresh_idle_seconds = 600, refresh_seconds = 1200 });
        var first = await On.TokensAsync(client, Cookie, ("scope", "openid email offline_access"));
        Assert.Equal("invalid_scope", (await On.RefreshAsync(client, first.Text("refresh_token"), ("scope", "openid groups"))).Error);
        var narrow = (await On.RefreshAsync(client, first.Text("refresh_token"), ("scope", "openid"))).Json;
        Assert.Equal("openid", narrow.Text("scope"));
        Assert.Single((await On.GetAsync("/oidc/userinfo", bearer: narrow.Text("access_token"))).Json.EnumerateObject());
        await On.WriteAsync("UPDATE oidc_family SET used_at = used_at - 600001");
        Assert.Equal("invalid_grant", (await On.RefreshAsync(client, narrow.Text("refresh_token"))).Error);
        await On.WriteAsync("UPDATE oidc_family SET used_at = used_at + 600001, expires_at = expires_at - 1200001");
        Assert.Equal("invalid_grant", (await On.RefreshAsync(client, narrow.Text("refresh_token"))).Error);
    }

    [Fact]
    public async Task Parameters_stand_once_and_huge_ones_are_refused()
    {
        var twice = await On.GetAsync(ProviderFixture.AuthorizePath(Client) + "&nonce=2", Cookie);
        Assert.Equal("invalid_request", twice.Query("error"));
        foreach (var name in (string[])["client_id=x", "redirect_uri=https://evil.example/"])
            Assert.True(await On.GetAsync(ProviderFixture.AuthorizePath(Client) + "&" + name, Cookie) is { Status: 400,
                Location: null });
        var state = await On.GetAsync(ProviderFixture.AuthorizePath(Client) + "&state=2", Cookie);
        Assert.Equal(("invalid_request", null), (state.Query("error"), state.Query("state")));
        Assert.Equal("invalid_request", (await On.GetAsync(ProviderFixture.AuthorizePath(Client, ("state", new string('s', 3000))),
            Cookie)).Query("error"));
        Assert.Equal(400, (await On.GetAsync(ProviderFixture.AuthorizePath(Client) + string.Concat(Enumerable.Range(0, 70).Select(i =>
            $"&p{i}=1")), Cookie)).Status);
        foreach (var answer in (Answer[])[
            await On.PostAsync("/oidc/token", [("grant_type", "authorization_code"), ("grant_type", "refresh_token")],
                authorization: Client.Basic),
            await On.PostAsync("/oidc/token", [("code", new string('c', 40_000))], authorization: Client.Basic),
            await On.PostAsync("/oidc/token", [("grant_type", "authorization_code")], authorization: Client.Basic)])
            Assert.Equal((400, "invalid_request"), (answer.Status, answer.Error));
        Assert.Equal("unsupported_grant_type", (await On.PostAsync("/oidc/token", [("grant_type", "password")],
            authorization: Client.Basic)).Error);
    }

    [Theory]
    [InlineData("a\r\nSet-Cookie: x=1")]
    [InlineData("\"><script>alert(1)</script>")]
    [InlineData("状态 &error=access_denied#x")]
    public async Task What_a_client_sends_comes_back_as_it_was_and_nowhere_else(string state)
    {
        var answer = await On.GetAsync(ProviderFixture.AuthorizePath(Client, ("state", state)), Cookie);
        Assert.Equal((state, null), (answer.Query("state"), answer.Query("error")));
        Assert.False(answer.Headers.Contains("Set-Cookie"));
        var page = await On.GetAsync(ProviderFixture.AuthorizePath(Client, ("redirect_uri", state)), Cookie);
        Assert.DoesNotContain("<script>alert", page.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_says_who_it_is_in_one_way_and_wrong_secrets_are_limited()
    {
        var code = await On.CodeAsync(Client, Cookie);
        var both = await On.ExchangeAsync(Client, code, ("client_id", Client.Id), ("client_secret", Client.Secret));
        Assert.Equal("invalid_request", both.Error);
        var two = await On.ExchangeAsync(Client, code, ("client_id", "lc_other"));
        Assert.Equal("invalid_request", two.Error);
        var wrong = await On.ExchangeAsync(Client with { Secret = "ls_wrong" }, code);
        Assert.Equal((401, "invalid_client"), (wrong.Status, wrong.Error));
        Assert.StartsWith("Basic ", wrong.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
        var unnamed = await On.PostAsync("/oidc/token", [("grant_type", "authorization_code"), ("code", code)]);
        Assert.Equal((401, "invalid_client"), (unnamed.Status, unnamed.Error));
        var statuses = new List<int>();
        for (var i = 0; i < 40; i++) statuses.Add((await On.ExchangeAsync(Client with { Secret = "ls_wrong" }, code)).Status);
        Assert.Equal(429, statuses[^1]);
        // Another client of the same machine is not kept waiting.
        var other = await On.ClientAsync(new { name = "Other" });
        Assert.Equal(200, (await On.ExchangeAsync(other, await On.CodeAsync(other, Cookie))).Status);
    }

    [Fact]
    public async Task A_secret_that_was_replaced_ends_at_once_and_so_does_a_client_that_is_removed_or_switched_off()
    {
        var tokens = await On.TokensAsync(Client, Cookie, ("scope", "openid offline_access"));
        var rotated = await On.Gateway.PostRestAsync($"/oidc/clients/{Client.Id}/rotate", null);
        Assert.Equal(200, rotated.Status);
        Assert.Equal("invalid_client", (await On.RefreshAsync(Client, tokens.Text("refresh_token"))).Error);
        var renewed = Client with { Secret = rotated.Text("client_secret") };
        var next = await On.RefreshAsync(renewed, tokens.Text("refresh_token"));
        Assert.Equal(200, next.Status);
        Assert.Equal(200, (await On.Gateway.RestAsync(HttpMethod.Patch, $"/oidc/clients/{Client.Id}", new { enabled = false })).Status);
        Assert.False(await On.WorksAsync(next.Json.Text("access_token")));
        Assert.Equal(400, (await On.GetAsync(ProviderFixture.AuthorizePath(Client), Cookie)).Status);
        Assert.Equal(200, (await On.Gateway.RestAsync(HttpMethod.Patch, $"/oidc/clients/{Client.Id}", new { enabled = true })).Status);
        Assert.Equal("invalid_grant", (await On.RefreshAsync(renewed, next.Json.Text("refresh_token"))).Error);
        Assert.Equal(204, (await On.Gateway.RestAsync(HttpMethod.Delete, $"/oidc/clients/{Client.Id}")).Status);
        Assert.Equal(401, (await On.RefreshAsync(renewed, next.Json.Text("refresh_token"))).Status);
    }

    [Fact]
    public async Task Revoking_and_asking_are_for_the_token_s_own_client()
    {
        var other = await On.ClientAsync(new { name = "Other" });
        var server = await On.ClientAsync(new { name = "Resource", introspects = true });
        var tokens = await On.TokensAsync(Client, Cookie, ("scope", "openid offline_access"));
        var (access, refresh) = (tokens.Text("access_token"), tokens.Text("refresh_token"));
        async Task<bool> ActiveAsync(TestClient by, string token)
        {
            var answer = await On.PostAsync("/oidc/introspect", [("token", token)], authorization: by.Basic);
            Assert.Equal(200, answer.Status);
            var active = answer.Json.GetProperty("active").GetBoolean();
            if (active) Assert.Equal((Person, Client.Id), (answer.Json.Text("sub"), answer.Json.Text("client_id")));
            else Assert.Equal("""{"active":false}""", answer.Body);
            return active;
        }

        Assert.True(await ActiveAsync(Client, access) && await ActiveAsync(Client, refresh) && await ActiveAsync(server, access));
        Assert.False(await ActiveAsync(other, access) || await ActiveAsync(Client, "la_nothing"));
        Assert.Equal(401, (await On.PostAsync("/oidc/introspect", [("token", access)])).Status);
        Assert.Equal(200, (await On.PostAsync("/oidc/revoke", [("token", refresh)], authorization: other.Basic)).Status);
        Assert.True(await ActiveAsync(Client, refresh));
        Assert.Equal(200, (await On.PostAsync("/oidc/revoke", [("token", "unknown")], authorization: Client.Basic)).Status);
        Assert.Equal(200, (await On.PostAsync("/oidc/revoke", [("token", refresh), ("token_type_hint", "access_token")],
            authorization: Client.Basic)).Status);
        Assert.False(await ActiveAsync(Client, refresh) || await ActiveAsync(Client, access));
        Assert.False(await On.WorksAsync(access));
    }

    [Fact]
    public async Task Consent_is_asked_of_whom_nobody_trusts_and_its_form_is_one_person_s()
    {
        var client = await On.ClientAsync(new { name = "<b>Strange</b>", trusted = false });
        Assert.Equal("consent_required", (await On.GetAsync(ProviderFixture.AuthorizePath(client, ("prompt", "none")),
            Cookie)).Query("error"));
        var page = await On.GetAsync(ProviderFixture.AuthorizePath(client, ("scope", "openid email")), Cookie);
        Assert.Equal(200, page.Status);
        Assert.DoesNotContain("<b>Strange", page.Body, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", page.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        var note = page.Body.Split("name=\"note\" value=\"")[1].Split('"')[0];
        var bob = await On.SignInAsync(await On.PersonAsync("bob"));
        Assert.Equal(400, (await On.PostAsync("/oidc/consent", [("note", note), ("decision", "allow")], bob)).Status);
        Assert.Equal(400, (await On.PostAsync("/oidc/consent", [("note", note), ("decision", "allow")])).Status);
        Assert.Equal(400, (await On.PostAsync("/oidc/consent", [("note", note[..^2]), ("decision", "allow")], Cookie)).Status);
        var denied = await On.PostAsync("/oidc/consent", [("note", note), ("decision", "deny")], Cookie);
        Assert.Equal((303, "access_denied", "st ate&1"), (denied.Status, denied.Query("error"), denied.Query("state")));
        var allowed = await On.PostAsync("/oidc/consent", [("note", note), ("decision", "allow")], Cookie);
        Assert.Equal(303, allowed.Status);
        Assert.Equal(200, (await On.ExchangeAsync(client, allowed.Query("code")!)).Status);
        // It is known from then on, for what was allowed.
        Assert.NotNull((await On.GetAsync(ProviderFixture.AuthorizePath(client, ("prompt", "none"), ("scope", "openid email")),
            Cookie)).Query("code"));
        Assert.Equal("consent_required", (await On.GetAsync(ProviderFixture.AuthorizePath(client, ("prompt", "none"), ("scope",
            "openid phone")), Cookie)).Query("error"));
        Assert.Equal(200, (await On.GetAsync(ProviderFixture.AuthorizePath(Client, ("prompt", "consent")), Cookie)).Status);
    }

    [Fact]
    public async Task Only_people_of_the_groups_that_a_client_takes_get_in()
    {
        var client = await On.ClientAsync(new { allowed_groups = new[] { "role-operators" } });
        Assert.Equal("access_denied", (await On.GetAsync(ProviderFixture.AuthorizePath(client, ("prompt", "none")),
            Cookie)).Query("error"));
        var page = await On.GetAsync(ProviderFixture.AuthorizePath(client), Cookie);
        Assert.Equal(403, page.Status);
        Assert.Contains("error=access_denied", page.Body, StringComparison.Ordinal);
        var role = await On.Gateway.RestAsync(HttpMethod.Put, "/permissions/roles/operators", new { people = new[] { Person } });
        Assert.True(role.Status is 200 or 201, role.ToString());
        Assert.NotNull((await On.GetAsync(ProviderFixture.AuthorizePath(client), Cookie)).Query("code"));
    }

    [Fact]
    public async Task Names_of_users_are_given_once_and_nobody_is_called_as_systems_are()
    {
        var tokens = await On.TokensAsync(Client, Cookie, ("scope", "openid profile"));
        async Task<string> NameAsync(string bearer) => (await On.GetAsync("/oidc/userinfo",
            bearer: bearer)).Json.Text("preferred_username");
        Assert.Equal("alice", await NameAsync(tokens.Text("access_token")));
        var second = await On.PersonAsync("alice2", "alice@other.example");
        Assert.Equal("alice2", await NameAsync((await On.TokensAsync(Client, await On.SignInAsync(second), ("scope",
            "openid profile"))).Text("access_token")));
        var third = await On.PersonAsync("boss", "Admin@example.com");
        Assert.Equal("admin2", await NameAsync((await On.TokensAsync(Client, await On.SignInAsync(third), ("scope",
            "openid profile"))).Text("access_token")));
        // Another address does not change it.
        await On.WriteAsync("UPDATE person_account SET email = 'married@example.com' WHERE person = $1", Person);
        Assert.Equal("alice", await NameAsync(tokens.Text("access_token")));
    }

    [Fact]
    public async Task Origins_may_ask_what_takes_no_cookie_and_never_the_rest()
    {
        foreach (var path in (string[])["/oidc/token", "/oidc/userinfo", "/oidc/jwks", "/.well-known/openid-configuration"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Options, path);
            request.Headers.Add("Origin", "https://page.example.com");
            request.Headers.Add("Access-Control-Request-Method", "POST");
            var answer = await On.SendAsync(request);
            Assert.Equal((204, "*"), (answer.Status, answer.Headers.GetValues("Access-Control-Allow-Origin").Single()));
        }

        foreach (var path in (string[])[ProviderFixture.AuthorizePath(Client), "/oidc/logout"])
            Assert.False((await On.GetAsync(path, Cookie)).Headers.Contains("Access-Control-Allow-Origin"));
        Assert.Equal(404, (await On.GetAsync("/oidc/nothing")).Status);
    }
}
