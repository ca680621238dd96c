using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace Larkspur.Security.Tests;

/// <summary>Lets a request come from another machine: the server sees the address of a header as its peer's. Before anything of the
/// host's own.</summary>
internal sealed class PeerAddress : IStartupFilter
{
    public const string Header = "X-Test-Peer";

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use((http, go) =>
        {
            if (http.Request.Headers[Header] is [{ } peer])
            {
                http.Connection.RemoteIpAddress = IPAddress.Parse(peer);
                http.Request.Headers.Remove(Header);
            }

            return go(http);
        });
        next(app);
    };
}
