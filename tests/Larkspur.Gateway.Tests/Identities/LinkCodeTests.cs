using Larkspur.Gateway.People.Identities;
using Larkspur.Testing;
using static Larkspur.Gateway.Tests.Identities.IdentityHouse;

namespace Larkspur.Gateway.Tests.Identities;

/// <summary>A person links their accounts by a code that is made on one platform and typed on the other; nobody else's is found by trying.</summary>
public sealed class LinkCodeTests : IAsyncLifetime
{
    private readonly ManualTimeProvider _clock = new();
    private GatewayApp _gateway = null!;
    private KnownPerson _anna = null!;

    public async ValueTask InitializeAsync()
    {
        _gateway = await StartAsync(clock: _clock);
        _anna = await _gateway.MeetAsync(OnFeishu("ou_a", "on_a", name: "Anna"));
    }

    public async ValueTask DisposeAsync() => await _gateway.DisposeAsync();

    [Fact]
    public async Task A_code_typed_on_the_other_platform_makes_one_person_of_two()
    {
        var ding = await _gateway.MeetAsync(OnDingTalk("anna"));
        var code = await _gateway.BeginAsync(_anna.Id);
        Assert.Equal(LinkCodes.Length, code.Code.Length);
        Assert.Equal(_clock.GetUtcNow() + TimeSpan.FromMinutes(10), code.ExpiresAt);
        Assert.DoesNotContain(code.Code, $"{code}", StringComparison.Ordinal);

        var linked = await _gateway.LinkAsync(OnDingTalk("anna"), $" {code.Code[..4].ToLowerInvariant()}-{code.Code[4..]} ");
        Assert.Equal((LinkOutcome.Linked, _anna.Id), (linked.Outcome, linked.Person.Id));
        Assert.Equal(["ou_a", "on_a", "anna"], linked.Person.Ids.Select(i => i.Value));
        Assert.Equal([ding.Id], linked.Person.FormerIds);
        Assert.Equal(_anna.Id, (await _gateway.FindAsync(ding.Id))!.Id);
        Assert.Equal(_anna.Id, (await _gateway.MeetAsync(OnDingTalk("anna"))).Id);
        var line = Assert.Single(await _gateway.LinesAsync("person.merged"));
        Assert.Equal(("system", _anna.Id), (line.Who, line.Subject));
        Assert.Contains("\"how\":\"code\"", line.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_older_id_stays_whoever_makes_the_code()
    {
        var ding = await _gateway.MeetAsync(OnDingTalk("anna"));
        var code = await _gateway.BeginAsync(ding.Id);
        Assert.Equal(_anna.Id, (await _gateway.LinkAsync(OnFeishu("ou_a"), code.Code)).Person.Id);
    }

    [Fact]
    public async Task Only_a_hash_is_kept_and_a_code_is_used_once()
    {
        var code = await _gateway.BeginAsync(_anna.Id);
        var hash = Assert.Single(await _gateway.Database().ReadAsync(sql => sql.QueryAsync("SELECT hash FROM person_link", row => row.GetString(0)), TestContext.Current.CancellationToken));
        Assert.DoesNotContain(code.Code, hash, StringComparison.OrdinalIgnoreCase);
        Assert.True((await _gateway.LinkAsync(OnDingTalk("anna"), code.Code)).IsLinked);
        Assert.Equal(LinkOutcome.WrongCode, (await _gateway.LinkAsync(OnWeCom("mallory"), code.Code)).Outcome);
        Assert.DoesNotContain(code.Code, _gateway.Logs.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_was_linked_and_did_not_hear_of_it_is_linked_when_the_same_is_typed_again_and_nobody_else_is()
    {
        var code = await _gateway.BeginAsync(_anna.Id);
        Assert.True((await _gateway.LinkAsync(OnWeCom("Anna"), code.Code)).IsLinked);
        var again = await _gateway.LinkAsync(OnWeCom("anna"), code.Code);
        Assert.Equal((LinkOutcome.Linked, _anna.Id, LinkCodes.MostTries), (again.Outcome, again.Person.Id, again.TriesLeft));
        Assert.Single(await _gateway.LinesAsync("person.merged"));
        // Under another of their ids it is a used code, for others too.
        Assert.Equal(LinkOutcome.WrongCode, (await _gateway.LinkAsync(OnFeishu("ou_a"), code.Code)).Outcome);
        Assert.Equal(LinkOutcome.WrongCode, (await _gateway.LinkAsync(OnWeCom("mallory"), code.Code)).Outcome);
        Assert.Equal(LinkOutcome.WrongCode, (await _gateway.LinkAsync(OnWeCom("anna", corp: "ww2"), code.Code)).Outcome);
        Assert.DoesNotContain(code.Code, string.Join(' ', await _gateway.Database().ReadAsync(sql => sql.QueryAsync("SELECT hash FROM person_link_used", row => row.GetString(0)), TestContext.Current.CancellationToken)), StringComparison.OrdinalIgnoreCase);

        _clock.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(LinkOutcome.WrongCode, (await _gateway.LinkAsync(OnWeCom("anna"), code.Code)).Outcome);
    }

    [Fact]
    public async Task Who_was_unlinked_meanwhile_is_not_told_that_they_are_linked()
    {
        var code = await _gateway.BeginAsync(_anna.Id);
        var linked = await _gateway.LinkAsync(OnWeCom("anna"), code.Code);
        var account = linked.Person.Accounts.Single(a => a.Platform == "wecom");
        await _gateway.People().UnlinkAsync(new("system"), linked.Person.Id, account.Id, TestContext.Current.CancellationToken);
        Assert.Equal(LinkOutcome.WrongCode, (await _gateway.LinkAsync(OnWeCom("anna"), code.Code)).Outcome);
    }

    [Fact]
    public async Task Of_two_who_type_a_code_at_once_one_is_linked()
    {
        var code = await _gateway.BeginAsync(_anna.Id);
        var results = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => _gateway.LinkAsync(OnWeCom($"w{i}", corp: $"ww{i}"), code.Code)));
        Assert.Single(results, r => r.IsLinked);
        Assert.All(results.Where(r => !r.IsLinked), r => Assert.Equal(LinkOutcome.WrongCode, r.Outcome));
    }

    [Fact]
    public async Task A_new_code_ends_the_one_before_and_time_ends_both()
    {
        var first = await _gateway.BeginAsync(_anna.Id);
        var second = await _gateway.BeginAsync(_anna.Id);
        Assert.Equal((LinkOutcome.WrongCode, 4), await TryAsync(first.Code));
        _clock.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(LinkOutcome.ExpiredCode, (await TryAsync(second.Code)).Outcome);
        Assert.Equal(2, await _gateway.CountAsync("person"));
    }

    [Fact]
    public async Task A_code_of_ones_own_says_so_and_costs_no_try()
    {
        var code = await _gateway.BeginAsync(_anna.Id);
        for (var i = 0; i < 7; i++)
        {
            var own = await _gateway.LinkAsync(OnFeishu("ou_a"), code.Code);
            Assert.Equal((LinkOutcome.OwnCode, LinkCodes.MostTries), (own.Outcome, own.TriesLeft));
        }

        Assert.True((await _gateway.LinkAsync(OnDingTalk("anna"), code.Code)).IsLinked);
    }

    [Fact]
    public async Task After_five_wrong_codes_not_even_the_right_one_is_looked_at_until_the_time_is_over()
    {
        var code = await _gateway.BeginAsync(_anna.Id);
        foreach (var (wrong, left) in new[] { ("AAAAAAAA", 4), ("", 3), ("AAAAAAAAAAAAAAAAAAAA", 2), ("密码密码密码密码", 1), (new string('C', 8), 0) })
            Assert.Equal((LinkOutcome.WrongCode, left), await TryAsync(wrong));
        var refused = await _gateway.LinkAsync(OnWeCom("mallory"), code.Code);
        Assert.Equal((LinkOutcome.TooManyTries, _clock.GetUtcNow() + TimeSpan.FromMinutes(10)), (refused.Outcome, refused.RetryAt));
        // Somebody else's tries are their own.
        Assert.Equal((LinkOutcome.WrongCode, 4), await TryAsync("AAAAAAAA", "other"));

        _clock.Advance(TimeSpan.FromMinutes(10));
        code = await _gateway.BeginAsync(_anna.Id);
        Assert.Equal((LinkOutcome.WrongCode, 4), await TryAsync("AAAAAAAA"));
        Assert.True((await _gateway.LinkAsync(OnWeCom("mallory"), code.Code)).IsLinked);
    }

    [Fact]
    public async Task Tries_at_once_are_not_more_than_five()
    {
        await _gateway.BeginAsync(_anna.Id);
        await _gateway.MeetAsync(OnWeCom("mallory"));
        var results = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => _gateway.LinkAsync(OnWeCom("mallory"), "AAAAAAAA")));
        Assert.Equal(5, results.Count(r => r.Outcome == LinkOutcome.WrongCode));
        Assert.Equal(15, results.Count(r => r.Outcome == LinkOutcome.TooManyTries));
    }

