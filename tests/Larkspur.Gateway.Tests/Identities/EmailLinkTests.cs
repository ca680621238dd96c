using Larkspur.Gateway.People.Identities;
using Larkspur.Testing;
using static Larkspur.Gateway.Tests.Identities.IdentityFixture;

namespace Larkspur.Gateway.Tests.Identities;

/// <summary>Two directories that tell of one mail address tell of one person, where that is switched on and nothing speaks against it.</summary>
public sealed class EmailLinkTests : IAsyncLifetime
{
    private const string Mail = "anna@mica.example";
    private GatewayApp _gateway = null!;

    public async ValueTask InitializeAsync() => _gateway = await StartAsync(new() { ["Larkspur:People:LinkByVerifiedEmail"] = "true" });

    public async ValueTask DisposeAsync() => await _gateway.DisposeAsync();

    [Fact]
    public async Task A_new_account_goes_to_the_one_person_with_its_address()
    {
        var anna = await _gateway.GetOrCreateAsync(OnFeishu("ou_a", email: Mail));
        Assert.Equal(anna.Id, (await _gateway.GetOrCreateAsync(OnDingTalk("anna", email: "Anna@Mica.Example"))).Id);
        Assert.Equal(anna.Id, (await _gateway.FindAsync(PlatformIdentity.OfEmail("ANNA@mica.example")))!.Id);
        var line = Assert.Single(await _gateway.LinesAsync("person.linked"));
        Assert.Equal(("system", anna.Id), (line.Who, line.Subject));
        Assert.Contains("verified_email", line.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fifty_first_contacts_from_two_platforms_at_once_make_one_person()
    {
        var people = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => _gateway.GetOrCreateAsync(i % 2 == 0 ? OnFeishu("ou_a", email: Mail) : OnDingTalk("anna", email: Mail))));
        Assert.Equal((1, 2), (await _gateway.CountAsync("person"), await _gateway.CountAsync("person_account")));
        Assert.Single(people.Select(p => p.Id).Distinct());
    }

    [Fact]
    public async Task Without_the_setting_nobody_is_linked()
    {
        await using var gateway = await StartAsync();
        var anna = await gateway.GetOrCreateAsync(OnFeishu("ou_a", email: Mail));
        Assert.NotEqual(anna.Id, (await gateway.GetOrCreateAsync(OnDingTalk("anna", email: Mail))).Id);
        // Two have it: it names nobody.
        Assert.Null(await gateway.FindAsync(PlatformIdentity.OfEmail(Mail)));
    }

    [Fact]
    public async Task An_address_that_several_have_links_nobody()
    {
        var anna = await _gateway.GetOrCreateAsync(OnFeishu("ou_a", "on_a", email: Mail));
        var bert = await _gateway.GetOrCreateAsync(OnFeishu("ou_b", "on_b", email: Mail));
        Assert.NotEqual(anna.Id, bert.Id);
        var third = await _gateway.GetOrCreateAsync(OnDingTalk("anna", email: Mail));
        Assert.DoesNotContain(third.Id, (string[])[anna.Id, bert.Id]);
        Assert.Empty(await _gateway.LinesAsync("person.linked"));
    }

    [Fact]
    public async Task What_a_platform_knows_as_two_people_stays_two()
    {
        // Somebody new has got the address of somebody who left.
        var anna = await _gateway.GetOrCreateAsync(OnDingTalk("anna", email: Mail));
        Assert.NotEqual(anna.Id, (await _gateway.GetOrCreateAsync(OnDingTalk("anna2", email: Mail))).Id);
    }

    [Fact]
    public async Task An_account_without_an_address_or_with_none_that_is_one_is_linked_to_nobody()
    {
        var anna = await _gateway.GetOrCreateAsync(OnFeishu("ou_a", email: Mail));
        Assert.NotEqual(anna.Id, (await _gateway.GetOrCreateAsync(OnDingTalk("anna", name: Mail))).Id);
        Assert.NotEqual(anna.Id, (await _gateway.GetOrCreateAsync(OnWeCom("anna", email: "anna@mica.example@evil.example"))).Id);
    }

    [Fact]
    public async Task An_address_that_is_told_later_links_who_has_nothing_else()
    {
        var anna = await _gateway.GetOrCreateAsync(OnFeishu("ou_a", email: Mail));
        var ding = await _gateway.GetOrCreateAsync(OnDingTalk("anna"));
        Assert.NotEqual(anna.Id, ding.Id);
        Assert.Equal(anna.Id, (await _gateway.GetOrCreateAsync(OnDingTalk("anna", email: Mail))).Id);
        Assert.Equal(anna.Id, (await _gateway.FindAsync(ding.Id))!.Id);
    }

    [Fact]
    public async Task What_somebody_unlinked_is_not_linked_again()
    {
        var anna = await _gateway.GetOrCreateAsync(OnFeishu("ou_a", email: Mail));
        var both = await _gateway.GetOrCreateAsync(OnDingTalk("anna", email: Mail));
        var (_, unlinked) = (await _gateway.People().UnlinkAsync(new("system"), anna.Id, both.Accounts[1].Id, TestContext.Current.CancellationToken))!.Value;
        Assert.NotEqual(anna.Id, unlinked.Id);
        Assert.Equal(unlinked.Id, (await _gateway.GetOrCreateAsync(OnDingTalk("anna", name: "Anna", email: Mail))).Id);
        Assert.Equal(unlinked.Id, (await _gateway.GetOrCreateAsync(OnDingTalk("anna", "un_a", email: Mail))).Id);
    }
}
