using Larkspur.Gateway.Audit;

namespace Larkspur.Gateway.Api.Keys;

/// <summary>What a caller may do.</summary>
/// <param name="Who">For the audit log.</param>
/// <param name="Scopes">Null: everything, like the key of LARKSPUR_API_KEY and the console's administrators.</param>
/// <param name="Until">What it hands on ends with it; null: it does not end.</param>
/// <param name="KeyId">The key's id; null: the key of LARKSPUR_API_KEY, or the console.</param>
/// <param name="Reach">Whose the key is and how far it reaches; null: the key of LARKSPUR_API_KEY, or the console.</param>
internal sealed record KeyGrant(Actor Who, IReadOnlySet<string>? Scopes = null, DateTimeOffset? Until = null, long? KeyId = null, KeyReach? Reach = null)
{
    /// <summary>Whose is what this caller makes: the key's system. Empty for the key of LARKSPUR_API_KEY and the console, whose things are no single system's.</summary>
    public string Owner => Reach?.System ?? "";

    /// <param name="scope">Null: what nobody gave a scope takes a caller who may do everything.</param>
    public bool Has(string? scope) => Scopes is null || (scope is not null && Scopes.Contains(scope));

    /// <summary>May read what this owner made.</summary>
    /// <param name="owner">The owner's system; empty: the key of LARKSPUR_API_KEY, the console, or from before things had owners.</param>
    public bool MayRead(string? owner) => IsMine(owner) || Has(ApiScopes.OthersRead) || Has(ApiScopes.OthersWrite);

    /// <summary>May change what this owner made.</summary>
    /// <param name="owner">As above.</param>
    public bool MayChange(string? owner) => IsMine(owner) || Has(ApiScopes.OthersWrite);

    /// <summary>May speak for this app.</summary>
    public bool MayUse(string app) => Reach?.Apps is not { } apps || apps.Contains(app, StringComparer.Ordinal);

    private bool IsMine(string? owner) => Scopes is null || (owner is { Length: > 0 } && owner == Owner);
}
