using Larkspur.Gateway.People.Identities;
using Larkspur.Gateway.Tests.Identities;
using Larkspur.Testing;
using static Larkspur.Gateway.Tests.Identities.IdentityFixture;

namespace Larkspur.Security.Tests;

/// <summary>A platform that could say whether somebody is of the company did not: they are not taken for a member.</summary>
public sealed class UnknownMembershipTests : IAsyncLifetime
{
    private const string Mail = "alice@mica.example";

    private GatewayApp _gateway = null!;

    public async ValueTask InitializeAsync() => _gateway = await StartAsync(new() { ["Larkspur:People:LinkByVerifiedEmail"] = "true" });

    public async ValueTask DisposeAsync() => await _gateway.DisposeAsync();

    [Fact]
    public async Task Who_is_not_said_to_be_a_member_is_none_until_it_is_said()
    {
        var told = OnDingTalk("alice", name: "Alice", email: Mail);
        var untold = told with { IsExternal = null };
        var alice = await _gateway.GetOrCreateAsync(OnFeishu("ou_a", name: "Alice", email: Mail));
        var person = await _gateway.GetOrCreateAsync(untold);
        Assert.True(Assert.Single(person.Accounts).IsExternal);
        Assert.Equal(AccountProof.Contact, person.Proof);
        // Neither by the address nor by a code.
        Assert.NotEqual(alice.Id, person.Id);
        var code = await _gateway.BeginAsync(OnFeishu("ou_a"));
        Assert.Equal(LinkOutcome.NotPermitted, (await _gateway.LinkAsync(untold, code.Code)).Outcome);

        // Said once it holds, also where it is not said again.
        Assert.False(Assert.Single((await _gateway.GetOrCreateAsync(told)).Accounts).IsExternal);
        Assert.False(Assert.Single((await _gateway.GetOrCreateAsync(untold with { Name = "Alice A." })).Accounts).IsExternal);
        Assert.Equal(LinkOutcome.Asked, (await _gateway.LinkAsync(untold, code.Code)).Outcome);
        Assert.True(Assert.Single((await _gateway.GetOrCreateAsync(told with { IsExternal = true })).Accounts).IsExternal);
    }

    [Fact]
    public async Task An_address_that_is_told_later_links_only_who_is_known_as_a_member_by_then()
    {
        var alice = await _gateway.GetOrCreateAsync(OnFeishu("ou_a", email: Mail));
        var outside = await _gateway.GetOrCreateAsync(OnDingTalk("alice") with { IsExternal = null });
        Assert.Equal(outside.Id, (await _gateway.GetOrCreateAsync(OnDingTalk("alice", email: Mail) with { IsExternal = null })).Id);
        // The same of a member, whose address is told by somebody who does not say that again.
        var bob = await _gateway.GetOrCreateAsync(OnFeishu("ou_b", email: "bob@mica.example"));
        var member = await _gateway.GetOrCreateAsync(OnDingTalk("bob"));
        Assert.NotEqual(bob.Id, member.Id);
        Assert.Equal(bob.Id, (await _gateway.GetOrCreateAsync(OnDingTalk("bob", email: "bob@mica.example") with { IsExternal = null })).Id);
        Assert.NotEqual(alice.Id, bob.Id);
    }

    [Fact]
    public async Task Whom_a_web_issuer_speaks_for_is_neither_member_nor_contact()
    {
        var person = await _gateway.GetOrCreateAsync(OnWeb("mallory"));
        Assert.False(Assert.Single(person.Accounts).IsExternal);
        Assert.Equal(AccountProof.Claim, person.Proof);
    }
}
