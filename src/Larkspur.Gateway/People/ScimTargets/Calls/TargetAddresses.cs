using System.Net;
using Larkspur.Gateway.Common.Egress;
using Larkspur.Gateway.Webhooks;

namespace Larkspur.Gateway.People.ScimTargets.Calls;

/// <summary>Where targets may be: on the internet by https; on the company's own network, by http too, where the gateway's setting for
/// private
/// addresses lists it.</summary>
internal static class TargetAddresses
{
    private const int Longest = 1000;

    /// <summary>Reads and judges an address; a name is judged at each connection as well.</summary>
    /// <returns>The address without a slash at its end, or what is wrong with it.</returns>
    public static (string? Url, string? Problem) Read(string text, PrivateReach reach)
    {
        if (text.Length > Longest) return (null, $"At most {Longest} characters.");
        if (!Uri.TryCreate(text.Trim(), UriKind.Absolute, out var url) || url.Scheme is not ("https" or "http") || url.Host.Length == 0)
            return (null, "This is not an https address: it looks like https://example.com/scim/v2.");
        if (url.UserInfo.Length > 0) return (null, "It has a user name or password in it: the token goes into its own field.");
        if (url.Query.Length > 0 || url.Fragment.Length > 0)
            return (null, "It has a query or a fragment: give the address at which SCIM begins, above /Users.");
        var literal = IPAddress.TryParse(url.IdnHost, out var address) ? address
            : url.IdnHost is "localhost" || url.IdnHost.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase) ? IPAddress.Loopback
                : null;
        var isAllowed = literal is null ? reach.MayHold(url.IdnHost) : reach.Holds(url.IdnHost, literal);
        switch (literal is null ? (AddressReach?)null : AddressRules.ReachOf(literal))
        {
            case AddressReach.Never:
                return (null, "No system has this address (link-local, metadata service, multicast, reserved).");
            case AddressReach.Private when !isAllowed:
                return (null, $"This is a private address. If it is meant, list it in {PrivateReach.Setting}.");
        }

        if (url.Scheme == Uri.UriSchemeHttp && !isAllowed)
            return (null, $"It must be https. Only inside of your own network http is taken; list it in {PrivateReach.Setting}.");
        return (url.AbsoluteUri.TrimEnd('/'), null);
    }

    /// <summary>What speaks against the addresses of a target's host; null: nothing.</summary>
    public static string? Problem(Uri url, IReadOnlyList<IPAddress> addresses, PrivateReach reach) =>
        addresses.Select(address => AddressRules.ReachOf(address) switch
        {
            AddressReach.Never => $"its host leads to {address}, where no system is",
            AddressReach.Private when !reach.Holds(url.IdnHost, address) =>
                $"its host leads to the private address {address}; {PrivateReach.Setting} does not list it",
            AddressReach.Public when url.Scheme == Uri.UriSchemeHttp =>
                $"its host leads to the public address {address}, and http is for private ones only",
            _ => null,
        }).FirstOrDefault(problem => problem is not null);
}
