using Larkspur.Gateway.People.Identities;
using Larkspur.Gateway.Tests.Api;
using Larkspur.Testing;
using static Larkspur.Gateway.Tests.Identities.IdentityFixture;

namespace Larkspur.Gateway.Tests.Identities;

/// <summary>A join that is undone leaves the two who were there before it: ids, former ids, accounts, and who was shut out.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class UndoneJoinTests : IAsyncLifetime
{
    private GatewayApp _gateway = null!;
    private KnownPerson _anna = null!;

    public async ValueTask InitializeAsync()
    {
        _gateway = await StartAsync(new() { ["Larkspur:People:LinkByVerifiedEmail"] = "true" });
        _anna = await _gateway.GetOrCreateAsync(OnFeishu("ou_a", "on_a", name: "Anna"));
    }

    public async ValueTask DisposeAsync() => await _gateway.DisposeAsync();

    [Fact]
    public async Task Joins_of_joins_are_undone_in_any_order()
    {
        foreach (var outerFirst in (bool[])[true, false])
        {
            var suffix = outerFirst ? "1" : "2";
            var (ding, wecom) = (await _gateway.GetOrCreateAsync(OnDingTalk("anna" + suffix)), await _gateway.GetOrCreateAsync(OnWeCom("anna" + suffix, corp: "ww" + suffix)));
            await _gateway.People().MergeAsync(new("system"), wecom.Id, ding.Id, TestContext.Current.CancellationToken);
            var inner = Assert.Single((await JoinsAsync(ding.Id)));
            await _gateway.People().MergeAsync(new("system"), ding.Id, _anna.Id, TestContext.Current.CancellationToken);
            var outer = (await JoinsAsync(_anna.Id)).Single(j => j.Former == ding.Id);
            Assert.Equal(_anna.Id, (await _gateway.FindAsync(wecom.Id))!.Id);
            if (outerFirst)
            {
                await UndoAsync(_anna.Id, outer.Id);
                Assert.Equal((_anna.Id, ding.Id, ding.Id), await WhoAsync(_anna.Id, ding.Id, wecom.Id));
                Assert.Equal([wecom.Id], (await _gateway.FindAsync(ding.Id))!.FormerIds);
                await UndoAsync(ding.Id, inner.Id);
            }
            else
            {
                await UndoAsync(_anna.Id, inner.Id);
                Assert.Equal((_anna.Id, _anna.Id, wecom.Id), await WhoAsync(_anna.Id, ding.Id, wecom.Id));
                await UndoAsync(_anna.Id, outer.Id);
            }

            Assert.Equal((_anna.Id, ding.Id, wecom.Id), await WhoAsync(_anna.Id, ding.Id, wecom.Id));
            foreach (var before in (KnownPerson[])[_anna, ding, wecom])
            {
                var now = (await _gateway.FindAsync(before.Id))!;
                Assert.Equal((before.Seq, before.CreatedAt, before.Name), (now.Seq, now.CreatedAt, now.Name));
                Assert.Equal(before.Accounts.Select(a => a.Id), now.Accounts.Select(a => a.Id));
                Assert.Empty(now.FormerIds);
            }

            Assert.Empty(await JoinsAsync(_anna.Id));
        }

        Assert.Equal(0, await _gateway.CountAsync("person_join_row"));
        Assert.Equal(4, (await _gateway.LinesAsync("person.join_undone")).Count);
    }

    [Fact]
    public async Task Who_was_shut_out_by_the_join_alone_is_let_in_again_and_who_was_since_is_not()
    {
        var ding = await _gateway.GetOrCreateAsync(OnDingTalk("anna"));
        await _gateway.People().DisableAsync(new("system"), ding.Id, true, TestContext.Current.CancellationToken);
        Assert.True((await _gateway.People().MergeAsync(new("system"), ding.Id, _anna.Id, TestContext.Current.CancellationToken))!.IsDisabled);
        await UndoAsync(_anna.Id, Assert.Single(await JoinsAsync(_anna.Id)).Id);
        Assert.Equal((false, true), ((await _gateway.FindAsync(_anna.Id))!.IsDisabled, (await _gateway.FindAsync(ding.Id))!.IsDisabled));

        var wecom = await _gateway.GetOrCreateAsync(OnWeCom("anna"));
        await _gateway.People().MergeAsync(new("system"), wecom.Id, _anna.Id, TestContext.Current.CancellationToken);
        await _gateway.People().DisableAsync(new("system"), _anna.Id, true, TestContext.Current.CancellationToken);
        // They do not get out of it by themselves.
        Assert.Equal(LinkOutcome.Disabled, (await _gateway.UndoAsync(OnWeCom("anna"))).Outcome);
        await UndoAsync(_anna.Id, Assert.Single(await JoinsAsync(_anna.Id)).Id);
        Assert.Equal((true, true), ((await _gateway.FindAsync(_anna.Id))!.IsDisabled, (await _gateway.FindAsync(wecom.Id))!.IsDisabled));
    }

    [Fact]
    public async Task What_a_mail_address_joined_is_undone_and_not_joined_again()
    {
        const string Mail = "berta@mica.example";
        var berta = await _gateway.GetOrCreateAsync(OnFeishu("ou_b", "on_b", name: "Berta", email: Mail));
        Assert.Equal(berta.Id, (await _gateway.GetOrCreateAsync(OnDingTalk("berta", email: Mail))).Id);
        var join = Assert.Single(await JoinsAsync(berta.Id));
        Assert.Equal("verified_email", join.How);
        Assert.Equal(LinkOutcome.Undone, (await _gateway.UndoAsync(OnDingTalk("berta"))).Outcome);
        Assert.Equal(join.Former, (await _gateway.GetOrCreateAsync(OnDingTalk("berta", email: Mail))).Id);
        Assert.Equal(join.Former, (await _gateway.GetOrCreateAsync(OnDingTalk("berta", "un_b", name: "B.", email: Mail))).Id);
    }

    [Fact]
    public async Task Who_is_from_outside_is_linked_neither_by_a_code_nor_by_an_address()
    {
        const string Mail = "carl@mica.example";
        var carl = await _gateway.GetOrCreateAsync(OnFeishu("ou_c", "on_c", email: Mail));
        var outside = OnDingTalk("carl", email: Mail) with { IsExternal = true };
        Assert.NotEqual(carl.Id, (await _gateway.GetOrCreateAsync(outside)).Id);
        var code = await _gateway.BeginAsync(OnFeishu("ou_c"));
        Assert.Equal(LinkOutcome.NotPermitted, (await _gateway.LinkAsync(outside, code.Code)).Outcome);
        Assert.Equal(LinkOutcome.NotPermitted, (await _gateway.Identities().BeginLinkAsync(outside, ContactOf(outside), TestContext.Current.CancellationToken)).Outcome);
        // It costs no code: the right one is asked about.
        Assert.Equal(LinkOutcome.Asked, (await _gateway.LinkAsync(OnWeCom("carl"), code.Code)).Outcome);
    }

    private Task<List<PersonJoin>> JoinsAsync(string person) => _gateway.People().JoinsAsync(person, TestContext.Current.CancellationToken);

    private async Task<(string, string, string)> WhoAsync(string one, string two, string three) =>
        ((await _gateway.FindAsync(one))!.Id, (await _gateway.FindAsync(two))!.Id, (await _gateway.FindAsync(three))!.Id);

    private async Task UndoAsync(string person, string join)
    {
        var answer = await _gateway.CallAsync(GatewayApp.ApiKey, HttpMethod.Post, $"/people/{person}/unlink", new { join });
        Assert.True(answer.Status == 200, answer.ToString());
    }
}
