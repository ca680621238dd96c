using System.Net;
using Larkspur.Gateway.Common;

namespace Larkspur.Gateway.Webhooks;

/// <summary>Which private addresses webhooks may lead to: networks, and hosts by name. The ranges that no webhook may reach (metadata
/// services) stay closed whatever is listed.</summary>
internal sealed class PrivateReach
{
    public const string Setting = "LARKSPUR_ALLOW_PRIVATE_ADDRESSES";

    /// <summary>Its name before webhooks were called so.</summary>
    private const string FormerSetting = "LARKSPUR_ALLOW_PRIVATE_CALLBACKS";

    /// <summary>Stands for every private address.</summary>
    private const string Any = "any";

    private readonly IReadOnlyList<IPNetwork> _networks;
    private readonly IReadOnlyList<string> _hosts;
    private readonly bool _all;

    private PrivateReach(IReadOnlyList<IPNetwork> networks, IReadOnlyList<string> hosts, bool all) =>
        (_networks, _hosts, _all) = (networks, hosts, all);

    /// <summary>No private address.</summary>
    public static PrivateReach None { get; } = new([], [], all: false);

    /// <summary>Each of them.</summary>
    public static PrivateReach All { get; } = new([], [], all: true);

    /// <summary>Nothing is allowed.</summary>
    public bool IsEmpty => !_all && _networks.Count == 0 && _hosts.Count == 0;

    /// <summary>Reads and judges the setting.</summary>
    public static PrivateReach Read(IConfiguration configuration, List<string> problems)
    {
        // An empty one is what compose files make of a variable that is not set.
        var words = AddressList.Words(configuration[Setting] is { Length: > 0 } set ? set : configuration[FormerSetting]);
        if (words is [] or ["false"]) return None;
        if (words is [Any]) return All;
        var networks = new List<IPNetwork>();
        var hosts = new List<string>();
        foreach (var word in words)
        {
            if (AddressList.TryRead(word, out var network)) networks.Add(network);
            else if (word is "true" or Any or "false")
                problems.Add($"{Setting}: \"{word}\" does not say what may be reached. List networks and hosts, like 10.2.0.0/16, erp.internal; \"{Any}\" alone allows every private address");
            else if (Uri.CheckHostName(word) == UriHostNameType.Dns && !word.All(c => char.IsAsciiDigit(c) || c == '.')) hosts.Add(word);
            else problems.Add($"{Setting}: \"{word}\" is neither a network nor a host. Write them like 10.2.0.0/16, erp.internal");
        }

        return new(networks, hosts, all: false);
    }

    /// <summary>Whether a webhook to this host may be connected to this private address.</summary>
    public bool Holds(string host, IPAddress address) => _all || HasHost(host) || AddressList.Holds(_networks, address);

    /// <summary>Whether a name may be taken before it is known where it leads; that is judged at each connection.</summary>
    public bool MayHold(string host) => _all || _networks.Count > 0 || HasHost(host);

    private bool HasHost(string host) => _hosts.Contains(host.TrimEnd('.'), StringComparer.OrdinalIgnoreCase);
}
