using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.People.SignIn.Methods;
using Larkspur.Gateway.Tests.Messages;
using Larkspur.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Gateway.Tests.People.SignIn.Providers;

/// <summary>A gateway, and an identity provider by which people sign in there.</summary>
internal sealed class ProviderFixture : IAsyncDisposable
{
    public const string State = "0123456789abcdef0123456789abcdef";
    public const string Verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    public const string Nonce = "n-0123456789abcdefghijklmnopqrstuvwxyzABCDE";

    private ProviderFixture(GatewayApp gateway, FakeIdp idp) => (Gateway, Idp) = (gateway, idp);

    public static Uri Redirect { get; } = new("https://gw.example.com/sign-in/company/callback");

    public GatewayApp Gateway { get; }

    public FakeIdp Idp { get; }

    /// <summary>As the page finds it.</summary>
    public ISignInMethod Method => Gateway.Services.GetServices<ISignInSource>().SelectMany(s => s.Methods).Single(m => m.Name == "company");

    /// <summary>A provider of the test's own, at a gateway that others use too.</summary>
    /// <param name="at">The gateway.</param>
    /// <param name="tenant">The path of the issuer.</param>
    public static async Task<ProviderFixture> StartAsync(ProviderGateway at, string tenant = "")
    {
        var idp = await FakeIdp.StartAsync(tenant);
        idp.Clock = at.Clock;
        return new(at.Gateway, idp);
    }

    /// <summary>Adds the provider; <paramref name="more"/> changes the body.</summary>
    public async Task PutAsync(Action<Dictionary<string, object?>>? more = null)
    {
        var body = new Dictionary<string, object?>
        {
            ["issuer"] = Idp.Issuer, ["client_id"] = FakeIdp.ClientId, ["client_secret"] = FakeIdp.Secret,
        };
        more?.Invoke(body);
        var put = await Gateway.RestAsync(HttpMethod.Put, "/identity-providers/company", body);
        Assert.True(put.Status is 200 or 201, put.ToString());
    }

    public Task<Uri> BeginAsync(bool again = false, Language language = Language.English) => Method.BeginAsync(
        new SignInStart(Redirect, State, Verifier, Nonce, language, again, InClient: false), TestContext.Current.CancellationToken);

    public Task<SignInProof> FinishAsync(string query, bool again = false) => Method.FinishAsync(
        new SignInReturn(query, State, Redirect, Verifier, Nonce) { Again = again }, TestContext.Current.CancellationToken);

    /// <summary>Somebody goes there, signs in, and comes back.</summary>
    /// <param name="query">Changes what the browser brings back.</param>
    /// <param name="again">They are to prove it anew.</param>
    public async Task<SignInProof> SignInAsync(Func<string, string>? query = null, bool again = false)
    {
        var back = Idp.SignIn(await BeginAsync(again));
        return await FinishAsync(query?.Invoke(back) ?? back, again);
    }

    /// <summary>Nobody gets in, for this reason.</summary>
    /// <param name="problem">The word that the log has.</param>
    /// <param name="word">What kind of sentence the person reads.</param>
    /// <param name="query">Changes what the browser brings back.</param>
    /// <param name="again">They are to prove it anew.</param>
    public async Task<SignInRefusedException> RefusedAsync(
        string problem, string word = "provider_wrong", Func<string, string>? query = null, bool again = false)
    {
        var refused = await Assert.ThrowsAsync<SignInRefusedException>(() => SignInAsync(query, again));
        Assert.StartsWith($"identity provider company: {problem}", refused.Message, StringComparison.Ordinal);
        Assert.Equal(word, refused.Word);
        Assert.NotEqual(refused.Sentence!.Chinese, refused.Sentence.English);
        return refused;
    }

    public async ValueTask DisposeAsync()
    {
        await Gateway.RestAsync(HttpMethod.Delete, "/identity-providers/company");
        await Idp.DisposeAsync();
    }
}

/// <summary>A gateway whose clock can be moved.</summary>
public sealed class ProviderGateway : IAsyncLifetime
{
    private FeishuStub _feishu = null!;

    public ShiftingClock Clock { get; } = new();

    public GatewayApp Gateway { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        _feishu = await FeishuStub.StartAsync();
        Gateway = await GatewayApp.StartAsync(_feishu.Address,
            new Dictionary<string, string?> { ["LARKSPUR_ALLOW_PRIVATE_ADDRESSES"] = "127.0.0.0/8" }, clock: Clock);
    }

    public async ValueTask DisposeAsync()
    {
        await Gateway.DisposeAsync();
        await _feishu.DisposeAsync();
    }
}
