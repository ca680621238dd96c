using Larkspur.Gateway.Audit;
using Larkspur.Gateway.People.Identities;
using Larkspur.Gateway.Tests.Identities;
using Larkspur.Testing;
using static Larkspur.Gateway.Tests.Identities.IdentityFixture;

namespace Larkspur.Security.Tests;

/// <summary>Two people are joined and separated again: whoever was shut out is, and nobody else.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class UndoneShutOutTests : IAsyncLifetime
{
    private GatewayApp _gateway = null!;
    private KnownPerson _former = null!;
    private KnownPerson _other = null!;

    public async ValueTask InitializeAsync()
    {
        _gateway = await StartAsync();
        _other = await _gateway.GetOrCreateAsync(OnFeishu("ou_b", name: "Berta"));
        _former = await _gateway.GetOrCreateAsync(OnDingTalk("anna", name: "Anna"));
    }

    public async ValueTask DisposeAsync() => await _gateway.DisposeAsync();

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public async Task Each_is_shut_out_as_before_the_join(bool former, bool other)
    {
        if (former) await DisableAsync(_former.Id);
        if (other) await DisableAsync(_other.Id);
        var joined = await JoinAsync();
        Assert.Equal(former || other, joined.IsDisabled);
        await UndoAsync();
        Assert.Equal((former, other), await ShutOutAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Who_was_shut_out_while_they_were_one_stays_so_under_both_ids(bool formerWasBefore)
    {
        if (formerWasBefore) await DisableAsync(_former.Id);
        await JoinAsync();
        if (formerWasBefore) await DisableAsync(_other.Id, false);
        await DisableAsync(_other.Id);
        await UndoAsync();
        Assert.Equal((true, true), await ShutOutAsync());
    }

    [Fact]
    public async Task Whom_an_administrator_let_in_again_meanwhile_is_in_and_the_formers_own_shut_out_comes_back()
    {
        await DisableAsync(_former.Id);
        await DisableAsync(_other.Id);
        await JoinAsync();
        await DisableAsync(_other.Id, false);
        await UndoAsync();
        Assert.Equal((true, false), await ShutOutAsync());
    }

    private async Task DisableAsync(string person, bool disabled = true) =>
        await _gateway.People().DisableAsync(new Actor("admin"), person, disabled, TestContext.Current.CancellationToken);

    private async Task<KnownPerson> JoinAsync() =>
        (await _gateway.People().MergeAsync(new Actor("admin"), _former.Id, _other.Id, TestContext.Current.CancellationToken))!;

    private async Task UndoAsync()
    {
        var join = Assert.Single(await _gateway.People().JoinsAsync(_other.Id, TestContext.Current.CancellationToken));
        Assert.NotNull(await _gateway.People().UndoAsync(new Actor("admin"), _other.Id, join.Id, TestContext.Current.CancellationToken));
    }

    private async Task<(bool Former, bool Other)> ShutOutAsync() =>
        ((await _gateway.FindAsync(_former.Id))!.IsDisabled, (await _gateway.FindAsync(_other.Id))!.IsDisabled);
}
