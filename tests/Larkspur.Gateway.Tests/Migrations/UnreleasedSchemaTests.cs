using Larkspur.Gateway.Common;
using Larkspur.Testing;

namespace Larkspur.Gateway.Tests.Migrations;

/// <summary>A database that Larkspur made before its first release, by other scripts under the same numbers.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class UnreleasedSchemaTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("larkspur-unreleased-").FullName;
    private readonly Dictionary<string, string?> _settings = [];
    private string _address = "";

    public async ValueTask InitializeAsync()
    {
        if (GatewayApp.IsPostgres) _settings["LARKSPUR_DB"] = _address = await (await PostgresServer.SharedAsync()).CreateDatabaseAsync();
        else _address = Path.Combine(_folder, "larkspur.db");
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData(1)]
    [InlineData(42)]
    public async Task Is_refused_with_what_to_do_and_left_as_it_is(int scripts)
    {
        await using (var database = await RawDatabase.OpenAsync(_address))
        {
            await database.RunAsync("CREATE TABLE migration (number INTEGER PRIMARY KEY, name TEXT NOT NULL, applied_at BIGINT NOT NULL)");
            await database.RunAsync("CREATE TABLE inbox (id BIGINT NOT NULL PRIMARY KEY, life INTEGER NOT NULL)");
            await database.RunAsync("INSERT INTO migration VALUES (1, '0001_inbox_outbox.sql', 0)");
            for (var i = 2; i <= scripts; i++) await database.RunAsync($"INSERT INTO migration VALUES ({i}, '{i:0000}_unreleased.sql', 0)");
        }

        var refusal = await Assert.ThrowsAsync<SettingsException>(() => GatewayApp.StartAsync("http://127.0.0.1:1", _settings, _folder));
        Assert.Contains("before its first release", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("0001_inbox_outbox.sql", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("LARKSPUR_DATA", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("newer", refusal.Message, StringComparison.Ordinal);

        await using var after = await RawDatabase.OpenAsync(_address);
        Assert.Equal(["inbox", "migration"], await after.TablesAsync());
        Assert.Equal(scripts, await after.NumberAsync("SELECT COUNT(*) FROM migration"));
    }
}
