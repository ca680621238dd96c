using System.Globalization;
using System.Security.Cryptography;
using Larkspur.Gateway.Storage.Migrations;
using Larkspur.Gateway.Storage.Postgres;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Larkspur.Testing;

/// <summary>A PostgreSQL cluster of the tests' own: in a temporary folder, on a free port of 127.0.0.1, with a password nobody else knows.</summary>
/// <remarks>
/// Made by Debian's package <c>postgresql</c> (programs in PATH, else the newest <c>/usr/lib/postgresql/*/bin</c>). As root it runs as the user
/// <c>postgres</c>, because PostgreSQL refuses root. It ends, and its folder with it, when it is disposed or when this process ends, however that happens.
/// </remarks>
public sealed class PostgresServer : IAsyncDisposable
{
    private const string Superuser = "larkspur";
    private const int LongestSocketFolder = 80; // of the 107 bytes that Linux gives to a socket's path

    private static readonly Lazy<Task<PostgresServer>> TheShared = new(() => StartAsync(durable: false));

    private readonly PostgresPrograms _programs;
    private readonly PostgresFolder _folder;
    private readonly string _password = RandomNumberGenerator.GetHexString(32, lowercase: true);
    private readonly Lazy<Task<string>> _migrated;
    private int _databases;

    private PostgresServer(PostgresPrograms programs, PostgresFolder folder)
    {
        (_programs, _folder) = (programs, folder);
        _migrated = new(MigrateAsync);
    }

    /// <summary>Stays the same over restarts.</summary>
    public int Port { get; private set; }

    /// <summary>The server's process while it runs.</summary>
    public int? ProcessId => _folder.ServerProcessId;

    /// <summary>What the server logged: for messages of failed tests.</summary>
    public string Log => File.Exists(LogFile) ? File.ReadAllText(LogFile) : "";

    private string Data => Path.Combine(_folder.Path, "data");

    private string LogFile => Path.Combine(_folder.Path, "log");

    /// <summary>The cluster that all tests of this process share. It gives up durability (<c>fsync=off</c>) for speed, and autovacuum, which would go round a thousand
    /// databases ten times a second; nobody may stop it.</summary>
    public static Task<PostgresServer> SharedAsync() => TheShared.Value;

    /// <summary>A cluster for one test, which may stop, kill and restart it; durable as PostgreSQL is by default.</summary>
    public static Task<PostgresServer> StartPrivateAsync() => StartAsync(durable: true);

    /// <summary>Ends when the work has ended, or something in the database waits for a lock.</summary>
    public static async Task LockedOrAsync(string database, Task work, CancellationToken cancellation)
    {
        await using var source = NpgsqlDataSource.Create(database);
        await using var command = source.CreateCommand(
            "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'");
        while (!work.IsCompleted && (long)(await command.ExecuteScalarAsync(cancellation))! == 0)
        {
            // Each look is a round trip to the server.
        }
    }

    /// <summary>Makes an empty database.</summary>
    /// <returns>A connection string as Npgsql reads it.</returns>
    public Task<string> CreateDatabaseAsync() => CreateDatabaseAsync("template1");

    /// <summary>Makes a database with the gateway's newest schema and no rows: every start of a gateway would make it, and there are many of them.</summary>
    /// <returns>A connection string as Npgsql reads it.</returns>
    public async Task<string> CreateMigratedDatabaseAsync() => await CreateDatabaseAsync(await _migrated.Value);

