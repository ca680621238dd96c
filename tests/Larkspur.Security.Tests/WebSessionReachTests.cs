using System.Text.Json;
using Larkspur.Gateway.Tests.Api;

namespace Larkspur.Security.Tests;

/// <summary>A key opens web-chat sessions for the people of its own issuers, and touches no other system's.</summary>
public sealed class WebSessionReachTests : IAsyncLifetime
{
    private const string Own = "https://portal.example.com";
    private const string Foreign = "https://erp.example.com";
    private GatewayApp _gateway = null!;

    public async ValueTask InitializeAsync() => _gateway = await GatewayApp.StartAsync("http://127.0.0.1:1");

    public async ValueTask DisposeAsync() => await _gateway.DisposeAsync();

    [Fact]
    public async Task A_key_opens_none_for_an_issuer_that_it_does_not_hold()
    {
        var portal = await KeyAsync("portal", ["web-chat:write", "web-chat:read"], Own);
        Assert.Equal(201, (await BeginAsync(portal, new { issuer = Own, subject = "alice" })).Status);
        var foreign = await BeginAsync(portal, new { issuer = Foreign, subject = "alice" });
        Assert.Equal((403, "issuer_not_held", "/issuer"), (foreign.Status, foreign.Error, foreign.Text("pointer")));

        // Nor for one that looks like its own, or like another's.
        foreach (var like in (string[])[Own + "/", "https://Portal.example.com", "HTTPS://portal.example.com", Own + ":443", Own + "#", Own + "?a",
            "https://me@portal.example.com", Own + "\u200b", " " + Own,
            "https://pоrtal.example.com", "https://portal.example.com/a/../", "erp;portal", "erp\"", "erp<b>"])
        {
            var refused = await BeginAsync(portal, new { issuer = like, subject = "alice" });
            Assert.Equal((422, "bad_issuer", "/issuer"), (refused.Status, refused.Error, refused.Text("pointer")));
        }

        foreach (var other in (string[])["portal", Own + "/intranet", "http://portal.example.com", Own + ":8443"])
            Assert.Equal("issuer_not_held", (await BeginAsync(portal, new { issuer = other, subject = "alice" })).Error);
        Assert.Single((await ListAsync(GatewayApp.ApiKey)).EnumerateArray());
        Assert.Equal(201, (await BeginAsync(GatewayApp.ApiKey, new { issuer = Foreign, subject = "alice" })).Status);
    }

    [Fact]
    public async Task A_key_without_issuers_opens_none()
    {
        var (canteen, _) = await _gateway.MakeKeyAsync("canteen", ["web-chat:write"]);
        Assert.Equal((403, "issuer_not_held"), await StatusAsync(canteen, new { issuer = "canteen", subject = "alice" }));
    }

    [Fact]
    public async Task Only_one_scope_opens_a_session_for_any_person_and_refusals_tell_of_nobody()
    {
        var portal = await KeyAsync("portal", ["web-chat:write"], Own);
        var begun = await BeginAsync(GatewayApp.ApiKey, new { issuer = Foreign, subject = "ceo" });
        var person = begun.Body.GetProperty("session").GetProperty("person").GetString();
        foreach (var who in new[] { person, "pe_0123456789abcdef0123456789abcdef" })
        {
            var refused = await BeginAsync(portal, new { person = who });
            Assert.Equal((403, "missing_scope", "/person"), (refused.Status, refused.Error, refused.Text("pointer")));
        }

        var desk = await KeyAsync("desk", ["web-chat:write", "web-chat:person"], Own);
        Assert.Equal(201, (await BeginAsync(desk, new { person })).Status);
        Assert.Equal((403, "issuer_not_held"), await StatusAsync(desk, new { issuer = Foreign, subject = "ceo" }));
    }

    [Theory]
    [InlineData("ali\u200bce")]
    [InlineData("\u202eecila")]
    [InlineData("ａｌｉｃｅ")]
    [InlineData(" alice")]
    [InlineData("alice\u00a0")]
    [InlineData("a\u0301lice")]
    [InlineData("alice\n")]
    [InlineData("\u3164")]
    [InlineData("ali\u115fce")]
    [InlineData("alice\u1160")]
    [InlineData("alice\uffa0")]
    [InlineData("\u2800")]
    public async Task A_subject_that_looks_like_another_is_none(string subject)
    {
        var refused = await BeginAsync(GatewayApp.ApiKey, new { issuer = Own, subject });
        Assert.Equal((422, "bad_id", "/subject"), (refused.Status, refused.Error, refused.Text("pointer")));
    }

