using Larkspur.Gateway.People.SignIn.Methods;
using Larkspur.Gateway.Tests.Messages;
using Larkspur.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Gateway.Tests.People.SignIn.Providers;

/// <summary>Two processes on one database have the same providers, and a sign-in that began at one ends at the other.</summary>
public sealed class SharedProviderTests : SharedDatabaseFixture
{
    [Fact]
    public async Task What_is_added_at_one_process_is_there_at_the_other_with_its_secret()
    {
        await using var idp = await FakeIdp.StartAsync();
        Settings["LARKSPUR_ALLOW_PRIVATE_ADDRESSES"] = "127.0.0.0/8";
        await using var one = await GatewayApp.StartAsync(Feishu.Address, Settings);
        await using var other = await GatewayApp.StartAsync(Feishu.Address, Settings);
        var put = await one.RestAsync(HttpMethod.Put, "/identity-providers/company",
            new { issuer = idp.Issuer, client_id = FakeIdp.ClientId, client_secret = FakeIdp.Secret });
        Assert.Equal(201, put.Status);
        await other.UntilAsync(() => Task.FromResult(MethodOf(other) is not null));
        var start = new SignInStart(ProviderFixture.Redirect, ProviderFixture.State, ProviderFixture.Verifier, ProviderFixture.Nonce,
            Common.Localisation.Language.English, Again: false, InClient: false);
        var back = idp.SignIn(await MethodOf(one)!.BeginAsync(start, TestContext.Current.CancellationToken));
        var proof = await MethodOf(other)!.FinishAsync(
            new SignInReturn(back, ProviderFixture.State, ProviderFixture.Redirect, ProviderFixture.Verifier, ProviderFixture.Nonce),
            TestContext.Current.CancellationToken);
        Assert.Equal("u-alice", proof.Account.Ids[0].Value);
        Assert.Equal(204, (await other.RestAsync(HttpMethod.Delete, "/identity-providers/company")).Status);
        await one.UntilAsync(() => Task.FromResult(MethodOf(one) is null));
    }

    private static ISignInMethod? MethodOf(GatewayApp gateway) =>
        gateway.Services.GetServices<ISignInSource>().SelectMany(s => s.Methods).FirstOrDefault(m => m.Name == "company");
}
