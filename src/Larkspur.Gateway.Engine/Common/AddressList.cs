using System.Net;

namespace Larkspur.Gateway.Common;

/// <summary>Reads lists of addresses and networks, as settings write them: <c>10.0.0.0/8, 192.0.2.7</c>.</summary>
internal static class AddressList
{
    private static readonly char[] Separators = [',', ';', ' '];

    /// <summary>The words of a list.</summary>
    public static string[] Words(string? text) =>
        (text ?? "").Split(Separators, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>A network, or one address as a network of its own; false: the word is neither.</summary>
    public static bool TryRead(string word, out IPNetwork network)
    {
        if (word.Contains('/', StringComparison.Ordinal)) return IPNetwork.TryParse(word, out network);
        network = default;
        // "10" and "10.1" are addresses to the parser, and typing errors to everybody else.
        if (!IPAddress.TryParse(word, out var one)
            || (!word.Contains(':', StringComparison.Ordinal) && word.Split('.').Length != 4)) return false;
        network = new IPNetwork(one, one.GetAddressBytes().Length * 8);
        return true;
    }

    /// <summary>Whether one of the networks has the address; an IPv4 address within an IPv6 one is the IPv4 address.</summary>
    public static bool Holds(IEnumerable<IPNetwork> networks, IPAddress? address)
    {
        if (address is null) return false;
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return networks.Any(network => network.Contains(plain));
    }
}
