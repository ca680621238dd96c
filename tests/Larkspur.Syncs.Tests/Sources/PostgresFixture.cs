using Larkspur.Gateway.Syncs.Sources;
using Larkspur.Gateway.Syncs.Sources.Postgres;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Larkspur.Syncs.Tests.Sources;

/// <summary>A company's PostgreSQL database, on a server whose log can be decoded.</summary>
internal sealed class PostgresFixture : SourceFixture
{
    private static readonly Lazy<Task<PostgresServer>> Server = new(StartAsync);

    private readonly NpgsqlDataSource _database;
    private readonly bool _isGuest;

    private PostgresFixture(string address, PostgresSourceOptions options, bool isGuest = false)
    {
        _isGuest = isGuest;
        (Address, Options) = (address, options);
        _database = NpgsqlDataSource.Create(address + ";Pooling=false");
    }

    public string Address { get; }

    public PostgresSourceOptions Options { get; }

    public ManualTimeProvider Clock { get; } = new(DateTimeOffset.UtcNow);

    public override SourceConnection Connection => new("erp", "postgresql", "", Address);

    public override ISourceKind Kind => new PostgresSourceKind(Clock, NullLogger<PostgresSourceKind>.Instance, Options);

    public static async Task<PostgresFixture> CreateAsync(params string[] captures)
    {
        var fixture = new PostgresFixture(await (await Server.Value).CreateDatabaseAsync(), new()
        {
            LockPatience = TimeSpan.FromMilliseconds(50), Captures = captures.Length > 0 ? captures : new PostgresSourceOptions().Captures,
        });
        await fixture.ExecuteAsync("""
            CREATE TYPE colour AS ENUM ('red', 'green');
            CREATE TABLE items (id text PRIMARY KEY, title text, amount numeric, done boolean, at timestamptz, day date,
                kind colour, tags text[], note text NOT NULL, size integer NOT NULL DEFAULT 7,
                doubled bigint GENERATED ALWAYS AS (size::bigint * 2) STORED, changed timestamp, deleted timestamptz, bytes bytea);
            CREATE TABLE pairs (a text, b integer, v text, PRIMARY KEY (a, b))
            """);
        return fixture;
    }

    /// <summary>The same database, for a gateway that hears of changes in other ways.</summary>
    public PostgresFixture With(params string[] captures) => new(Address, Options with { Captures = captures }, true);

    public async Task<NpgsqlConnection> ConnectAsync() => await _database.OpenConnectionAsync(TestContext.Current.CancellationToken);

    public override async Task ExecuteAsync(string sql)
    {
        await using var command = _database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    public override async Task<string?> ScalarAsync(string sql)
    {
        await using var command = _database.CreateCommand($"SELECT q::text FROM ({sql}) AS of (q)");
        return await command.ExecuteScalarAsync() as string;
    }

    /// <summary>Ends when all transactions of the server that began before now have ended. Each look is a round trip.</summary>
    public async Task SettleAsync()
    {
        var now = ulong.Parse((await ScalarAsync("SELECT pg_current_xact_id()"))!);
        while (ulong.Parse((await ScalarAsync("SELECT pg_snapshot_xmin(pg_current_snapshot())"))!) <= now)
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
    }

    /// <summary>As another role of the server, which has a name and no rights but those that a test gives it.</summary>
    public async Task<SourceConnection> ForRoleAsync(string rights)
    {
        var role = "role_" + Guid.NewGuid().ToString("N")[..12];
        await ExecuteAsync($"CREATE ROLE {role} LOGIN PASSWORD 'secret-of-role'; {rights.Replace("ROLE", role, StringComparison.Ordinal)}");
        var address = new NpgsqlConnectionStringBuilder(Address) { Username = role, Password = "secret-of-role" };
        return Connection with { Address = address.ToString() };
    }

    public override async ValueTask DisposeAsync()
    {
        // A server has few slots.
        if (!_isGuest) await ExecuteAsync(
            "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE database = current_database()");
        await _database.DisposeAsync();
    }

    private static async Task<PostgresServer> StartAsync()
    {
        var server = await PostgresServer.StartPrivateAsync();
        await server.SqlAsync("ALTER SYSTEM SET wal_level = 'logical'");
        await server.SqlAsync("ALTER SYSTEM SET max_replication_slots = 50");
        await server.RestartAsync();
        return server;
    }
}
