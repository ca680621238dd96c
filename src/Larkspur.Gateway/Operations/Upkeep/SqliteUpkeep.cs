using System.Diagnostics.Metrics;
using Larkspur.Gateway.Scheduling;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Storage.Sqlite;

namespace Larkspur.Gateway.Operations.Upkeep;

/// <summary>Gives pages that deletions left behind back to the file system, a little at a time, and refreshes what the query planner knows.</summary>
/// <remarks>
/// A file can give pages back when it was made with <c>auto_vacuum=INCREMENTAL</c>, as ours are. An older one keeps them and fills them again: it
/// grows no further, and shrinks by a <c>VACUUM</c> while the gateway is stopped.
/// </remarks>
internal sealed partial class SqliteUpkeep(IDatabase database, TimeProvider clock, Meter meter, ILogger<SqliteUpkeep> logger)
    : IScheduledJob
{
    /// <summary>Pages in one transaction: 1 MiB of 4 KiB pages.</summary>
    internal const int Slice = 256;

    /// <summary>Free pages that stay, for the rows of the next hours: 8 MiB.</summary>
    internal const int Spare = 2048;

    private const int Incremental = 2;
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(30);

    private readonly Gauge<long> _size = meter.CreateGauge<long>("larkspur_db_size_bytes", "By", "Size of the database.");
    private readonly Gauge<long> _free = meter.CreateGauge<long>("larkspur_db_free_bytes", "By", "Part of the database that is free for new rows.");

    /// <inheritdoc/>
    public async Task<string?> RunAsync(CancellationToken cancellation)
    {
        var begun = clock.GetTimestamp();
        await database.TransactAsync(async unit =>
        {
            // Looks at samples of what has changed much, and at nothing else.
            await unit.QueryAsync("PRAGMA analysis_limit=400", static _ => 0);
            await unit.QueryAsync("PRAGMA optimize", static _ => 0);
        }, cancellation);

        var before = await PagesAsync(cancellation);
        var after = before;
        while (before.Mode == Incremental && after.Free > Spare && clock.GetElapsedTime(begun) < Round)
        {
            var pages = Math.Min(Slice, after.Free - Spare);
            // One row comes for each page: the statement has to be read to its end.
            await database.TransactAsync(async unit =>
            {
                await unit.QueryAsync($"PRAGMA incremental_vacuum({pages})", static _ => 0);
                // The file itself is cut when the log is written back into it.
                unit.AfterCommit(() => WriteBack(SqliteUnitOfWork.Of(unit)));
            }, cancellation);
            after = await PagesAsync(cancellation);
        }

        _size.Record(after.All * after.Size);
        _free.Record(after.Free * after.Size);
        return before.All > after.All ? $"gave back {(before.All - after.All) * after.Size >> 10} KiB" : null;
    }

    /// <summary>Without waiting for anybody: a reader that is in the way leaves it to a later commit.</summary>
    private void WriteBack(SqliteUnitOfWork connection)
    {
        try
        {
            connection.Execute("PRAGMA wal_checkpoint(PASSIVE)");
        }
        catch (Microsoft.Data.Sqlite.SqliteException e)
        {
            LogNotWrittenBack(e.Message);
        }
    }

    private Task<(long Mode, long All, long Free, long Size)> PagesAsync(CancellationToken cancellation) => database.ReadAsync(async sql => (
        await sql.NumberAsync("PRAGMA auto_vacuum") ?? 0, await sql.NumberAsync("PRAGMA page_count") ?? 0, await sql.NumberAsync("PRAGMA freelist_count") ?? 0,
        await sql.NumberAsync("PRAGMA page_size") ?? 0), cancellation);

    [LoggerMessage(LogLevel.Information, "The write-ahead log could not be written back ({Reason}); a later commit does it")]
    private partial void LogNotWrittenBack(string reason);
}
