using System.Text.Json.Nodes;
using Larkspur.Gateway.Api.Requests;
using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Api.Keys;

/// <summary>The people whose keys are. A key opens nothing any more once its holder may not work, until somebody else has it, with a secret
/// that the one before does not know.</summary>
/// <remarks>What a key made is its system's, whoever holds it: nothing of that changes.</remarks>
internal sealed class KeyHolders(IKeyPeople people, AuditTrail audit, ApiKeyCache cache, TimeProvider clock)
{
    /// <summary>Keeps who may work as it is while a holder is judged: nobody who is just leaving is given a key. To be the
    /// transaction's first statement.</summary>
    public ValueTask LockAsync(IUnitOfWork unit) => people.LockAsync(unit);

    /// <summary>Ends the request where the calling key is somebody's and would learn the secret of a key that is not.</summary>
    /// <exception cref="RequestRefusedException">It would go on after its holder has left.</exception>
    public async ValueTask DemandSameAsync(IUnitOfWork unit, KeyGrant by, string? holder)
    {
        if (!await IsForeignAsync(unit, by, holder)) return;
        throw new RequestRefusedException(StatusCodes.Status403Forbidden, "holder_not_held", "/{id}",
            $"The calling key is somebody's, and this one is not theirs: that takes {ApiScopes.OthersWrite}.");
    }

    private async ValueTask<bool> IsForeignAsync(ISql sql, KeyGrant by, string? holder) =>
        by.Holder is { } own && !by.Has(ApiScopes.OthersWrite)
        && (holder is null || holder != own && (await people.FindAsync(sql, own))?.Id != holder);

    /// <summary>Who is to hold a key, under <see cref="LockAsync"/>.</summary>
    /// <param name="unit">The transaction.</param>
    /// <param name="by">Who says so.</param>
    /// <param name="wanted">The person; null: nobody.</param>
    /// <returns>Their id of today.</returns>
    /// <exception cref="RequestRefusedException">Nobody has the id, they may not work, or the calling key may not give it
    /// them.</exception>
    public async ValueTask<string?> JudgeAsync(IUnitOfWork unit, KeyGrant by, string? wanted)
    {
        var holder = wanted is null ? null : await people.FindAsync(unit, wanted)
            ?? throw RequestRefusedException.Impossible("no_such_person", "/holder", "Nobody has this id.");
        if (holder is { MayWork: false })
            throw RequestRefusedException.Impossible("holder_away", "/holder", "They have left, or are shut out: name somebody else.");
        // A key that ends with its holder could outlive them by another one that it makes.
        if (await IsForeignAsync(unit, by, holder?.Id))
        {
            throw new RequestRefusedException(StatusCodes.Status403Forbidden, "holder_not_held", "/holder",
                $"The calling key is somebody's: a key of somebody else, or of nobody, takes {ApiScopes.OthersWrite}.");
        }

        return holder?.Id;
    }

    /// <summary>The holder may not work any more: their keys open nothing from now on.</summary>
    /// <returns>How many that were.</returns>
    public async ValueTask<int> LeaveAsync(IUnitOfWork unit, Actor who, string holder)
    {
        var ended = await unit.QueryAsync("""
            UPDATE api_key SET left_at = $2, old_hash = NULL, old_until = NULL
            WHERE holder = $1 AND revoked_at IS NULL AND left_at IS NULL RETURNING id, name, prefix
            """, static row => (Id: row.GetInt64(0), Name: row.GetString(1), Prefix: row.GetString(2)),
            holder, clock.GetUtcNow().ToUnixTimeMilliseconds());
        foreach (var key in ended)
        {
            await audit.AddAsync(unit, who, "api_key.holder_left", key.Name,
                new JsonObject { ["prefix"] = key.Prefix, ["holder"] = holder });
            Tell(unit, key.Id);
        }

        return ended.Count;
    }

    /// <summary>Numbers of the keys that somebody holds.</summary>
    public static ValueTask<List<long>> NumbersAsync(ISql sql, string holder) =>
        sql.QueryAsync("SELECT id FROM api_key WHERE holder = $1 ORDER BY id", static row => row.GetInt64(0), holder);

    /// <summary>Keys that somebody holds, or made under a name, and that are not revoked: the newest first.</summary>
    /// <param name="sql">The database.</param>
    /// <param name="holder">The person.</param>
    /// <param name="makers">The names that they acted under.</param>
    /// <param name="most">At most so many.</param>
    public static ValueTask<List<ApiKeyRow>> OfAsync(ISql sql, string holder, IReadOnlyList<string> makers, int most)
    {
        var made = makers.Count == 0 ? ""
            : $" OR created_by IN ({string.Join(", ", Enumerable.Range(2, makers.Count).Select(place => $"${place}"))})";
        return sql.QueryAsync(
            $"SELECT {ApiKeyRow.Columns} FROM api_key WHERE revoked_at IS NULL AND (holder = $1{made}) ORDER BY id DESC LIMIT {most}",
            ApiKeyRow.Read, [holder, .. makers]);
    }

    /// <summary>Keys that were left behind and that nobody has taken over.</summary>
    public static async ValueTask<long> CountLeftAsync(ISql sql) =>
        await sql.NumberAsync("SELECT COUNT(*) FROM api_key WHERE left_at IS NOT NULL AND revoked_at IS NULL") ?? 0;

    /// <summary>Two people are one, or two again: keys are the other's. Their secrets stay.</summary>
    public async ValueTask MoveAsync(IUnitOfWork unit, string from, string into, IEnumerable<long> keys)
    {
        foreach (var key in keys)
        {
            var isMoved = await unit.ExecuteAsync("UPDATE api_key SET holder = $3 WHERE id = $1 AND holder = $2", key, from, into) == 1;
            if (isMoved) Tell(unit, key);
        }
    }

    private void Tell(IUnitOfWork unit, long id) => ApiKeys.Tell(unit, cache, id);
}
