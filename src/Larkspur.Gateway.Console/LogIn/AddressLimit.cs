using System.Net;
using System.Net.Sockets;

namespace Larkspur.Gateway.Console.LogIn;

/// <summary>How often log-ins, codes of second factors and setup codes are tried from one address, and from all together: each try costs a password hash. In this process only; locks of accounts count in all.</summary>
internal sealed class AddressLimit(TimeProvider clock)
{
    /// <summary>Tries of one address in a window.</summary>
    public const int PerAddress = 20;

    /// <summary>Tries of one browser that is known (<see cref="KnownBrowser"/>) in a window.</summary>
    public const int PerBrowser = 5;

    /// <summary>Tries of all addresses in a window.</summary>
    public const int Together = 600;

    /// <summary>The window's length.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(5);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _tries = new(StringComparer.Ordinal);
    private long _since = clock.GetTimestamp();
    private int _all;

    /// <summary>Counts a try; false: too many, and nothing is to be tried.</summary>
    public bool Take(IPAddress? address)
    {
        lock (_gate)
        {
            Begin();
            if (_all >= Together || !Take(KeyOf(address), PerAddress)) return false;
            _all++;
            return true;
        }
    }

    /// <summary>Counts a try of a known browser. What others use up is not its own: there are only as many such browsers as there were log-ins.</summary>
    public bool TakeKnown(string browser)
    {
        lock (_gate)
        {
            Begin();
            return Take("browser " + browser, PerBrowser);
        }
    }

    private void Begin()
    {
        if (clock.GetElapsedTime(_since) < Window) return;
        _tries.Clear();
        (_since, _all) = (clock.GetTimestamp(), 0);
    }

    private bool Take(string key, int most)
    {
        var tries = _tries.GetValueOrDefault(key);
        if (tries >= most) return false;
        _tries[key] = tries + 1;
        return true;
    }

    /// <summary>Whoever has an IPv6 address has the 2^64 around it too.</summary>
    private static string KeyOf(IPAddress? address) => address switch
    {
        null => "",
        { IsIPv4MappedToIPv6: true } => address.MapToIPv4().ToString(),
        { AddressFamily: AddressFamily.InterNetworkV6 } => Convert.ToHexString(address.GetAddressBytes().AsSpan(0, 8)),
        _ => address.ToString(),
    };
}
