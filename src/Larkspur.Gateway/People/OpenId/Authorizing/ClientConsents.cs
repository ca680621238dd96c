using System.Text.Json.Nodes;
using Larkspur.Gateway.Audit;
using Larkspur.Gateway.People.OpenId.Tokens;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.People.OpenId.Authorizing;

/// <summary>What a person agreed to that clients may know, for themselves to see and to take back.</summary>
internal sealed class ClientConsents(IDatabase database, AuditTrail audit, TimeProvider clock)
{
    /// <summary>By the client's name.</summary>
    public Task<List<ClientConsent>> OfPersonAsync(string person, CancellationToken cancellation) => database.ReadAsync(sql =>
        sql.QueryAsync("""
            SELECT oidc_consent.client, oidc_client.name, oidc_consent.scopes, oidc_consent.given_at FROM oidc_consent
            JOIN oidc_client ON oidc_client.id = oidc_consent.client WHERE oidc_consent.person = $1 ORDER BY oidc_client.name
            """, static row => new ClientConsent(row.GetString(0), row.GetString(1), OpenIdScopes.Of(row.GetString(2)), row.Time(3)),
            person), cancellation);

    /// <summary>Takes it back: the client asks again, and all tokens that it has of the person end.</summary>
    /// <returns>False: there was nothing to take back.</returns>
    public Task<bool> WithdrawAsync(Actor who, string person, string client, CancellationToken cancellation) =>
        database.TransactAsync(async unit =>
        {
            if (await unit.ExecuteAsync("DELETE FROM oidc_consent WHERE person = $1 AND client = $2", person, client) == 0) return false;
            await TokenRows.EndOfPersonAsync(unit, person, client, clock.GetUtcNow());
            await audit.AddAsync(unit, who, "oidc_consent.withdrawn", client, new JsonObject { ["person"] = person });
            return true;
        }, cancellation);
}

/// <summary>One of them.</summary>
/// <param name="Client">The client's id.</param>
/// <param name="ClientName">As people know it.</param>
/// <param name="Scopes">What it may know.</param>
/// <param name="GivenAt">Since when.</param>
internal sealed record ClientConsent(string Client, string ClientName, IReadOnlyList<string> Scopes, DateTimeOffset GivenAt);
