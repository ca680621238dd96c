using System.Text;
using System.Text.Json.Nodes;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.People.SignIn.Methods;
using Larkspur.Gateway.People.SignIn.Providers.Protocol;
using Larkspur.Gateway.Tests.Messages;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Larkspur.Gateway.Tests.People.SignIn.Providers;

/// <summary>What is asked of a provider and how, and what happens when it answers oddly or not at all.</summary>
public sealed class ProtocolTests(ProviderGateway gateway) : IClassFixture<ProviderGateway>
{
    [Fact]
    public async Task The_browser_is_sent_with_PKCE_nonce_and_state()
    {
        await using var at = await StartedAsync(metadata: m => m["authorization_endpoint"] += "?realm=a b");
        var query = QueryHelpers.ParseQuery((await at.BeginAsync()).Query);
        Assert.Equal(("code", FakeIdp.ClientId, ProviderFixture.Redirect.ToString(), "openid profile", ProviderFixture.State,
            ProviderFixture.Nonce, "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", "S256", "en", "a b"),
            ((string?)query["response_type"], (string?)query["client_id"], (string?)query["redirect_uri"], (string?)query["scope"],
            (string?)query["state"], (string?)query["nonce"], (string?)query["code_challenge"], (string?)query["code_challenge_method"],
            (string?)query["ui_locales"], (string?)query["realm"]));
        Assert.DoesNotContain("prompt", query.Keys);
        Assert.DoesNotContain("max_age", query.Keys);
        var anew = QueryHelpers.ParseQuery((await at.BeginAsync(again: true, Language.Chinese)).Query);
        Assert.Equal(("login", "0", "zh-CN"), ((string?)anew["prompt"], (string?)anew["max_age"], (string?)anew["ui_locales"]));
    }

    [Fact]
    public async Task Who_is_to_prove_it_anew_has_done_so_just_now()
    {
        await using var at = await StartedAsync();
        var now = gateway.Clock.GetUtcNow().ToUnixTimeSeconds();
        at.Idp.Claims = body => body["auth_time"] = now;
        await at.SignInAsync(again: true);
        // Somebody changed the address on the way, and the provider asked nobody.
        at.Idp.Claims = body => body["auth_time"] = now - 3600;
        await at.RefusedAsync("old_auth_time", "provider_again", again: true);
        await at.SignInAsync();
        at.Idp.Claims = static _ => { };
        await at.RefusedAsync("no_auth_time", again: true);
    }

    [Fact]
    public void Id_and_secret_are_encoded_before_they_are_joined() =>
        Assert.Equal("YXBwJTNBMTpwJTI1JTJCJUMzJUE0JTJGK3g=", ClientProof.Header("app:1", "p%+ä/ x"));

    [Theory]
    [InlineData(null, true)]
    [InlineData("client_secret_basic", true)]
    [InlineData("client_secret_post", false)]
    [InlineData("private_key_jwt client_secret_post client_secret_basic", true)]
    public async Task The_secret_is_shown_as_discovery_says(string? methods, bool inHeader)
    {
        await using var at = await StartedAsync(metadata: m =>
        {
            if (methods is not null)
                m["token_endpoint_auth_methods_supported"] = new JsonArray([.. methods.Split(' ').Select(w => (JsonNode)w)]);
        });
        await at.SignInAsync();
        var request = at.Idp.Requests.Single(r => r.Path == "/token");
        var basic = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{FakeIdp.ClientId}:{FakeIdp.Secret}"));
        Assert.Equal(inHeader ? basic : null, request.Authorization);
        Assert.Equal(inHeader ? null : FakeIdp.Secret, request.Form.GetValueOrDefault("client_secret"));
        Assert.Equal(ProviderFixture.Verifier, request.Form["code_verifier"]);
    }

    [Fact]
    public async Task A_provider_that_takes_no_secret_is_not_tried_with_one()
    {
        await using var at = await StartedAsync(metadata: m => m["token_endpoint_auth_methods_supported"] = new JsonArray("private_key_jwt"));
        await at.RefusedAsync("no_auth_method");
        Assert.Equal(0, at.Idp.Count("/token"));
    }

    [Fact]
    public async Task A_public_client_shows_no_secret()
    {
        await using var at = await ProviderFixture.StartAsync(gateway);
        await at.PutAsync(body =>
        {
            body.Remove("client_secret");
            body["client_auth"] = "none";
        });
        await at.SignInAsync();
        var request = at.Idp.Requests.Single(r => r.Path == "/token");
        Assert.Equal((null, FakeIdp.ClientId, false), (request.Authorization, request.Form["client_id"], request.Form.ContainsKey("client_secret")));
    }

