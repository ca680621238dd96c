using System.Collections.Concurrent;
using Larkspur.Feishu.Tables;
using Larkspur.Gateway.Api.Requests;
using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.Tables.Bases;
using Larkspur.Gateway.Tables.Cells;
using Larkspur.Gateway.Tables.Open;

namespace Larkspur.Gateway.Tables.Records;

/// <summary>Makes, changes and deletes records, and says what became of each row.</summary>
internal sealed class RecordWrites(RowReading reading, RowWriting writing, OpenTables tables)
{
    private const string Skip = "skip";
    private const string Update = "update";

    /// <summary>Those who write rows with keys into one table look for them one after another: else two would make the same one.</summary>
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _turns = new(StringComparer.Ordinal);

    /// <summary>Makes records.</summary>
    /// <param name="row">The base.</param>
    /// <param name="table">The table, as the request names it.</param>
    /// <param name="sent">What was sent.</param>
    /// <param name="repeatKey">Names the writing, for a repetition after a crash; null: it has no name.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="RequestRefusedException">It cannot be done as a whole.</exception>
    public async Task<RowsView> CreateAsync(BaseRow row, string table, CreateRecords sent, string? repeatKey,
        CancellationToken cancellation)
    {
        if (sent.Existing is not (null or Skip or Update))
            throw RequestRefusedException.Impossible("bad_value", "/existing", $"There are: {Skip}, {Update}.");
        if (sent is { Existing: not null, KeyField: null }) throw BodyRefusals.Missing("/key_field", "key_field", []);
        var options = new TableWriteOptions { AllowNewOptions = sent.NewOptions, RepeatKey = repeatKey };
        var (open, rows) = await reading.ReadAsync(row, table, [.. sent.Rows.Select(r => ((string?)null, r.Fields))], options,
            cancellation);
        if (sent.KeyField is null)
        {
            var made = Open(rows);
            return View(rows, sent.DryRun, sent.DryRun ? Would(made, RowOutcomes.Created)
                : await writing.CreateAsync(open, made, options, first: true, cancellation));
        }

        var keyed = KeyedRows.Of(open, sent.KeyField);
        var turn = _turns.GetOrAdd($"{row.AppToken}/{open.Info.Id}", static _ => new SemaphoreSlim(1, 1));
        await turn.WaitAsync(cancellation);
        try
        {
            await keyed.FindAsync(Open(rows), cancellation);
            return await KeyedAsync(open, rows, sent, options with { KeyField = keyed.FieldId }, cancellation);
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Changes records.</summary>
    /// <exception cref="RequestRefusedException">It cannot be done as a whole.</exception>
    public async Task<RowsView> ChangeAsync(BaseRow row, string table, ChangeRecords sent, CancellationToken cancellation)
    {
        var options = new TableWriteOptions { AllowNewOptions = sent.NewOptions };
        var (open, rows) = await reading.ReadAsync(row, table, [.. sent.Rows.Select(r => ((string?)r.Id, r.Fields))], options,
            cancellation);
        RefuseTwice(rows);
        if (!sent.DryRun) return View(rows, false, await writing.UpdateAsync(open, Open(rows), options, first: true, cancellation));
        await DemandThereAsync(open, Open(rows), cancellation);
        return View(rows, true, Would(Open(rows), RowOutcomes.Updated));
    }

    /// <summary>Deletes records.</summary>
    /// <exception cref="RequestRefusedException">It cannot be done as a whole.</exception>
    public async Task<RowsView> DeleteAsync(BaseRow row, string table, DeleteRecords sent, CancellationToken cancellation)
    {
        var open = await tables.TableAsync(row, table, cancellation);
        var rows = sent.Ids.Select((id, i) => new ReadRow(i) { RecordId = id }).ToList();
        return View(rows, sent.DryRun, sent.DryRun ? Would(rows, RowOutcomes.Deleted)
            : await writing.DeleteAsync(open, rows, cancellation));
    }

    private async Task<RowsView> KeyedAsync(OpenTable open, List<ReadRow> rows, CreateRecords sent, TableWriteOptions options,
        CancellationToken cancellation)
    {
        var there = Open(rows).Where(r => r.Record is not null).ToList();
        var made = Open(rows).Where(r => r.Record is null).ToList();
        if (sent.Existing != Update) foreach (var row in there) row.Outcome = RowOutcomes.Exists;
        if (sent.DryRun)
        {
            Would(made, RowOutcomes.Created);
            return View(rows, true, Would(Open(rows), RowOutcomes.Updated));
        }

        var stopped = await writing.CreateAsync(open, made, options, first: true, cancellation);
        if (stopped is null)
            stopped = await writing.UpdateAsync(open, Open(rows), options, first: made.Count == 0, cancellation);
        return View(rows, false, stopped);
    }

    private static async Task DemandThereAsync(OpenTable open, IReadOnlyList<ReadRow> rows, CancellationToken cancellation)
    {
        if (rows.Count == 0) return;
        var found = await open.Table.GetAsync(rows.Select(r => r.RecordId!), cancellationToken: cancellation);
        foreach (var row in rows.Where(r => found.Absent.Contains(r.RecordId!)))
            row.Refuse(new CellFault("unknown_record", TablesTexts.NoSuchRecord), pointer: $"/rows/{row.Index}/id");
        foreach (var row in rows.Where(r => found.Forbidden.Contains(r.RecordId!)))
            row.Refuse(new CellFault("record_hidden", TablesTexts.RecordHidden), pointer: $"/rows/{row.Index}/id");
    }

    /// <summary>Which of two changes of one record would be the last nobody could say.</summary>
    private static void RefuseTwice(List<ReadRow> rows)
    {
        foreach (var row in rows.GroupBy(r => r.RecordId, StringComparer.Ordinal).SelectMany(same => same.Skip(1)))
            row.Refuse(new CellFault("duplicate_record", TablesTexts.DuplicateRecord), pointer: $"/rows/{row.Index}/id");
    }

    /// <summary>Those of which nothing has become yet.</summary>
    private static List<ReadRow> Open(IEnumerable<ReadRow> rows) => [.. rows.Where(r => r.Outcome is null)];

    private static StopView? Would(IEnumerable<ReadRow> rows, string outcome)
    {
        foreach (var row in rows) row.Outcome = outcome;
        return null;
    }

    private static RowsView View(List<ReadRow> rows, bool dryRun, StopView? stopped)
    {
        var done = rows.Count(r => RowOutcomes.IsDone(r.Outcome));
        return new RowsView
        {
            DryRun = dryRun, Done = done, Failed = rows.Count - done, Rows = [.. rows.Select(r => r.View())], Stopped = stopped,
        };
    }
}