    [Fact]
    public async Task Two_people_of_one_directory_do_not_become_one_by_a_code()
    {
        var code = await _gateway.BeginAsync(_anna.Id);
        var refused = await _gateway.LinkAsync(OnFeishu("ou_b", "on_b"), code.Code);
        Assert.Equal((LinkOutcome.TwoPeople, LinkCodes.MostTries), (refused.Outcome, refused.TriesLeft));
        Assert.Equal(2, await _gateway.CountAsync("person"));
    }

    [Fact]
    public async Task Who_is_shut_out_neither_makes_nor_types_codes()
    {
        var code = await _gateway.BeginAsync(_anna.Id);
        var mallory = await _gateway.MeetAsync(OnWeCom("mallory"));
        await _gateway.People().DisableAsync(new("system"), mallory.Id, true, TestContext.Current.CancellationToken);
        Assert.Equal(LinkOutcome.Disabled, (await _gateway.LinkAsync(OnWeCom("mallory"), code.Code)).Outcome);
        await Assert.ThrowsAsync<KeyNotFoundException>(() => _gateway.BeginAsync(mallory.Id));
        await Assert.ThrowsAsync<KeyNotFoundException>(() => _gateway.BeginAsync(KnownPerson.NewId()));
        await _gateway.People().DisableAsync(new("system"), _anna.Id, true, TestContext.Current.CancellationToken);
        Assert.Equal(LinkOutcome.Disabled, (await _gateway.LinkAsync(OnWeCom("other"), code.Code)).Outcome);
    }

    [Fact]
    public async Task Codes_have_no_letters_that_look_alike()
    {
        for (var i = 0; i < 20; i++) Assert.DoesNotContain((await _gateway.BeginAsync(_anna.Id)).Code, c => "0O1IL2Z5S8BU".Contains(c, StringComparison.Ordinal));
    }

    private async Task<(LinkOutcome Outcome, int Left)> TryAsync(string code, string user = "mallory")
    {
        var result = await _gateway.LinkAsync(OnWeCom(user), code);
        return (result.Outcome, result.TriesLeft);
    }
}
