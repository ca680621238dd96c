using System.Collections.Frozen;

namespace Larkspur.Emulator.Feishu.Catalogue;

/// <summary>All endpoints, and the way from a method and path to one of them.</summary>
public sealed class EndpointCatalogue
{
    private static readonly Lazy<EndpointCatalogue> Shared = new(() => new EndpointCatalogue(CatalogueReader.ReadEndpoints()));

    private readonly Dictionary<string, ApiEndpoint> _byId = [];
    private readonly Node _root = new();

    public EndpointCatalogue(IReadOnlyCollection<ApiEndpoint> documented)
    {
        Documented = documented;
        Endpoints = [.. documented.GroupBy(e => (e.Method, Template(e.Path))).Select(Merge)];
        foreach (var endpoint in Endpoints)
        {
            _byId[endpoint.Id] = endpoint;
            foreach (var alias in endpoint.Aliases) _byId[alias] = endpoint;
            Plant(endpoint);
        }
    }

    /// <summary>The embedded catalogue, read once per process.</summary>
    public static EndpointCatalogue Embedded => Shared.Value;

    /// <summary>One entry per page of the reference.</summary>
    public IReadOnlyCollection<ApiEndpoint> Documented { get; }

    /// <summary>One entry per method and path.</summary>
    public IReadOnlyList<ApiEndpoint> Endpoints { get; }

    public ApiEndpoint? ById(string id) => _byId.GetValueOrDefault(id);

    /// <summary>Finds the endpoint; with no match, tells whether the path exists with another method.</summary>
    public Match Find(string method, string path)
    {
        // Both forms of a path, with and without a closing slash, are in use.
        var segments = path.Trim('/').Split('/');
        var values = new string[segments.Length];
        var node = Walk(_root, segments, 0, values, method) ?? Walk(_root, segments, 0, values, null);
        if (node is null) return new Match(null, false, []);
        if (!node.Methods.TryGetValue(method, out var endpoint)) return new Match(null, true, []);

        var names = endpoint.Path.Trim('/').Split('/');
        Dictionary<string, string> parameters = [];
        for (var i = 0; i < names.Length; i++)
        {
            if (names[i].StartsWith('{')) parameters[names[i][1..^1]] = Uri.UnescapeDataString(segments[i]);
        }

        return new Match(endpoint, true, parameters);
    }

    /// <summary>Literal segments win over parameters; a branch that lacks the method is left again.</summary>
    private static Node? Walk(Node node, string[] segments, int at, string[] values, string? method)
    {
        if (at == segments.Length) return node.Methods.Count > 0 && (method is null || node.Methods.ContainsKey(method)) ? node : null;
        if (node.Literals.TryGetValue(segments[at], out var literal) && Walk(literal, segments, at + 1, values, method) is { } found) return found;
        if (node.Parameter is null || segments[at].Length == 0) return null;
        values[at] = segments[at];
        return Walk(node.Parameter, segments, at + 1, values, method);
    }

    private static string Template(string path) =>
        string.Join('/', path.Trim('/').Split('/').Select(s => s.StartsWith('{') ? "{}" : s));

    /// <summary>Three method-and-path pairs have several pages: what any page allows is allowed.</summary>
    private static ApiEndpoint Merge(IEnumerable<ApiEndpoint> pages)
    {
        var all = pages.ToArray();
        var first = all[0];
        return all.Length == 1 ? first : first with
        {
            Aliases = [.. all.Skip(1).Select(e => e.Id)],
            Tokens = all.Aggregate(TokenKinds.None, (kinds, e) => kinds | e.Tokens),
            Scopes = [.. all.SelectMany(e => e.Scopes).Distinct()],
            Query = MergeFields([.. all.Select(e => e.Query)]),
            Body = MergeFields([.. all.Select(e => e.Body)]),
            Errors = all.SelectMany(e => e.Errors.Values).DistinctBy(e => e.Code).ToFrozenDictionary(e => e.Code),
        };
    }

    private static Field[] MergeFields(Field[][] lists) =>
        [.. lists.SelectMany(l => l).GroupBy(f => f.Name).Select(g => g.First() with
        {
            Required = lists.All(l => l.Any(f => f.Name == g.Key && f.Required)),
            Enum = g.Any(f => f.Enum.Length == 0) ? [] : [.. g.SelectMany(f => f.Enum).Distinct()],
            Fields = MergeFields([.. g.Select(f => f.Fields)]),
        })];

    private void Plant(ApiEndpoint endpoint)
    {
        var node = _root;
        foreach (var segment in endpoint.Path.Trim('/').Split('/'))
        {
            if (segment.StartsWith('{'))
            {
                node = node.Parameter ??= new Node();
            }
            else
            {
                if (!node.Literals.TryGetValue(segment, out var next)) node.Literals[segment] = next = new Node();
                node = next;
            }
        }

        node.Methods[endpoint.Method] = endpoint;
    }

    /// <param name="PathExists">True when at least another method is served there.</param>
    public sealed record Match(ApiEndpoint? Endpoint, bool PathExists, Dictionary<string, string> PathParameters);

    private sealed class Node
    {
        public Dictionary<string, Node> Literals { get; } = [];

        public Dictionary<string, ApiEndpoint> Methods { get; } = [];

        public Node? Parameter { get; set; }
    }
}
