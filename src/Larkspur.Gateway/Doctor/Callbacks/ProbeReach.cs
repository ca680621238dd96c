using System.Net;
using System.Net.Sockets;
using Larkspur.Gateway.Common.Egress;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Webhooks;

namespace Larkspur.Gateway.Doctor.Callbacks;

/// <summary>Where the check-up may call: whoever may change the settings must not learn by it what stands in the company's own
/// network.</summary>
/// <remarks>Addresses where no gateway can be (metadata services) are never called, private ones only where the operator allows it or the
/// platform itself is at one.</remarks>
internal sealed class ProbeReach(HostLookup lookup, ConfiguredWebhooks settings)
{
    private const string PrivateRefused =
        "its name leads to a private or loopback address, which is called only when LARKSPUR_ALLOW_PRIVATE_ADDRESSES lists it";

    /// <summary>Why these addresses of a host may not be called; null: they may.</summary>
    public async ValueTask<string?> RefusedAsync(string host, IReadOnlyList<IPAddress> addresses, Uri? platform,
        CancellationToken cancellation)
    {
        var reach = addresses.Max(AddressRules.ReachOf);
        var isListed = addresses.Where(a => AddressRules.ReachOf(a) == AddressReach.Private).All(a => settings.PrivateReach.Holds(host, a));
        if (reach == AddressReach.Private && !isListed && !await IsPrivateAsync(platform, cancellation)) return PrivateRefused;
        return reach == AddressReach.Never ? $"its name leads to {string.Join(", ", addresses.Take(3))}, where no gateway is" : null;
    }

    /// <summary>The host is on this machine or network; of the platform itself: then a private callback address is right.</summary>
    /// <param name="host">Whose; null: the platform's usual one, which is public.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task<bool> IsPrivateAsync(Uri? host, CancellationToken cancellation)
    {
        if (host is null) return false;
        try
        {
            return (await GuardedConnector.ResolveAsync(lookup, host.IdnHost, cancellation)).Any(a =>
                AddressRules.ReachOf(a) == AddressReach.Private);
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>What is to be said about a refusal of ours.</summary>
    public static LocalText Words(string refusal) => refusal == PrivateRefused
        ? new(DoctorTexts.PrivateAddress, PrivateRefused) : DoctorTexts.AddressRefused(refusal);
}
