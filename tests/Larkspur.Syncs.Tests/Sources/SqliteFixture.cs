using System.Globalization;
using Larkspur.Gateway.Storage.Sqlite;
using Larkspur.Gateway.Syncs.Sources;
using Larkspur.Gateway.Syncs.Sources.Sqlite;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace Larkspur.Syncs.Tests.Sources;

/// <summary>A company's SQLite file.</summary>
internal sealed class SqliteFixture : SourceFixture
{
    public const string ItemsTable = """
        CREATE TABLE items (id TEXT PRIMARY KEY NOT NULL, title TEXT, amount NUMERIC, done BOOLEAN, at DATETIME, day DATE,
            kind TEXT CHECK (kind IN ('red', 'green')), tags TEXT, note TEXT NOT NULL, size INTEGER NOT NULL DEFAULT 7,
            doubled INTEGER GENERATED ALWAYS AS (size * 2) STORED, changed DATETIME, deleted DATETIME, bytes BLOB)
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("larkspur-source-").FullName;

    private SqliteFixture()
    {
    }

    public string Path => System.IO.Path.Combine(_folder, "erp.db");

    public string OwnFile => System.IO.Path.Combine(_folder, "larkspur.db");

    public ManualTimeProvider Clock { get; } = new(DateTimeOffset.UtcNow + TimeSpan.FromMinutes(5));

    public override SourceConnection Connection => new("erp", "sqlite", "", Path);

    public override ISourceKind Kind => new SqliteSourceKind(Clock, NullLogger<SqliteSourceKind>.Instance,
        new() { OwnFile = OwnFile, Patience = TimeSpan.FromMilliseconds(50) });

    public static async Task<SqliteFixture> CreateAsync()
    {
        SqliteNative.Use();
        var fixture = new SqliteFixture();
        await File.WriteAllBytesAsync(fixture.Path, [], TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(fixture.OwnFile, [], TestContext.Current.CancellationToken);
        await fixture.ExecuteAsync(ItemsTable + "; CREATE TABLE pairs (a TEXT, b INTEGER, v TEXT, PRIMARY KEY (a, b))");
        return fixture;
    }

    public override async Task ExecuteAsync(string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={Path};Pooling=false");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }

    public override async Task<string?> ScalarAsync(string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={Path};Pooling=false");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToString(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture);
    }

    public override ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, true);
        return ValueTask.CompletedTask;
    }
}
