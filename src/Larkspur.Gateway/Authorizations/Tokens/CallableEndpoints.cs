using System.Collections.Frozen;
using Larkspur.Feishu;

namespace Larkspur.Gateway.Authorizations.Tokens;

/// <summary>What can be called in a person's name: the endpoints of the catalogue that take a user's token and name a scope.</summary>
/// <remarks>
/// Left out: those without a scope, since what the person allowed could not be told from what they did not; those that answer with a file;
/// and messages, which take two scopes together. The platform's token has what the person ever allowed the app, so the gateway is the
/// stricter one: a change is not opened by a scope to read.
/// </remarks>
internal static class CallableEndpoints
{
    private static readonly string[] OfTwoScopes =
        ["im.v1.message.create", "im.v1.message.reply", "im.v1.message.get", "im.v1.message.list"];

    /// <summary>They change nothing although they are sent as a POST.</summary>
    private static readonly string[] Reads =
        [".search", ".list", ".query", ".batch_get", ".mget", ".batch_query", ".primary", ".primarys", ".batch", ".search.object.post"];

    private static readonly string[] ToRead = [":readonly", ":read", ":retrieve", ":search"];

    private static readonly Lazy<FrozenDictionary<string, FeishuCatalogueEntry>> ById = new(() => FeishuCatalogue.All
        .Where(e => e.Endpoint.Tokens.HasFlag(FeishuTokenKinds.User) && e.Endpoint.Host == FeishuHost.OpenApi && e.ScopeText.Length > 0
            && e.Endpoint.Answer != FeishuAnswer.Binary && !OfTwoScopes.Contains(e.Endpoint.Id) && ScopesOf(e).Count > 0)
        .ToFrozenDictionary(e => e.Endpoint.Id, StringComparer.Ordinal));

    private static readonly Lazy<FrozenSet<string>> Known = new(() => ById.Value.Values.SelectMany(ScopesOf)
        .ToFrozenSet(StringComparer.Ordinal));

    /// <summary>Null: there is none of this id that people can be called for.</summary>
    public static FeishuCatalogueEntry? Find(string id) => ById.Value.GetValueOrDefault(id);

    /// <summary>Scopes of which any one opens an endpoint here.</summary>
    /// <exception cref="KeyNotFoundException">It cannot be called in a person's name.</exception>
    public static IReadOnlyList<string> ScopesOf(string id) => ScopesOf(ById.Value[id]);

    /// <summary>All ids, for whoever has mistyped one.</summary>
    public static IEnumerable<string> Ids => ById.Value.Keys;

    /// <summary>All scopes that open any of them.</summary>
    public static IReadOnlySet<string> Scopes => Known.Value;

    private static IReadOnlyList<string> ScopesOf(FeishuCatalogueEntry entry)
    {
        var all = entry.Scopes;
        if (entry.Endpoint.Method == HttpMethod.Get || Reads.Any(r => entry.Endpoint.Id.EndsWith(r, StringComparison.Ordinal))) return all;
        string[] changing = [.. all.Where(s => !ToRead.Any(r => s.EndsWith(r, StringComparison.Ordinal)))];
        return changing.Length > 0 ? changing : [];
    }
}
