using Larkspur.Testing;

namespace Larkspur.Gateway.Tests.People.Scim;

/// <summary>Groups that upstreams make.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class ScimGroupTests(GatewayFixture fixture) : IClassFixture<GatewayFixture>
{
    private GatewayApp Gateway => fixture.Gateway;

    [Fact]
    public async Task Entra_finds_renames_and_deletes_a_group()
    {
        var client = await ScimClient.MakeAsync(Gateway);
        var id = await client.MakeGroupAsync("Finance One");
        var found = await client.FindAsync("Groups", "displayName eq \"finance one\"", "&excludedAttributes=members");
        Assert.Equal(id, Assert.Single(found.Resources).GetProperty("id").GetString());
        Assert.False(found.Resources[0].TryGetProperty("members", out _));
        Assert.Equal(204, (await client.PatchAsync("/Groups/" + id, """{"op":"Replace","path":"displayName","value":"Finance Two"}""")).Status);
        Assert.Equal("Finance Two", (await client.GetAsync("/Groups/" + id)).Text("displayName"));
        Assert.Equal(204, (await client.DeleteAsync("/Groups/" + id)).Status);
        (await client.GetAsync("/Groups/" + id)).IsError(404);
        (await client.DeleteAsync("/Groups/" + id)).IsError(404);
    }

    [Fact]
    public async Task Members_join_and_leave_in_every_way_that_is_written()
    {
        var client = await ScimClient.MakeAsync(Gateway);
        string[] ids = [await client.MakeUserAsync("m1@example.com"), await client.MakeUserAsync("m2@example.com"), await client.MakeUserAsync("m3@example.com")];
        var group = "/Groups/" + await client.MakeGroupAsync("Members", ids[0]);
        Assert.Equal([ids[0]], await client.MembersAsync(group[8..]));
        await client.PatchAsync(group, $$"""{"op":"Add","path":"members","value":[{"value":"{{ids[1]}}"},{"value":"{{ids[2]}}"}]}""");
        Assert.Equal(ids, await client.MembersAsync(group[8..]));
        Assert.Equal("Members", (await client.GetAsync("/Users/" + ids[1])).Body.GetProperty("groups")[0].GetProperty("display").GetString());
        Assert.Equal(1, (await client.FindAsync("Groups", $"members.value eq \"{ids[1]}\"")).Total);
        Assert.Equal(1, (await client.FindAsync("Groups", $"id eq \"{group[8..]}\" and members[value eq \"{ids[1]}\"]")).Total);
        // Entra of today, Entra of before, and somebody who is no member.
        await client.PatchAsync(group, $$"""{"op":"remove","path":"members[value eq \"{{ids[1]}}\"]"}""");
        Assert.Equal([ids[0], ids[2]], await client.MembersAsync(group[8..]));
        await client.PatchAsync(group, $$"""{"op":"Remove","path":"members","value":[{"value":"{{ids[2]}}"},{"value":"pe_nobody"}]}""");
        Assert.Equal([ids[0]], await client.MembersAsync(group[8..]));
        // Okta: the name comes with each change.
        await client.PatchAsync(group, $$"""{"op":"replace","value":{"id":"{{group[8..]}}","displayName":"Renamed"} }""",
            $$"""{"op":"replace","path":"members","value":[{"value":"{{ids[2]}}","display":"m3@example.com"}]}""");
        Assert.Equal([ids[2]], await client.MembersAsync(group[8..]));
        (await client.PatchAsync(group, """{"op":"add","path":"members","value":[{"value":"pe_nobody"}]}""")).IsError(400, "invalidValue");
    }

    [Fact]
    public async Task A_PUT_without_members_keeps_them_and_an_empty_list_takes_them_out()
    {
        var client = await ScimClient.MakeAsync(Gateway);
        var user = await client.MakeUserAsync("kept@example.com");
        var group = await client.MakeGroupAsync("Kept", user);
        var put = await client.PutAsync("/Groups/" + group, """{"displayName":"Kept still"}""");
        Assert.True(put.Status == 200, put.ToString());
        Assert.Equal([user], await client.MembersAsync(group));
        Assert.Equal(200, (await client.PutAsync("/Groups/" + group, """{"displayName":"Kept still","members":[]}""")).Status);
        Assert.Empty(await client.MembersAsync(group));
    }

    [Fact]
    public async Task Who_is_off_stays_a_member_and_who_is_deleted_does_not()
    {
        var client = await ScimClient.MakeAsync(Gateway);
        var user = await client.MakeUserAsync("stays@example.com");
        var group = await client.MakeGroupAsync("Stays", user);
        await client.PatchAsync("/Users/" + user, """{"op":"replace","value":{"active":false}}""");
        Assert.Equal([user], await client.MembersAsync(group));
        await client.DeleteAsync("/Users/" + user);
        Assert.Empty(await client.MembersAsync(group));
    }
}
