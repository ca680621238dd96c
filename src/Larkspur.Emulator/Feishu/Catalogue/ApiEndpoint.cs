using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace Larkspur.Emulator.Feishu.Catalogue;

[Flags]
public enum TokenKinds { None = 0, Tenant = 1, User = 2, App = 4 }

/// <summary>One endpoint as the catalogue states it; only what a server needs to check a request.</summary>
public sealed record ApiEndpoint
{
    public required string Id { get; init; }
    /// <summary>Ids of other pages about the same method and path.</summary>
    public string[] Aliases { get; init; } = [];
    public required string Method { get; init; }
    public required string Path { get; init; }
    /// <summary>Accepted tokens; with <see cref="NoAuth"/> false and none listed, the catalogue does not know and any kind passes.</summary>
    public TokenKinds Tokens { get; init; }
    public bool NoAuth { get; init; }
    /// <summary>Any one of them opens the endpoint; empty: no scope needed.</summary>
    public string[] Scopes { get; init; } = [];
    public ScopeRule[] ScopeRules { get; init; } = [];
    public int? PerSecond { get; init; }
    public int? PerMinute { get; init; }
    /// <summary>Status of the over-limit answer: 429, or 400 on older APIs.</summary>
    public int OverLimitStatus { get; init; } = 429;
    public string ContentType { get; init; } = "application/json";
    public Field[] PathParams { get; init; } = [];
    public Field[] Query { get; init; } = [];
    public Field[] Body { get; init; } = [];
    public FrozenDictionary<long, WireError> Errors { get; init; } = FrozenDictionary<long, WireError>.Empty;

    public bool IsMultipart => ContentType.StartsWith("multipart/", StringComparison.Ordinal);
}

/// <param name="Conditional">Holds only in some cases (<c>when</c>), which the handler knows and the gate does not.</param>
public sealed record ScopeRule(TokenKinds Token, bool Conditional, string[] AnyOf, string[] AllOf);

public sealed record WireError(long Code, int Http, string Message);

public enum FieldType { String, Int, Number, Boolean, Object, Map, File, Any }

/// <summary>A path, query or body field with its documented limits.</summary>
public sealed record Field
{
    public required string Name { get; init; }
    public required FieldType Type { get; init; }
    /// <summary>0 for a single value, 1 for a list, 2 for a list of lists.</summary>
    public int ArrayDepth { get; init; }
    public bool Required { get; init; }
    /// <summary>Closed list of values in their wire text; empty: any.</summary>
    public string[] Enum { get; init; } = [];
    public double? Min { get; init; }
    public double? Max { get; init; }
    public int? MinLength { get; init; }
    public int? MaxLength { get; init; }
    public int? MinItems { get; init; }
    public int? MaxItems { get; init; }
    public Regex? Pattern { get; init; }
    /// <summary>Scopes that a value needs, by value.</summary>
    public FrozenDictionary<string, string[]> ValueScopes { get; init; } = FrozenDictionary<string, string[]>.Empty;
    public Field[] Fields { get; init; } = [];
}
