using Larkspur.Gateway.Storage.Migrations;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.Common.Files;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Larkspur.Gateway.Storage.Sqlite;

/// <summary>
/// SQLite in WAL mode with one writer thread. Everything that waits when the writer is free goes into one commit, so that the price of a durable
/// commit (one fsync, <c>synchronous=FULL</c>: a 200 must survive a power cut) is shared by all of them.
/// </summary>
internal sealed partial class SqliteDatabase : IDatabase
{
    private const int MaxWaiting = 10_000;
    private const int MaxBatch = 512;
    private const long WalBound = 64 << 20;
    private const int CommitsBetweenWalChecks = 256;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly WriteQueue _waiting = new(MaxWaiting);
    private readonly string _path;
    private readonly FileStream _ownership;
    private readonly SqliteFile _file;
    private readonly SqliteReaders _readers;
    private readonly SqliteUnitOfWork _unit;
    private readonly Thread _writer;
    private readonly ILogger _logger;
    private readonly StorageMetrics _metrics;
    private int _commits;

    private SqliteDatabase(string path, FileStream ownership, SqliteFile file, StorageMetrics metrics, ILogger logger)
    {
        _path = path;
        _ownership = ownership;
        _file = file;
        _readers = new SqliteReaders(path);
        _metrics = metrics;
        _logger = logger;
        _unit = new SqliteUnitOfWork(file);
        _writer = new Thread(WriteUntilClosed) { IsBackground = true, Name = "larkspur-sqlite-writer" };
        _writer.Start();
    }

    /// <summary>Opens or creates the file, takes sole ownership of it and brings its schema up to date.</summary>
    /// <exception cref="SettingsException">The file cannot be used; the message says why and what to do.</exception>
    public static SqliteDatabase Open(string path, TimeProvider clock, StorageMetrics metrics, ILogger logger)
    {
        var version = SqliteNative.Use();
        FileStream? ownership = null;
        SqliteFile? file = null;
        try
        {
            PrivateFiles.CreateFolder(Path.GetDirectoryName(Path.GetFullPath(path))!);
            ownership = TakeOwnership(path);
            DatabaseFiles.Prepare(path);
            file = SqliteFile.Open(path, readOnly: false, Patience);
            Tune(file);
            SqliteMigrations.Apply(file, MigrationScript.All, clock, logger);
            DatabaseOpen(logger, path, version);
            return new SqliteDatabase(path, ownership, file, metrics, logger);
        }
        catch (Exception e)
        {
            file?.Dispose();
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
        if (!_waiting.TryAdd(job))
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
            cancellation.ThrowIfCancellationRequested();
            return await _readers.ReadAsync(query);
        }
        catch (SqliteException e) when (!SqliteErrors.IsOfTheStatement(e))
        {
            throw SqliteErrors.Told(e, "The database cannot be read");
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_waiting.TryClose()) return;
        await Task.Run(_writer.Join);
        _unit.Dispose();
        _readers.Dispose();
        _file.Dispose();
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
            return PrivateFiles.Open(path + ".lock", FileMode.OpenOrCreate, FileShare.None);
        }
        catch (IOException e) when (e.HResult is LockedOnLinux or LockedOnMac or SharingViolation)
        {
            throw new SettingsException([$"LARKSPUR_DB: another gateway is using {path}. Stop it, or give this one its own data folder (LARKSPUR_DATA)."], e);
        }
    }

    private static void Tune(SqliteFile file) => file.Run($"""
        PRAGMA auto_vacuum=INCREMENTAL;
        PRAGMA journal_mode=WAL;
        PRAGMA synchronous=FULL;
        PRAGMA wal_autocheckpoint=2000;
        PRAGMA journal_size_limit={WalBound};
        PRAGMA cache_size=-65536;
        PRAGMA temp_store=MEMORY;
        PRAGMA foreign_keys=ON;
        """);

    private void WriteUntilClosed()
    {
        var batch = new List<WriteJob>(MaxBatch);
        while (_waiting.Take(batch, MaxBatch))
        {
            batch.RemoveAll(static job =>
            {
                if (!job.Abandoned) return false;
                job.Abandon();
                return true;
            });
            if (batch.Count > 0) WriteBatch(batch);
            batch.Clear();
        }
    }

    private void WriteBatch(List<WriteJob> batch)
    {
        try
        {
            // Nearly always nobody fails: savepoints, at two statements a job, are for the second run.
            if (!TryCommit(batch, apart: false)) TryCommit(batch, apart: true);
        }
        catch (SqliteException e) when (batch.Count > 1 && (SqliteErrors.IsOfTheStatement(e) || SqliteErrors.MayBeOwnFault(e)))
        {
            // One of them ended the transaction of all, or is refused by the commit only.
            RollBack();
            foreach (var job in batch) WriteBatch([job]);
            return;
        }
        catch (Exception e)
        {
            RollBack();
            _metrics.CommitFailed();
            BatchNotCommitted(batch.Count, e);
            var unavailable = e is SqliteException refused
                ? SqliteErrors.Told(refused, "The database did not take the write")
                : new StorageUnavailableException($"The database did not take the write: {e.Message}", e);
            foreach (var job in batch) job.Fail(job.Failure ?? unavailable);
            return;
        }

        _unit.Committed();
        foreach (var job in batch)
        {
            if (job.Failure is { } failure) job.Fail(failure);
            else job.Commit();
        }

        _metrics.Committed(batch.Count);
        BoundWal();
    }

    /// <param name="batch">What shares the transaction.</param>
    /// <param name="apart">True: one that fails takes nothing of the others with it.</param>
    /// <returns>False when one has failed and nothing is written.</returns>
    private bool TryCommit(List<WriteJob> batch, bool apart)
    {
        _unit.Execute("BEGIN IMMEDIATE");
        foreach (var job in batch)
        {
            if (TryRun(job, apart) || apart) continue;
            RollBack();
            return false;
        }

        _unit.Execute("COMMIT");
        return true;
    }

    private bool TryRun(WriteJob job, bool apart)
    {
        var mark = _unit.Mark;
        if (apart) _unit.Execute("SAVEPOINT job");
        job.Failure = null;
        try
        {
            job.Run(_unit);
        }
        catch (Exception e) when (_file.InTransaction)
        {
            job.Failure = e is SqliteException refused ? SqliteErrors.Told(refused, "The database did not take the write") : e;
            if (!apart) return false;
            _unit.Execute("ROLLBACK TO job");
            _unit.RolledBack(mark);
        }

        if (apart) _unit.Execute("RELEASE job");
        return job.Failure is null;
    }

    private void RollBack()
    {
        _unit.RolledBack(default);
        // A full disk or an I/O error has ended the transaction already.
        if (!_file.InTransaction) return;
        try
        {
            _unit.Execute("ROLLBACK");
        }
        catch (SqliteException e)
        {
            RollbackFailed(e);
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
            LogNotShortened(e);
        }
    }

    [LoggerMessage(LogLevel.Information, "Database {Path} open, SQLite {Version}")]
    private static partial void DatabaseOpen(ILogger logger, string path, string version);
    [LoggerMessage(LogLevel.Error, "A batch of {Count} transactions could not be committed")]
    private partial void BatchNotCommitted(int count, Exception error);
    [LoggerMessage(LogLevel.Error, "Rollback failed; SQLite rolls back by itself when the next transaction starts")]
    private partial void RollbackFailed(Exception error);
    [LoggerMessage(LogLevel.Warning, "The write-ahead log could not be shortened; the next check tries again")]
    private partial void LogNotShortened(Exception error);
}
