using System.Data.Common;
using System.Text.Json;
using Larkspur.Gateway.People.Directory.Reading;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.People.Directory.Rows;

/// <summary>What is kept of a department.</summary>
internal sealed record DepartmentRow(long Id, long Directory, DirectoryDepartment Told, string Hash, DateTimeOffset ReadAt,
    DateTimeOffset? GoneAt)
{
    public const string Columns = "d.id, d.directory, d.dept_key, d.parent, d.name, d.en_name, d.custom_id, d.sort_key,"
        + " d.leaders, d.hash, d.read_at, d.gone_at";

    public static DepartmentRow Read(DbDataReader row) =>
        new(row.GetInt64(0), row.GetInt64(1), new DirectoryDepartment(row.GetString(2), row.Text(3), row.Text(4))
    {
        EnName = row.Text(5), CustomId = row.Text(6), SortKey = row.GetString(7), Leaders = row.Text(8) is { } leaders
            ? JsonSerializer.Deserialize<string[]>(leaders) : null,
    }, row.GetString(9), row.Time(10), row.TimeOrNull(11));

    /// <summary>All of a directory, those that are gone too, by key.</summary>
    public static async ValueTask<Dictionary<string, DepartmentRow>> AllAsync(ISql sql, long directory) =>
        (await sql.QueryAsync($"SELECT {Columns} FROM directory_department d WHERE d.directory = $1", Read, directory)).ToDictionary(r =>
            r.Told.Key, StringComparer.Ordinal);

    public static ValueTask<DepartmentRow?> FindAsync(ISql sql, long directory, string key) =>
        sql.FirstAsync($"SELECT {Columns} FROM directory_department d WHERE d.directory = $1 AND d.dept_key = $2", Read, directory, key);

    /// <summary>Names of departments by their keys, also of those that are gone; who has none is left out.</summary>
    public static async ValueTask<Dictionary<string, string>> NamesAsync(
        ISql sql, Dialect dialect, long directory, IEnumerable<string> keys) => (await sql.QueryAsync($"""
            SELECT dept_key, name FROM directory_department
            WHERE directory = $1 AND name IS NOT NULL AND dept_key {IdList.In(dialect, "$2")}
            """, static row => KeyValuePair.Create(row.GetString(0), row.GetString(1)), directory, IdList.Of(dialect, keys)))
        .ToDictionary(StringComparer.Ordinal);

    public static async ValueTask WriteAsync(IUnitOfWork unit, long directory, DirectoryDepartment told, string hash,
        DateTimeOffset askedAt, DateTimeOffset now) => await unit.ExecuteAsync("""
        INSERT INTO directory_department (directory, dept_key, parent, name, en_name, custom_id, sort_key, leaders, hash, read_at,
            changed_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
        ON CONFLICT (directory, dept_key) DO UPDATE SET parent = $3, name = $4, en_name = $5, custom_id = $6, sort_key = $7, leaders = $8,
            hash = $9, read_at = $10, changed_at = $11, gone_at = NULL
        """, directory, told.Key, told.Parent, told.Name, told.EnName, told.CustomId, told.SortKey,
            told.Leaders is { } leaders ? JsonSerializer.Serialize(leaders) : null,
        hash, askedAt.ToUnixTimeMilliseconds(), now.ToUnixTimeMilliseconds());

    public static async ValueTask GoneAsync(IUnitOfWork unit, long id, DateTimeOffset askedAt, DateTimeOffset now) =>
        await unit.ExecuteAsync(
        "UPDATE directory_department SET gone_at = $2, changed_at = $2, read_at = $3, hash = '' WHERE id = $1", id,
            now.ToUnixTimeMilliseconds(), askedAt.ToUnixTimeMilliseconds());
}
