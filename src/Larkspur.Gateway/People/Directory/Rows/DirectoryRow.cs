using System.Text.Json;
using Larkspur.Gateway.People.Directory.Reading;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.People.Directory.Rows;

/// <summary>A company's directory on a platform, as one app reads it.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Platform">Where it is.</param>
/// <param name="App">Who reads it.</param>
/// <param name="Company">The company, as the platform names it.</param>
/// <param name="Credentials">Of the app in the last complete run, hashed; empty: none was complete yet.</param>
/// <param name="Range">What the app could see in that run.</param>
/// <param name="CompleteAt">When that ended; null: none was complete yet.</param>
internal sealed record DirectoryRow(
    long Id, string Platform, string App, string Company, string Credentials, IReadOnlyList<string> Range, DateTimeOffset? CompleteAt)
{
    private const string Columns = "id, platform, app, company, credentials, seen_range, complete_at";

    /// <summary>The directory that an app reads; it is made when there is none yet. Another company is another question to an
    /// administrator, and no other directory: who was in the one before is not a colleague for ever.</summary>
    public static async ValueTask<DirectoryRow> GetOrCreateAsync(IUnitOfWork unit, string platform, string app, string company)
    {
        await unit.ExecuteAsync("""
            INSERT INTO directory (platform, app, company, credentials, seen_range) VALUES ($1, $2, $3, '', '[]')
            ON CONFLICT (platform, app) DO NOTHING
            """, platform, app, company);
        return (await FindAsync(unit, platform, app))!;
    }

    public static ValueTask<DirectoryRow?> FindAsync(ISql sql, string platform, string app) =>
        sql.FirstAsync($"SELECT {Columns} FROM directory WHERE platform = $1 AND app = $2", Read, platform, app);

    public static ValueTask<List<DirectoryRow>> AllAsync(ISql sql) =>
        sql.QueryAsync($"SELECT {Columns} FROM directory ORDER BY id", Read);

    /// <summary>A run was complete.</summary>
    public static async ValueTask CompletedAsync(IUnitOfWork unit, long id, IDirectoryReading reading, DateTimeOffset at) =>
        await unit.ExecuteAsync("UPDATE directory SET company = $5, credentials = $2, seen_range = $3, complete_at = $4 WHERE id = $1",
            id, reading.Credentials, JsonSerializer.Serialize(reading.Range), at.ToUnixTimeMilliseconds(), reading.Company);

    private static DirectoryRow Read(System.Data.Common.DbDataReader row) =>
        new(row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4),
        JsonSerializer.Deserialize<string[]>(row.GetString(5))!, row.TimeOrNull(6));
}