    [Fact]
    public async Task A_key_is_given_no_issuer_that_could_not_be_compared()
    {
        var refused = await _gateway.CallAsync(GatewayApp.ApiKey, HttpMethod.Post, "/api-keys",
            new { name = "portal", scopes = new[] { "web-chat:write" }, issuers = new[] { Own, Own + "/" } });
        Assert.Equal((422, "bad_issuer", "/issuers/1"), (refused.Status, refused.Error, refused.Text("pointer")));
    }

    [Fact]
    public async Task Another_systems_key_neither_lists_nor_shows_nor_ends_a_session()
    {
        var erp = await KeyAsync("erp", ["web-chat:write", "web-chat:read"], Foreign);
        var canteen = await KeyAsync("canteen", ["web-chat:write", "web-chat:read"], Foreign);
        var begun = await BeginAsync(erp, new { issuer = Foreign, subject = "alice" });
        var session = begun.Body.GetProperty("session");
        var (id, person) = (session.GetProperty("id").GetString(), session.GetProperty("person").GetString());
        Assert.Equal("erp", session.GetProperty("system").GetString());

        foreach (var query in (string[])["", "?ended=true", "?person=" + person])
            Assert.Empty((await ListAsync(canteen, query)).EnumerateArray());
        foreach (var method in (HttpMethod[])[HttpMethod.Get, HttpMethod.Delete])
        {
            var there = await _gateway.CallAsync(canteen, method, "/web-chat/sessions/" + id);
            var nowhere = await _gateway.CallAsync(canteen, method, "/web-chat/sessions/ws_0123456789abcdef0123456789abcdef");
            Assert.Equal((404, "not_found"), (there.Status, there.Error));
            foreach (var member in (string[])["error", "message", "detail", "pointer", "title"]) Assert.Equal(nowhere.Text(member), there.Text(member));
        }

        Assert.Equal("active", (await _gateway.CallAsync(erp, HttpMethod.Get, "/web-chat/sessions/" + id)).Text("state"));
        Assert.Single((await ListAsync(erp)).EnumerateArray());
        var auditor = await KeyAsync("auditor", ["web-chat:read", "web-chat:write", "others:read"], Own);
        Assert.Single((await ListAsync(auditor)).EnumerateArray());
        Assert.Equal(404, (await _gateway.CallAsync(auditor, HttpMethod.Delete, "/web-chat/sessions/" + id)).Status);
        var helpdesk = await KeyAsync("helpdesk", ["web-chat:write", "others:write"], Own);
        Assert.Equal("revoked", (await _gateway.CallAsync(helpdesk, HttpMethod.Delete, "/web-chat/sessions/" + id)).Text("state"));
    }

    [Fact]
    public async Task A_system_that_opens_too_many_keeps_no_other_out()
    {
        var erp = await KeyAsync("erp", ["web-chat:write"], Foreign);
        var canteen = await KeyAsync("canteen", ["web-chat:write"], Foreign);
        for (var i = 0; i < 100; i++) Assert.Equal(201, (await BeginAsync(canteen, new { issuer = Foreign, subject = "alice" })).Status);
        Assert.Equal((409, "too_many_sessions"), await StatusAsync(canteen, new { issuer = Foreign, subject = "alice" }));
        Assert.Equal(201, (await BeginAsync(erp, new { issuer = Foreign, subject = "alice" })).Status);
    }

    private async Task<string> KeyAsync(string name, string[] scopes, params string[] issuers)
    {
        var made = await _gateway.CallAsync(GatewayApp.ApiKey, HttpMethod.Post, "/api-keys", new { name, scopes, issuers });
        Assert.True(made.Status == 201, made.ToString());
        return made.Text("secret")!;
    }

    private async Task<JsonElement> ListAsync(string key, string query = "") =>
        (await _gateway.CallAsync(key, HttpMethod.Get, "/web-chat/sessions" + query)).Body.GetProperty("items");

    private Task<KeyAnswer> BeginAsync(string key, object session) =>
        _gateway.CallAsync(key, HttpMethod.Post, "/web-chat/sessions", session);

    private async Task<(int, string?)> StatusAsync(string key, object session) =>
        await BeginAsync(key, session) is var answer ? (answer.Status, answer.Error) : default;
}
