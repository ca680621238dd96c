using System.Threading.Channels;
using Larkspur.Gateway.Storage.Migrations;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Larkspur.Gateway.Storage.Sqlite;

/// <summary>
/// SQLite in WAL mode with one writer thread. Everything that waits when the writer is free goes into one commit, so that the price of a durable
/// commit (one fsync, <c>synchronous=FULL</c>: a 200 must survive a power cut) is shared by all of them.
/// </summary>
internal sealed class SqliteDatabase : IDatabase
{
    private const int MaxWaiting = 10_000;
    private const int MaxBatch = 512;
    private const long WalBound = 64 << 20;
    private const int CommitsBetweenWalChecks = 256;

    private readonly Channel<WriteJob> _waiting = Channel.CreateBounded<WriteJob>(new BoundedChannelOptions(MaxWaiting) { SingleReader = true });
    private readonly string _path;
    private readonly string _readString;
    private readonly FileStream _ownership;
    private readonly SqliteConnection _connection;
    private readonly SqliteUnitOfWork _unit;
    private readonly Thread _writer;
    private readonly ILogger _logger;
    private readonly StorageMetrics _metrics;
    private int _commits;

    private SqliteDatabase(string path, FileStream ownership, SqliteConnection connection, StorageMetrics metrics, ILogger logger)
    {
        _path = path;
        _ownership = ownership;
        _connection = connection;
        _metrics = metrics;
        _logger = logger;
        _unit = new SqliteUnitOfWork(connection);
        _readString = new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadOnly, DefaultTimeout = 2 }.ToString();
        _writer = new Thread(WriteUntilClosed) { IsBackground = true, Name = "larkspur-sqlite-writer" };
        _writer.Start();
    }

    /// <summary>Opens or creates the file, takes sole ownership of it and brings its schema up to date.</summary>
    /// <exception cref="SettingsException">The file cannot be used; the message says why and what to do.</exception>
    public static SqliteDatabase Open(string path, TimeProvider clock, StorageMetrics metrics, ILogger logger)
    {
        var version = SqliteNative.Use();
        FileStream? ownership = null;
        SqliteConnection? connection = null;
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            ownership = TakeOwnership(path);
            connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, DefaultTimeout = 1 }.ToString());
            connection.Open();
            Tune(connection);
            SqliteMigrations.Apply(connection, clock, logger);
            logger.LogInformation("Database {Path} open, SQLite {Version}", path, version);
            return new SqliteDatabase(path, ownership, connection, metrics, logger);
        }
        catch (Exception e)
        {
            connection?.Dispose();
            ownership?.Dispose();
            if (e is SqliteException or IOException or UnauthorizedAccessException)
                throw new SettingsException([$"LARKSPUR_DB: the database {path} cannot be opened: {e.Message}"], e);
            throw;
        }
    }

    public Dialect Dialect => Dialect.Sqlite;

    public Task<T> TransactAsync<T>(Func<IUnitOfWork, ValueTask<T>> work, CancellationToken cancellation = default)
    {
        var job = new WriteJob<T>(work, cancellation);
        if (!_waiting.Writer.TryWrite(job))
            return Task.FromException<T>(new StorageUnavailableException($"The database writer is closed or {MaxWaiting} transactions are waiting for it."));
        return cancellation.CanBeCanceled ? job.Task.WaitAsync(cancellation) : job.Task;
    }

    public Task CheckWritableAsync(CancellationToken cancellation = default) => TransactAsync(unit =>
    {
        SqliteUnitOfWork.Of(unit).Execute("INSERT INTO heartbeat (id, beats) VALUES (1, 1) ON CONFLICT (id) DO UPDATE SET beats = beats + 1");
        return ValueTask.FromResult(true);
    }, cancellation);

    public async Task<T> ReadAsync<T>(Func<ISql, ValueTask<T>> query, CancellationToken cancellation = default)
    {
        try
        {
            await using var connection = new SqliteConnection(_readString);
            await connection.OpenAsync(cancellation);
            using var sql = new SqliteUnitOfWork(connection);
            return await query(sql);
        }
        catch (SqliteException e)
        {
            throw new StorageUnavailableException($"The database cannot be read: {e.Message}", e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_waiting.Writer.TryComplete()) return;
        await Task.Run(_writer.Join);
        _unit.Dispose();
        await _connection.DisposeAsync();
        SqliteConnection.ClearPool(new SqliteConnection(_readString));
        await _ownership.DisposeAsync();
    }

    private const int LockedOnLinux = 11;
    private const int LockedOnMac = 35;
    private const int SharingViolation = unchecked((int)0x80070020);

    /// <summary>Two gateways on one SQLite file would both run every handler; the second is refused while the first lives.</summary>
    private static FileStream TakeOwnership(string path)
    {
        try
        {
            return new FileStream(path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1);
        }
        catch (IOException e) when (e.HResult is LockedOnLinux or LockedOnMac or SharingViolation)
        {
            throw new SettingsException([$"LARKSPUR_DB: another gateway is using {path}. Stop it, or give this one its own data folder (LARKSPUR_DATA)."], e);
        }
    }

    private static void Tune(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"""
            PRAGMA journal_mode=WAL;
            PRAGMA synchronous=FULL;
            PRAGMA wal_autocheckpoint=2000;
            PRAGMA journal_size_limit={WalBound};
            PRAGMA cache_size=-65536;
            PRAGMA temp_store=MEMORY;
            PRAGMA foreign_keys=ON;
            """;
        command.ExecuteNonQuery();
    }

    private void WriteUntilClosed()
    {
        var batch = new List<WriteJob>(MaxBatch);
        var reader = _waiting.Reader;
        while (reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            batch.Clear();
            while (batch.Count < MaxBatch && reader.TryRead(out var job))
            {
                if (job.Abandoned) job.Abandon();
                else batch.Add(job);
            }

            if (batch.Count > 0) WriteBatch(batch);
        }
    }

    private void WriteBatch(List<WriteJob> batch)
    {
        var failed = new Dictionary<WriteJob, Exception>();
        try
        {
            _unit.Execute("BEGIN IMMEDIATE");
            foreach (var job in batch) RunOne(job, failed);
            _unit.Execute("COMMIT");
        }
        catch (Exception e)
        {
            RollBack();
            _unit.ForgetAfterCommit(0);
            _metrics.CommitFailed();
            _logger.LogError(e, "A batch of {Count} transactions could not be committed", batch.Count);
            var unavailable = new StorageUnavailableException($"The database did not take the write: {e.Message}", e);
            foreach (var job in batch) job.Fail(failed.GetValueOrDefault(job, unavailable));
            return;
        }

        _unit.RunAfterCommit();
        foreach (var job in batch)
        {
            if (failed.TryGetValue(job, out var exception)) job.Fail(exception);
            else job.Commit();
        }

        _metrics.Committed(batch.Count);
        BoundWal();
    }

    private void RunOne(WriteJob job, Dictionary<WriteJob, Exception> failed)
    {
        var mark = _unit.AfterCommitCount;
        _unit.Execute("SAVEPOINT job");
        try
        {
            job.Run(_unit);
        }
        catch (Exception e) when (InTransaction)
        {
            failed.Add(job, e is SqliteException { SqliteErrorCode: not raw.SQLITE_CONSTRAINT } ? new StorageUnavailableException(e.Message, e) : e);
            _unit.ForgetAfterCommit(mark);
            _unit.Execute("ROLLBACK TO job");
        }

        _unit.Execute("RELEASE job");
    }

    /// <summary>A full disk or an I/O error ends the whole transaction inside SQLite; then nobody's part survives.</summary>
    private bool InTransaction => raw.sqlite3_get_autocommit(_connection.Handle) == 0;

    private void RollBack()
    {
        if (!InTransaction) return;
        try
        {
            _unit.Execute("ROLLBACK");
        }
        catch (SqliteException e)
        {
            _logger.LogError(e, "Rollback failed; SQLite rolls back by itself when the next transaction starts");
        }
    }

    /// <summary>Automatic checkpoints cannot restart the log while a reader holds it; past the bound the writer insists.</summary>
    private void BoundWal()
    {
        if (++_commits % CommitsBetweenWalChecks != 0) return;
        try
        {
            var wal = new FileInfo(_path + "-wal");
            if (wal.Exists && wal.Length > WalBound) _unit.Execute("PRAGMA wal_checkpoint(TRUNCATE)");
        }
        catch (Exception e) when (e is SqliteException or IOException)
        {
            _logger.LogWarning(e, "The write-ahead log could not be shortened; the next check tries again");
        }
    }
}
