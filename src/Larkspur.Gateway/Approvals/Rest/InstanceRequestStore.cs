using Larkspur.Gateway.Api.Requests;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Approvals;

/// <summary>Which instances were asked for under which key.</summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Performance", "CA1822", Justification = "A store is a service like the others; its statements run on the unit that is given.")]
internal sealed class InstanceRequestStore
{
    /// <summary>The key under which the request is kept: its own, or, of the same body, its word from before keys had owners.</summary>
    public async ValueTask<string> KeyAsync(ISql sql, string app, string key, string hash) => IdempotencyKey.Unowned(key) is { } word
        && await sql.NumberAsync("SELECT created_at FROM approval_request WHERE app = $1 AND request_key = $2 AND request_hash = $3 AND unowned = 1", app, word, hash) is not null ? word : key;

    /// <summary>Notes the request, unless its key is known.</summary>
    /// <returns>The hash of the body that came first under the key.</returns>
    public async ValueTask<string> AddAsync(IUnitOfWork unit, string app, string key, string hash, DateTimeOffset at)
    {
        await unit.ExecuteAsync("INSERT INTO approval_request (app, request_key, request_hash, created_at) VALUES ($1, $2, $3, $4) ON CONFLICT (app, request_key) DO NOTHING",
            app, key, hash, at.ToUnixTimeMilliseconds());
        return (await unit.FirstAsync("SELECT request_hash FROM approval_request WHERE app = $1 AND request_key = $2", static row => row.GetString(0), app, key))!;
    }

    /// <summary>The instance that came of it.</summary>
    public async ValueTask MadeAsync(IUnitOfWork unit, string app, string key, string instance) =>
        await unit.ExecuteAsync("UPDATE approval_request SET instance_code = $3 WHERE app = $1 AND request_key = $2", app, key, instance);

    /// <summary>Forgets requests that are older than any repeat.</summary>
    public static ValueTask<int> PruneAsync(OldBatch old) => old.ExecuteAsync("""
        DELETE FROM approval_request
        WHERE request_key IN (SELECT request_key FROM approval_request WHERE created_at < $1 ORDER BY created_at LIMIT $2) AND created_at < $1
        """);
}
