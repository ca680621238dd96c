using Larkspur.Gateway.Tests.Commands;
using Larkspur.Gateway.Tests.Messages;
using Larkspur.Gateway.Tests.People.SignIn;
using Larkspur.Testing;

namespace Larkspur.Gateway.Tests.People.OpenId;

/// <summary>The provider before a certified relying party that this project did not write.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class OpenIdClientTests
{
    [Fact]
    public async Task The_certified_relying_party_signs_people_in()
    {
        await using var on = await ProviderFixture.StartAsync();
        var client = await on.ClientAsync();
        var person = await on.PersonAsync();
        var (exitCode, output) = await ToolProcess.NodeAsync("openid-client.mjs", new Dictionary<string, string>
        {
            ["ISSUER"] = on.Issuer, ["CLIENT_ID"] = client.Id, ["CLIENT_SECRET"] = client.Secret!, ["PERSON"] = person,
            ["COOKIE"] = $"{ProviderFixture.CookieName}={await on.SignInAsync(person)}",
                // It takes the query of an address for the answer: an address without one, on a port that nobody registered.
            ["REDIRECT_URI"] = "http://127.0.0.1:8912/cb",
            ["POST_LOGOUT_URI"] = ProviderFixture.AfterLogout, ["EMAIL"] = "alice@example.com", ["USER_NAME"] = "alice",
        });
        Assert.True(exitCode == 0 && output.Contains("ok nobody is signed in any more", StringComparison.Ordinal), output);
    }

    /// <summary>The whole way: the relying party sends a browser that nobody is signed in with, the platform says who it is.</summary>
    [Theory]
    [InlineData("feishu")]
    [InlineData("wecom")]
    [InlineData("dingtalk")]
    public async Task The_certified_relying_party_signs_people_in_by_each_platform(string platform)
    {
        await using var gateway = await ThreePlatforms.StartAsync();
        await using var on = ProviderFixture.Over(gateway.Gateway);
        var client = await on.ClientAsync();
        using var browser = new SignInBrowser(gateway.Gateway.Address);
        var asked = $"/oidc/authorize?response_type=code&scope=openid&client_id={client.Id}&redirect_uri={Uri.EscapeDataString("http://127.0.0.1:8912/cb")}"
            + "&state=s-1&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256";
        var page = await browser.GetAsync(asked);
        Assert.Equal("/sign-in", page.Location!.AbsolutePath);
        var begun = await browser.GetAsync(new Uri(page.Location, $"/sign-in/{platform}{page.Location.Query}"));
        var back = await browser.GetAsync(await browser.ChooseAsync(begun.Location!, "alice"));
        var answer = await browser.GetAsync(back.Location!);
        Assert.StartsWith("http://127.0.0.1:8912/cb?code=", answer.Location!.AbsoluteUri, StringComparison.Ordinal);
        var person = Assert.Single((await gateway.Gateway.GetRestAsync("/people")).Items).GetProperty("id").GetString()!;
        var cookie = browser.Cookies.GetCookies(gateway.Gateway.Address)[ProviderFixture.CookieName]!.Value;
        var (exitCode, output) = await ToolProcess.NodeAsync("openid-client.mjs", new Dictionary<string, string>
        {
            ["ISSUER"] = on.Issuer, ["CLIENT_ID"] = client.Id, ["CLIENT_SECRET"] = client.Secret!, ["PERSON"] = person,
            ["COOKIE"] = $"{ProviderFixture.CookieName}={cookie}", ["REDIRECT_URI"] = "http://127.0.0.1:8912/cb",
            ["POST_LOGOUT_URI"] = ProviderFixture.AfterLogout, ["EMAIL"] = "", ["USER_NAME"] = "",
        });
        Assert.True(exitCode == 0 && output.Contains("ok nobody is signed in any more", StringComparison.Ordinal), output);
    }
}
