using System.Text.Json;
using Larkspur.Gateway.Tests.Messages;
using Larkspur.Gateway.Tests.People.Scim;

namespace Larkspur.Gateway.Tests.People.OpenId;

/// <summary>What clients are told of people, by their switches.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class ClaimTests : IAsyncLifetime
{
    private ProviderFixture _on = null!;
    private string _person = "";
    private string _cookie = "";
    private string _group = "";

    public async ValueTask InitializeAsync()
    {
        _on = await ProviderFixture.StartAsync();
        var upstream = await ScimClient.MakeAsync(_on.Gateway);
        _person = await upstream.MakeUserAsync("ann@example.com");
        _group = await upstream.MakeGroupAsync("Buyers", _person);
        _cookie = await _on.SignInAsync(_person);
        var role = await _on.Gateway.RestAsync(HttpMethod.Put, "/permissions/roles/operators", new { people = new[] { _person } });
        Assert.True(role.Status is 200 or 201, role.ToString());
    }

    public ValueTask DisposeAsync() => _on.DisposeAsync();

    [Fact]
    public async Task Whom_no_directory_knows_proves_it_anew_as_often_as_for_a_session()
    {
        var client = await _on.ClientAsync();
        await _on.TokensAsync(client, await _on.SignInAsync(await _on.OutsiderAsync()), ("scope", "openid offline_access"));
        Assert.Equal(7, await DaysAsync());
        await _on.TokensAsync(client, _cookie, ("scope", "openid offline_access"));
        Assert.Equal(90, await DaysAsync());

        async Task<long> DaysAsync() => (await _on.NumberAsync("SELECT MAX(expires_at - auth_time) FROM oidc_family") + 60_000) / 86_400_000;
    }

    [Fact]
    public async Task Groups_are_departments_and_roles_by_name_or_by_what_no_renaming_changes()
    {
        Assert.Equal(["Buyers", "operators"], Texts(await ToldAsync(new { }, "openid groups"), "groups"));
        Assert.Equal([$"department-{_group}", "role-operators"], Texts(await ToldAsync(new { groups = "ids" }, "openid groups"), "groups"));
        // Whom a directory does not have in it any more is not in it.
        await _on.WriteAsync("DELETE FROM directory_membership");
        Assert.Equal(["operators"], Texts(await ToldAsync(new { }, "openid groups"), "groups"));
    }

    [Fact]
    public async Task An_address_is_verified_by_an_administrator_s_word_and_a_platform_s_directory_together()
    {
        var declared = new { verified_email_domains = new[] { "EXAMPLE.com" } };
        // A system that provisions people could write any address.
        Assert.False((await ToldAsync(declared, "openid email")).TryGetProperty("email_verified", out _));
        await _on.WriteAsync("UPDATE directory SET platform = 'feishu' WHERE platform = 'scim'");
        await _on.WriteAsync("UPDATE person_account SET platform = 'feishu' WHERE platform = 'scim'");
        var told = await ToldAsync(declared, "openid email");
        Assert.Equal("ann@example.com", told.Text("email"));
        Assert.True(told.GetProperty("email_verified").GetBoolean());
        Assert.False((await ToldAsync(new { }, "openid email")).TryGetProperty("email_verified", out _));
        Assert.False((await ToldAsync(new { verified_email_domains = new[] { "ample.com" } }, "openid email"))
            .TryGetProperty("email_verified", out _));
        // Of an address that two people have nothing is said.
        await _on.PersonAsync("double", "ann@example.com");
        Assert.False((await ToldAsync(declared, "openid email")).TryGetProperty("email_verified", out _));
    }

    [Fact]
    public async Task Claims_stand_in_the_id_token_where_the_client_wants_it_and_policies_in_their_own()
    {
        var wide = await _on.ClientAsync(new { id_token_claims = true });
        var token = await _on.CheckAsync(
            (await _on.TokensAsync(wide, _cookie, ("scope", "openid profile email groups"))).Text("id_token"), wide);
        Assert.Equal(("Ann Lee", "Lee", "Ann", "ann@example.com"), (token.GetPayloadValue<string>("name"),
            token.GetPayloadValue<string>("family_name"), token.GetPayloadValue<string>("given_name"), token.GetPayloadValue<string>("email")));
        Assert.Equal(["Buyers", "operators"], token.GetPayloadValue<string[]>("groups"));
        Assert.False(token.TryGetPayloadValue<string>("email_verified", out _));

        var constant = await _on.ClientAsync(new { policy_claim = "policy", policies = new[] { "readonly" } });
        Assert.Equal(["readonly"], (await IdTokenAsync(constant)).GetPayloadValue<string[]>("policy"));
        var byGroups = await _on.ClientAsync(new { policy_claim = "policy" });
        Assert.Equal(["Buyers", "operators"], (await IdTokenAsync(byGroups)).GetPayloadValue<string[]>("policy"));
    }

    [Fact]
    public async Task A_client_that_takes_some_people_alone_asks_at_each_refresh()
    {
        var client = await _on.ClientAsync();
        var first = await _on.TokensAsync(client, _cookie, ("scope", "openid offline_access"));
        var next = await _on.RefreshAsync(client, first.Text("refresh_token"));
        Assert.Equal(200, next.Status);
        var changed = await _on.Gateway.RestAsync(HttpMethod.Patch, $"/oidc/clients/{client.Id}", new { allowed_groups = new[] { "Finance" } });
        Assert.Equal(200, changed.Status);
        var refused = await _on.RefreshAsync(client, next.Json.Text("refresh_token"));
        Assert.Equal((400, "invalid_grant"), (refused.Status, refused.Json.Text("error")));
    }

    [Fact]
    public async Task A_narrower_refresh_tells_less()
    {
        var client = await _on.ClientAsync(new { id_token_claims = true });
        var first = await _on.TokensAsync(client, _cookie, ("scope", "openid email offline_access"));
        var next = await _on.RefreshAsync(client, first.Text("refresh_token"), ("scope", "openid"));
        var token = await _on.CheckAsync(next.Json.Text("id_token"), client, nonce: null);
        Assert.False(token.TryGetPayloadValue<string>("email", out _));
    }

    private async Task<Microsoft.IdentityModel.JsonWebTokens.JsonWebToken> IdTokenAsync(TestClient client) =>
        await _on.CheckAsync((await _on.TokensAsync(client, _cookie)).Text("id_token"), client);

    private async Task<JsonElement> ToldAsync(object switches, string scope)
    {
        var tokens = await _on.TokensAsync(await _on.ClientAsync(switches), _cookie, ("scope", scope));
        return (await _on.GetAsync("/oidc/userinfo", bearer: tokens.Text("access_token"))).Json;
    }

    private static string[] Texts(JsonElement json, string name) => [.. json.GetProperty(name).EnumerateArray().Select(t => t.GetString()!)];
}
