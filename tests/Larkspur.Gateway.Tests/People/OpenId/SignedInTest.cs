namespace Larkspur.Gateway.Tests.People.OpenId;

/// <summary>A gateway with a client, and somebody who is signed in.</summary>
public abstract class SignedInTest : IAsyncLifetime
{
    private protected ProviderFixture On { get; private set; } = null!;

    private protected TestClient Client { get; private set; } = null!;

    protected string Person { get; private set; } = "";

    protected string Cookie { get; private set; } = "";

    public virtual async ValueTask InitializeAsync()
    {
        On = await ProviderFixture.StartAsync();
        Client = await On.ClientAsync();
        Person = await On.PersonAsync();
        Cookie = await On.SignInAsync(Person);
    }

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return On.DisposeAsync();
    }
}
