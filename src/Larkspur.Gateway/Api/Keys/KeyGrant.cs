using Larkspur.Gateway.Audit;

namespace Larkspur.Gateway.Api.Keys;

/// <summary>What a caller may do.</summary>
/// <param name="Who">For the audit log.</param>
/// <param name="Scopes">Null: everything, like the key of LARKSPUR_API_KEY and the console's administrators.</param>
/// <param name="Until">What it hands on ends with it; null: it does not end.</param>
/// <param name="KeyId">The key's id; null: the key of LARKSPUR_API_KEY, or the console.</param>
internal sealed record KeyGrant(Actor Who, IReadOnlySet<string>? Scopes = null, DateTimeOffset? Until = null, long? KeyId = null)
{
    /// <param name="scope">Null: what nobody gave a scope takes a caller who may do everything.</param>
    public bool Has(string? scope) => Scopes is null || (scope is not null && Scopes.Contains(scope));
}
