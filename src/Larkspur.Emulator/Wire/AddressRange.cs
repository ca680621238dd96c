using System.Net;

namespace Larkspur.Emulator.Wire;

/// <summary>An address or a CIDR range of an allow-list.</summary>
internal static class AddressRange
{
    public static bool IsValid(string range) => TryRead(range, out _);

    /// <summary>An empty list lets everybody in.</summary>
    public static bool AnyHolds(IReadOnlyCollection<string> ranges, IPAddress? address)
    {
        if (ranges.Count == 0) return true;
        if (address is null) return false;
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return ranges.Any(r => TryRead(r, out var network) && network.Contains(plain));
    }

    private static bool TryRead(string range, out IPNetwork network)
    {
        if (range.Contains('/', StringComparison.Ordinal)) return IPNetwork.TryParse(range, out network);
        network = default;
        if (!IPAddress.TryParse(range, out var one)) return false;
        network = new IPNetwork(one, one.GetAddressBytes().Length * 8);
        return true;
    }
}
