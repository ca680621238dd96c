using System.Net;

namespace Larkspur.Cli.Hosting;

/// <summary>
/// The proxy of the environment (HTTP_PROXY and its like), but never for this machine's own addresses: unlike other tools .NET sends even 127.0.0.1
/// to it, and neither the demo nor a gateway beside an emulator would work behind a company's proxy.
/// </summary>
internal sealed class LoopbackProxy(IWebProxy inner) : IWebProxy
{
    public ICredentials? Credentials
    {
        get => inner.Credentials;
        set => inner.Credentials = value;
    }

    public Uri? GetProxy(Uri destination) => destination.IsLoopback ? null : inner.GetProxy(destination);

    public bool IsBypassed(Uri host) => host.IsLoopback || inner.IsBypassed(host);
}
