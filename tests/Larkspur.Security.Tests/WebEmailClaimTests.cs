using Larkspur.Emulator.Dify;
using Larkspur.Gateway.Tests.Api;
using Larkspur.Gateway.Tests.Assistant;
using Larkspur.Gateway.Tests.Identities;
using Larkspur.Gateway.Tests.WebChat;

namespace Larkspur.Security.Tests;

/// <summary>
/// What a business system says of somebody's mail address opens nothing, unless an administrator trusts it for that domain.
/// </summary>
public sealed class WebEmailClaimTests
{
    private const string Ceo = "ceo@company.com";
    private const string Portal = "https://portal.example.com";
    private const string Wiki = "https://wiki.example.com";

    [Fact]
    public async Task A_claimed_address_opens_no_route_and_a_trusted_issuers_does()
    {
        await using var fixture = await WebFixture.StartAsync(emulator =>
        [
            .. AssistantFixture.Backend("board", DifyApp.DefaultKey, emulator),
            new("Larkspur:Assistant:Routes:0:Name", "board"), new("Larkspur:Assistant:Routes:0:Backend", "board"),
            new("Larkspur:Assistant:Routes:0:Person", Ceo),
        ]);
        var (portal, wiki) = (await KeyAsync(fixture.Gateway, "portal", Portal), await KeyAsync(fixture.Gateway, "wiki", Wiki));
        var mallory = await ReaderAsync(fixture, wiki, new { issuer = Wiki, subject = "mallory", name = "The CEO", email = Ceo });
        Assert.Equal("default", await AskAsync(fixture, mallory, 1));
        await TrustAsync(fixture.Gateway, $"{Portal} company.com; {Wiki} wiki.example company.com.evil.example");
        Assert.Equal("default", await AskAsync(fixture, mallory, 2));
        var ceo = new { issuer = Portal, subject = "ceo", email = Ceo };
        Assert.Equal("board", await AskAsync(fixture, await ReaderAsync(fixture, portal, ceo), 3));

        // Who is not trusted any more is not believed from that moment on, and about nobody who is known already.
        await TrustAsync(fixture.Gateway, null);
        Assert.Equal("default", await AskAsync(fixture, await ReaderAsync(fixture, portal, ceo), 4));
    }

    [Fact]
    public async Task A_claimed_address_satisfies_no_rule_and_is_shown_as_a_claim()
    {
        await using var gateway = await IdentityFixture.StartAsync();
        Assert.Equal(201, (await gateway.CallAsync(GatewayApp.ApiKey, HttpMethod.Post, "/permissions/rules",
            new { name = "board", feature = "assistant", effect = "allow", who = new { people = new[] { Ceo } } })).Status);
        var wiki = await KeyAsync(gateway, "wiki", Wiki);
        var mallory = await PersonAsync(gateway, wiki, new { issuer = Wiki, subject = "mallory", email = "CEO@company.com" });
        Assert.Equal((false, "not_granted"), await CheckAsync(gateway, mallory));
        var shown = (await gateway.CallAsync(GatewayApp.ApiKey, HttpMethod.Get, "/people/" + mallory)).Body;
        Assert.True(shown.GetProperty("accounts")[0].GetProperty("email_is_claim").GetBoolean());
        Assert.Equal(Ceo, shown.GetProperty("accounts")[0].GetProperty("email").GetString());
        Assert.Null(shown.GetProperty("email").GetString());

        await TrustAsync(gateway, $"{Wiki} wiki.example; {Portal} company.com");
        Assert.Equal((false, "not_granted"), await CheckAsync(gateway, mallory));
        await TrustAsync(gateway, $"{Wiki} company.com");
        Assert.Equal((true, null), await CheckAsync(gateway, mallory));
        await TrustAsync(gateway, null);
        Assert.Equal((false, "not_granted"), await CheckAsync(gateway, mallory));
    }

