using System.Collections.Frozen;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Larkspur.Emulator.Feishu.Catalogue;

/// <summary>Reads the embedded endpoint files.</summary>
internal static class CatalogueReader
{
    private const string Folder = "catalogue/endpoints/";
    private static readonly TimeSpan PatternTimeout = TimeSpan.FromMilliseconds(100);

    public static Stream Open(string name) =>
        typeof(CatalogueReader).Assembly.GetManifestResourceStream("catalogue/" + name)
        ?? throw new InvalidOperationException($"The catalogue file {name} is not embedded in this build.");

    public static ApiEndpoint[] ReadEndpoints()
    {
        var names = typeof(CatalogueReader).Assembly.GetManifestResourceNames().Where(n => n.StartsWith(Folder, StringComparison.Ordinal)).ToArray();
        return [.. names.AsParallel().AsOrdered().SelectMany(ReadFile)];
    }

    private static ApiEndpoint[] ReadFile(string resource)
    {
        using var stream = typeof(CatalogueReader).Assembly.GetManifestResourceStream(resource)!;
        using var document = JsonDocument.Parse(stream);
        return [.. document.RootElement.EnumerateArray().Select(ReadEndpoint)];
    }

    private static ApiEndpoint ReadEndpoint(JsonElement e)
    {
        var rate = e.TryGetProperty("rateLimit", out var r) ? r : default;
        return new ApiEndpoint
        {
            Id = e.GetProperty("id").GetString()!,
            Method = e.GetProperty("method").GetString()!,
            Path = e.GetProperty("path").GetString()!,
            Tokens = Strings(e, "tokens").Aggregate(TokenKinds.None, (all, t) => all | Kind(t)),
            NoAuth = e.TryGetProperty("noAuth", out var noAuth) && noAuth.GetBoolean(),
            Scopes = Strings(e, "scopes"),
            ScopeRules = e.TryGetProperty("scopeRules", out var rules) ? [.. rules.EnumerateArray().Select(ReadRule)] : [],
            PerSecond = Int(rate, "perSecond"),
            PerMinute = Int(rate, "perMinute"),
            OverLimitStatus = OverLimitStatus(e),
            ContentType = e.TryGetProperty("contentType", out var type) ? type.GetString()! : "application/json",
            PathParams = Fields(e, "pathParams"),
            Query = Fields(e, "query"),
            Body = Fields(e, "body"),
            Errors = e.GetProperty("errors").EnumerateArray().Where(x => x.TryGetProperty("code", out _)).Select(ReadError)
                .DistinctBy(x => x.Code).ToFrozenDictionary(x => x.Code),
        };
    }

    private static int OverLimitStatus(JsonElement e)
    {
        if (!e.TryGetProperty("limits", out var limits)) return 429;
        foreach (var limit in limits.EnumerateArray())
        {
            if (Int(limit, "code") == 99991400 && Int(limit, "http") is { } http) return http;
        }

        return 429;
    }

    private static WireError ReadError(JsonElement e) => new(
        e.GetProperty("code").GetInt64(), Int(e, "http") ?? 400, e.TryGetProperty("msg", out var msg) ? msg.GetString() ?? "" : "");

    private static ScopeRule ReadRule(JsonElement e) => new(
        Kind(e.GetProperty("token").GetString()!), e.TryGetProperty("when", out _), Strings(e, "anyOf"), Strings(e, "allOf"));

    private static Field[] Fields(JsonElement e, string name) =>
        e.ValueKind == JsonValueKind.Object && e.TryGetProperty(name, out var list) ? [.. list.EnumerateArray().Select(ReadField)] : [];

    private static Field ReadField(JsonElement e)
    {
        var isArray = e.TryGetProperty("array", out var array) && array.GetBoolean();
        var open = e.TryGetProperty("enumOpen", out var o) && o.GetBoolean();
        return new Field
        {
            Name = e.GetProperty("name").GetString()!,
            Type = Enum.Parse<FieldType>(e.GetProperty("type").GetString()!, ignoreCase: true),
            ArrayDepth = Int(e, "arrayDepth") ?? (isArray ? 1 : 0),
            Required = e.TryGetProperty("required", out var required) && required.GetBoolean(),
            Enum = open ? [] : [.. Texts(e, "enum"), .. e.TryGetProperty("enum", out _) ? Texts(e, "enumSdk") : []],
            Min = Number(e, "min"), Max = Number(e, "max"),
            MinLength = Int(e, "minLength"), MaxLength = Int(e, "maxLength"),
            MinItems = Int(e, "minItems"), MaxItems = Int(e, "maxItems"),
            Pattern = e.TryGetProperty("pattern", out var pattern) ? Compile(pattern.GetString()!) : null,
            ValueScopes = e.TryGetProperty("valueScopes", out var scopes)
                ? scopes.EnumerateObject().ToFrozenDictionary(p => p.Name, p => p.Value.EnumerateArray().Select(s => s.GetString()!).ToArray())
                : FrozenDictionary<string, string[]>.Empty,
            Fields = Fields(e, "fields"),
        };
    }

    /// <summary>A pattern that .NET cannot read is a defect of its page and is not enforced.</summary>
    private static Regex? Compile(string pattern)
    {
        try
        {
            return new Regex(pattern, RegexOptions.CultureInvariant, PatternTimeout);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private static TokenKinds Kind(string token) => token switch
    {
        "tenant" => TokenKinds.Tenant,
        "user" => TokenKinds.User,
        "app" => TokenKinds.App,
        _ => throw new InvalidOperationException($"The catalogue names an unknown token kind: {token}."),
    };

    private static string[] Strings(JsonElement e, string name) => Texts(e, name);

    private static string[] Texts(JsonElement e, string name) =>
        e.TryGetProperty(name, out var list)
            ? [.. list.EnumerateArray().Select(x => x.ValueKind == JsonValueKind.String ? x.GetString()! : x.GetRawText())]
            : [];

    private static int? Int(JsonElement e, string name) => Number(e, name) is { } n and <= int.MaxValue and >= int.MinValue ? (int)n : null;

    private static double? Number(JsonElement e, string name) =>
        e.ValueKind == JsonValueKind.Object && e.TryGetProperty(name, out var v) && v.ValueKind == JsonValueKind.Number ? v.GetDouble() : null;
}
