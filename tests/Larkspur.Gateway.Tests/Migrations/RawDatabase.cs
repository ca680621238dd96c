using System.Data.Common;
using System.Globalization;
using Larkspur.Gateway.Storage.Sqlite;
using Larkspur.Testing;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Larkspur.Gateway.Tests.Migrations;

/// <summary>A database of the kind that the tests run on, without a gateway.</summary>
internal sealed class RawDatabase : IAsyncDisposable
{
    private readonly DbConnection _connection;

    private RawDatabase(DbConnection connection) => _connection = connection;

    /// <param name="address">A file's path, or a connection string when the tests run on PostgreSQL.</param>
    public static async Task<RawDatabase> OpenAsync(string address)
    {
        if (!GatewayApp.IsPostgres) SqliteNative.Use();
        var database = new RawDatabase(GatewayApp.IsPostgres
            ? new NpgsqlConnection(address + ";Pooling=false")
            : new SqliteConnection($"Data Source={address};Pooling=False"));
        await database._connection.OpenAsync(TestContext.Current.CancellationToken);
        return database;
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    public async Task RunAsync(string sql)
    {
        await using var command = Command(sql);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    public async Task<long> NumberAsync(string sql)
    {
        await using var command = Command(sql);
        return Convert.ToInt64(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken), CultureInfo.InvariantCulture);
    }

    public async Task<IReadOnlyList<string>> TextsAsync(string sql)
    {
        await using var command = Command(sql);
        await using var rows = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        var texts = new List<string>();
        while (await rows.ReadAsync(TestContext.Current.CancellationToken)) texts.Add(rows.GetString(0));
        return texts;
    }

    /// <summary>Names of all tables, in order.</summary>
    public Task<IReadOnlyList<string>> TablesAsync() => TextsAsync(GatewayApp.IsPostgres
        ? "SELECT table_name::text FROM information_schema.tables WHERE table_schema = current_schema() ORDER BY 1"
        : "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY 1");

    private DbCommand Command(string sql)
    {
        var command = _connection.CreateCommand();
#pragma warning disable CA2100 // Statements of the tests.
        command.CommandText = sql;
#pragma warning restore CA2100
        return command;
    }
}
