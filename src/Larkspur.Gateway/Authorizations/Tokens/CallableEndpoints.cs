using System.Collections.Frozen;
using Larkspur.Feishu;

namespace Larkspur.Gateway.Authorizations.Tokens;

/// <summary>What can be called in a person's name: the endpoints of the catalogue that take a user's token and name a scope.</summary>
/// <remarks>Those without a scope are left out: what the person allowed could not be told from what they did not.</remarks>
internal static class CallableEndpoints
{
    private static readonly Lazy<FrozenDictionary<string, FeishuCatalogueEntry>> ById = new(() => FeishuCatalogue.All
        .Where(e => e.Endpoint.Tokens.HasFlag(FeishuTokenKinds.User) && e.Endpoint.Host == FeishuHost.OpenApi && e.ScopeText.Length > 0)
        .ToFrozenDictionary(e => e.Endpoint.Id, StringComparer.Ordinal));

    private static readonly Lazy<FrozenSet<string>> Known = new(() => ById.Value.Values.SelectMany(e => e.Scopes)
        .ToFrozenSet(StringComparer.Ordinal));

    /// <summary>Null: there is none of this id that people can be called for.</summary>
    public static FeishuCatalogueEntry? Find(string id) => ById.Value.GetValueOrDefault(id);

    /// <summary>Scopes of which any one opens an endpoint.</summary>
    /// <exception cref="KeyNotFoundException">It cannot be called in a person's name.</exception>
    public static IReadOnlyList<string> ScopesOf(string id) => ById.Value[id].Scopes;

    /// <summary>All ids, for whoever has mistyped one.</summary>
    public static IEnumerable<string> Ids => ById.Value.Keys;

    /// <summary>All scopes that open any of them.</summary>
    public static IReadOnlySet<string> Scopes => Known.Value;
}