    [Fact]
    public async Task A_claimed_address_joins_nobody_and_hides_nobody()
    {
        await using var gateway = await IdentityFixture.StartAsync(new() { ["Larkspur:People:LinkByVerifiedEmail"] = "true" });
        var ceo = await gateway.GetOrCreateAsync(IdentityFixture.OnFeishu("ou_ceo", name: "Wang", email: Ceo));
        var wiki = await KeyAsync(gateway, "wiki", Wiki);
        for (var i = 0; i < 3; i++)
            Assert.NotEqual(ceo.Id, await PersonAsync(gateway, wiki, new { issuer = Wiki, subject = $"mallory{i}", name = "Mallory", email = Ceo }));
        // The address names the one whom a directory gives it to, however many others claim it.
        Assert.Equal(ceo.Id, (await gateway.FindAsync(Gateway.People.Identities.PlatformIdentity.OfEmail(Ceo)))?.Id);
        Assert.Equal(ceo.Id, (await gateway.GetOrCreateAsync(IdentityFixture.OnDingTalk("wang", email: Ceo))).Id);

        await TrustAsync(gateway, $"{Portal} company.com");
        var linking = await gateway.CallAsync(GatewayApp.ApiKey, HttpMethod.Patch, "/settings", new Dictionary<string, string?> { ["people.link.web_issuers"] = Portal });
        Assert.True(linking.Status == 200, linking.ToString());
        Assert.NotEqual(ceo.Id, await PersonAsync(gateway, wiki, new { issuer = Wiki, subject = "mallory9", email = Ceo }));
        var portal = await KeyAsync(gateway, "portal", Portal);
        Assert.Equal(ceo.Id, await PersonAsync(gateway, portal, new { issuer = Portal, subject = "wang", name = "Mallory", email = Ceo }));
        // And the directory's name stands before what an issuer says.
        Assert.Equal("Wang", (await gateway.FindAsync(ceo.Id))!.Name);
    }

    [Theory]
    [InlineData("https://portal.example.com")]
    [InlineData("https://portal.example.com *")]
    [InlineData("https://portal.example.com @company.com")]
    [InlineData("https://portal.example.com Company.com")]
    [InlineData("https://portal.example.com/ company.com")]
    [InlineData("erp company.com; erp other.example")]
    public async Task Trust_that_cannot_be_read_is_not_taken(string text)
    {
        await using var gateway = await IdentityFixture.StartAsync();
        var refused = await gateway.CallAsync(GatewayApp.ApiKey, HttpMethod.Patch, "/settings",
            new Dictionary<string, string> { ["web_chat.trusted_issuers"] = text });
        Assert.Equal((422, "bad_value"), (refused.Status, refused.Error));
    }

    private static async Task<string> KeyAsync(GatewayApp gateway, string name, string issuer)
    {
        var made = await gateway.CallAsync(GatewayApp.ApiKey, HttpMethod.Post, "/api-keys",
            new { name, scopes = new[] { "web-chat:write" }, issuers = new[] { issuer } });
        Assert.True(made.Status == 201, made.ToString());
        return made.Text("secret")!;
    }

    private static async Task TrustAsync(GatewayApp gateway, string? issuers)
    {
        var set = await gateway.CallAsync(GatewayApp.ApiKey, HttpMethod.Patch, "/settings",
            new Dictionary<string, string?> { ["web_chat.trusted_issuers"] = issuers });
        Assert.True(set.Status == 200, set.ToString());
    }

    private static async Task<string> PersonAsync(GatewayApp gateway, string key, object session)
    {
        var begun = await gateway.CallAsync(key, HttpMethod.Post, "/web-chat/sessions", session);
        Assert.True(begun.Status == 201, begun.ToString());
        return begun.Body.GetProperty("session").GetProperty("person").GetString()!;
    }

    private static async Task<WebReader> ReaderAsync(WebFixture fixture, string key, object session)
    {
        var begun = await fixture.Gateway.CallAsync(key, HttpMethod.Post, "/web-chat/sessions", session);
        Assert.True(begun.Status == 201, begun.ToString());
        return fixture.Read(begun.Text("token")!);
    }

    /// <summary>The route that the question went to.</summary>
    private static async Task<string> AskAsync(WebFixture fixture, WebReader reader, int questions)
    {
        Assert.Equal(202, (await reader.AskAsync("hello")).Status);
        List<string> routes = [];
        await fixture.HoldsAsync(async () =>
            (routes = await fixture.RowsAsync("SELECT route FROM assistant_turn ORDER BY id", row => row.GetString(0))).Count == questions);
        return routes[^1];
    }

    private static async Task<(bool, string?)> CheckAsync(GatewayApp gateway, string person)
    {
        var answer = await gateway.CallAsync(GatewayApp.ApiKey, HttpMethod.Post, "/permissions/check",
            new { feature = "assistant", person, platform = "web" });
        return (answer.Body.GetProperty("allowed").GetBoolean(), answer.Text("reason"));
    }
}
