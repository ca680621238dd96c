using System.Data.Common;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Syncs.Sources;

/// <summary>A connection as it is kept.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">A word of <see cref="ISourceKind.Kind"/>.</param>
/// <param name="Owner">The business system whose it is; empty: the administrators'.</param>
/// <param name="Address">Encrypted.</param>
/// <param name="Shown">What may be shown of it.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="ChangedAt">When it was last changed.</param>
/// <param name="ChangedBy">By whom.</param>
internal sealed record ConnectionRow(string Name, string Kind, string Owner, string Address, string Shown, DateTimeOffset CreatedAt,
    DateTimeOffset ChangedAt, string ChangedBy)
{
    private const string Columns = "name, kind, owner, address, shown, created_at, changed_at, changed_by";

    public static ValueTask<ConnectionRow?> FindAsync(ISql sql, string name) =>
        sql.FirstAsync($"SELECT {Columns} FROM sync_connection WHERE name = $1", Read, name);

    /// <summary>All, by name.</summary>
    public static ValueTask<List<ConnectionRow>> AllAsync(ISql sql) =>
        sql.QueryAsync($"SELECT {Columns} FROM sync_connection ORDER BY name", Read);

    public static async ValueTask SaveAsync(IUnitOfWork unit, ConnectionRow row) => await unit.ExecuteAsync("""
        INSERT INTO sync_connection (name, kind, owner, address, shown, created_at, changed_at, changed_by)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        ON CONFLICT (name) DO UPDATE SET kind = excluded.kind, owner = excluded.owner, address = excluded.address, shown = excluded.shown,
          changed_at = excluded.changed_at, changed_by = excluded.changed_by
        """, row.Name, row.Kind, row.Owner, row.Address, row.Shown, row.CreatedAt.ToUnixTimeMilliseconds(),
        row.ChangedAt.ToUnixTimeMilliseconds(), row.ChangedBy);

    public static async ValueTask RemoveAsync(IUnitOfWork unit, string name) =>
        await unit.ExecuteAsync("DELETE FROM sync_connection WHERE name = $1", name);

    /// <summary>The name alone: the address is nothing for logs.</summary>
    public override string ToString() => Name;

    private static ConnectionRow Read(DbDataReader row) => new(row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3),
        row.GetString(4), row.Time(5), row.Time(6), row.GetString(7));
}
