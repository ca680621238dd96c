using System.Text.Json.Nodes;
using Larkspur.Gateway.Api.Keys;
using Larkspur.Gateway.Audit;
using Larkspur.Gateway.People.OpenId.Authorizing;
using Larkspur.Gateway.People.OpenId.Logout;
using Larkspur.Gateway.People.OpenId.Tokens;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.People.OpenId.Clients;

/// <summary>Clients as administrators and business systems make, change and remove them.</summary>
internal sealed class ClientStore(IDatabase database, AuditTrail audit, LogoutSignal signal, TimeProvider clock)
{
    public const int Most = 1000;

    /// <summary>So many of one system: it leaves the others theirs.</summary>
    public const int MostOfOne = 50;

    public Task<OidcClient?> FindAsync(string id, CancellationToken cancellation) =>
        database.ReadAsync(sql => OidcClient.FindAsync(sql, id), cancellation);

    /// <summary>All, by name.</summary>
    public Task<List<OidcClient>> AllAsync(CancellationToken cancellation) => database.ReadAsync(sql =>
        sql.QueryAsync($"SELECT {OidcClient.Columns} FROM oidc_client ORDER BY name, id", OidcClient.Read), cancellation);

    /// <summary>Makes one.</summary>
    /// <returns>The client and its secret, which is nowhere else; null: it is public.</returns>
    /// <exception cref="TooManyClientsException">There are too many.</exception>
    public async Task<(OidcClient Client, string? Secret)> AddAsync(
        KeyGrant by, string name, bool isPublic, ClientSettings settings, CancellationToken cancellation)
    {
        var secret = isPublic ? null : TokenText.Make(TokenText.Secret);
        var now = clock.GetUtcNow();
        var client = new OidcClient
        {
            Id = OidcClient.NewId(), Name = name, SecretHash = secret is null ? null : TokenText.Hash(secret), Settings = settings,
            Owner = by.Owner, CreatedAt = now, ChangedAt = now, ChangedBy = by.Who.Name, SecretAt = secret is null ? null : now,
        };
        await database.TransactAsync(async unit =>
        {
            if (await unit.NumberAsync("SELECT COUNT(*) FROM oidc_client") >= Most || (by.Owner.Length > 0
                && await unit.NumberAsync("SELECT COUNT(*) FROM oidc_client WHERE owner = $1", by.Owner) >= MostOfOne))
                throw new TooManyClientsException();
            await unit.ExecuteAsync("""
                INSERT INTO oidc_client (id, name, secret_hash, settings, enabled, owner, created_at, changed_at, changed_by, secret_at)
                VALUES ($1, $2, $3, $4, 1, $5, $6, $6, $7, $8)
                """, client.Id, name, client.SecretHash, ClientJson.Text(settings), client.Owner, now.ToUnixTimeMilliseconds(),
                client.ChangedBy, client.SecretAt?.ToUnixTimeMilliseconds());
            await audit.AddAsync(unit, by.Who, "oidc_client.created", client.Id, new JsonObject { ["name"] = name });
        }, cancellation);
        return (client, secret);
    }

    /// <summary>Changes one. Switched off, all that it has ends.</summary>
    /// <returns>Null: there is none.</returns>
    public Task<OidcClient?> ChangeAsync(KeyGrant by, string id, Func<OidcClient, OidcClient> change, CancellationToken cancellation) =>
        database.TransactAsync(async unit =>
        {
            if (await OidcClient.FindAsync(unit, id) is not { } before) return null;
            var now = clock.GetUtcNow();
            var after = change(before) with { ChangedAt = now, ChangedBy = by.Who.Name };
            await unit.ExecuteAsync(
                "UPDATE oidc_client SET name = $2, settings = $3, enabled = $4, changed_at = $5, changed_by = $6 WHERE id = $1", id,
                after.Name, ClientJson.Text(after.Settings), after.IsEnabled ? 1L : 0L, now.ToUnixTimeMilliseconds(), after.ChangedBy);
            if (!after.IsEnabled) await TokenRows.EndOfClientAsync(unit, id, now);
            await audit.AddAsync(unit, by.Who, "oidc_client.changed", id,
                new JsonObject { ["name"] = after.Name, ["enabled"] = after.IsEnabled });
            return after;
        }, cancellation);

    /// <summary>Gives it another secret; the one before ends at once.</summary>
    /// <returns>Null: there is none, or it is public.</returns>
    public async Task<(OidcClient Client, string Secret)?> RotateAsync(KeyGrant by, string id, CancellationToken cancellation)
    {
        var secret = TokenText.Make(TokenText.Secret);
        var client = await database.TransactAsync(async unit =>
        {
            var changed = await unit.ExecuteAsync(
                "UPDATE oidc_client SET secret_hash = $2, secret_at = $3 WHERE id = $1 AND secret_hash IS NOT NULL", id,
                TokenText.Hash(secret), clock.GetUtcNow().ToUnixTimeMilliseconds());
            if (changed == 0) return null;
            await audit.AddAsync(unit, by.Who, "oidc_client.rotated", id);
            return await OidcClient.FindAsync(unit, id);
        }, cancellation);
        return client is null ? null : (client, secret);
    }

    /// <summary>Forgets one, with all that it has.</summary>
    public async Task RemoveAsync(KeyGrant by, OidcClient client, CancellationToken cancellation)
    {
        await database.TransactAsync(async unit =>
        {
            if (await unit.ExecuteAsync("DELETE FROM oidc_client WHERE id = $1", client.Id) == 0) return;
            await TokenRows.EndOfClientAsync(unit, client.Id, clock.GetUtcNow());
            await LogoutRows.ForgetClientAsync(unit, client.Id);
            await ConsentStore.ForgetClientAsync(unit, client.Id);
            await audit.AddAsync(unit, by.Who, "oidc_client.removed", client.Id, new JsonObject { ["name"] = client.Name });
        }, cancellation);
        signal.Wake();
    }
}

/// <summary>There may be no more clients.</summary>
internal sealed class TooManyClientsException() : Exception("There are too many clients of the OpenID provider.");
