using Larkspur.Gateway.People.Identities;
using Larkspur.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Gateway.Tests.People.Scim;

/// <summary>Requests as Entra ID sends them.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class ScimEntraTests(GatewayFixture fixture) : IClassFixture<GatewayFixture>
{
    private GatewayApp Gateway => fixture.Gateway;

    [Fact]
    public async Task Its_test_of_the_connection_finds_nobody()
    {
        var answer = await (await ScimClient.MakeAsync(Gateway)).FindAsync("Users", $"userName eq \"{Guid.NewGuid()}\"");
        Assert.Equal(200, answer.Status);
        Assert.Equal(0, answer.Total);
        Assert.Empty(answer.Resources);
    }

    [Fact]
    public async Task A_user_is_made_once()
    {
        var client = await ScimClient.MakeAsync(Gateway);
        var id = await client.MakeUserAsync("Once@example.com");
        Assert.StartsWith("pe_", id);
        (await client.PostAsync("/Users", """{"userName":"once@EXAMPLE.com","externalId":"other"}""")).IsError(409, "uniqueness");
        (await client.PostAsync("/Users", """{"userName":"twice@example.com","externalId":"Once"}""")).IsError(409, "uniqueness");
        (await client.PostAsync("/Users", """{"displayName":"nobody"}""")).IsError(400, "invalidValue");
        var read = await client.GetAsync("/Users/" + id);
        Assert.Equal("Once@example.com", read.Text("userName"));
        Assert.Equal("Once", read.Text("externalId"));
        Assert.Equal("Lee", read.Body.GetProperty("name").GetProperty("familyName").GetString());
        Assert.EndsWith("/scim/v2/Users/" + id, read.Body.GetProperty("meta").GetProperty("location").GetString());
    }

    [Fact]
    public async Task Who_is_off_is_shut_out_at_once_and_comes_back_as_who_they_were()
    {
        var client = await ScimClient.MakeAsync(Gateway);
        var id = await client.MakeUserAsync("off@example.com");
        var identities = Gateway.Services.GetRequiredService<IIdentities>();
        var off = await client.PatchAsync("/Users/" + id, """{"op":"Replace","path":"active","value":"False"}""");
        Assert.Equal(200, off.Status);
        Assert.False(off.Body.GetProperty("active").GetBoolean());
        Assert.True((await identities.FindAsync(id, TestContext.Current.CancellationToken))!.IsDisabled);
        var renamed = await client.PatchAsync("/Users/" + id, """{"op":"Replace","path":"displayName","value":"Ann Lim"}""");
        Assert.Equal("Ann Lim", renamed.Text("displayName"));
        Assert.False(renamed.Body.GetProperty("active").GetBoolean());
        Assert.Equal(id, Assert.Single((await client.FindAsync("Users", "userName eq \"off@example.com\"")).Resources).GetProperty("id").GetString());
        Assert.True((await client.PatchAsync("/Users/" + id, """{"op":"Replace","path":"active","value":"True"}""")).Body.GetProperty("active").GetBoolean());
        Assert.False((await identities.FindAsync(id, TestContext.Current.CancellationToken))!.IsDisabled);
    }

    [Fact]
    public async Task Several_attributes_change_without_a_path_and_by_dotted_keys()
    {
        var client = await ScimClient.MakeAsync(Gateway);
        var id = await client.MakeUserAsync("dotted@example.com");
        var changed = await client.PatchAsync("/Users/" + id,
            """
            {"op":"replace","value":{"displayName":"New","name.givenName":"Anna","title":"Lead","userName":"Dotted2@example.com","favourite colour":"red",
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:employeeNumber":"701984","urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department":"Legal"}}
            """,
            """{"op":"Add","path":"emails[type eq \"work\"].value","value":"anna@example.com"}""",
            """{"op":"Add","path":"phoneNumbers[type eq \"mobile\"].value","value":"+86 1"}""",
            """{"op":"Add","path":"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager","value":"pe_boss"}""");
        Assert.True(changed.Status == 200, changed.ToString());
        Assert.Equal("New", changed.Text("displayName"));
        Assert.Equal("Dotted2@example.com", changed.Text("userName"));
        Assert.Equal("Anna", changed.Body.GetProperty("name").GetProperty("givenName").GetString());
        Assert.Equal("Lee", changed.Body.GetProperty("name").GetProperty("familyName").GetString());
        Assert.Equal("anna@example.com", changed.Body.GetProperty("emails")[0].GetProperty("value").GetString());
        Assert.Equal("+86 1", changed.Body.GetProperty("phoneNumbers")[0].GetProperty("value").GetString());
        var work = changed.Body.GetProperty("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User");
        Assert.Equal("701984", work.GetProperty("employeeNumber").GetString());
        Assert.Equal("Legal", work.GetProperty("department").GetString());
        Assert.Equal("pe_boss", work.GetProperty("manager").GetProperty("value").GetString());
        Assert.Equal(1, (await client.FindAsync("Users", "userName eq \"DOTTED2@example.com\"")).Total);
        Assert.Equal(0, (await client.FindAsync("Users", "userName eq \"dotted@example.com\"")).Total);
    }

    [Fact]
    public async Task What_cannot_be_done_is_refused_whole()
    {
        var client = await ScimClient.MakeAsync(Gateway);
        var id = await client.MakeUserAsync("whole@example.com");
        (await client.PatchAsync("/Users/" + id, """{"op":"replace","path":"displayName","value":"Half"}""", """{"op":"move","path":"title"}""")).IsError(400, "invalidSyntax");
        (await client.PatchAsync("/Users/" + id, """{"op":"replace","path":"displayName","value":"Half"}""", """{"op":"replace","path":"emails[","value":"x"}"""))
            .IsError(400, "invalidPath");
        (await client.PatchAsync("/Users/" + id, """{"op":"replace","path":"displayName","value":"Half"}""", """{"op":"replace","path":"active","value":"perhaps"}"""))
            .IsError(400, "invalidValue");
        (await client.PatchAsync("/Users/" + id, """{"op":"remove"}""")).IsError(400, "noTarget");
        (await client.PatchAsync("/Users/" + id, [.. Enumerable.Repeat("""{"op":"replace","path":"title","value":"x"}""", 1001)])).IsError(400, "invalidSyntax");
        (await client.PostAsync("/Users", "{\"userName\":\"" + new string('x', 1 << 20) + "\"}")).IsError(413);
        (await client.CallAsync(HttpMethod.Post, "/Users", "<user/>", "text/xml")).IsError(415);
        (await client.PostAsync("/Users", "{")).IsError(400, "invalidSyntax");
        Assert.Equal("Ann Lee", (await client.GetAsync("/Users/" + id)).Text("displayName"));
        Assert.Equal(200, (await client.CallAsync(HttpMethod.Put, "/Users/" + id, """{"userName":"whole@example.com","active":true}""", "application/json")).Status);
    }

    [Fact]
    public async Task Who_is_deleted_is_gone_and_their_id_is_nobodys_again()
    {
        var client = await ScimClient.MakeAsync(Gateway);
        var id = await client.MakeUserAsync("gone@example.com");
        Assert.Equal(204, (await client.DeleteAsync("/Users/" + id)).Status);
        (await client.GetAsync("/Users/" + id)).IsError(404);
        (await client.DeleteAsync("/Users/" + id)).IsError(404);
        (await client.PatchAsync("/Users/" + id, """{"op":"replace","value":{"active":true}}""")).IsError(404);
        Assert.Equal(0, (await client.FindAsync("Users", $"id eq \"{id}\"")).Total);
        Assert.True((await Gateway.Services.GetRequiredService<IIdentities>().FindAsync(id, TestContext.Current.CancellationToken))!.IsDisabled);
        Assert.NotEqual(id, await client.MakeUserAsync("gone@example.com"));
    }

    [Fact]
    public async Task Another_systems_users_are_read_only()
    {
        var client = await ScimClient.MakeAsync(Gateway);
        var other = await ScimClient.MakeAsync(Gateway);
        var id = await client.MakeUserAsync("mine@example.com", "E-1");
        (await other.PatchAsync("/Users/" + id, """{"op":"Replace","path":"active","value":"False"}""")).IsError(400, "mutability");
        (await other.DeleteAsync("/Users/" + id)).IsError(400, "mutability");
        Assert.Null((await other.GetAsync("/Users/" + id)).Text("externalId"));
        Assert.NotEqual(id, await other.MakeUserAsync("theirs@example.com", "E-1"));
        (await other.PostAsync("/Users", """{"userName":"mine@example.com"}""")).IsError(409, "uniqueness");
        var group = await client.MakeGroupAsync("Mine", id);
        (await other.DeleteAsync("/Groups/" + group)).IsError(400, "mutability");
        (await other.PostAsync("/Groups", $$"""{"displayName":"Theirs","members":[{"value":"{{id}}"}]}""")).IsError(400, "invalidValue");
    }

    [Fact]
    public async Task What_upstreams_do_is_audited()
    {
        var client = await ScimClient.MakeAsync(Gateway);
        var id = await client.MakeUserAsync("audited@example.com");
        await client.PatchAsync("/Users/" + id, """{"op":"Replace","path":"active","value":"False"}""");
        await client.DeleteAsync("/Users/" + id);
        var page = await Gateway.Http.GetStringAsync(new Uri("/api/v1/audit", UriKind.Relative), TestContext.Current.CancellationToken);
        foreach (var word in new[] { "person.provisioned", "person.changed", "person.deprovisioned", id }) Assert.Contains(word, page, StringComparison.Ordinal);
    }
}
