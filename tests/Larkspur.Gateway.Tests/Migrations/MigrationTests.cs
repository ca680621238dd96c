using Larkspur.Gateway.Common;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Storage.Migrations;
using Larkspur.Gateway.Storage.Postgres;
using Larkspur.Gateway.Storage.Sqlite;
using Larkspur.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Larkspur.Gateway.Tests.Migrations;

/// <summary>How numbered scripts become a schema, shown by scripts of the tests' own.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class MigrationTests : IAsyncLifetime
{
    private static readonly MigrationScript First = MigrationScript.FromFile("0001_first.sql",
        "CREATE TABLE thing (id {identity}, name TEXT NOT NULL);");

    private static readonly MigrationScript Second = MigrationScript.FromFile("0002_second.sql", """
        ALTER TABLE thing ADD COLUMN bytes {blob};
        INSERT INTO thing (name) VALUES ('second');
        -- only: postgresql
        INSERT INTO thing (name) VALUES ('postgresql');
        -- only: sqlite
        INSERT INTO thing (name) VALUES ('sqlite');
        -- both
        INSERT INTO thing (name) VALUES ('last');
        """);

    private readonly string _folder = Directory.CreateTempSubdirectory("larkspur-migrations-").FullName;
    private string _address = "";

    public async ValueTask InitializeAsync() => _address = GatewayApp.IsPostgres
        ? await (await PostgresServer.SharedAsync()).CreateDatabaseAsync()
        : Path.Combine(_folder, "larkspur.db");

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Scripts_are_applied_in_order_and_each_once()
    {
        await ApplyAsync(First);
        await ApplyAsync(Second, First);
        await ApplyAsync(Second, First);

        await using var database = await OpenAsync();
        Assert.Equal(["second", GatewayApp.IsPostgres ? "postgresql" : "sqlite", "last"],
            await database.TextsAsync("SELECT name FROM thing ORDER BY id"));
        Assert.Equal(["0001_first.sql", "0002_second.sql"], await database.TextsAsync("SELECT name FROM migration ORDER BY number"));
    }

    [Fact]
    public async Task A_script_that_fails_leaves_nothing_and_those_before_it_stand()
    {
        var broken = MigrationScript.FromFile("0002_second.sql", "CREATE TABLE half (id {identity}); INSERT INTO nowhere VALUES (1);");
        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => ApplyAsync(First, broken));

        await using (var database = await OpenAsync())
        {
            Assert.Equal(["migration", "thing"], await database.TablesAsync());
            Assert.Equal(1, await database.NumberAsync("SELECT MAX(number) FROM migration"));
        }

        await ApplyAsync(First, Second);
        await using var mended = await OpenAsync();
        Assert.Equal(3, await mended.NumberAsync("SELECT COUNT(*) FROM thing"));
    }

    [Fact]
    public async Task A_schema_of_a_newer_program_is_refused()
    {
        await ApplyAsync(First, Second);
        var refusal = await Assert.ThrowsAsync<SettingsException>(() => ApplyAsync(First));
        Assert.Contains("newer Larkspur (schema 2, this one knows 1)", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_schema_made_by_other_scripts_is_refused_though_its_number_is_known()
    {
        await ApplyAsync(MigrationScript.FromFile("0001_another.sql", First.Text), Second);
        var refusal = await Assert.ThrowsAsync<SettingsException>(() => ApplyAsync(First, Second));
        Assert.Contains("0001_another.sql", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_script_may_take_longer_than_any_statement_of_the_gateway()
    {
        Assert.SkipUnless(GatewayApp.IsPostgres, "SQLite ends no statement by itself.");
        await ApplyAsync(_address + ";Command Timeout=1;Options=-c statement_timeout=1000",
            First, MigrationScript.FromFile("0002_slow.sql", "SELECT pg_sleep(1.2);"));
        await using var database = await OpenAsync();
        Assert.Equal(2, await database.NumberAsync("SELECT MAX(number) FROM migration"));
    }

    [Fact]
    public async Task A_starter_goes_on_with_what_the_one_before_it_made()
    {
        Assert.SkipUnless(GatewayApp.IsPostgres, "SQLite has one process.");
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => ApplyAsync(First, Second)));
        await using var database = await OpenAsync();
        Assert.Equal(3, await database.NumberAsync("SELECT COUNT(*) FROM thing"));
    }

    private Task<RawDatabase> OpenAsync() => RawDatabase.OpenAsync(_address);

    private Task ApplyAsync(params MigrationScript[] scripts) => ApplyAsync(_address, scripts);

    private static async Task ApplyAsync(string address, params MigrationScript[] scripts)
    {
        var set = new MigrationSet(scripts);
        if (GatewayApp.IsPostgres)
        {
            await using var source = NpgsqlDataSource.Create(address + ";Pooling=false");
            await PostgresMigrations.ApplyAsync(source, set, TimeProvider.System, NullLogger.Instance);
            return;
        }

        SqliteNative.Use();
        using var file = SqliteFile.Open(address, readOnly: false, TimeSpan.FromSeconds(5));
        SqliteMigrations.Apply(file, set, TimeProvider.System, NullLogger.Instance);
    }
}
