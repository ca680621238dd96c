using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Syncs.Mapping;
using Larkspur.Gateway.Syncs.Rows;

namespace Larkspur.Gateway.Syncs.Looking;

/// <summary>A value of the table that changed, as the table told it.</summary>
/// <param name="Record">The record.</param>
/// <param name="FieldId">The field.</param>
/// <param name="Before">The canonical value before.</param>
/// <param name="After">The canonical value after.</param>
internal sealed record ToldChange(string Record, string FieldId, string? Before, string? After);

/// <summary>
/// The table has no compare-and-set: what a person writes between our reading and our writing is overwritten. Its own word of our write
/// says
/// what was there before; where that is not what had been read, somebody's edit was lost, and is kept and asked about here.
/// </summary>
internal static class OverwrittenEdits
{
    /// <summary>Changes become hints, and lost edits questions, in the transaction in which the table's word of them is recorded.</summary>
    public static async ValueTask ToldAsync(IUnitOfWork unit, Dialect dialect, long sync, IReadOnlyList<ToldChange> changes,
        DateTimeOffset now)
    {
        var rows = (await RowStore.ByRecordsAsync(unit, dialect, sync, changes.Select(change => change.Record)))
            .ToDictionary(row => row.Record!, StringComparer.Ordinal);
        foreach (var change in changes)
        {
            if (change.Before == change.After || !rows.TryGetValue(change.Record, out var row)) continue;
            if (await WrittenAsync(unit, sync, row, change, now) is not { } read || read.Value == change.Before) continue;
            await KeepAsync(unit, sync, row, change, read, now);
        }

        await HintStore.AddAsync(unit, dialect, sync, SideName.Table, changes.Select(change => change.Record));
    }

    /// <summary>What had been read before it was written by us.</summary>
    /// <returns>Null: it was not written by us, as far as we know.</returns>
    private static async ValueTask<Read?> WrittenAsync(IUnitOfWork unit, long sync, SyncRow row, ToldChange change, DateTimeOffset now)
    {
        if (row.Pending?.Table is { } pending && pending.Values.TryGetValue(change.FieldId, out var sent) && sent == change.After)
            return new(pending.Before.GetValueOrDefault(change.FieldId));
        var written = await HistoryStore.LastWriteAsync(unit, sync, row.Id, change.FieldId, now - TimeSpan.FromHours(8));
        return written is { } last && last.After == change.After ? new(last.Before) : null;
    }

    private static async ValueTask KeepAsync(IUnitOfWork unit, long sync, SyncRow row, ToldChange change, Read read, DateTimeOffset now)
    {
        await HistoryStore.AddAsync(unit, sync, new()
        {
            Run = 0, RowId = row.Id, Key = row.Key, Record = row.Record, Side = SideName.Table, Kind = "update", Field = change.FieldId,
            Before = change.Before, After = change.After, IsLoss = true, At = now,
        });
        await ConflictStore.PutAsync(unit, sync, new()
        {
            RowId = row.Id, Key = row.Key, Kind = ConflictRow.Overwritten, Field = change.FieldId, TableValue = change.Before,
            SourceValue = change.After, BaseValue = read.Value, FoundAt = now,
        });
    }

    private sealed record Read(string? Value);
}
