using System.Net;
using System.Text.Json;
using Larkspur.Gateway.Api.Requests;
using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.Common.Text;

namespace Larkspur.Gateway.Api.Keys;

/// <summary>The members of a body that say whose a key is and how far it reaches.</summary>
/// <remarks>In a change, an absent member stays as it is, and <c>null</c> takes a list away.</remarks>
internal sealed record KeyReachFields(string? System, KeyListField Apps, KeyListField Issuers, KeyListField Addresses)
{
    /// <summary>Something is named.</summary>
    public bool Any => System is not null || Apps.Given || Issuers.Given || Addresses.Given;

    /// <summary>Takes them out of a body.</summary>
    /// <exception cref="RequestRefusedException">One of them cannot be so.</exception>
    public static KeyReachFields Read(JsonElement json, JsonFields body)
    {
        var system = body.Text("system", KeyReach.LongestSystem);
        if (system is not null && !ListedName.IsSound(system))
            throw RequestRefusedException.Impossible("bad_name", body.At("system"), ListedName.Rule);
        var addresses = KeyListField.Read(json, body, "addresses", KeyReach.MostAddresses, 64);
        for (var i = 0; i < addresses.List?.Count; i++)
        {
            // 10.0.0.5 is written more often than 10.0.0.5/32.
            if (!IPNetwork.TryParse(addresses.List[i], out _) && !IPAddress.TryParse(addresses.List[i], out _))
                throw RequestRefusedException.Impossible("bad_address", $"{body.At("addresses")}/{i}", "An address or a network is written like 10.0.0.5, 10.0.0.0/8 or fd00::/8.");
        }

        var issuers = KeyListField.Read(json, body, "issuers", KeyReach.MostIssuers, KeyReach.LongestIssuer);
        for (var i = 0; i < issuers.List?.Count; i++)
        {
            if (!IssuerName.IsSound(issuers.List[i]))
                throw RequestRefusedException.Impossible("bad_issuer", $"{body.At("issuers")}/{i}", IssuerName.Rule);
        }

        return new KeyReachFields(system, KeyListField.Read(json, body, "apps", KeyReach.MostApps, 64), issuers,
            addresses with { List = addresses.List is null ? null : [.. addresses.List.Select(Network)] });
    }

    /// <summary>What a key reaches once these are applied.</summary>
    public KeyReach On(KeyReach before) => new(System ?? before.System, Apps.Or(before.Apps), Issuers.Or(before.Issuers), Addresses.Or(before.Addresses));

    private static string Network(string text) => IPNetwork.TryParse(text, out var network) ? network.ToString()
        : IPAddress.Parse(text) is var address && address.IsIPv4MappedToIPv6 ? $"{address.MapToIPv4()}/32"
        : $"{address}/{(address.AddressFamily == global::System.Net.Sockets.AddressFamily.InterNetwork ? 32 : 128)}";
}

/// <summary>A list that may be absent, null or given.</summary>
internal readonly record struct KeyListField(bool Given, IReadOnlyList<string>? List)
{
    public static KeyListField Read(JsonElement json, JsonFields body, string name, int most, int longest) =>
        new(json.TryGetProperty(name, out _), body.Texts(name, most, longest)?.Distinct(StringComparer.Ordinal).ToArray());

    public IReadOnlyList<string>? Or(IReadOnlyList<string>? before) => Given ? List : before;
}