    [Fact]
    public async Task An_answer_that_names_another_issuer_is_mixed_up_and_its_code_goes_nowhere()
    {
        await using var at = await StartedAsync();
        await at.RefusedAsync("mixed_up", query: q => q + "&iss=https%3A%2F%2Fid.evil.example");
        await at.RefusedAsync("bad_answer", query: q => q + $"&iss={Uri.EscapeDataString(at.Idp.Issuer)}&iss=x");
        Assert.Equal(0, at.Idp.Count("/token"));
        await at.SignInAsync(q => q + "&iss=" + Uri.EscapeDataString(at.Idp.Issuer));
        await using var announces = await StartedAsync(metadata: m => m["authorization_response_iss_parameter_supported"] = true);
        await announces.RefusedAsync("mixed_up");
        await announces.RefusedAsync("mixed_up", query: _ => "?error=access_denied");
        Assert.Equal(0, announces.Idp.Count("/token"));
        await announces.SignInAsync(q => q + "&iss=" + Uri.EscapeDataString(announces.Idp.Issuer));
    }

    [Fact]
    public async Task A_code_is_good_once_and_with_its_verifier_alone()
    {
        await using var at = await StartedAsync();
        var back = at.Idp.SignIn(await at.BeginAsync());
        await at.FinishAsync(back);
        var refused = await Assert.ThrowsAsync<SignInRefusedException>(() => at.FinishAsync(back));
        Assert.Equal("provider_again", refused.Word);
        back = at.Idp.SignIn(await at.BeginAsync());
        refused = await Assert.ThrowsAsync<SignInRefusedException>(() => at.Method.FinishAsync(
            new SignInReturn(back, ProviderFixture.State, ProviderFixture.Redirect, new string('x', 43), ProviderFixture.Nonce),
            TestContext.Current.CancellationToken));
        Assert.Equal("provider_again", refused.Word);
        // There is no second try by itself.
        Assert.Equal(3, at.Idp.Count("/token"));
    }

    [Fact]
    public async Task Whoever_cancels_reads_so()
    {
        await using var at = await StartedAsync();
        var refused = await at.RefusedAsync("denied: access_denied not today", "provider_denied", _ => "?error=access_denied&error_description=not%20today%0a");
        Assert.DoesNotContain('\n', refused.Message);
        await at.RefusedAsync("code_refused", "provider_again", _ => "?error=login_required");
        await at.RefusedAsync("failed", "provider_away", _ => "?error=temporarily_unavailable");
        await at.RefusedAsync("bad_answer", query: _ => "?state=x");
        await at.RefusedAsync("bad_answer", query: q => q + "&code=another");
    }

    [Fact]
    public async Task A_provider_that_is_away_is_said_and_not_asked_by_everybody()
    {
        await using var at = await StartedAsync();
        at.Idp.Odd = http =>
        {
            http.Response.StatusCode = 503;
            return Task.FromResult(true);
        };
        var refused = await Assert.ThrowsAsync<SignInRefusedException>(() => at.BeginAsync());
        Assert.Equal("provider_away", refused.Word);
        Assert.Contains("cannot be reached", refused.Sentence!.English, StringComparison.Ordinal);
        Assert.Contains("无法访问", refused.Sentence.Chinese, StringComparison.Ordinal);
        for (var i = 0; i < 10; i++) await Assert.ThrowsAsync<SignInRefusedException>(() => at.BeginAsync());
        Assert.Single(at.Idp.Requests);
        // As soon as it is there again, people get in.
        at.Idp.Odd = static _ => Task.FromResult(false);
        gateway.Clock.Shift(ProviderDiscovery.AfterFailure);
        await at.SignInAsync();
    }

    [Fact]
    public async Task What_it_said_last_is_used_while_its_discovery_does_not_answer_for_a_day()
    {
        await using var at = await StartedAsync();
        await at.SignInAsync();
        at.Idp.Odd = http =>
        {
            if (!http.Request.Path.Value!.Contains("well-known", StringComparison.Ordinal)) return Task.FromResult(false);
            http.Response.StatusCode = 500;
            return Task.FromResult(true);
        };
        gateway.Clock.Shift(TimeSpan.FromHours(2));
        await at.SignInAsync();
        gateway.Clock.Shift(TimeSpan.FromHours(23));
        await at.RefusedAsync("failed", "provider_away");
    }

