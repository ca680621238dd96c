using Larkspur.Gateway.People.Identities;
using Larkspur.Gateway.Storage;
using Larkspur.Testing;
using static Larkspur.Gateway.Tests.Identities.IdentityFixture;

namespace Larkspur.Gateway.Tests.Identities;

/// <summary>Whoever writes is one person from the first message on, however many come at once and whatever the platform tells later.</summary>
public sealed class FirstContactTests : IAsyncLifetime
{
    private readonly ManualTimeProvider _clock = new();
    private GatewayApp _gateway = null!;

    public async ValueTask InitializeAsync() => _gateway = await StartAsync(clock: _clock);

    public async ValueTask DisposeAsync() => await _gateway.DisposeAsync();

    [Fact]
    public async Task Fifty_first_contacts_at_once_make_one_person()
    {
        // Half of them tell one id, half another of the same account: only together they say who it is.
        var people = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => _gateway.GetOrCreateAsync(i % 2 == 0 ? OnFeishu("ou_a", "on_a", "alice") : OnFeishu("ou_a", "on_a"))));
        Assert.Single(people.Select(p => p.Id).Distinct());
        Assert.Equal((1, 1, 3), (await _gateway.CountAsync("person"), await _gateway.CountAsync("person_account"), await _gateway.CountAsync("person_identity")));
        Assert.True(KnownPerson.IsId(people[0].Id), people[0].Id);
    }

    [Fact]
    public async Task New_ids_of_a_known_account_are_added_to_it_and_found()
    {
        var first = await _gateway.GetOrCreateAsync(OnFeishu("ou_a", name: "王小明"));
        var later = await _gateway.GetOrCreateAsync(OnFeishu("ou_a", "on_a", "alice"));
        Assert.Equal((first.Id, "王小明"), (later.Id, later.Name));
        Assert.Equal(["ou_a", "on_a", "alice"], later.Ids.Select(i => i.Value));
        // By another app of the same company, whose open_id nobody knows.
        var other = await _gateway.GetOrCreateAsync(OnFeishu("ou_b", "on_a", app: "hr"));
        Assert.Equal(first.Id, other.Id);
        Assert.Equal(first.Id, (await _gateway.FindAsync(new PlatformIdentity("feishu", "hr", "open_id", "ou_b")))?.Id);
        Assert.Null(await _gateway.FindAsync(new PlatformIdentity("feishu", "default", "open_id", "ou_b")));
        Assert.Single(other.Accounts);
    }

    [Fact]
    public async Task Accounts_that_were_told_one_by_one_are_one_when_the_platform_says_so()
    {
        var first = await _gateway.GetOrCreateAsync(OnFeishu("ou_a", "on_a"));
        await _gateway.People().MergeAsync(new("system"), (await _gateway.GetOrCreateAsync(OnFeishu("ou_b", app: "hr", email: "a@mica.example"))).Id, first.Id, TestContext.Current.CancellationToken);
        Assert.Equal(2, (await _gateway.FindAsync(first.Id))!.Accounts.Count);
        var whole = await _gateway.GetOrCreateAsync(OnFeishu("ou_b", "on_a", app: "hr"));
        Assert.Equal(first.Id, whole.Id);
        Assert.Equal((3, "a@mica.example"), (Assert.Single(whole.Accounts).Ids.Count, whole.Email));
        Assert.Equal(whole.Id, $"{whole}");
    }

    [Fact]
    public async Task An_id_of_another_person_is_not_moved_and_is_reported_once()
    {
        var anna = await _gateway.GetOrCreateAsync(OnFeishu("ou_a", "on_a"));
        var bert = await _gateway.GetOrCreateAsync(OnFeishu("ou_b", app: "hr"));
        for (var i = 0; i < 3; i++) Assert.Equal(bert.Id, (await _gateway.GetOrCreateAsync(OnFeishu("ou_b", "on_a", app: "hr"))).Id);
        Assert.Equal(anna.Id, (await _gateway.FindAsync(new PlatformIdentity("feishu", "", "union_id", "on_a")))!.Id);
        var line = Assert.Single(await _gateway.LinesAsync("person.conflict"));
        Assert.Equal(bert.Id, line.Subject);
        Assert.Contains(anna.Id, line.Detail, StringComparison.Ordinal);
        Assert.Single(_gateway.Logs.Lines, l => l.Message.Contains("which stay theirs", StringComparison.Ordinal));
        // Merged, they are no conflict any more.
        await _gateway.People().MergeAsync(new("system"), bert.Id, anna.Id, TestContext.Current.CancellationToken);
        var one = await _gateway.GetOrCreateAsync(OnFeishu("ou_b", "on_a", app: "hr"));
        Assert.Equal((anna.Id, null), (one.Id, Assert.Single(one.Accounts).Conflict));
    }

    [Fact]
    public async Task Members_of_WeCom_are_one_in_any_case_and_companies_are_kept_apart()
    {
        var zoe = await _gateway.GetOrCreateAsync(OnWeCom("ZhaoLi"));
        Assert.Equal(zoe.Id, (await _gateway.GetOrCreateAsync(OnWeCom("zhaoli"))).Id);
        Assert.NotEqual(zoe.Id, (await _gateway.GetOrCreateAsync(OnWeCom("ZhaoLi", corp: "ww2"))).Id);
        Assert.NotEqual(zoe.Id, (await _gateway.GetOrCreateAsync(OnDingTalk("ZhaoLi"))).Id);
        Assert.Equal("ZhaoLi", zoe.Ids[0].Value);
    }

    [Fact]
    public async Task A_known_account_costs_no_write_until_something_is_new()
    {
        var account = OnWeCom("bob", "Bob", "Bob@Mica.example");
        await _gateway.GetOrCreateAsync(account);
        var version = await VersionAsync();
        var bob = await _gateway.GetOrCreateAsync(account);
        await _gateway.GetOrCreateAsync(OnWeCom("bob"));
        Assert.Equal(version, await VersionAsync());
        Assert.Equal(("Bob", "bob@mica.example"), (bob.Name, bob.Email));
        _clock.Advance(TimeSpan.FromDays(2));
        var seen = (await _gateway.GetOrCreateAsync(OnWeCom("bob", "Robert"))).Accounts[0];
        Assert.Equal((_clock.GetUtcNow(), "Robert", "bob@mica.example"), (seen.SeenAt, seen.Name, seen.Email));
        Assert.NotEqual(version, await VersionAsync());
    }

    public static TheoryData<string> BadAccounts => ["none", "many", "foreign", "email", "empty", "long", "control"];

    [Theory]
    [MemberData(nameof(BadAccounts))]
    public async Task What_is_no_account_makes_no_person(string what)
    {
        var id = new PlatformIdentity("wecom", "ww1", "userid", "bob");
        var account = OnWeCom("bob") with
        {
            Platform = what == "email" ? "email" : "wecom",
            Ids = what switch
            {
                "none" => [],
                "many" => [.. Enumerable.Range(0, 17).Select(i => id with { Value = $"bob{i}" })],
                "foreign" => [id, new("feishu", "default", "open_id", "ou_a")],
                "email" => [PlatformIdentity.OfEmail("bob@mica.example")],
                "empty" => [id with { Value = " " }],
                "long" => [id with { Value = new string('b', 257) }],
                _ => [id with { Value = "bob\n" }],
            },
        };
        await Assert.ThrowsAsync<ArgumentException>(() => _gateway.GetOrCreateAsync(account));
        Assert.Equal(0, await _gateway.CountAsync("person"));
    }

    [Fact]
    public async Task Odd_names_and_addresses_are_kept_only_as_far_as_they_are_any()
    {
        var odd = await _gateway.GetOrCreateAsync(OnWeCom("bob", " B\u0000o\nb ", "bob at mica"));
        Assert.Equal(("Bob", null), (odd.Name, odd.Email));
        // A Kelvin sign is a small k to whoever makes letters small.
        Assert.Null((await _gateway.GetOrCreateAsync(OnWeCom("kim", null, "\u212aim@mica.example"))).Email);
        Assert.Equal(200, (await _gateway.GetOrCreateAsync(OnWeCom("long", new string('王', 500)))).Name!.Length);
        Assert.Null(await _gateway.FindAsync("pe_nobody"));
        Assert.Null(await _gateway.FindAsync(KnownPerson.NewId()));
        Assert.Null(await _gateway.FindAsync(default(PlatformIdentity)));
    }

    private Task<long?> VersionAsync() => _gateway.Database().ReadAsync(sql => sql.NumberAsync("SELECT version FROM revision WHERE name = 'people'"), TestContext.Current.CancellationToken);
}