    private async Task<string> CreateDatabaseAsync(string template)
    {
        var name = $"test_{Interlocked.Increment(ref _databases)}";
        await using var connection = new NpgsqlConnection(AddressOf("postgres") + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand($"CREATE DATABASE {name} TEMPLATE {template}", connection);
        await command.ExecuteNonQueryAsync();
        return AddressOf(name);
    }

    private async Task<string> MigrateAsync()
    {
        var address = await CreateDatabaseAsync();
        await using var source = NpgsqlDataSource.Create(address + ";Pooling=false"); // nobody may be connected to a template
        await PostgresMigrations.ApplyAsync(source, MigrationScript.All, TimeProvider.System, NullLogger.Instance);
        return address[(address.LastIndexOf('=') + 1)..];
    }

    /// <remarks>A connection costs the server some 50 ms of processor time, and a gateway would open twenty in its first second.</remarks>
    private string AddressOf(string database) =>
        $"Host=127.0.0.1;Port={Port};Username={Superuser};Password={_password};Maximum Pool Size=8;Timeout=15;Database={database}";

    /// <summary>Copies a database as it is now.</summary>
    /// <returns>The copy's connection string.</returns>
    public async Task<string> CopyDatabaseAsync(string connectionString)
    {
        var copy = await CreateDatabaseAsync();
        var environment = new Dictionary<string, string> { ["PGPASSWORD"] = _password };
        var dump = Path.Combine(_folder.Path, NameOf(copy) + ".sql");
        string[] server = ["-h", "127.0.0.1", "-p", Port.ToString(), "-U", Superuser];
        await _programs.RunAsync("pg_dump", [.. server, "-d", NameOf(connectionString), "-f", dump], _folder.Path, environment);
        await _programs.RunAsync("psql", ["-X", "-q", "-v", "ON_ERROR_STOP=1", .. server, "-d", NameOf(copy), "-f", dump], _folder.Path, environment);
        return copy;

        static string NameOf(string connection) => connection[(connection.LastIndexOf('=') + 1)..];
    }

    /// <summary>Lets one of the gateways' sessions stand still, one that works if there is one, with all the locks that it holds.</summary>
    /// <param name="address">The connection string of their database.</param>
    /// <param name="for">How long.</param>
    /// <param name="cancellation">It goes on at once.</param>
    public async Task FreezeSessionAsync(string address, TimeSpan @for, CancellationToken cancellation)
    {
        var session = await StopSomeSessionAsync(address[(address.LastIndexOf('=') + 1)..]);
        try
        {
            await Task.Delay(@for, cancellation);
        }
        finally
        {
            await ProcessSignal.ContinueAsync(session);
        }
    }

    private async Task<int> StopSomeSessionAsync(string database)
    {
        // One that is found may end before it is stopped.
        for (var i = 0; i < 20; i++)
        {
            var found = await SqlAsync($"""
                SELECT pid FROM pg_stat_activity WHERE datname = '{database}' AND application_name LIKE 'larkspur%'
                ORDER BY (state = 'active') DESC, random() LIMIT 1
                """);
            if (int.TryParse(found, CultureInfo.InvariantCulture, out var session) && await ProcessSignal.StopAsync(session)) return session;
        }

        throw new InvalidOperationException("No gateway has a session that can be stopped.");
    }

    /// <summary>Runs one statement as superuser.</summary>
    /// <returns>The rows' values, as psql prints them unaligned.</returns>
    public async Task<string> SqlAsync(string sql, string database = "postgres")
    {
        var environment = new Dictionary<string, string> { ["PGPASSWORD"] = _password, ["PGCONNECT_TIMEOUT"] = "10" };
        string[] arguments = ["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-p", Port.ToString(), "-U", Superuser, "-d", database, "-c", sql];
        return (await _programs.RunAsync("psql", arguments, _folder.Path, environment)).Trim();
    }

    /// <summary>Stops it and keeps the data.</summary>
    /// <param name="immediate">True: without a checkpoint, connections are cut; the next start recovers from the log. False: fast, transactions are rolled back and all is written.</param>
    public Task StopAsync(bool immediate = false) =>
        _programs.RunAsync("pg_ctl", ["stop", "-D", Data, "-w", "-t", "60", "-m", immediate ? "immediate" : "fast"], _folder.Path);

    /// <summary>SIGKILL to the server and every process of it: nothing is flushed that was not.</summary>
    public Task KillAsync() => _folder.KillServerAsync();

    /// <summary>Starts it again on the same port, after any way of ending, and waits until it takes connections.</summary>
    public Task StartAgainAsync() => LaunchAsync();

    /// <summary>Stops and starts it.</summary>
    /// <param name="immediate">See <see cref="StopAsync"/>.</param>
    public async Task RestartAsync(bool immediate = false)
    {
        await StopAsync(immediate);
        await StartAgainAsync();
    }

    public ValueTask DisposeAsync() => _folder.DisposeAsync();

    private static async Task<PostgresServer> StartAsync(bool durable)
    {
        var programs = PostgresPrograms.Find();
        var folder = await PostgresFolder.CreateAsync(programs);
        var server = new PostgresServer(programs, folder);
        try
        {
            await server.InitialiseAsync(durable);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    private async Task InitialiseAsync(bool durable)
    {
        var secret = Path.Combine(_folder.Path, "secret");
        await File.WriteAllTextAsync(secret, _password);
        await _programs.OwnAsync(_folder.Path);
        await _programs.RunAsync("initdb",
            ["-D", Data, "-U", Superuser, "--pwfile", secret, "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--no-sync", "--no-instructions"], _folder.Path);
        File.Delete(secret);
        await File.AppendAllTextAsync(Path.Combine(Data, "postgresql.conf"), Settings(durable));

        // Between the look at the port and the start another may take it.
        for (var attempt = 1; ; attempt++)
        {
            Port = OwnPort.Take();
            try
            {
                await LaunchAsync();
                return;
            }
            catch (InvalidOperationException) when (attempt < 5 && Log.Contains("Address already in use", StringComparison.Ordinal))
            {
                File.Delete(LogFile);
            }
        }
    }

    private Task LaunchAsync() =>
        _programs.RunAsync("pg_ctl", ["start", "-D", Data, "-w", "-t", "60", "-l", LogFile, "-o", $"-p {Port}"], _folder.Path, failure: () => Log);

    private string Settings(bool durable) => $"""

        listen_addresses = '127.0.0.1'
        unix_socket_directories = '{(_folder.Path.Length <= LongestSocketFolder ? _folder.Path : "")}'
        max_connections = 600
        shared_buffers = 32MB
        timezone = 'UTC'
        log_timezone = 'UTC'
        {(durable ? "" : "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\nautovacuum_naptime = 1h")}

        """;
}