    [Fact]
    public async Task A_document_that_became_another_issuers_is_not_passed_over()
    {
        await using var at = await StartedAsync();
        await at.SignInAsync();
        at.Idp.Metadata = m => m["issuer"] = "https://id.evil.example";
        gateway.Clock.Shift(TimeSpan.FromHours(2));
        await at.RefusedAsync("issuer_mismatch");
        // Nor a moment later, when it is not asked.
        await at.RefusedAsync("issuer_mismatch");
    }

    [Theory]
    [InlineData("/.well-known/openid-configuration")]
    [InlineData("/keys")]
    [InlineData("/token")]
    public async Task Redirects_are_not_followed(string path)
    {
        await using var evil = await FakeIdp.StartAsync();
        await using var at = await StartedAsync();
        at.Idp.Odd = http =>
        {
            if (http.Request.Path != path) return Task.FromResult(false);
            http.Response.Redirect(evil.Root + path, permanent: false, preserveMethod: true);
            return Task.FromResult(true);
        };
        await at.RefusedAsync("redirected");
        Assert.Empty(evil.Requests);
    }

    [Theory]
    [InlineData("/.well-known/openid-configuration", true)]
    [InlineData("/keys", false)]
    [InlineData("/token", false)]
    public async Task An_answer_without_end_is_left_and_the_connection_closed(string path, bool saysLength)
    {
        await using var at = await StartedAsync();
        var left = new TaskCompletionSource();
        at.Idp.Odd = async http =>
        {
            if (http.Request.Path != path) return false;
            http.RequestAborted.Register(() => left.TrySetResult());
            if (saysLength) http.Response.ContentLength = 1L << 40;
            var part = new byte[64 << 10];
            try
            {
                while (!http.RequestAborted.IsCancellationRequested) await http.Response.Body.WriteAsync(part, http.RequestAborted);
            }
            catch (OperationCanceledException)
            {
                // The gateway has closed the connection.
            }

            return true;
        };
        await at.RefusedAsync("too_large");
        await left.Task;
    }

    [Fact]
    public async Task A_provider_that_never_ends_its_answer_is_left()
    {
        await using var at = await StartedAsync();
        var asked = new TaskCompletionSource();
        at.Idp.Odd = async http =>
        {
            asked.TrySetResult();
            await http.Response.Body.WriteAsync("{"u8.ToArray(), http.RequestAborted);
            await http.Response.Body.FlushAsync(http.RequestAborted);
            var gone = new TaskCompletionSource();
            await using var told = http.RequestAborted.Register(gone.SetResult);
            await gone.Task;
            return true;
        };
        var refused = await Assert.ThrowsAsync<SignInRefusedException>(() => at.BeginAsync());
        Assert.True(asked.Task.IsCompleted);
        Assert.Equal("provider_away", refused.Word);
        Assert.Contains("timed_out", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("<html>")]
    [InlineData("")]
    [InlineData("""{"issuer": 1}""")]
    public async Task What_is_no_document_is_refused(string answer)
    {
        await using var at = await StartedAsync();
        at.Idp.Odd = async http =>
        {
            await http.Response.WriteAsync(answer);
            return true;
        };
        await Assert.ThrowsAsync<SignInRefusedException>(() => at.BeginAsync());
    }

    [Theory]
    [InlineData("token_endpoint", "http://id.example.com/token", "bad_endpoint")]
    [InlineData("token_endpoint", "https://169.254.169.254/token", "bad_endpoint")]
    [InlineData("jwks_uri", "https://10.1.2.3/keys", "bad_endpoint")]
    [InlineData("jwks_uri", "file:///etc/passwd", "bad_endpoint")]
    [InlineData("authorization_endpoint", "javascript:alert(1)", "bad_endpoint")]
    [InlineData("authorization_endpoint", null, "no_endpoint")]
    [InlineData("userinfo_endpoint", "https://u:p@id.example.com/", "bad_endpoint")]
    public async Task Discovery_leads_to_no_address_that_the_gateway_may_not_call(string name, string? value, string problem)
    {
        await using var at = await StartedAsync(metadata: m => m[name] = value);
        await at.RefusedAsync(problem);
    }

    private async Task<ProviderFixture> StartedAsync(Action<JsonObject>? metadata = null)
    {
        var at = await ProviderFixture.StartAsync(gateway);
        if (metadata is not null) at.Idp.Metadata = metadata;
        await at.PutAsync();
        return at;
    }
}
