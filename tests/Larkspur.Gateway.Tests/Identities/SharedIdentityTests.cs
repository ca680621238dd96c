using System.Net;
using Larkspur.Gateway.People.Identities;
using Larkspur.Gateway.People.Permissions;
using Larkspur.Gateway.Tests.Api;
using Larkspur.Testing;
using static Larkspur.Gateway.Tests.Identities.IdentityFixture;

namespace Larkspur.Gateway.Tests.Identities;

/// <summary>Two processes on one PostgreSQL know the same people and the same rules.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class SharedIdentityTests : IAsyncLifetime
{
    private readonly Dictionary<string, string?> _settings = new() { ["Larkspur:People:LinkByVerifiedEmail"] = "true" };
    private GatewayApp _first = null!;
    private GatewayApp _second = null!;

    public async ValueTask InitializeAsync()
    {
        _settings["LARKSPUR_DB"] = await (await PostgresServer.SharedAsync()).CreateDatabaseAsync();
        _first = await StartAsync(_settings);
        _second = await StartAsync(_settings);
    }

    public async ValueTask DisposeAsync()
    {
        await _second.DisposeAsync();
        await _first.DisposeAsync();
    }

    [Fact]
    public async Task First_contacts_in_both_at_once_make_one_person()
    {
        var people = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => (i % 2 == 0 ? _first : _second).GetOrCreateAsync(i % 3 == 0 ? OnFeishu("ou_a", "on_a") : OnFeishu("ou_b", "on_a", app: "hr"))));
        Assert.Single(people.Select(p => p.Id).Distinct());
        Assert.Equal((1, 1, 3), (await _first.CountAsync("person"), await _first.CountAsync("person_account"), await _first.CountAsync("person_identity")));
    }

    [Fact]
    public async Task Merges_both_ways_and_contacts_at_once_leave_one_person_with_everything()
    {
        var (anna, bert) = (await _first.GetOrCreateAsync(OnFeishu("ou_a")), await _second.GetOrCreateAsync(OnDingTalk("anna")));
        await Task.WhenAll([
            Task.Run(() => _first.People().MergeAsync(new("system"), bert.Id, anna.Id, TestContext.Current.CancellationToken)),
            Task.Run(() => _second.People().MergeAsync(new("system"), anna.Id, bert.Id, TestContext.Current.CancellationToken)),
            .. Enumerable.Range(0, 10).Select(i => Task.Run(async () => (KnownPerson?)await (i % 2 == 0 ? _first : _second).GetOrCreateAsync(i % 2 == 0 ? OnFeishu("ou_a", "on_a", $"u{i % 4}") : OnDingTalk("anna", "un1")))),
        ]);
        var one = await _first.FindAsync(anna.Id);
        Assert.Equal(one!.Id, (await _second.FindAsync(bert.Id))!.Id);
        Assert.Equal((1, 2, 1), (await _first.CountAsync("person"), await _first.CountAsync("person_account"), await _first.CountAsync("person_alias")));
    }

    [Fact]
    public async Task A_code_of_one_process_links_in_the_other_and_tries_count_in_both()
    {
        var anna = await _first.GetOrCreateAsync(OnFeishu("ou_a"));
        var code = await _first.BeginAsync(OnFeishu("ou_a"));
        for (var i = 0; i < 5; i++) Assert.Equal(LinkOutcome.WrongCode, (await (i % 2 == 0 ? _first : _second).LinkAsync(OnWeCom("mallory"), "AAAAAAAA")).Outcome);
        Assert.Equal(LinkOutcome.TooManyTries, (await _second.LinkAsync(OnWeCom("mallory"), code.Code)).Outcome);
        Assert.Equal(LinkOutcome.Asked, (await _second.LinkAsync(OnDingTalk("anna"), code.Code)).Outcome);
        // Both processes get the word at once: it is one join.
        var decided = await Task.WhenAll(_first.DecideAsync(OnFeishu("ou_a")), _second.DecideAsync(OnFeishu("ou_a")));
        Assert.All(decided, d => Assert.Equal((LinkOutcome.Linked, anna.Id), (d.Outcome, d.Person.Id)));
        Assert.Single(await _first.LinesAsync("person.merged"));
        var undone = await Task.WhenAll(_first.UndoAsync(OnDingTalk("anna")), _second.UndoAsync(OnFeishu("ou_a")));
        Assert.Single(undone, u => u.Outcome == LinkOutcome.Undone);
        Assert.NotEqual(anna.Id, (await _second.GetOrCreateAsync(OnDingTalk("anna"))).Id);
    }

    [Fact]
    public async Task A_rule_that_is_made_in_one_counts_in_the_other()
    {
        var anna = await _first.GetOrCreateAsync(OnFeishu("ou_a"));
        var made = await _first.CallAsync(GatewayApp.ApiKey, HttpMethod.Post, "/permissions/rules", """{"name":"closed","feature":"assistant","effect":"deny","who":{"everybody":true}}""");
        Assert.Equal((int)HttpStatusCode.Created, made.Status);
        await _second.UntilAsync(async () => await MayAsync(_second) is { IsAllowed: false, Rule: "closed" });
        Assert.Equal(204, (await _second.CallAsync(GatewayApp.ApiKey, HttpMethod.Delete, "/permissions/rules/closed")).Status);
        await _first.UntilAsync(async () => (await MayAsync(_first)).IsAllowed);

        async Task<Permission> MayAsync(GatewayApp gateway) =>
            await gateway.Permissions().CheckAsync("assistant", anna, new PermissionContext("feishu", "default", [], DateTimeOffset.UnixEpoch), TestContext.Current.CancellationToken);
    }
}
