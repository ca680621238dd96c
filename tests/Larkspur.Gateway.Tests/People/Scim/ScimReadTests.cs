using Larkspur.Gateway.People.Identities;
using Larkspur.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Gateway.Tests.People.Scim;

/// <summary>What systems read of people over SCIM.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class ScimReadTests(GatewayFixture fixture) : IClassFixture<GatewayFixture>
{
    private GatewayApp Gateway => fixture.Gateway;

    [Fact]
    public async Task Without_a_key_nothing_is_told()
    {
        foreach (var path in new[] { "/Users", "/Groups", "/ServiceProviderConfig", "/Schemas", "/ResourceTypes" })
            (await new ScimClient(Gateway, null).GetAsync(path)).IsError(401);
        (await new ScimClient(Gateway, "wrong").GetAsync("/Users")).IsError(401);
        var reader = await ScimClient.MakeAsync(Gateway, "people:read");
        (await reader.PostAsync("/Users", """{"userName":"nobody@example.com"}""")).IsError(403);
        (await (await ScimClient.MakeAsync(Gateway, "messages:read")).GetAsync("/Users")).IsError(403);
        (await reader.GetAsync("/Nothing")).IsError(404);
    }

    [Fact]
    public async Task What_the_server_can_do_is_told_and_not_filtered()
    {
        var client = await ScimClient.MakeAsync(Gateway);
        var config = await client.GetAsync("/ServiceProviderConfig");
        Assert.Equal(200, config.Status);
        Assert.Equal("application/scim+json", config.Type);
        Assert.True(config.Body.GetProperty("patch").GetProperty("supported").GetBoolean());
        Assert.Equal(200, config.Body.GetProperty("filter").GetProperty("maxResults").GetInt32());
        Assert.Equal(2, (await client.GetAsync("/ResourceTypes")).Total);
        Assert.Equal(3, (await client.GetAsync("/Schemas")).Total);
        Assert.Equal("Group", (await client.GetAsync("/Schemas/urn:ietf:params:scim:schemas:core:2.0:Group")).Text("name"));
        foreach (var path in new[] { "ServiceProviderConfig", "ResourceTypes", "Schemas" }) (await client.FindAsync(path, "id eq \"User\"")).IsError(403);
    }

    [Fact]
    public async Task Filters_find_by_each_attribute_whatever_its_case()
    {
        var client = await ScimClient.MakeAsync(Gateway);
        var id = await client.MakeUserAsync("Filter.Me@example.com", "F-1");
        foreach (var filter in new[]
        {
            "userName eq \"filter.me@EXAMPLE.com\"", "USERNAME EQ \"filter.me@example.com\"", "externalId eq \"F-1\"", $"id eq \"{id}\"",
            "emails[type eq \"work\"].value eq \"filter.me@example.com\"", "emails.value eq \"Filter.Me@example.com\"",
            "userName eq \"filter.me@example.com\" and active eq true", "(userName eq \"filter.me@example.com\") AND (active eq \"True\")",
            "urn:ietf:params:scim:schemas:core:2.0:User:userName eq \"filter.me@example.com\"",
        })
        {
            var found = await client.FindAsync("Users", filter);
            Assert.True(found.Status == 200 && found.Total == 1, $"{filter}: {found}");
            Assert.Equal(id, found.Resources[0].GetProperty("id").GetString());
            Assert.Equal("Filter.Me@example.com", found.Resources[0].GetProperty("userName").GetString());
        }

        Assert.Equal(0, (await client.FindAsync("Users", "userName eq \"filter.me@example.com\" and active eq false")).Total);
        Assert.Contains((await client.FindAsync("Users", "displayName sw \"ann\"")).Resources, r => r.GetProperty("id").GetString() == id);
        Assert.Equal(0, (await (await ScimClient.MakeAsync(Gateway)).FindAsync("Users", "externalId eq \"F-1\"")).Total);
    }

    [Theory]
    [InlineData("userName ne \"x\"")]
    [InlineData("userName eq \"x\" or userName eq \"y\"")]
    [InlineData("not (userName eq \"x\")")]
    [InlineData("userName eq \"x")]
    [InlineData("userName")]
    [InlineData("nickName eq \"x\"")]
    [InlineData("emails[type eq \"work\"")]
    [InlineData("userName eq \"\\u0000\"")]
    [InlineData("active eq \"maybe\"")]
    public async Task Another_filter_is_refused(string filter) =>
        (await (await ScimClient.MakeAsync(Gateway)).FindAsync("Users", filter)).IsError(400, "invalidFilter");

    [Fact]
    public async Task A_hostile_filter_costs_little()
    {
        var client = await ScimClient.MakeAsync(Gateway);
        (await client.FindAsync("Users", $"userName eq \"{new string('x', 6000)}\"")).IsError(400, "invalidFilter");
        (await client.FindAsync("Users", new string('(', 1500))).IsError(400, "invalidFilter");
        (await client.FindAsync("Users", string.Join(" and ", Enumerable.Repeat("active eq true", 60)))).IsError(400, "invalidFilter");
    }

    [Fact]
    public async Task Lists_are_paged_in_a_stable_order()
    {
        var client = await ScimClient.MakeAsync(Gateway);
        string[] ids = [await client.MakeUserAsync("page1@example.com"), await client.MakeUserAsync("page2@example.com"), await client.MakeUserAsync("page3@example.com")];
        var zero = await client.GetAsync("/Users?startIndex=0&count=2");
        Assert.Equal(1, zero.Body.GetProperty("startIndex").GetInt32());
        Assert.Equal(2, zero.Body.GetProperty("itemsPerPage").GetInt32());
        var none = await client.GetAsync("/Users?count=0");
        Assert.True(none.Total >= 3);
        Assert.Empty(none.Resources);
        var last = await client.GetAsync($"/Users?startIndex={none.Total - 1}&count=2");
        Assert.Equal(ids[1..], last.Resources.Select(r => r.GetProperty("id").GetString()!));
        Assert.Equal(200, (await client.GetAsync("/Users?count=99999")).Status);
        (await client.GetAsync("/Users?count=many")).IsError(400, "invalidValue");
        var two = (await client.GetAsync($"/Users/{ids[0]}?attributes=userName,name.familyName")).Body.EnumerateObject().Select(m => m.Name);
        Assert.Equal(["id", "name", "schemas", "userName"], two.Order());
        Assert.False((await client.GetAsync($"/Users/{ids[0]}?excludedAttributes=emails")).Body.TryGetProperty("emails", out _));
    }

    [Fact]
    public async Task Who_came_by_a_platform_is_seen_and_read_only()
    {
        var client = await ScimClient.MakeAsync(Gateway);
        var identities = Gateway.Services.GetRequiredService<IIdentities>();
        var person = await identities.GetOrCreateAsync(new PlatformAccount
        {
            Platform = "wecom", App = "office", Name = "Bo", VerifiedEmail = "bo@example.com", IsExternal = false, Ids = [new("wecom", "corp", "userid", "bo")],
        }, TestContext.Current.CancellationToken);
        var found = await client.FindAsync("Users", "userName eq \"BO@example.com\"");
        Assert.Equal(person.Id, Assert.Single(found.Resources).GetProperty("id").GetString());
        (await client.PatchAsync("/Users/" + person.Id, """{"op":"replace","value":{"active":false}}""")).IsError(400, "mutability");
        (await client.PutAsync("/Users/" + person.Id, """{"userName":"bo@example.com"}""")).IsError(400, "mutability");
        (await client.DeleteAsync("/Users/" + person.Id)).IsError(400, "mutability");
        Assert.True((await client.GetAsync("/Users/" + person.Id)).Body.GetProperty("active").GetBoolean());
        // The same name makes nobody one of two.
        (await client.PostAsync("/Users", """{"userName":"Bo@Example.com"}""")).IsError(409, "uniqueness");
    }
}
