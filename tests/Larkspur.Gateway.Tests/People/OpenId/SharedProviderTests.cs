using Larkspur.Testing;

namespace Larkspur.Gateway.Tests.People.OpenId;

/// <summary>Two processes on one database are one provider.</summary>
public sealed class SharedProviderTests : SharedDatabaseFixture
{
    [Fact]
    public async Task Two_processes_share_sessions_codes_families_and_keys()
    {
        Settings["LARKSPUR_BASE_URL"] = "https://sign-in.example.com";
        await using var first = await GatewayApp.StartAsync(Feishu.Address, Settings);
        await using var second = await GatewayApp.StartAsync(Feishu.Address, Settings);
        await using var one = ProviderFixture.Over(first);
        await using var two = ProviderFixture.Over(second);
        // Both make the first key at the same moment, and agree on one.
        var published = await Task.WhenAll(one.GetAsync("/oidc/jwks"), two.GetAsync("/oidc/jwks"));
        Assert.Equal(published[0].Body, published[1].Body);
        var client = await one.ClientAsync();
        var cookie = await two.SignInAsync(await one.PersonAsync());
        var code = await one.CodeAsync(client, cookie, ("scope", "openid offline_access"));
        var answers = await Task.WhenAll(one.ExchangeAsync(client, code), two.ExchangeAsync(client, code));
        Assert.Single(answers, a => a.Status == 200);
        Assert.Single(answers, a => a.Status == 400);
        var given = answers.Single(a => a.Status == 200).Json;
        Assert.False(await one.WorksAsync(given.Text("access_token")) || await two.WorksAsync(given.Text("access_token")));

        var tokens = await one.TokensAsync(client, cookie, ("scope", "openid offline_access"));
        Assert.True(await two.WorksAsync(tokens.Text("access_token")));
        var next = await two.RefreshAsync(client, tokens.Text("refresh_token"));
        Assert.Equal(200, next.Status);
        // Two at once with one refresh token: it comes a second time, so all of it ends.
        var refreshed = await Task.WhenAll(one.RefreshAsync(client, next.Json.Text("refresh_token")), two.RefreshAsync(client,
            next.Json.Text("refresh_token")));
        Assert.InRange(refreshed.Count(a => a.Status == 200), 0, 1);
        Assert.Equal("invalid_grant", (await one.RefreshAsync(client, tokens.Text("refresh_token"))).Error);
        foreach (var done in refreshed.Where(a => a.Status == 200)) Assert.False(await one.WorksAsync(done.Json.Text("access_token")));

        // The end of a session counts in both at once.
        var last = await two.TokensAsync(client, cookie);
        Assert.Equal(200, (await one.GetAsync("/oidc/logout?id_token_hint=" + last.Text("id_token"), cookie)).Status);
        Assert.False(await two.WorksAsync(last.Text("access_token")));
        Assert.Equal("login_required", (await two.GetAsync(ProviderFixture.AuthorizePath(client, ("prompt", "none")),
            cookie)).Query("error"));
    }

    [Fact]
    public async Task A_key_that_another_process_rotated_signs_and_is_known_here()
    {
        Settings["LARKSPUR_BASE_URL"] = "https://sign-in.example.com";
        await using var first = await GatewayApp.StartAsync(Feishu.Address, Settings);
        await using var second = await GatewayApp.StartAsync(Feishu.Address, Settings);
        await using var one = ProviderFixture.Over(first);
        await using var two = ProviderFixture.Over(second);
        var client = await one.ClientAsync();
        var cookie = await one.SignInAsync(await one.PersonAsync());
        var before = (await two.TokensAsync(client, cookie)).Text("id_token");
        Assert.Equal(200, (await first.RotateOidcKeysAsync()).Status);
        var after = (await one.TokensAsync(client, cookie)).Text("id_token");
        var kids = (await two.GetAsync("/oidc/jwks")).Json.GetProperty("keys").EnumerateArray().Select(k => k.Text("kid")).ToArray();
        Assert.Equal(3, kids.Length);
        Assert.Equal(kids[0], new Microsoft.IdentityModel.JsonWebTokens.JsonWebToken(after).Kid);
        Assert.Contains(new Microsoft.IdentityModel.JsonWebTokens.JsonWebToken(before).Kid, kids);
    }
}
