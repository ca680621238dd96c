using System.Net;
using Larkspur.Gateway.Egress;

namespace Larkspur.Gateway.Callbacks;

/// <summary>Where callbacks may not go.</summary>
internal static class DestinationAddresses
{
    /// <summary>What speaks against the addresses of a destination's host; null: nothing.</summary>
    public static string? Problem(Destination destination, IReadOnlyList<IPAddress> addresses) => addresses.Select(a => Problem(destination, a)).FirstOrDefault(p => p is not null);

    private static string? Problem(Destination destination, IPAddress address) => AddressRules.ReachOf(address) switch
    {
        AddressReach.Never => $"its host leads to {address}, where no business system is",
        AddressReach.Private when !destination.Private.Holds(destination.Url.IdnHost, address) =>
            $"its host leads to the private address {address}; {(destination.IsStored ? $"{PrivateReach.Setting} does not list it" : "AllowPrivateAddresses is not set")}",
        AddressReach.Public when destination.Url.Scheme == Uri.UriSchemeHttp => $"its host leads to the public address {address}, and http is for private ones only",
        _ => null,
    };
}
