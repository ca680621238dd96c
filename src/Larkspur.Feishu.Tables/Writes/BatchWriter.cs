using System.Runtime.ExceptionServices;
using System.Text.Json;

namespace Larkspur.Feishu.Tables;

/// <summary>
/// Writes rows in batches. A batch is all or nothing on the platform, so one that a bad cell spoils is halved until the row is found; one
/// that is not ready is halved because it is large; one whose answer is lost is looked for.
/// </summary>
internal sealed class BatchWriter(FeishuTable table, TableWriteKind kind, TableWriteOptions options, TableFields fields,
    TableRowResult[] results)
{
    private readonly BaseCalls _calls = table.Base.Calls;
    private readonly BaseGate _gate = table.Base.Gate;
    private readonly RowStates _states = new(results);
    private readonly BatchCall _call = new(table, kind, new(results));
    private readonly LostRows _lost = new(table, options.KeyField, fields);
    private TableFields _fields = fields;
    private bool _namesAreRight;
    private int _refused;

    private bool GaveUp => _refused >= options.MostRefusals;

    /// <summary>Writes them all.</summary>
    /// <exception cref="TableWriteException">The platform said no to all of it, was not reached, or something else went wrong.</exception>
    /// <exception cref="TableOutcomeUnknownException">An answer was lost.</exception>
    /// <exception cref="TableWriteCanceledException">Cancelled.</exception>
    public async Task<TableWriteReport> RunAsync(IReadOnlyList<PendingRow> rows, CancellationToken cancellationToken)
    {
        var size = kind == TableWriteKind.Delete ? Math.Min(options.BatchSize, TableWriteOptions.MostDeleted) : options.BatchSize;
        try
        {
            foreach (var batch in rows.Chunk(size).TakeWhile(_ => !GaveUp))
            {
                using var turn = await _gate.EnterAsync(_calls, cancellationToken);
                await WriteAsync(batch, cancellationToken);
            }
        }
        catch (OperationCanceledException canceled) when (cancellationToken.IsCancellationRequested)
        {
            throw new TableWriteCanceledException($"Writing was cancelled ({_states.Report}).", _states.Report, canceled);
        }
        catch (Exception stopped)
        {
            var report = _states.Report;
            throw report.Count(TableRowState.Unknown) > 0
                ? new TableOutcomeUnknownException($"An answer was lost: rows may be written or not ({report}).", report, stopped)
                : new TableWriteException($"Writing stopped ({report}): {stopped.Message}", report, stopped);
        }

        return _states.Report;
    }

    /// <param name="rows">What is written.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="lagged">A record that is not there has been waited for: it is believed now.</param>
    private async Task WriteAsync(PendingRow[] rows, CancellationToken cancellationToken, bool lagged = false)
    {
        var token = ClientToken.Of(options.RepeatKey, rows);
        var uncertain = false;
        for (var attempt = 1; ; attempt++)
        {
            await _gate.SpaceAsync(_calls, cancellationToken);
            var (open, failure, cause) = await TryAsync(rows, token, uncertain, cancellationToken);
            if (open.Length == 0) return;
            rows = open;
            var last = attempt >= _calls.Options.MaxAttempts || _calls.AsksTooLong(cause);
            if (kind == TableWriteKind.Delete && failure is TableFailure.RecordNotFound or TableFailure.OutcomeUnknown)
            {
                var left = await StillThereAsync(rows, cancellationToken);
                if (left.Length == 0) return;
                if (left.Length < rows.Length)
                {
                    await WriteAsync(left, cancellationToken);
                    return;
                }

                if (failure == TableFailure.RecordNotFound && !last && !lagged)
                {
                    await _calls.PauseAsync(attempt, null, cancellationToken);
                    continue;
                }
            }

            if (cause is FeishuApiException misnamed && await WereRenamedAsync(rows, misnamed, cancellationToken))
            {
                await WriteAsync(rows, cancellationToken);
                return;
            }

            if (failure is TableFailure.Cell or TableFailure.RecordNotFound)
            {
                await DivideAsync(rows, (FeishuApiException)cause, cancellationToken);
                return;
            }

            if (failure == TableFailure.TokenUsed && !uncertain) token = ClientToken.New();
            uncertain |= LeavesOpen(failure);
            if (!MayPass(failure)) ExceptionDispatchInfo.Throw(cause);
            if (failure == TableFailure.Conflict) _gate.Collided(_calls);
            if (kind == TableWriteKind.Create && (IsLost(failure) || last) && uncertain)
            {
                if (await LookAsync(rows, cause, attempt, cancellationToken)) return;
            }
            else if (failure == TableFailure.NotReady && rows.Length > 1 && (!uncertain || kind != TableWriteKind.Create))
            {
                await _calls.PauseAsync(attempt, null, cancellationToken);
                await HalvesAsync(rows, half => WriteAsync(half, cancellationToken));
                return;
            }
            else if (!last)
            {
                await _calls.PauseAsync(attempt, (cause as FeishuApiException)?.RetryAfter, cancellationToken);
            }

            if (last) ExceptionDispatchInfo.Throw(cause);
        }
    }

    /// <summary>Sends once. Until it is known what became of them the rows' outcome is unknown, whatever ends the waiting.</summary>
    /// <returns>The rows that are not done, and why.</returns>
    private async Task<(PendingRow[] Open, TableFailure Failure, Exception Cause)> TryAsync(
        PendingRow[] rows, string token, bool uncertain, CancellationToken cancellationToken)
    {
        TableFailure failure;
        Exception cause;
        _states.Set(rows, TableRowState.Unknown);
        try
        {
            var open = _call.Take(rows, await _calls.SendAsync<JsonElement>(_call.Request(rows, _fields, token), cancellationToken));
            return (open, TableFailure.OutcomeUnknown, new FeishuApiException("The answer to a write does not name its records.")
            {
                HttpStatus = 200, Endpoint = _call.Endpoint.Id,
            });
        }
        catch (FeishuApiException refused)
        {
            (failure, cause) = (TableFailures.Of(refused), refused);
        }
        catch (PlatformNetworkException lost)
        {
            (failure, cause) = (lost.EffectUnknown ? TableFailure.OutcomeUnknown : TableFailure.Busy, lost);
        }
        catch (CallStoppedException stopped)
        {
            (failure, cause) = (TableFailure.Other, stopped);
        }
        finally
        {
            _gate.Wrote(_calls.Clock);
        }

        if (!uncertain && !LeavesOpen(failure)) _states.Set(rows, TableRowState.NotTried);
        return (rows, failure, cause);
    }

    /// <summary>
    /// Looks for rows whose answer was lost. True: they are there. False: they are not, and can be made; till then their outcome is
    /// unknown, also when looking fails.
    /// </summary>
    private async Task<bool> LookAsync(PendingRow[] rows, Exception cause, int attempt, CancellationToken cancellationToken)
    {
        if (!_lost.CanLook(rows)) ExceptionDispatchInfo.Throw(cause);
        // What is still being done is done by then, as a rule; the same client_token guards what is not.
        await _calls.PauseAsync(attempt, null, cancellationToken);
        var found = await _lost.FindAsync(rows, cancellationToken);
        if (found.Count > 0 && found.Count < rows.Length) ExceptionDispatchInfo.Throw(cause);
        // With advanced permissions who may write rows need not see them: an empty search proves nothing then.
        if (found.Count == 0 && (await table.Base.GetAsync(cancellationToken)).IsAdvanced) ExceptionDispatchInfo.Throw(cause);
        foreach (var row in rows.Where(row => found.ContainsKey(row.Index))) _states.Written(row, found[row.Index]);
        return found.Count > 0;
    }

    /// <summary>The records that are not gone, by the only call that tells it; those that are gone are done.</summary>
    private async Task<PendingRow[]> StillThereAsync(PendingRow[] rows, CancellationToken cancellationToken)
    {
        var found = await table.GetAsync(rows.Select(row => row.RecordId!), cancellationToken: cancellationToken);
        var gone = found.Absent.ToHashSet(StringComparer.Ordinal);
        foreach (var row in rows.Where(row => gone.Contains(row.RecordId!))) _states.Written(row, row.RecordId);
        return [.. rows.Where(row => !gone.Contains(row.RecordId!))];
    }

    /// <summary>A field has another name now, so the rows can be written again. Asked in vain, it is not asked again.</summary>
    private async Task<bool> WereRenamedAsync(PendingRow[] rows, FeishuApiException refused, CancellationToken cancellationToken)
    {
        if (_namesAreRight || kind == TableWriteKind.Delete || !TableFailures.IsOfFieldNames(refused)) return false;
        var (old, newer) = (_fields, await table.GetNewerFieldsAsync(_fields, cancellationToken));
        _fields = newer;
        _namesAreRight = rows.SelectMany(row => row.Fields!.Keys).Distinct(StringComparer.Ordinal)
            .All(id => newer.ById(id) is not { } field || field.Name == old.ById(id)?.Name);
        return !_namesAreRight;
    }

    /// <summary>One row, or one half after the other, has what the platform does not take.</summary>
    private async Task DivideAsync(PendingRow[] rows, FeishuApiException refused, CancellationToken cancellationToken)
    {
        if (GaveUp) return;
        if (rows.Length > 1)
        {
            await HalvesAsync(rows, half => GaveUp ? Task.CompletedTask : WriteAsync(half, cancellationToken, lagged: true));
            return;
        }

        _refused++;
        if (refused.Code is 1254045 or 1254015) table.ForgetFields();
        _states.Refused(rows[0], CellSuspect.Problem(rows[0], refused, _fields));
    }

    private static async Task HalvesAsync(PendingRow[] rows, Func<PendingRow[], Task> write)
    {
        await write(rows[..(rows.Length / 2)]);
        await write(rows[(rows.Length / 2)..]);
    }

    private static bool MayPass(TableFailure failure) => failure is TableFailure.Busy or TableFailure.Conflict or TableFailure.NotReady
        or TableFailure.Trouble or TableFailure.OutcomeUnknown or TableFailure.TokenUsed;

    /// <summary>After it nobody knows whether the rows were written.</summary>
    private static bool LeavesOpen(TableFailure failure) => failure is TableFailure.OutcomeUnknown or TableFailure.Trouble;

    /// <summary>Another try under the same token would answer no better than looking does.</summary>
    private static bool IsLost(TableFailure failure) => failure is TableFailure.OutcomeUnknown or TableFailure.TokenUsed;
}
