using System.Globalization;
using Larkspur.Gateway.Audit;
using Larkspur.Gateway.People.Directory.Sync;
using Larkspur.Gateway.People.Scim;
using Larkspur.Gateway.Storage;
using Larkspur.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Gateway.Tests.People.Scim;

/// <summary>Groups of 20,000 people: who joins or leaves costs as much as in a group of ten, and a page of groups has a bound.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class ScimLargeGroupTests(GatewayFixture fixture) : IClassFixture<GatewayFixture>
{
    private const int Large = 20_000;

    private GatewayApp Gateway => fixture.Gateway;

    private IDatabase Database => Gateway.Services.GetRequiredService<IDatabase>();

    [Fact]
    public async Task A_PATCH_reads_those_whom_it_names_and_no_others()
    {
        var client = await ScimClient.MakeAsync(Gateway);
        string[] users = [await client.MakeUserAsync("large1@example.com"), await client.MakeUserAsync("large2@example.com")];
        var group = await client.MakeGroupAsync("Everybody", users[0]);
        await FillAsync(group, "p", Large);
        Assert.Equal(204, (await client.PatchAsync("/Groups/" + group,
            $$"""{"op":"add","path":"members","value":[{"value":"{{users[1]}}"}]}""")).Status);
        Assert.Equal(Large + 2, (await client.MembersAsync(group)).Length);

        // The same by what is beneath, to see what it read.
        var counting = new CountingDatabase(Database);
        var services = Gateway.Services;
        var writes = new ScimGroupWrites(counting, services.GetRequiredService<MemberChanges>(),
            services.GetRequiredService<DepartmentImport>(), services.GetRequiredService<AuditTrail>(), TimeProvider.System);
        var upstream = new ScimUpstream(await UpstreamAsync(group), Actor.System);
        await writes.ChangeAsync(upstream, group, state => Apply(state, "remove", users[1]), TestContext.Current.CancellationToken);
        await writes.ChangeAsync(upstream, group, state => Apply(state, "add", users[1]), TestContext.Current.CancellationToken);
        await writes.ChangeAsync(upstream, group, state => Apply(state, "remove", users[0]), TestContext.Current.CancellationToken);
        Assert.InRange(counting.Rows, 3, 100);
        var members = await client.MembersAsync(group);
        Assert.Equal((Large + 1, false, true), (members.Length, members.Contains(users[0]), members.Contains(users[1])));
    }

    [Fact]
    public async Task Who_replaces_all_of_very_many_is_refused_before_they_are_read_and_a_DELETE_takes_them_out()
    {
        var client = await ScimClient.MakeAsync(Gateway);
        var user = await client.MakeUserAsync("replaces@example.com");
        var group = await client.MakeGroupAsync("Replaced", user);
        await FillAsync(group, "q", 4_500);
        var put = await client.PutAsync("/Groups/" + group, $$"""{"displayName":"Replaced","members":[{"value":"{{user}}"}]}""");
        put.IsError(400, "tooMany");
        Assert.Equal(4_501, (await client.MembersAsync(group)).Length);
        Assert.Equal(204, (await client.DeleteAsync("/Groups/" + group)).Status);
        (await client.GetAsync("/Groups/" + group)).IsError(404);
        Assert.Equal(0, await Database.ReadAsync(sql => sql.NumberAsync(
            "SELECT COUNT(*) FROM directory_membership s JOIN directory_department d ON d.dept_key = s.dept_key WHERE d.id = $1",
            long.Parse(group, CultureInfo.InvariantCulture)), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_page_of_groups_ends_with_so_many_members_and_the_next_goes_on()
    {
        var client = await ScimClient.MakeAsync(Gateway);
        var user = await client.MakeUserAsync("pages@example.com");
        string[] groups =
        [
            await client.MakeGroupAsync("Page one", user), await client.MakeGroupAsync("Page two", user),
            await client.MakeGroupAsync("Page three", user), await client.MakeGroupAsync("Page four"),
        ];
        await FillAsync(groups[0], "a", Large);
        await FillAsync(groups[1], "b", ScimGroupRows.MostMembers - 1);
        var found = new List<(string Id, int Members)>();
        for (var pages = 0; found.Count < groups.Length; pages++)
        {
            Assert.InRange(pages, 0, groups.Length);
            var page = await client.FindAsync("Groups", "displayName sw \"Page \"", $"&startIndex={found.Count + 1}");
            Assert.Equal((groups.Length, page.Resources.Length), (page.Total, page.Body.GetProperty("itemsPerPage").GetInt32()));
            Assert.True(page.Resources.Length == 1 || page.Resources.Sum(Members) <= ScimGroupRows.MostMembers);
            found.AddRange(page.Resources.Select(g => (g.GetProperty("id").GetString()!, Members(g))));
        }

        Assert.Equal(groups.Zip([Large + 1, ScimGroupRows.MostMembers, 1, 0]), found);
        // Without members they are all on one page.
        Assert.Equal(4, (await client.FindAsync("Groups", "displayName sw \"Page \"", "&excludedAttributes=members")).Resources.Length);

        // A page is three questions, however many groups and members there are.
        var counting = new CountingDatabase(Database);
        await counting.ReadAsync(sql => ScimGroupRows.ReadAsync(sql, Database.Dialect, "d.name LIKE 'Page %'", "LIMIT 100", [], true),
            TestContext.Current.CancellationToken);
        Assert.Equal(3, counting.Statements);
        Assert.InRange(counting.Rows, Large, Large + 20);

        static int Members(System.Text.Json.JsonElement group) =>
            group.TryGetProperty("members", out var members) ? members.GetArrayLength() : 0;
    }

    private static void Apply(ScimGroupState state, string op, string user)
    {
        using var body = System.Text.Json.JsonDocument.Parse(
            $$"""{"Operations":[{"op":"{{op}}","path":"members","value":[{"value":"{{user}}"}]}]}""");
        foreach (var operation in ScimPatch.Read(body.RootElement)) state.Apply(operation);
    }

    private Task<string> UpstreamAsync(string group) => Database.ReadAsync(async sql => (await sql.FirstAsync(
        "SELECT r.app FROM directory r JOIN directory_department d ON d.directory = r.id WHERE d.id = $1", static row => row.GetString(0),
        long.Parse(group, CultureInfo.InvariantCulture)))!, TestContext.Current.CancellationToken);

    /// <summary>Members as the upstream would have made them one by one, many at once.</summary>
    private async Task FillAsync(string group, string prefix, int count)
    {
        const string numbers = "WITH RECURSIVE n(i) AS (SELECT CAST($1 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < $2)";
        var id = long.Parse(group, CultureInfo.InvariantCulture);
        await Database.TransactAsync(async unit =>
        {
            await unit.ExecuteAsync($"{numbers} INSERT INTO person (id, created_at) SELECT 'pe_{prefix}' || i, 0 FROM n", 1, count);
            await unit.ExecuteAsync($"""
                {numbers} INSERT INTO person_account (person, platform, app, name, created_at, seen_at)
                SELECT 'pe_{prefix}' || i, 'scim', r.app, 'Member ' || i, 0, 0
                FROM n, directory r JOIN directory_department d ON d.directory = r.id
                WHERE d.id = $3
                """, 1, count, id);
            await unit.ExecuteAsync($$"""
                INSERT INTO directory_member (directory, member_key, account, status, fields, hash, read_at, changed_at)
                SELECT d.directory, a.person, a.id, 'active', '{}', '', 0, 0 FROM person_account a, directory_department d
                WHERE d.id = $1 AND a.person LIKE 'pe\_{{prefix}}%' ESCAPE '\' AND a.platform = 'scim' AND LENGTH(a.person) < 12
                """, id);
            await unit.ExecuteAsync($"""
                INSERT INTO directory_membership (member, dept_key, place, is_main, leads)
                SELECT m.id, d.dept_key, 0, 0, 0 FROM directory_member m JOIN directory_department d ON d.directory = m.directory
                WHERE d.id = $1 AND m.member_key LIKE 'pe\_{prefix}%' ESCAPE '\' AND LENGTH(m.member_key) < 12
                """, id);
            return true;
        }, TestContext.Current.CancellationToken);
    }
}
