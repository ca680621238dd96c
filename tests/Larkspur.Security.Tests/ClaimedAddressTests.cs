using Larkspur.Gateway.Tests.Identities;
using static Larkspur.Gateway.Tests.Identities.IdentityFixture;

namespace Larkspur.Security.Tests;

/// <summary>Mallory's business system says that her mail address is Alice's, where accounts of one address are linked by
/// themselves.</summary>
public sealed class ClaimedAddressTests
{
    [Fact]
    public async Task A_mail_address_that_a_web_session_claims_makes_nobody_its_owner()
    {
        const string Mail = "alice@mica.example";
        await using var gateway = await IdentityFixture.StartAsync(new() { ["Larkspur:People:LinkByVerifiedEmail"] = "true" });
        var alice = await gateway.GetOrCreateAsync(OnFeishu("ou_a", name: "Alice", email: Mail));
        var mallory = await gateway.GetOrCreateAsync(OnWeb("mallory", name: "Alice") with { VerifiedEmail = Mail });
        Assert.NotEqual(alice.Id, mallory.Id);
        // Nor the other way round: she was there first, and waits for whoever has the address.
        var early = await gateway.GetOrCreateAsync(OnWeb("early") with { VerifiedEmail = "bob@mica.example" });
        Assert.NotEqual(early.Id, (await gateway.GetOrCreateAsync(OnDingTalk("bob", email: "bob@mica.example"))).Id);
        Assert.Empty(await gateway.LinesAsync("person.linked"));
    }
}
