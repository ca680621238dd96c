using System.Net;
using Larkspur.Gateway.Common.Egress;
using Larkspur.Gateway.Webhooks;

namespace Larkspur.Gateway.People.SignIn.Providers.Protocol;

/// <summary>Where providers may be: at public addresses; at private ones that the gateway's setting lists. Always by https, but for this
/// machine.</summary>
internal static class ProviderAddresses
{
    public const int Longest = 500;

    /// <summary>What speaks against an address; null: nothing. A name is judged at each connection as well.</summary>
    public static string? Problem(string text, PrivateReach reach, out Uri? address)
    {
        if (text.Length > Longest || !Uri.TryCreate(text, UriKind.Absolute, out address)
            || address.Scheme is not ("https" or "http") || address.Host.Length == 0)
        {
            address = null;
            return "This is not an https address: it looks like https://id.example.com/realms/company.";
        }

        if (address.UserInfo.Length > 0) return "It has a user name or password in it.";
        if (address.Fragment.Length > 0) return "It has a fragment.";
        var literal = LiteralOf(address);
        if (address.Scheme == Uri.UriSchemeHttp && !(literal is not null && IPAddress.IsLoopback(literal)))
            return "It must be https: whoever is on the way could sign in as anybody. Only on this machine (127.0.0.1) http is taken.";
        return literal is null ? null : Problem(address, [literal], reach);
    }

    /// <summary>What speaks against the addresses of a provider's host; null: nothing.</summary>
    public static string? Problem(Uri url, IReadOnlyList<IPAddress> addresses, PrivateReach reach) =>
        addresses.Select(address => AddressRules.ReachOf(address) switch
        {
            AddressReach.Never => $"{url.IdnHost} leads to {address}, where no identity provider is.",
            AddressReach.Private when !reach.Holds(url.IdnHost, address) =>
                $"{url.IdnHost} leads to the private address {address}. If it is meant, list it in {PrivateReach.Setting}.",
            _ when url.Scheme == Uri.UriSchemeHttp && !IPAddress.IsLoopback(address) =>
                $"{url.IdnHost} leads to {address}, and http is for this machine only.",
            _ => null,
        }).FirstOrDefault(problem => problem is not null);

    private static IPAddress? LiteralOf(Uri url) => IPAddress.TryParse(url.IdnHost, out var address) ? address
        : url.IdnHost is "localhost" || url.IdnHost.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase) ? IPAddress.Loopback : null;
}
