using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.People.OpenId.Authorizing;

/// <summary>What people have allowed clients.</summary>
internal static class ConsentStore
{
    /// <summary>All that is asked for was allowed before.</summary>
    public static async Task<bool> HasAsync(IDatabase database, string person, AuthorizeRequest request, CancellationToken cancellation)
    {
        var given = await database.ReadAsync(sql => FindAsync(sql, person, request.Client.Id), cancellation);
        return request.Scopes.All(given.Contains);
    }

    /// <summary>Keeps it besides what was allowed before.</summary>
    public static async ValueTask GiveAsync(IUnitOfWork unit, string person, AuthorizeRequest request, DateTimeOffset now)
    {
        var all = OpenIdScopes.All.Where((await FindAsync(unit, person, request.Client.Id)).Concat(request.Scopes).Contains);
        await unit.ExecuteAsync("""
            INSERT INTO oidc_consent (person, client, scopes, given_at) VALUES ($1, $2, $3, $4)
            ON CONFLICT (person, client) DO UPDATE SET scopes = excluded.scopes, given_at = excluded.given_at
            """, person, request.Client.Id, OpenIdScopes.Text(all), now.ToUnixTimeMilliseconds());
    }

    public static async ValueTask ForgetPersonAsync(IUnitOfWork unit, string person) =>
        await unit.ExecuteAsync("DELETE FROM oidc_consent WHERE person = $1", person);

    public static async ValueTask ForgetClientAsync(IUnitOfWork unit, string client) =>
        await unit.ExecuteAsync("DELETE FROM oidc_consent WHERE client = $1", client);

    private static async ValueTask<string[]> FindAsync(ISql sql, string person, string client) => OpenIdScopes.Of(await sql.FirstAsync(
        "SELECT scopes FROM oidc_consent WHERE person = $1 AND client = $2", static row => (string?)row.GetString(0), person, client));
}
