using System.Text.Json.Nodes;
using Larkspur.Gateway.Api.Keys;
using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Tables.Bases;

/// <summary>The bases that are opened, as administrators open, change and close them.</summary>
internal sealed class BaseStore(IDatabase database, AuditTrail audit, TimeProvider clock)
{
    public const int Most = 1000;

    /// <summary>Of one system: it does not take the others' places.</summary>
    public const int MostOfSystem = 200;

    /// <summary>The base of a name, whoever's it is; null: there is none.</summary>
    public static ValueTask<BaseRow?> FindAsync(ISql sql, string name) =>
        sql.FirstAsync($"SELECT {BaseRow.Columns} FROM table_base WHERE name = $1", BaseRow.Read, name);

    /// <summary>The base of an id; null: it was closed.</summary>
    public static ValueTask<BaseRow?> FindAsync(ISql sql, long id) =>
        sql.FirstAsync($"SELECT {BaseRow.Columns} FROM table_base WHERE id = $1", BaseRow.Read, id);

    /// <summary>All of them, by name.</summary>
    public static ValueTask<List<BaseRow>> AllAsync(ISql sql) =>
        sql.QueryAsync($"SELECT {BaseRow.Columns} FROM table_base ORDER BY name", BaseRow.Read);

    /// <inheritdoc cref="FindAsync(ISql, string)"/>
    public Task<BaseRow?> FindAsync(string name, CancellationToken cancellation) =>
        database.ReadAsync(sql => FindAsync(sql, name), cancellation);

    /// <inheritdoc cref="AllAsync(ISql)"/>
    public Task<List<BaseRow>> AllAsync(CancellationToken cancellation) => database.ReadAsync(AllAsync, cancellation);

    /// <summary>Opens a base, or changes one that is open.</summary>
    /// <param name="by">Who does.</param>
    /// <param name="name">Its name.</param>
    /// <param name="wanted">How it is to be.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <returns>The base as it is, and whether it is new.</returns>
    /// <exception cref="BaseRefusedException">There are too many, or it is another's.</exception>
    public Task<(BaseRow Row, bool IsNew)> PutAsync(KeyGrant by, string name, WantedBase wanted, CancellationToken cancellation) =>
        database.TransactAsync(async unit =>
        {
            var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
            if (await FindAsync(unit, name) is not { } before) return (await OpenAsync(unit, by, name, wanted, now), true);
            Demand(by, before, "name_in_use");
            await unit.ExecuteAsync(
                "UPDATE table_base SET app = $2, app_token = $3, title = $4, owner = $5, changed_at = $6, changed_by = $7 WHERE id = $1",
                before.Id, wanted.App, wanted.AppToken, wanted.Title, wanted.Owner, now, by.Who.Name);
            await audit.AddAsync(unit, by.Who, "base.changed", name, Detail(wanted));
            return ((await FindAsync(unit, before.Id))!, false);
        }, cancellation);

    /// <summary>Closes a base. What stands in it stays as it is.</summary>
    /// <returns>False: for this caller there is none.</returns>
    /// <exception cref="BaseRefusedException"><c>system_not_held</c>: it is there to be read only.</exception>
    public Task<bool> DeleteAsync(KeyGrant by, string name, CancellationToken cancellation) => database.TransactAsync(async unit =>
    {
        if (await FindAsync(unit, name) is not { } before || !by.MayRead(before.Owner) || !by.MayUse(before.App)) return false;
        Demand(by, before, "not_found");
        await unit.ExecuteAsync("DELETE FROM table_base WHERE id = $1", before.Id);
        await audit.AddAsync(unit, by.Who, "base.closed", name, new JsonObject { ["system"] = before.Owner });
        return true;
    }, cancellation);

    private async ValueTask<BaseRow> OpenAsync(IUnitOfWork unit, KeyGrant by, string name, WantedBase wanted, long now)
    {
        if (await unit.NumberAsync("SELECT COUNT(*) FROM table_base") >= Most
            || (wanted.Owner.Length > 0
                && await unit.NumberAsync("SELECT COUNT(*) FROM table_base WHERE owner = $1", wanted.Owner) >= MostOfSystem))
            throw new BaseRefusedException("too_many");
        // Two who open one name at once: the later changes nothing of the earlier's.
        if (await unit.NumberAsync("""
            INSERT INTO table_base (name, app, app_token, title, owner, created_at, changed_at, changed_by)
            VALUES ($1, $2, $3, $4, $5, $6, $6, $7) ON CONFLICT (name) DO NOTHING RETURNING id
            """, name, wanted.App, wanted.AppToken, wanted.Title, wanted.Owner, now, by.Who.Name) is not { } id)
            throw new BaseRefusedException("name_in_use");
        await audit.AddAsync(unit, by.Who, "base.opened", name, Detail(wanted));
        return (await FindAsync(unit, id))!;
    }

    private static void Demand(KeyGrant by, BaseRow before, string missing)
    {
        if (!by.MayRead(before.Owner) || !by.MayUse(before.App)) throw new BaseRefusedException(missing);
        if (!by.MayChange(before.Owner)) throw new BaseRefusedException("system_not_held");
    }

    private static JsonObject Detail(WantedBase wanted) =>
        new() { ["app"] = wanted.App, ["base"] = wanted.AppToken, ["title"] = wanted.Title, ["system"] = wanted.Owner };
}

/// <summary>How a base is to be; it was tried.</summary>
internal sealed record WantedBase(string App, string AppToken, string Title, string Owner);

/// <summary>A base is not opened, changed or closed.</summary>
/// <param name="word"><c>too_many</c>, <c>name_in_use</c>, <c>not_found</c>, <c>system_not_held</c>.</param>
internal sealed class BaseRefusedException(string word) : Exception(word)
{
    public string Word { get; } = word;
}
