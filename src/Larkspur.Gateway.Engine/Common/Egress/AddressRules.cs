using System.Net;
using System.Net.Sockets;

namespace Larkspur.Gateway.Common.Egress;

/// <summary>Who may be behind an address.</summary>
internal enum AddressReach
{
    /// <summary>The public internet.</summary>
    Public,

    /// <summary>This machine or the company's own network.</summary>
    Private,

    /// <summary>Nobody a callback could be meant for: link-local with the clouds' metadata services, multicast, reserved ranges.</summary>
    Never,
}

/// <summary>Sorts addresses by the IANA special-purpose registries (RFC 6890 and its updates), looking into IPv4 addresses that hide in IPv6 ones.</summary>
internal static class AddressRules
{
    /// <summary>Metadata services that do not stand in link-local ranges: Alibaba Cloud, Azure, AWS, Google Cloud. They hand out credentials.</summary>
    private static readonly HashSet<IPAddress> Metadata =
    [
        IPAddress.Parse("100.100.100.200"), IPAddress.Parse("168.63.129.16"), IPAddress.Parse("fd00:ec2::254"), IPAddress.Parse("fd00:ec2::23"), IPAddress.Parse("fd20:ce::254"),
    ];

    private static readonly (IPNetwork Network, AddressReach Reach)[] V4 =
    [
        Rule("0.0.0.0/8", AddressReach.Never), Rule("10.0.0.0/8", AddressReach.Private), Rule("100.64.0.0/10", AddressReach.Private),
        Rule("127.0.0.0/8", AddressReach.Private), Rule("169.254.0.0/16", AddressReach.Never), Rule("172.16.0.0/12", AddressReach.Private),
        Rule("192.0.0.0/24", AddressReach.Never), Rule("192.0.2.0/24", AddressReach.Never), Rule("192.88.99.0/24", AddressReach.Never),
        Rule("192.168.0.0/16", AddressReach.Private), Rule("198.18.0.0/15", AddressReach.Private), Rule("198.51.100.0/24", AddressReach.Never),
        Rule("203.0.113.0/24", AddressReach.Never), Rule("224.0.0.0/3", AddressReach.Never),
    ];

    /// <summary>The first that fits; what fits none is outside the one range that is assigned.</summary>
    private static readonly (IPNetwork Network, AddressReach Reach)[] V6 =
    [
        Rule("::1/128", AddressReach.Private), Rule("fc00::/7", AddressReach.Private), Rule("fec0::/10", AddressReach.Private),
        Rule("2001::/23", AddressReach.Never), Rule("2001:db8::/32", AddressReach.Never), Rule("3fff::/20", AddressReach.Never),
        Rule("2000::/3", AddressReach.Public), Rule("::/0", AddressReach.Never),
    ];

    /// <summary>Where an IPv4 address hides: mapped, NAT64 (well-known and local prefix), 6to4, and the interface id of ISATAP.</summary>
    private static readonly (IPNetwork Network, int Offset)[] Embedding =
    [
        (IPNetwork.Parse("::ffff:0:0/96"), 12), (IPNetwork.Parse("64:ff9b::/96"), 12), (IPNetwork.Parse("64:ff9b:1::/48"), 12), (IPNetwork.Parse("2002::/16"), 2),
    ];

    /// <summary>Who may be behind it.</summary>
    public static AddressReach ReachOf(IPAddress address)
    {
        if (Metadata.Contains(address)) return AddressReach.Never;
        if (address.AddressFamily == AddressFamily.InterNetwork) return Array.Find(V4, r => r.Network.Contains(address)) is { Network.PrefixLength: > 0 } rule ? rule.Reach : AddressReach.Public;
        var bytes = address.GetAddressBytes();
        foreach (var (network, offset) in Embedding)
        {
            // IPNetwork takes a mapped address for an IPv4 one, so the prefix is compared here.
            if (!HasPrefix(bytes, network)) continue;
            var hidden = ReachOf(new IPAddress(bytes.AsSpan(offset, 4)));
            // A network's own prefix of 48 bits may as well be used as such (RFC 6052, 2.2): the address stands around the eighth byte then.
            if (network.PrefixLength == 48 && ReachOf(new IPAddress([bytes[6], bytes[7], bytes[9], bytes[10]])) is var around && around > hidden
                && !bytes.AsSpan(6, 6).SequenceEqual<byte>([0, 0, 0, 0, 0, 0])) return around;
            return hidden;
        }

        var reach = Array.Find(V6, r => HasPrefix(bytes, r.Network)).Reach;
        var isatap = reach != AddressReach.Never && (bytes[8] & 0xfd) == 0 && bytes.AsSpan(9, 3).SequenceEqual<byte>([0, 0x5e, 0xfe]);
        return isatap && ReachOf(new IPAddress(bytes.AsSpan(12, 4))) is var inner && inner > reach ? inner : reach;
    }

    private static bool HasPrefix(ReadOnlySpan<byte> address, IPNetwork network)
    {
        var prefix = network.BaseAddress.GetAddressBytes();
        if (prefix.Length != address.Length) return false;
        var whole = network.PrefixLength / 8;
        var rest = network.PrefixLength % 8;
        return address[..whole].SequenceEqual(prefix.AsSpan(0, whole))
            && (rest == 0 || (address[whole] ^ prefix[whole]) >> (8 - rest) == 0);
    }

    private static (IPNetwork Network, AddressReach Reach) Rule(string network, AddressReach reach) => (IPNetwork.Parse(network), reach);
}
