using Larkspur.Gateway.Common;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Storage.Sqlite;

namespace Larkspur.Gateway.Inbox.Seen;

/// <summary>In the background: moves keys from memory into their table, a few hundred a transaction, and makes the filter over what the table has.</summary>
internal sealed partial class SeenKeyMerger(IDatabase database, SeenKeys seen, TimeProvider clock, ILogger<SeenKeyMerger> logger)
    : BackgroundService
{
    private const int Page = 20_000;
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                try
                {
                    if (seen.IsMerging) await MergeAsync(stoppingToken);
                    else if (seen.WantsFilter) await MakeFilterAsync(stoppingToken);
                    else await seen.Work.ReadAsync(stoppingToken);
                }
                catch (StorageUnavailableException e)
                {
                    if (stoppingToken.IsCancellationRequested) return;
                    MergePostponed(e.Message);
                    await Task.Delay(PauseAfterFailure, clock, stoppingToken);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping; the next start reads back what was not merged.
        }
    }

    private async Task MergeAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested && await OnWriterAsync(unit => seen.Merge(unit)))
        {
            // Between two of them the writer takes what has come.
        }
    }

    private async Task MakeFilterAsync(CancellationToken stopping)
    {
        var started = clock.GetTimestamp();
        var count = await database.ReadAsync(static sql => sql.NumberAsync("SELECT COUNT(*) FROM inbox_seen"), stopping) ?? 0;
        // On the writer's thread: what was merged before is in the table for every query from here on, what is merged later goes into the filter.
        var filter = await OnWriterAsync(_ => seen.BeginFilter(count));
        var last = Array.Empty<byte>();
        for (var read = Page; read == Page;)
        {
            var after = last;
            var page = await database.ReadAsync(sql => sql.QueryAsync("SELECT seen FROM inbox_seen WHERE seen > $1 ORDER BY seen LIMIT $2", static row => row.Bytes(0), after, Page), stopping);
            foreach (var key in page) filter.Add(SeenKey.Read(key));
            read = page.Count;
            if (read > 0) last = page[^1];
        }

        await OnWriterAsync(_ =>
        {
            seen.UseFilter(filter);
            return true;
        });
        FilterMade(filter.Count, clock.GetElapsedTime(started).TotalMilliseconds, filter.Bytes);
    }

    private Task<T> OnWriterAsync<T>(Func<SqliteUnitOfWork, T> work) => database.TransactAsync(unit => ValueTask.FromResult(work(SqliteUnitOfWork.Of(unit))));

    [LoggerMessage(LogLevel.Warning, "What was seen stays in memory for now, the database is away ({Reason})")]
    private partial void MergePostponed(string reason);
    [LoggerMessage(LogLevel.Debug, "Filter over {Keys} keys made in {Milliseconds:0} ms, {Bytes} bytes")]
    private partial void FilterMade(long keys, double milliseconds, long bytes);
}
