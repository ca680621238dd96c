using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Larkspur.Gateway.Settings;

/// <summary>The gateway's own address, as browsers and other systems are told it.</summary>
internal sealed class OwnAddress(ISettings settings, IServer server)
{
    /// <summary>The public address that is set, without a slash at its end; null: none is.</summary>
    public Uri? Public => settings.Now.Text(PublicAddress.Setting) is { } text && Uri.TryCreate(text, UriKind.Absolute, out var set)
        ? Bare(set) : null;

    /// <summary>Where links in messages lead: the public address; where none is set, the one that this process listens on, when that is a
    /// loopback one over HTTP: then its readers sit at the same machine. Null: a link would lead nowhere.</summary>
    public Uri? ForLinks => Public ?? server.Features.Get<IServerAddressesFeature>()?.Addresses
        .Select(a => Uri.TryCreate(a, UriKind.Absolute, out var on) && on is { Scheme: "http", IsLoopback: true } ? Bare(on) : null)
        .FirstOrDefault(a => a is not null);

    /// <summary>The public address; where none is set, the one that the request was made to (<see cref="Api.Hosts.AllowedHosts"/> has let
    /// it in: a loopback name or an address).</summary>
    public Uri Of(HttpRequest request)
    {
        if (Public is { } set) return set;
        var scheme = request.IsHttps || request.Headers["X-Forwarded-Proto"] is ["https"] ? "https" : "http";
        return new Uri($"{scheme}://{request.Host.Value}");
    }

    /// <summary>An address as issuers and redirects are compared: a text without a slash at its end.</summary>
    public static string Text(Uri address) => address.GetLeftPart(UriPartial.Path).TrimEnd('/');

    private static Uri Bare(Uri address) => new(Text(address));
}
