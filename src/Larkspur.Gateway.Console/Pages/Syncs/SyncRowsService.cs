using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Syncs.Rows;

namespace Larkspur.Gateway.Console.Pages.Syncs;

/// <summary>What belongs to a sync: conflicts, rows that do not get on, runs, and what was written.</summary>
internal sealed class SyncRowsService(IDatabase database)
{
    public const int PageSize = 50;

    /// <summary>Conflicts that nobody has decided, after a number; and after which the next ones come, null: there are no more.</summary>
    public async Task<(List<ConflictRow> Rows, long? Next)> ConflictsAsync(long sync, long after, CancellationToken cancellation) =>
        Page(await database.ReadAsync(sql => SyncLists.ConflictsAsync(sql, sync, after, PageSize + 1), cancellation), row => row.Id);

    /// <summary>Rows that do not get on, the same way.</summary>
    public async Task<(List<ProblemRow> Rows, long? Next)> ProblemsAsync(long sync, long after, CancellationToken cancellation) =>
        Page(await database.ReadAsync(sql => SyncLists.ProblemsAsync(sql, sync, after, PageSize + 1), cancellation), row => row.Id);

    /// <summary>The last runs.</summary>
    public Task<List<RunRow>> RunsAsync(long sync, CancellationToken cancellation) =>
        database.ReadAsync(sql => SyncRuns.LastAsync(sql, sync, PageSize), cancellation);

    /// <summary>What was written last, before a number.</summary>
    public async Task<(List<ChangeRow> Rows, long? Next)> ChangesAsync(long sync, long before, CancellationToken cancellation) =>
        Page(await database.ReadAsync(sql => SyncLists.ChangesAsync(sql, sync, before, PageSize + 1), cancellation), row => row.Id);

    /// <summary>What was written of a row, the newest first; null: no row has this key or record.</summary>
    public Task<List<ChangeRow>?> OfRowAsync(long sync, string sought, CancellationToken cancellation) => database.ReadAsync(async sql =>
    {
        var found = await RowStore.ByKeysAsync(sql, database.Dialect, sync, [sought]);
        if (found.Count == 0) found = await RowStore.ByRecordsAsync(sql, database.Dialect, sync, [sought]);
        return found is [var row, ..] ? await HistoryStore.OfRowAsync(sql, sync, row.Id, PageSize * 4) : null;
    }, cancellation);

    private static (List<T> Rows, long? Next) Page<T>(List<T> found, Func<T, long> id)
    {
        if (found.Count <= PageSize) return (found, null);
        found.RemoveAt(PageSize);
        return (found, id(found[^1]));
    }
}
