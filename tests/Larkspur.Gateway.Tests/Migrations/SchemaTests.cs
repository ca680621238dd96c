using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Storage.Migrations;
using Larkspur.Testing;

namespace Larkspur.Gateway.Tests.Migrations;

/// <summary>The schema that a new database gets.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class SchemaTests : IAsyncLifetime
{
    /// <summary>Words that the glossary has replaced.</summary>
    private static readonly string[] Replaced =
        ["notice", "matter", "destination", "callback", "story", "life", "settled", "part", "deed", "keeper", "desk", "book"];

    private readonly string _folder = Directory.CreateTempSubdirectory("larkspur-schema-").FullName;
    private RawDatabase _database = null!;

    public async ValueTask InitializeAsync()
    {
        var address = GatewayApp.IsPostgres
            ? await (await PostgresServer.SharedAsync()).CreateDatabaseAsync()
            : Path.Combine(_folder, "larkspur.db");
        _database = await RawDatabase.OpenAsync(address);
        await _database.RunAsync(FirstSchema().Sql(GatewayApp.IsPostgres ? Dialect.Postgres : Dialect.Sqlite));
    }

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Tables_and_columns_are_named_in_the_words_of_the_glossary()
    {
        var names = await _database.TextsAsync(GatewayApp.IsPostgres
            ? "SELECT table_name || '.' || column_name FROM information_schema.columns "
                + "WHERE table_schema = current_schema() AND table_name NOT LIKE 'qrtz_%'"
            : "SELECT t.name || '.' || c.name FROM sqlite_master AS t, pragma_table_info(t.name) AS c WHERE t.type = 'table'");
        Assert.Contains("row_history.replay_count", names);
        Assert.DoesNotContain(names, name => name.Split('.', '_').Intersect(Replaced).Any());
    }

    [Fact]
    public async Task It_has_every_partition_and_every_revision_from_the_beginning()
    {
        Assert.Equal(Gateway.Storage.Leases.Partitions.Count, await _database.NumberAsync("SELECT COUNT(*) FROM lease WHERE node IS NULL"));
        Assert.Equal(
            ["card_templates", "commands", "failing_webhooks", "identity_providers", "key_ring", "oidc_keys", "people",
                "permissions", "resolving", "robots", "settings", "user_authorizations", "webhooks"],
            await _database.TextsAsync("SELECT name FROM revision ORDER BY name"));
    }

    [Fact]
    public void Its_lines_can_be_read_and_every_switch_of_the_database_ends()
    {
        var lines = FirstSchema().Text.Split('\n');
        Assert.All(lines, line => Assert.True(line.Length <= 140, line));
        Assert.Equal("-- both", lines.Last(line => line.StartsWith("-- only: ", StringComparison.Ordinal) || line == "-- both"));
    }

    private static MigrationScript FirstSchema() => Assert.Single(MigrationScript.All.Scripts, s => s.Number == 1);
}
