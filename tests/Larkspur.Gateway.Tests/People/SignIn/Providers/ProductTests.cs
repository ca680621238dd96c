using System.Text.Json.Nodes;
using Larkspur.Gateway.People.Identities;
using Larkspur.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Gateway.Tests.People.SignIn.Providers;

/// <summary>Accounts and groups as Entra, Okta, Keycloak and authentik tell them.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class ProductTests(ProviderGateway gateway) : IClassFixture<ProviderGateway>
{
    private const string Ours = "72f988bf-86f1-41af-91ab-2d7cd011db47";
    private const string Theirs = "11111111-2222-4333-8444-555555555555";
    private const string Alice = "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee";

    [Fact]
    public async Task Keycloak_tells_groups_by_path_and_roles_within()
    {
        await using var at = await ProviderFixture.StartAsync(gateway, "/realms/company");
        await at.PutAsync(body => body["groups_claim"] = "groups");
        at.Idp.Claims = body => (body["groups"], body["realm_access"]) = (new JsonArray("/company/finance", "/company/finance", "/boss"),
            new JsonObject { ["roles"] = new JsonArray("admin", "offline_access") });
        var proof = await at.SignInAsync();
        Assert.Equal(["/company/finance", "/boss"], proof.Groups);
        Assert.Equal((at.Idp.Root + "/realms/company", "subject", "u-alice"),
            (proof.Account.Ids[0].Scope, proof.Account.Ids[0].Kind, proof.Account.Ids[0].Value));
        await at.PutAsync(body => body["groups_claim"] = "realm_access.roles");
        Assert.Equal(["admin", "offline_access"], (await at.SignInAsync()).Groups);
        await at.PutAsync(body => body["groups_claim"] = "none");
        Assert.Empty((await at.SignInAsync()).Groups);
    }

    [Fact]
    public async Task Okta_tells_groups_in_the_token_or_in_userinfo()
    {
        await using var at = await ProviderFixture.StartAsync(gateway, "/oauth2/default");
        await at.PutAsync(body => (body["groups_claim"], body["scopes"]) = ("groups", new[] { "openid", "profile", "groups" }));
        at.Idp.Claims = body => body["groups"] = new JsonArray("Everyone");
        Assert.Equal(["Everyone"], (await at.SignInAsync()).Groups);
        at.Idp.Claims = static _ => { };
        at.Idp.UserInfo = new JsonObject { ["groups"] = new JsonArray("Everyone", "Finance") };
        Assert.Equal(["Everyone", "Finance"], (await at.SignInAsync()).Groups);
        // Neither has them: there are none.
        at.Idp.UserInfo = [];
        var none = await at.SignInAsync();
        Assert.Equal((0, false), (none.Groups.Count, none.GroupsAreUnknown));
    }

    [Fact]
    public async Task Authentiks_issuer_ends_with_a_slash_and_its_unverified_mail_counts_for_nothing()
    {
        await using var at = await ProviderFixture.StartAsync(gateway, "/application/o/larkspur/");
        await at.PutAsync(body => body["create_people"] = true);
        at.Idp.Claims = body => (body["email"], body["email_verified"]) = ("boss@example.com", false);
        var proof = await at.SignInAsync();
        Assert.EndsWith("/larkspur/", proof.Account.Ids[0].Scope, StringComparison.Ordinal);
        Assert.True(proof.MakesPeople);
        Assert.Null(proof.Account.VerifiedEmail);
    }

    [Fact]
    public async Task Nobody_is_linked_by_mail_name_or_phone()
    {
        await using var at = await ProviderFixture.StartAsync(gateway);
        await at.PutAsync(body => body["create_people"] = true);
        var identities = gateway.Gateway.Services.GetRequiredService<IIdentities>();
        var boss = await identities.GetOrCreateAsync(new PlatformAccount
        {
            Platform = "feishu", App = "default", Name = "Boss", VerifiedEmail = "boss@example.com", IsExternal = false,
            Ids = [new("feishu", "default", "open_id", "ou_boss")],
        }, TestContext.Current.CancellationToken);
        at.Idp.Claims = body =>
        {
            (body["name"], body["email"], body["email_verified"]) = ("Boss", "boss@example.com", true);
            (body["phone_number"], body["preferred_username"], body["upn"]) = ("+8613800000000", "boss@example.com", "boss@example.com");
        };
        var account = (await at.SignInAsync()).Account;
        var person = await identities.GetOrCreateAsync(account, TestContext.Current.CancellationToken);
        Assert.NotEqual(boss.Id, person.Id);
        Assert.Equal((AccountProof.Directory, null), (person.Proof, person.Email));
        // The same subject of another issuer is somebody else.
        await using var other = await ProviderFixture.StartAsync(gateway);
        await other.PutAsync();
        var namesake = await identities.GetOrCreateAsync((await other.SignInAsync()).Account, TestContext.Current.CancellationToken);
        Assert.NotEqual(person.Id, namesake.Id);
        Assert.Equal(person.Id, (await identities.GetOrCreateAsync(account, TestContext.Current.CancellationToken)).Id);
    }

    [Fact]
    public async Task Entra_is_keyed_by_tenant_and_object_and_not_by_its_pairwise_subject()
    {
        await using var at = await EntraAsync($"/{Ours}/v2.0");
        var proof = await at.SignInAsync();
        Assert.Equal((at.Idp.Issuer, "oid", Alice), (proof.Account.Ids[0].Scope, proof.Account.Ids[0].Kind, proof.Account.Ids[0].Value));
        Assert.False(proof.Account.IsExternal);
        var claims = at.Idp.Claims;
        at.Idp.Claims = body =>
        {
            claims(body);
            body.Remove("oid");
        };
        await at.RefusedAsync("no_object_id");
    }

    [Fact]
    public async Task Guests_of_Entra_do_not_get_in_unless_they_may()
    {
        await using var at = await EntraAsync($"/{Ours}/v2.0");
        var claims = at.Idp.Claims;
        foreach (var (problem, word, forge) in new (string, string, Action<JsonObject>)[]
        {
            ("guest", "provider_guest", body => body["acct"] = 1), ("guest", "provider_guest", body => body["idp"] = "https://sts.windows.net/x/"),
            // Who is not said to be a member is none.
            ("no_account_kind", "provider_wrong", body => body.Remove("acct")),
        })
        {
            at.Idp.Claims = body =>
            {
                claims(body);
                forge(body);
            };
            await at.RefusedAsync(problem, word);
        }

        await at.PutAsync(body => body["allow_guests"] = true);
        at.Idp.Claims = body =>
        {
            claims(body);
            body["acct"] = 1;
        };
        Assert.True((await at.SignInAsync()).Account.IsExternal);
    }

    [Fact]
    public async Task Entra_for_many_tenants_lets_those_in_that_are_listed()
    {
        await using var at = await EntraAsync("/organizations/v2.0", [Ours]);
        at.Idp.Metadata = m => m["issuer"] = at.Idp.Root + "/{tenantid}/v2.0";
        at.Idp.KeySet = document => document["keys"]![0]!["issuer"] = at.Idp.Root + "/{tenantid}/v2.0";
        Tell(at, Ours, Ours);
        Assert.Equal(at.Idp.Root + $"/{Ours}/v2.0", (await at.SignInAsync()).Account.Ids[0].Scope);
        Tell(at, Theirs, Theirs);
        await at.RefusedAsync("bad_tenant", "provider_tenant");
        // The tenant of the claim is that of the issuer.
        Tell(at, Ours, Theirs);
        await at.RefusedAsync("bad_issuer");
        Tell(at, Ours, "{tenantid}");
        await at.RefusedAsync("bad_tenant", "provider_tenant");
    }

    [Fact]
    public async Task A_key_of_one_tenant_signs_for_no_other()
    {
        await using var at = await EntraAsync("/organizations/v2.0", [Ours, Theirs]);
        at.Idp.Metadata = m => m["issuer"] = at.Idp.Root + "/{tenantid}/v2.0";
        at.Idp.KeySet = document => document["keys"]![0]!["issuer"] = at.Idp.Root + $"/{Theirs}/v2.0";
        Tell(at, Theirs, Theirs);
        await at.SignInAsync();
        Tell(at, Ours, Ours);
        await at.RefusedAsync("bad_signature");
    }

    [Fact]
    public async Task Too_many_groups_are_unknown_and_not_none()
    {
        await using var at = await EntraAsync($"/{Ours}/v2.0");
        await at.PutAsync(body => body["groups_claim"] = "groups");
        var claims = at.Idp.Claims;
        foreach (var forge in new Action<JsonObject>[]
        {
            body => body["_claim_names"] = new JsonObject { ["groups"] = "src1" },
            body => body["hasgroups"] = "true",
            body => body["groups"] = new JsonArray([.. Enumerable.Range(0, 1001).Select(i => (JsonNode)$"g{i}")]),
            body => body["groups"] = new JsonArray("fine", 7),
            body => body["groups"] = 7,
        })
        {
            at.Idp.Claims = body =>
            {
                claims(body);
                forge(body);
            };
            var proof = await at.SignInAsync();
            Assert.Equal((0, true), (proof.Groups.Count, proof.GroupsAreUnknown));
        }

        Assert.Contains("not known by the identity provider company", gateway.Gateway.Logs.Text, StringComparison.Ordinal);
        at.Idp.Claims = body =>
        {
            claims(body);
            body["groups"] = new JsonArray([.. Enumerable.Range(0, 1000).Select(i => (JsonNode)$"g{i}")]);
        };
        Assert.Equal(1000, (await at.SignInAsync()).Groups.Count);
    }

    [Fact]
    public async Task Groups_that_userinfo_does_not_say_are_unknown_and_a_name_is_gone_without()
    {
        await using var at = await ProviderFixture.StartAsync(gateway);
        await at.PutAsync(body => body["groups_claim"] = "groups");
        at.Idp.Claims = body =>
        {
            body.Remove("name");
            body["preferred_username"] = "alice";
        };
        at.Idp.Odd = http =>
        {
            if (http.Request.Path != "/userinfo") return Task.FromResult(false);
            http.Response.StatusCode = 500;
            return Task.FromResult(true);
        };
        var proof = await at.SignInAsync();
        Assert.Equal((true, "alice"), (proof.GroupsAreUnknown, proof.Account.Name));
    }

    private static void Tell(ProviderFixture at, string tenant, string issuer)
    {
        var root = at.Idp.Root;
        at.Idp.Claims = body => (body["tid"], body["oid"], body["acct"], body["iss"]) = (tenant, Alice, 0, $"{root}/{issuer}/v2.0");
        if (issuer.StartsWith('{')) at.Idp.Claims += body => body["tid"] = issuer;
    }

    private async Task<ProviderFixture> EntraAsync(string path, string[]? tenants = null)
    {
        var at = await ProviderFixture.StartAsync(gateway, path);
        await at.PutAsync(body =>
        {
            body["product"] = "entra";
            if (tenants is not null) body["allowed_tenants"] = tenants;
        });
        at.Idp.Claims = body => (body["tid"], body["oid"], body["acct"]) = (Ours, Alice, 0);
        return at;
    }
}
