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
            ["POST_LOGOUT_URI"] = ProviderFixture.AfterLogout,
        });
        Assert.True(exitCode == 0 && output.Contains("ok nobody is signed in any more", StringComparison.Ordinal), output);
    }
}
