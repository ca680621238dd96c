using System.Net;
using System.Text.RegularExpressions;
using Larkspur.Gateway.People.SignIn.Methods;
using Larkspur.Gateway.Tests.Messages;
using Larkspur.Testing;

namespace Larkspur.Gateway.Tests.People.SignIn.Providers;

/// <summary>People sign in by an OpenID provider that this project did not write: <c>oidc-provider</c> of npm, on its own pages.</summary>
public sealed partial class NodeProviderTests(ProviderGateway gateway) : IClassFixture<ProviderGateway>
{
    [Theory]
    [InlineData("client_secret_basic", "RS256")]
    [InlineData("client_secret_post", "PS256")]
    public async Task Somebody_signs_in_by_a_certified_provider(string clientAuth, string algorithm)
    {
        // The id has what a header would break without being encoded.
        const string Client = "larkspur:1";
        using var node = ToolProcess.StartNode("identity-provider.mjs", new Dictionary<string, string>
        {
            ["CLIENT_ID"] = Client, ["CLIENT_SECRET"] = FakeIdp.Secret, ["REDIRECT_URI"] = ProviderFixture.Redirect.ToString(),
            ["CLIENT_AUTH"] = clientAuth, ["ALGORITHM"] = algorithm,
        });
        await gateway.Gateway.UntilAsync(() => Task.FromResult(node.HasExited || Issuer().IsMatch(node.Output)));
        Assert.False(node.HasExited, node.Output);
        var issuer = Issuer().Match(node.Output).Groups[1].Value;
        await using var at = await ProviderFixture.StartAsync(gateway);
        await at.PutAsync(body =>
        {
            (body["issuer"], body["client_id"], body["client_auth"]) = (issuer, Client, clientAuth);
            (body["groups_claim"], body["scopes"]) = ("groups", new[] { "openid", "profile", "groups" });
        });
        var test = await gateway.Gateway.PostRestAsync("/identity-providers/company/test", null);
        Assert.True(test.Body.GetProperty("ok").GetBoolean(), test.ToString());

        var back = await SignInAsync(await at.BeginAsync(), "alice");
        Assert.Contains("iss=", back, StringComparison.Ordinal);
        var proof = await at.FinishAsync(back);
        Assert.Equal($"idp subject alice ({issuer})", proof.Account.ToString());
        Assert.Equal("alice of Node", proof.Account.Name);
        Assert.Equal(["/company/finance", "staff"], proof.Groups);
        // The code is used up, and an answer without the issuer that it announces is another's.
        Assert.Equal("provider_again", (await Assert.ThrowsAsync<SignInRefusedException>(() => at.FinishAsync(back))).Word);
        var bare = await Assert.ThrowsAsync<SignInRefusedException>(() => at.FinishAsync(Iss().Replace(back, "")));
        Assert.Contains("mixed_up", bare.Message, StringComparison.Ordinal);

        // They prove it anew, and it says when.
        back = await SignInAsync(await at.BeginAsync(again: true), "alice");
        Assert.Equal("alice", (await at.FinishAsync(back, again: true)).Account.Ids[0].Value);

        await at.PutAsync(body => (body["issuer"], body["client_id"], body["client_secret"]) = (issuer, Client, "not-the-secret"));
        back = await SignInAsync(await at.BeginAsync(), "alice");
        var refused = await Assert.ThrowsAsync<SignInRefusedException>(() => at.FinishAsync(back));
        Assert.Contains("client_refused", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("not-the-secret", refused.ToString(), StringComparison.Ordinal);
    }

    /// <summary>Fills in the provider's pages, until the browser is sent back.</summary>
    private static async Task<string> SignInAsync(Uri authorize, string who)
    {
        using var handler = new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = new CookieContainer() };
        using var browser = new HttpClient(handler);
        var (at, response) = (authorize, await browser.GetAsync(authorize, TestContext.Current.CancellationToken));
        for (var steps = 0; steps < 20; steps++)
        {
            if (response.Headers.Location is { } to)
            {
                at = new Uri(at, to);
                if (at.Host == ProviderFixture.Redirect.Host) return at.Query;
                response = await browser.GetAsync(at, TestContext.Current.CancellationToken);
                continue;
            }

            var page = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            Assert.True(response.StatusCode == HttpStatusCode.OK && Prompt().IsMatch(page), $"{at} {response.StatusCode} {page}");
            using var form = new FormUrlEncodedContent(new Dictionary<string, string>
            {
                ["prompt"] = Prompt().Match(page).Groups[1].Value, ["login"] = who, ["password"] = "any",
            });
            at = new Uri(at, Target().Match(page).Groups[1].Value);
            response = await browser.PostAsync(at, form, TestContext.Current.CancellationToken);
        }

        throw new InvalidOperationException($"It goes round in circles: {at}");
    }

    [GeneratedRegex("issuer (http://[0-9.:]+)")]
    private static partial Regex Issuer();

    [GeneratedRegex("name=\"prompt\" value=\"([a-z]+)\"")]
    private static partial Regex Prompt();

    [GeneratedRegex("action=\"([^\"]+)\"")]
    private static partial Regex Target();

    [GeneratedRegex("&iss=[^&]*")]
    private static partial Regex Iss();
}
