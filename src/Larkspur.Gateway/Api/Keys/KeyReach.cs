using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Larkspur.Gateway.Api.Keys;

/// <summary>Whose a key is, and how far it reaches.</summary>
/// <param name="System">The business system that it belongs to: everything that a key makes is its system's. Never empty.</param>
/// <param name="Apps">Names of the apps that it may speak for; null: all.</param>
/// <param name="Issuers">Issuers for whose subjects it may open web-chat sessions; null: none.</param>
/// <param name="Addresses">Networks that it may be used from (CIDR); null: everywhere.</param>
internal sealed record KeyReach(string System, IReadOnlyList<string>? Apps = null, IReadOnlyList<string>? Issuers = null, IReadOnlyList<string>? Addresses = null)
{
    public const int LongestSystem = 60;
    public const int MostApps = 50;
    public const int MostIssuers = 50;
    public const int MostAddresses = 100;
    public const int LongestIssuer = 256;

    private readonly IPNetwork[]? _networks = Addresses is null ? null : [.. Addresses.Select(IPNetwork.Parse)];

    /// <summary>The key may be used from there. An address that nobody can tell is in no network.</summary>
    public bool Allows(IPAddress? from)
    {
        if (_networks is null) return true;
        if (from is null) return false;
        if (from.IsIPv4MappedToIPv6) from = from.MapToIPv4();
        return Array.Exists(_networks, n => n.Contains(from));
    }

    public static KeyReach Read(string system, string? apps, string? issuers, string? addresses) => new(system, List(apps), List(issuers), List(addresses));

    public static string? Text(IReadOnlyList<string>? list) => list is null ? null : JsonSerializer.Serialize(list);

    /// <summary>For the audit log.</summary>
    public JsonObject Detail() => new()
    {
        ["system"] = System, ["apps"] = Node(Apps), ["issuers"] = Node(Issuers), ["addresses"] = Node(Addresses),
    };

    /// <summary>Two are alike when their lists are: a record alone would compare references.</summary>
    public bool Equals(KeyReach? other) => other is not null && System == other.System && Text(Apps) == Text(other.Apps)
        && Text(Issuers) == Text(other.Issuers) && Text(Addresses) == Text(other.Addresses);

    public override int GetHashCode() => HashCode.Combine(System, Apps?.Count, Issuers?.Count, Addresses?.Count);

    public static string[]? List(string? json) => json is null ? null : JsonSerializer.Deserialize<string[]>(json);

    private static JsonArray? Node(IReadOnlyList<string>? list) => list is null ? null : [.. list.Select(t => (JsonNode?)t)];
}
