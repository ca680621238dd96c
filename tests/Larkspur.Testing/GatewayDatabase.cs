using System.Data.Common;
using System.Diagnostics.Metrics;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Storage.Sqlite;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Larkspur.Testing;

/// <summary>
/// The database of a gateway under test, named by its data folder. <c>LARKSPUR_TEST_DB=postgresql</c> takes a fresh database of the tests' own PostgreSQL in place of
/// a file: the same tests run on both.
/// </summary>
internal static class GatewayDatabase
{
    /// <summary>Whether these tests run on PostgreSQL.</summary>
    public static bool IsPostgres { get; } = Environment.GetEnvironmentVariable("LARKSPUR_TEST_DB") == "postgresql";

    /// <summary>A new database in a new folder, with the newest schema: most tests are not about how it comes about, and there are hundreds of them.</summary>
    public static async Task PrepareAsync(string folder)
    {
        if (IsPostgres) await File.WriteAllTextAsync(Marker(folder), await (await PostgresServer.SharedAsync()).CreateMigratedDatabaseAsync());
        else await File.WriteAllBytesAsync(Path.Combine(folder, "larkspur.db"), await MigratedFile.Value);
    }

    /// <summary>The value of <c>LARKSPUR_DB</c>; the database is made when the folder has none.</summary>
    public static async Task<string> AddressAsync(string folder)
    {
        if (!IsPostgres) return "";
        if (!File.Exists(Marker(folder))) await File.WriteAllTextAsync(Marker(folder), await (await PostgresServer.SharedAsync()).CreateDatabaseAsync());
        return await File.ReadAllTextAsync(Marker(folder));
    }

    /// <summary>Copies the data as a process killed at this instant would leave it. Nothing may be writing meanwhile.</summary>
    public static async Task CopyAsync(string from, string to)
    {
        if (IsPostgres)
        {
            await File.WriteAllTextAsync(Marker(to), await (await PostgresServer.SharedAsync()).CopyDatabaseAsync(await AddressAsync(from)));
            return;
        }

        foreach (var file in Directory.EnumerateFiles(from).Where(f => !f.EndsWith(".lock", StringComparison.Ordinal) && !f.EndsWith("-shm", StringComparison.Ordinal)))
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
    }

    /// <summary>Lets nobody write until it is disposed.</summary>
    public static async Task<IAsyncDisposable> HoldAsync(string folder)
    {
        DbConnection connection = IsPostgres
            ? new NpgsqlConnection(await AddressAsync(folder))
            : new SqliteConnection($"Data Source={Path.Combine(folder, "larkspur.db")};Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = IsPostgres ? "BEGIN; LOCK TABLE inbox_seen, outbox, heartbeat IN EXCLUSIVE MODE" : "BEGIN IMMEDIATE";
        await command.ExecuteNonQueryAsync();
        return connection; // closing it ends the transaction
    }

    private static readonly Lazy<Task<byte[]>> MigratedFile = new(static async () =>
    {
        var folder = Directory.CreateTempSubdirectory("larkspur-migrated-").FullName;
        try
        {
            var path = Path.Combine(folder, "larkspur.db");
            using var meter = new Meter("Larkspur.Testing");
            await SqliteDatabase.Open(path, TimeProvider.System, new StorageMetrics(meter), NullLogger.Instance).DisposeAsync();
            return await File.ReadAllBytesAsync(path);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    });

    private static string Marker(string folder) => Path.Combine(folder, "postgresql");
}
