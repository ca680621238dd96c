using System.Runtime.ExceptionServices;
using System.Text.Json;
using Larkspur.Feishu.Api.Bitable.V1;

namespace Larkspur.Feishu.Tables;

/// <summary>
/// Writes rows in batches. A batch is all or nothing on the platform, so one that a bad cell spoils is halved until the row is found; one
/// that is not ready is halved because it is large; one whose answer is lost is looked for.
/// </summary>
internal sealed class BatchWriter(FeishuTable table, TableWriteKind kind, TableWriteOptions options, TableFields fields,
    TableRowResult[] results)
{
    private readonly BaseCalls _calls = table.Base.Calls;
    private readonly LostRows _lost = new(table, options.KeyField, fields);
    private TimeSpan _spacing = table.Base.Calls.Options.WriteSpacing;
    private int _refused;

    private bool GaveUp => _refused >= options.MostRefusals;

    /// <summary>Writes them all.</summary>
    /// <exception cref="TableWriteException">The platform said no to all of it, or was not reached.</exception>
    /// <exception cref="TableOutcomeUnknownException">An answer was lost.</exception>
    public async Task<TableWriteReport> RunAsync(IReadOnlyList<PendingRow> rows, CancellationToken cancellationToken)
    {
        var size = kind == TableWriteKind.Delete ? Math.Min(options.BatchSize, TableWriteOptions.MostDeleted) : options.BatchSize;
        foreach (var batch in rows.Chunk(size).TakeWhile(_ => !GaveUp))
        {
            using var turn = await table.Base.Gate.EnterAsync(cancellationToken);
            try
            {
                await WriteAsync(batch, 1, cancellationToken);
            }
            catch (Exception stopped) when (stopped is FeishuApiException or PlatformNetworkException)
            {
                var report = new TableWriteReport(results);
                throw report.Count(TableRowState.Unknown) > 0
                    ? new TableOutcomeUnknownException($"An answer was lost: rows may be written or not ({report}).", report, stopped)
                    : new TableWriteException($"Writing stopped ({report}): {stopped.Message}", report, stopped);
            }
        }

        return new(results);
    }

    private async Task WriteAsync(PendingRow[] rows, int attempt, CancellationToken cancellationToken)
    {
        var token = Guid.NewGuid().ToString(); // Version 4, as the platform demands (1254037).
        var uncertain = false;
        for (; ; attempt++)
        {
            await table.Base.Gate.SpaceAsync(_spacing, _calls.Clock, cancellationToken);
            Exception cause;
            TableFailure failure;
            try
            {
                var answer = await _calls.SendAsync<JsonElement>(Request(rows, token), cancellationToken);
                if (Take(rows, answer)) return;
                failure = TableFailure.OutcomeUnknown;
                cause = new FeishuApiException("The answer to a write does not name its records.")
                {
                    HttpStatus = 200, Endpoint = Endpoint.Id,
                };
            }
            catch (FeishuApiException refused)
            {
                (failure, cause) = (TableFailures.Of(refused), refused);
            }
            catch (PlatformNetworkException lost)
            {
                (failure, cause) = (lost.EffectUnknown ? TableFailure.OutcomeUnknown : TableFailure.Busy, lost);
            }
            finally
            {
                table.Base.Gate.Wrote(_calls.Clock);
            }

            if (failure is TableFailure.Cell or TableFailure.RecordNotFound)
            {
                await DivideAsync(rows, (FeishuApiException)cause, cancellationToken);
                return;
            }

            if (failure == TableFailure.TokenUsed && !uncertain) token = Guid.NewGuid().ToString();
            uncertain |= failure is TableFailure.OutcomeUnknown or TableFailure.Trouble;
            if (!MayPass(failure)) Stop(rows, uncertain, cause);
            if (failure == TableFailure.Conflict) _spacing = Longer(_spacing, _calls.Options.ConflictPause);
            var last = attempt >= _calls.Options.MaxAttempts;
            if (kind == TableWriteKind.Create && (IsLost(failure) || last) && uncertain)
            {
                if (await LookAsync(rows, cause, attempt, cancellationToken)) return;
            }
            else if (failure == TableFailure.NotReady && rows.Length > 1 && (!uncertain || kind != TableWriteKind.Create))
            {
                await _calls.PauseAsync(attempt, null, cancellationToken);
                await HalvesAsync(rows, half => WriteAsync(half, 1, cancellationToken));
                return;
            }
            else if (!last)
            {
                await _calls.PauseAsync(attempt, (cause as FeishuApiException)?.RetryAfter, cancellationToken);
            }

            if (last) Stop(rows, uncertain, cause);
        }
    }

    /// <summary>Looks for rows whose answer was lost. True: they are there. False: they are not, and can be made.</summary>
    private async Task<bool> LookAsync(PendingRow[] rows, Exception cause, int attempt, CancellationToken cancellationToken)
    {
        // Until it is known: should looking fail, that is what is said of them.
        foreach (var row in rows) results[row.Index] = new(row.Index, TableRowState.Unknown);
        if (!_lost.CanLook(rows)) Stop(rows, uncertain: true, cause);
        // What is still being done is done by then, as a rule; the same client_token guards what is not.
        await _calls.PauseAsync(attempt, null, cancellationToken);
        var found = await _lost.FindAsync(rows, cancellationToken);
        if (found.Count > 0 && found.Count < rows.Length) Stop(rows, uncertain: true, cause);
        foreach (var row in rows)
        {
            results[row.Index] = found.TryGetValue(row.Index, out var id)
                ? new(row.Index, TableRowState.Written, id) : new(row.Index, TableRowState.NotTried);
        }

        return found.Count > 0;
    }

    private void Stop(PendingRow[] rows, bool uncertain, Exception cause)
    {
        if (uncertain)
        {
            foreach (var row in rows) results[row.Index] = new(row.Index, TableRowState.Unknown, row.RecordId);
        }

        ExceptionDispatchInfo.Throw(cause);
    }

    /// <summary>One row, or one half after the other, has what the platform does not take.</summary>
    private async Task DivideAsync(PendingRow[] rows, FeishuApiException refused, CancellationToken cancellationToken)
    {
        if (GaveUp) return;
        if (rows.Length > 1)
        {
            await HalvesAsync(rows, half => GaveUp ? Task.CompletedTask : WriteAsync(half, 1, cancellationToken));
            return;
        }

        var (row, failure) = (rows[0], TableFailures.Of(refused));
        if (kind == TableWriteKind.Delete && failure == TableFailure.RecordNotFound)
        {
            results[row.Index] = new(row.Index, TableRowState.Written, row.RecordId);
            return;
        }

        _refused++;
        if (refused.Code is 1254045 or 1254015) table.ForgetFields();
        results[row.Index] = new(row.Index, TableRowState.Refused, row.RecordId, CellSuspect.Problem(row, refused, fields));
    }

    private static async Task HalvesAsync(PendingRow[] rows, Func<PendingRow[], Task> write)
    {
        await write(rows[..(rows.Length / 2)]);
        await write(rows[(rows.Length / 2)..]);
    }

    private FeishuEndpoint Endpoint => kind switch
    {
        TableWriteKind.Create => Endpoints.AppTableRecordBatchCreate,
        TableWriteKind.Update => Endpoints.AppTableRecordBatchUpdate,
        _ => Endpoints.AppTableRecordBatchDelete,
    };

    private FeishuRequest Request(PendingRow[] rows, string token)
    {
        var request = table.Request(Endpoint);
        if (kind == TableWriteKind.Delete)
        {
            request.Body = new IdsBody(rows.Select(row => row.RecordId!));
            return request;
        }

        request.Body = new RowsBody(rows.Select(row => new RowBody(row.RecordId, row.Fields)));
        request.WithQuery("user_id_type", _calls.Options.UserIdType);
        // The client is not told that this is a key: it would give a thousand rows the short time of a try that another may follow.
        return kind == TableWriteKind.Create ? request.WithQuery("client_token", token) : request;
    }

    /// <summary>Takes what a good answer says of each row. False: it does not say it.</summary>
    private bool Take(PendingRow[] rows, JsonElement answer)
    {
        var records = answer.Member("records").Items().ToList();
        if (kind == TableWriteKind.Delete)
        {
            var kept = records.Where(record => record.Member("deleted").ValueKind == JsonValueKind.False)
                .Select(record => record.TextOf("record_id")).ToHashSet(StringComparer.Ordinal);
            foreach (var row in rows)
            {
                results[row.Index] = kept.Contains(row.RecordId)
                    ? new(row.Index, TableRowState.Refused, row.RecordId, new(null, CellRefusal.Platform, "the platform did not delete it"))
                    : new(row.Index, TableRowState.Written, row.RecordId);
            }

            return true;
        }

        if (kind == TableWriteKind.Create
            && (records.Count != rows.Length || records.Any(record => record.TextOf("record_id") is null))) return false;
        for (var at = 0; at < rows.Length; at++)
        {
            var id = kind == TableWriteKind.Create ? records[at].TextOf("record_id") : rows[at].RecordId;
            results[rows[at].Index] = new(rows[at].Index, TableRowState.Written, id);
        }

        return true;
    }

    private static bool MayPass(TableFailure failure) => failure is TableFailure.Busy or TableFailure.Conflict or TableFailure.NotReady
        or TableFailure.Trouble or TableFailure.OutcomeUnknown or TableFailure.TokenUsed;

    /// <summary>Another try under the same token would answer no better than looking does.</summary>
    private static bool IsLost(TableFailure failure) => failure is TableFailure.OutcomeUnknown or TableFailure.TokenUsed;

    private static TimeSpan Longer(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
