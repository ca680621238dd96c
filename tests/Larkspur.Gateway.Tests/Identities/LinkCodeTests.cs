using Larkspur.Gateway.Audit;
using Larkspur.Gateway.People.Identities;
using Larkspur.Gateway.Settings;
using Larkspur.Testing;
using Microsoft.Extensions.DependencyInjection;
using static Larkspur.Gateway.Tests.Identities.IdentityFixture;

namespace Larkspur.Gateway.Tests.Identities;

/// <summary>A person links their accounts by a code that is made on one platform, typed on the other and confirmed on the first; nobody else's is found by trying.</summary>
public sealed class LinkCodeTests : IAsyncLifetime
{
    private readonly ManualTimeProvider _clock = new();
    private GatewayApp _gateway = null!;
    private KnownPerson _anna = null!;

    public async ValueTask InitializeAsync()
    {
        _gateway = await StartAsync(clock: _clock);
        _anna = await _gateway.GetOrCreateAsync(OnFeishu("ou_a", "on_a", name: "Anna"));
    }

    public async ValueTask DisposeAsync() => await _gateway.DisposeAsync();

    [Fact]
    public async Task A_code_typed_on_the_other_platform_and_confirmed_on_the_first_makes_one_person_of_two()
    {
        var ding = await _gateway.GetOrCreateAsync(OnDingTalk("anna"));
        var code = await _gateway.BeginAsync(OnFeishu("ou_a"));
        Assert.Equal(LinkCodes.Length, code.Code.Length);
        Assert.Equal(_clock.GetUtcNow() + TimeSpan.FromMinutes(10), code.ExpiresAt);
        Assert.DoesNotContain(code.Code, $"{code}", StringComparison.Ordinal);

        var asked = await _gateway.LinkAsync(OnDingTalk("anna"), $" {code.Code[..4].ToLowerInvariant()}-{code.Code[4..]} ");
        Assert.Equal((LinkOutcome.Asked, ding.Id, "feishu"), (asked.Outcome, asked.Person.Id, asked.AskedOn));
        Assert.Equal((2, 0), (await _gateway.CountAsync("person"), await _gateway.CountAsync("person_alias")));

        var linked = await _gateway.DecideAsync(OnFeishu("ou_a"));
        Assert.Equal((LinkOutcome.Linked, _anna.Id), (linked.Outcome, linked.Person.Id));
        Assert.Equal(["ou_a", "on_a", "anna"], linked.Person.Ids.Select(i => i.Value));
        Assert.Equal([ding.Id], linked.Person.FormerIds);
        Assert.Equal(_anna.Id, (await _gateway.FindAsync(ding.Id))!.Id);
        Assert.Equal(_anna.Id, (await _gateway.GetOrCreateAsync(OnDingTalk("anna"))).Id);
        var line = Assert.Single(await _gateway.LinesAsync("person.merged"));
        Assert.Equal(("account:feishu open_id ou_a (default)", _anna.Id), (line.Who, line.Subject));
        Assert.Contains("\"how\":\"code\"", line.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_older_id_stays_whoever_makes_the_code()
    {
        await _gateway.GetOrCreateAsync(OnDingTalk("anna"));
        Assert.Equal(_anna.Id, (await _gateway.JoinAsync(OnDingTalk("anna"), OnFeishu("ou_a"))).Person.Id);
    }

    [Fact]
    public async Task The_id_and_name_of_a_directory_stay_whoever_is_older_and_whoever_makes_the_code()
    {
        await PermitAsync("https://x.example.com");
        var web = await _gateway.GetOrCreateAsync(OnWeb("w", name: "The Chairman"));
        var bert = await _gateway.GetOrCreateAsync(OnFeishu("ou_b", name: "Bert"));
        var one = await _gateway.JoinAsync(OnWeb("w"), OnFeishu("ou_b"));
        Assert.Equal((bert.Id, "Bert"), (one.Person.Id, one.Person.Name));
        Assert.Equal([web.Id], one.Person.FormerIds);
    }

    [Fact]
    public async Task Only_a_hash_is_kept_and_a_code_is_used_once()
    {
        var code = await _gateway.BeginAsync(OnFeishu("ou_a"));
        var hash = Assert.Single(await _gateway.Database().ReadAsync(sql => sql.QueryAsync("SELECT hash FROM person_link", row => row.GetString(0)), TestContext.Current.CancellationToken));
        Assert.DoesNotContain(code.Code, hash, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(LinkOutcome.Asked, (await _gateway.LinkAsync(OnDingTalk("anna"), code.Code)).Outcome);
        Assert.Equal(LinkOutcome.WrongCode, (await _gateway.LinkAsync(OnWeCom("mallory"), code.Code)).Outcome);
        Assert.DoesNotContain(code.Code, _gateway.Logs.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(code.Code, string.Join(' ', await _gateway.Database().ReadAsync(sql => sql.QueryAsync("SELECT id || hash || contact FROM person_link_request", row => row.GetString(0)),
            TestContext.Current.CancellationToken)), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Who_typed_it_and_did_not_hear_of_it_finds_it_asked_and_then_linked_and_nobody_else_does()
    {
        var code = await _gateway.BeginAsync(OnFeishu("ou_a"));
        for (var i = 0; i < 7; i++) Assert.Equal((LinkOutcome.Asked, LinkCodes.MostTries), await TryAsync(code.Code, i % 2 == 0 ? "Anna" : "anna"));
        Assert.Equal(1, await _gateway.CountAsync("person_link_request"));
        Assert.Equal(LinkOutcome.WrongCode, (await _gateway.LinkAsync(OnWeCom("mallory"), code.Code)).Outcome);
        for (var i = 0; i < 2; i++) Assert.Equal(LinkOutcome.Linked, (await _gateway.DecideAsync(OnFeishu("ou_a"))).Outcome);
        var again = await _gateway.LinkAsync(OnWeCom("anna"), code.Code);
        Assert.Equal((LinkOutcome.Linked, _anna.Id, LinkCodes.MostTries), (again.Outcome, again.Person.Id, again.TriesLeft));
        Assert.Single(await _gateway.LinesAsync("person.merged"));
        Assert.Equal(LinkOutcome.WrongCode, (await _gateway.LinkAsync(OnWeCom("mallory"), code.Code)).Outcome);
        Assert.Equal(LinkOutcome.WrongCode, (await _gateway.LinkAsync(OnWeCom("anna", corp: "ww2"), code.Code)).Outcome);
    }

    [Fact]
    public async Task Who_was_separated_meanwhile_is_not_told_that_they_are_linked()
    {
        var code = await _gateway.BeginAsync(OnFeishu("ou_a"));
        await _gateway.LinkAsync(OnWeCom("anna"), code.Code);
        await _gateway.DecideAsync(OnFeishu("ou_a"));
        Assert.Equal(LinkOutcome.Undone, (await _gateway.UndoAsync(OnWeCom("anna"))).Outcome);
        Assert.Equal(LinkOutcome.WrongCode, (await _gateway.LinkAsync(OnWeCom("anna"), code.Code)).Outcome);
        Assert.Equal(LinkOutcome.NothingAsked, (await _gateway.DecideAsync(OnFeishu("ou_a"))).Outcome);
    }

    [Fact]
    public async Task Of_two_who_type_a_code_at_once_one_is_asked_about()
    {
        var code = await _gateway.BeginAsync(OnFeishu("ou_a"));
        var results = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => _gateway.LinkAsync(OnWeCom($"w{i}", corp: $"ww{i}"), code.Code)));
        Assert.Single(results, r => r.Outcome == LinkOutcome.Asked);
        Assert.All(results.Where(r => r.Outcome != LinkOutcome.Asked), r => Assert.Equal(LinkOutcome.WrongCode, r.Outcome));
    }

    [Fact]
    public async Task While_an_account_is_asked_it_gets_no_new_code_and_is_asked_again()
    {
        var code = await _gateway.BeginAsync(OnFeishu("ou_a"));
        await _gateway.LinkAsync(OnWeCom("mallory"), code.Code);
        var again = await _gateway.Identities().BeginLinkAsync(OnFeishu("ou_a"), ContactOf(OnFeishu("ou_a")) with { Reference = "second" }, TestContext.Current.CancellationToken);
        Assert.Equal((LinkOutcome.Asked, null), (again.Outcome, again.Code));
        Assert.Equal(LinkOutcome.Refused, (await _gateway.DecideAsync(OnFeishu("ou_a"), confirms: false)).Outcome);
        Assert.NotNull(await _gateway.BeginAsync(OnFeishu("ou_a")));
        Assert.Equal(2, await _gateway.CountAsync("person"));
    }

    [Fact]
    public async Task A_new_code_ends_the_one_before_and_time_ends_both()
    {
        var first = await _gateway.BeginAsync(OnFeishu("ou_a"));
        var second = await _gateway.BeginAsync(OnFeishu("ou_a"));
        Assert.Equal((LinkOutcome.WrongCode, 4), await TryAsync(first.Code));
        _clock.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(LinkOutcome.ExpiredCode, (await TryAsync(second.Code)).Outcome);
        Assert.Equal(2, await _gateway.CountAsync("person"));
    }

    [Fact]
    public async Task A_code_of_ones_own_says_so_and_costs_no_try()
    {
        var code = await _gateway.BeginAsync(OnFeishu("ou_a"));
        for (var i = 0; i < 7; i++)
        {
            var own = await _gateway.LinkAsync(OnFeishu("ou_a"), code.Code);
            Assert.Equal((LinkOutcome.OwnCode, LinkCodes.MostTries), (own.Outcome, own.TriesLeft));
        }

        Assert.Equal(LinkOutcome.Asked, (await _gateway.LinkAsync(OnDingTalk("anna"), code.Code)).Outcome);
    }

    [Fact]
    public async Task After_five_wrong_codes_not_even_the_right_one_is_looked_at_until_the_time_is_over()
    {
        var code = await _gateway.BeginAsync(OnFeishu("ou_a"));
        foreach (var (wrong, left) in new[] { ("AAAAAAAA", 4), ("", 3), ("AAAAAAAAAAAAAAAAAAAA", 2), ("密码密码密码密码", 1), (new string('C', 8), 0) })
            Assert.Equal((LinkOutcome.WrongCode, left), await TryAsync(wrong));
        var refused = await _gateway.LinkAsync(OnWeCom("mallory"), code.Code);
        Assert.Equal((LinkOutcome.TooManyTries, _clock.GetUtcNow() + TimeSpan.FromMinutes(10)), (refused.Outcome, refused.RetryAt));
        // Somebody else's tries are their own.
        Assert.Equal((LinkOutcome.WrongCode, 4), await TryAsync("AAAAAAAA", "other"));

        _clock.Advance(TimeSpan.FromMinutes(10));
        code = await _gateway.BeginAsync(OnFeishu("ou_a"));
        Assert.Equal((LinkOutcome.WrongCode, 4), await TryAsync("AAAAAAAA"));
        Assert.Equal(LinkOutcome.Asked, (await _gateway.LinkAsync(OnWeCom("mallory"), code.Code)).Outcome);
        // A right one gives no tries back: who has two accounts could go on with them for ever.
        Assert.Equal((LinkOutcome.WrongCode, 3), await TryAsync("AAAAAAAA"));
    }

    [Fact]
    public async Task Tries_at_once_are_not_more_than_five()
    {
        await _gateway.BeginAsync(OnFeishu("ou_a"));
        await _gateway.GetOrCreateAsync(OnWeCom("mallory"));
        var results = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => _gateway.LinkAsync(OnWeCom("mallory"), "AAAAAAAA")));
        Assert.Equal(5, results.Count(r => r.Outcome == LinkOutcome.WrongCode));
        Assert.Equal(15, results.Count(r => r.Outcome == LinkOutcome.TooManyTries));
    }

    [Fact]
    public async Task Two_people_of_one_directory_do_not_become_one_by_a_code()
    {
        var code = await _gateway.BeginAsync(OnFeishu("ou_a"));
        var refused = await _gateway.LinkAsync(OnFeishu("ou_b", "on_b"), code.Code);
        Assert.Equal((LinkOutcome.TwoPeople, LinkCodes.MostTries), (refused.Outcome, refused.TriesLeft));
        Assert.Equal(2, await _gateway.CountAsync("person"));
    }

    [Fact]
    public async Task Who_is_shut_out_neither_makes_nor_types_codes()
    {
        var code = await _gateway.BeginAsync(OnFeishu("ou_a"));
        var mallory = await _gateway.GetOrCreateAsync(OnWeCom("mallory"));
        await _gateway.People().DisableAsync(new("system"), mallory.Id, true, TestContext.Current.CancellationToken);
        Assert.Equal(LinkOutcome.Disabled, (await _gateway.LinkAsync(OnWeCom("mallory"), code.Code)).Outcome);
        Assert.Equal(LinkOutcome.Disabled, (await _gateway.Identities().BeginLinkAsync(OnWeCom("mallory"), ContactOf(OnWeCom("mallory")), TestContext.Current.CancellationToken)).Outcome);
        await _gateway.People().DisableAsync(new("system"), _anna.Id, true, TestContext.Current.CancellationToken);
        Assert.Equal(LinkOutcome.Disabled, (await _gateway.LinkAsync(OnWeCom("other"), code.Code)).Outcome);
    }

    [Fact]
    public async Task Codes_have_no_letters_that_look_alike()
    {
        for (var i = 0; i < 20; i++) Assert.DoesNotContain((await _gateway.BeginAsync(OnFeishu("ou_a"))).Code, c => "0O1IL2Z5S8BU".Contains(c, StringComparison.Ordinal));
    }

    private Task PermitAsync(string issuers) => _gateway.Services.GetRequiredService<ISettings>()
        .ChangeAsync(Actor.System, new Dictionary<string, string?> { [LinkPolicy.WebIssuers] = issuers }, TestContext.Current.CancellationToken);

    private async Task<(LinkOutcome Outcome, int Left)> TryAsync(string code, string user = "mallory")
    {
        var result = await _gateway.LinkAsync(OnWeCom(user), code);
        return (result.Outcome, result.TriesLeft);
    }
}
