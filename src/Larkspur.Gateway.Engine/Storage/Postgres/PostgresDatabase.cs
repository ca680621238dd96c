using Larkspur.Gateway.Common;
using Larkspur.Gateway.Storage.Migrations;
using Npgsql;

namespace Larkspur.Gateway.Storage.Postgres;

/// <summary>PostgreSQL behind a bounded pool. Every transaction has a connection of its own; the server makes one flush of those that commit together.</summary>
internal sealed partial class PostgresDatabase : IDatabase
{
    /// <summary>What the processes tell each other on.</summary>
    public const string NotificationChannel = "larkspur";

    private const int MaxWaiting = 10_000;
    private const int MaxRuns = 5;

    private readonly NpgsqlDataSource _source;
    private readonly PostgresAnnouncer? _announcer;
    private readonly StorageMetrics _metrics;
    private readonly ILogger _logger;
    private int _running;
    private int _disposed;

    private PostgresDatabase(NpgsqlDataSource source, PostgresDatabase? apart, StorageMetrics metrics, ILogger logger)
    {
        (_source, Apart, _metrics, _logger) = (source, apart ?? this, metrics, logger);
        _announcer = apart is null ? null : new PostgresAnnouncer(apart._source, logger);
    }

    public Dialect Dialect => Dialect.Postgres;

    /// <summary>
    /// The same database over a few connections of its own, for what keeps this process alive among the others (leases, what they tell
    /// each other): it must not wait until a transaction gives its connection back, and gives one up that does not answer within two seconds.
    /// </summary>
    public PostgresDatabase Apart { get; }

    /// <summary>Connects, brings the schema up to date, and sets the clock.</summary>
    /// <exception cref="SettingsException">The database cannot be used; the message says why and what to do. It never holds the password.</exception>
    public static async Task<PostgresDatabase> OpenAsync(
        string connectionString, DatabaseClock clock, StorageMetrics metrics, ILogger logger)
    {
        NpgsqlDataSource? source = null;
        PostgresDatabase? database = null;
        try
        {
            source = NpgsqlDataSource.Create(PostgresAddress.Complete(connectionString));
            await PostgresMigrations.ApplyAsync(source, MigrationScript.All, clock, logger);
            await using var connection = await source.OpenConnectionAsync();
            DatabaseOpen(logger, connection.Database, connection.Host, connection.PostgreSqlVersion);
            // Only texts and whole numbers pass there: the server's types need not be read again.
            var few = new NpgsqlDataSourceBuilder(PostgresAddress.Apart(connectionString)).ConfigureTypeLoading(static types => types.EnableTypeLoading(false));
            database = new PostgresDatabase(source, new PostgresDatabase(few.Build(), null, metrics, logger), metrics, logger);
            await clock.LookAsync(database.Apart);
            return database;
        }
        catch (Exception e)
        {
            if (database is not null) await database.DisposeAsync();
            else if (source is not null) await source.DisposeAsync();
            if (e is NpgsqlException or TimeoutException or IOException or System.Net.Sockets.SocketException
                or StorageUnavailableException)
                throw new SettingsException([$"LARKSPUR_DB: the PostgreSQL database cannot be used: {e.Message}"], e);
            throw;
        }
    }

    public async Task<T> TransactAsync<T>(Func<IUnitOfWork, ValueTask<T>> work, CancellationToken cancellation = default)
    {
        if (Interlocked.Increment(ref _running) > MaxWaiting)
        {
            Interlocked.Decrement(ref _running);
            throw new StorageUnavailableException($"{MaxWaiting} transactions are waiting for the database.");
        }

        var running = RunAsync(work, cancellation);
        return cancellation.CanBeCanceled ? await running.WaitAsync(cancellation) : await running;
    }

    public Task CheckWritableAsync(CancellationToken cancellation = default) => this.TransactAsync(async unit =>
        await unit.ExecuteAsync("INSERT INTO heartbeat (id, beats) VALUES (1, 1) ON CONFLICT (id) DO UPDATE SET beats = heartbeat.beats + 1"), cancellation);

    public async Task<T> ReadAsync<T>(Func<ISql, ValueTask<T>> query, CancellationToken cancellation = default)
    {
        var reached = false;
        try
        {
            await using var connection = await _source.OpenConnectionAsync(cancellation);
            reached = true;
            return await query(new PostgresUnitOfWork(connection, null));
        }
        catch (Exception e) when (PostgresErrors.IsUnavailable(e))
        {
            throw new StorageUnavailableException($"The database cannot be read: {e.Message}", e)
            {
                MayBeOwnFault = reached && PostgresErrors.MayBeOwnFault(e),
            };
        }
    }

    /// <summary>A connection for listening; the caller disposes it.</summary>
    public ValueTask<NpgsqlConnection> ListenAsync(CancellationToken cancellation) => _source.OpenConnectionAsync(cancellation);

    /// <summary>A connection for statements that no transaction may hold; the caller disposes it.</summary>
    public ValueTask<NpgsqlConnection> ConnectAsync(CancellationToken cancellation) => _source.OpenConnectionAsync(cancellation);

    /// <summary>Once: two services are this one, and the host disposes of each.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
        if (_announcer is not null) await _announcer.DisposeAsync();
        if (Apart != this) await Apart.DisposeAsync();
        await _source.DisposeAsync();
    }

    private async Task<T> RunAsync<T>(Func<IUnitOfWork, ValueTask<T>> work, CancellationToken cancellation)
    {
        try
        {
            for (var run = 1; ; run++)
            {
                // A time-out while waiting for a connection says nothing about the transaction, which has not begun.
                var begun = false;
                try
                {
                    return await RunOnceAsync(unit =>
                    {
                        begun = true;
                        return work(unit);
                    }, cancellation);
                }
                catch (PostgresException e) when (PostgresErrors.IsConflict(e) && run < MaxRuns)
                {
                    TransactionGaveWay(run + 1, e);
                }
                catch (Exception e) when (PostgresErrors.IsUnavailable(e))
                {
                    _metrics.CommitFailed();
                    throw new StorageUnavailableException($"The database did not take the write: {e.Message}", e)
                    {
                        MayBeOwnFault = begun && PostgresErrors.MayBeOwnFault(e),
                    };
                }
            }
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }

    private async Task<T> RunOnceAsync<T>(Func<IUnitOfWork, ValueTask<T>> work, CancellationToken cancellation)
    {
        // Waiting for a connection may be given up; what was begun is ended.
        await using var connection = await _source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(CancellationToken.None);
        var unit = new PostgresUnitOfWork(connection, transaction, _announcer);
        var result = await work(unit);
        await unit.RunLastAsync();
        await unit.NotifyAsync();
        await transaction.CommitAsync(CancellationToken.None);
        _metrics.Committed(1);
        unit.RunAfterCommit();
        return result;
    }

    [LoggerMessage(LogLevel.Information, "Database {Database} on {Host} open, PostgreSQL {Version}")]
    private static partial void DatabaseOpen(ILogger logger, string database, string? host, Version version);
    [LoggerMessage(LogLevel.Debug, "The transaction gave way to another; run {Run} follows")]
    private partial void TransactionGaveWay(int run, Exception error);
}
