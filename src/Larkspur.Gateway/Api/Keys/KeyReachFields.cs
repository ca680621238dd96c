using System.Net;
using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.Common.Text;

namespace Larkspur.Gateway.Api.Keys;

/// <summary>What a body says of whose a key is and how far it reaches.</summary>
/// <remarks>In a change, an absent member stays as it is, and <c>null</c> takes a list away.</remarks>
internal sealed record KeyReachFields(string? System, KeyListField Apps, KeyListField Issuers, KeyListField Addresses)
{
    /// <summary>Something is named.</summary>
    public bool Any => System is not null || Apps.Given || Issuers.Given || Addresses.Given;

    /// <param name="body">The body.</param>
    /// <param name="names">It has a member of this name.</param>
    /// <exception cref="RequestRefusedException">One of them cannot be so.</exception>
    public static KeyReachFields Read(ApiKeyBody body, Func<string, bool> names)
    {
        if (body.System is { } system && !ListedName.IsSound(system))
            throw RequestRefusedException.Impossible("bad_name", "/system", ListedName.Rule);
        var addresses = KeyListField.Of(names("addresses"), body.Addresses);
        for (var i = 0; i < addresses.List?.Count; i++)
        {
            // 10.0.0.5 is written more often than 10.0.0.5/32.
            if (!IPNetwork.TryParse(addresses.List[i], out _) && !IPAddress.TryParse(addresses.List[i], out _))
            {
                throw RequestRefusedException.Impossible("bad_address", $"/addresses/{i}",
                    "An address or a network is written like 10.0.0.5, 10.0.0.0/8 or fd00::/8.");
            }
        }

        var issuers = KeyListField.Of(names("issuers"), body.Issuers);
        for (var i = 0; i < issuers.List?.Count; i++)
        {
            if (!IssuerName.IsSound(issuers.List[i]))
                throw RequestRefusedException.Impossible("bad_issuer", $"/issuers/{i}", IssuerName.Rule);
        }

        return new KeyReachFields(body.System, KeyListField.Of(names("apps"), body.Apps), issuers,
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
    public static KeyListField Of(bool given, IReadOnlyList<string>? list) => new(given, list?.Distinct(StringComparer.Ordinal).ToArray());

    public IReadOnlyList<string>? Or(IReadOnlyList<string>? before) => Given ? List : before;
}
