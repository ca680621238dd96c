using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Syncs.Mapping;
using Larkspur.Gateway.Syncs.Rows;
using Larkspur.Gateway.Syncs.Running;
using Larkspur.Gateway.Syncs.Sides;
using Larkspur.Gateway.Syncs.Values;

namespace Larkspur.Gateway.Syncs.Looking;

/// <summary>
/// Looks at rows and makes both sides equal: what is to be sent is put down first, then sent, then confirmed. A crash between any two of
/// these leaves rows with something pending, which are looked at again.
/// </summary>
internal sealed class Examination(SyncSession session)
{
    /// <summary>What did not work for no reason that anybody could mend is tried again after so long, then after twice as long.</summary>
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);

    /// <summary>What the platform has taken and not answered is done, or not, by then.</summary>
    private static readonly TimeSpan UnknownPause = TimeSpan.FromSeconds(30);

    /// <param name="hints">What was heard of.</param>
    /// <param name="rows">Rows to be looked at anyway.</param>
    /// <param name="fresh">Rows of the source that were read just now.</param>
    /// <param name="isFirst">See <see cref="CaseReader.ReadAsync"/>.</param>
    /// <param name="mayDelete">Deletions that are due are done.</param>
    /// <param name="alongside">Done in the transaction in which the rows are put down: how far the work is.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task RunAsync(IReadOnlyList<Hint> hints, IReadOnlyList<SyncRow> rows, IReadOnlyList<SideRow> fresh, bool isFirst,
        bool mayDelete, Func<IUnitOfWork, ValueTask>? alongside, CancellationToken cancellation)
    {
        var reader = new CaseReader(session);
        var cases = await reader.ReadAsync(hints, rows, fresh, isFirst, cancellation);
        var rules = session.Rules(mayDelete);
        var decided = cases.Select(row => new DecidedCase(row, Skips(row) ? new() : RowDecider.Of(row, rules))).ToList();
        await CheckClearedAsync(decided, cancellation);
        await NoteAsync(decided, [.. reader.Dropped, .. cases.SelectMany(row => row.Hints)], alongside, cancellation);
        foreach (var side in (SideName[])[SideName.Table, SideName.Source]) await SendAsync(decided, side, cancellation);
        await ConfirmAsync(decided, cancellation);
        // A row whose making was not answered may come into being still: it is looked for after a while, not at once.
        if (decided.Any(one => one.Results.Any(result => result.State == WriteState.Unknown)))
            throw new SideAwayException(Problems.Unreachable, "an answer was lost") { RetryAfter = UnknownPause };
    }

    /// <summary>
    /// A field that somebody has just deleted or retyped reads as empty in every row. Before values of the source are cleared the fields
    /// are
    /// asked for once more.
    /// </summary>
    /// <exception cref="SideAwayException">They are others by now: the sync is opened anew, and the field is paused.</exception>
    private async Task CheckClearedAsync(List<DecidedCase> decided, CancellationToken cancellation)
    {
        var cleared = decided.Where(one => one.Decision.ToSource is { Kind: WriteKind.Update })
            .SelectMany(one => one.Decision.ToSource!.Values).Where(pair => pair.Value is null or Canonical.False).Select(pair =>
                pair.Key).Distinct().ToList();
        if (cleared.Count == 0) return;
        var shape = await session.Table.DescribeAsync(true, cancellation);
        if (cleared.Any(i => shape.Columns.FirstOrDefault(column => column.Id == session.Map.Fields[i].FieldId) is not { } column
            || !column.Kinds.Contains(session.Map.Fields[i].Kind)))
            throw new SideAwayException(Problems.Busy, "fields changed") { Side = SideName.Table };
    }

    /// <summary>What it is about is the same as when it did not work: nothing else would come of it.</summary>
    private static bool Skips(RowCase row) => row.Problem is { } problem && problem.Seen == row.Seen() && row.Row.Pending is null
        && row.Open.All(conflict => conflict.Decision is null);

    /// <summary>Puts down what is going to be sent.</summary>
    private Task NoteAsync(
        List<DecidedCase> decided, List<Hint> hints, Func<IUnitOfWork, ValueTask>? alongside, CancellationToken cancellation) =>
        session.WriteAsync(async unit =>
        {
            var run = await session.RunAsync(unit);
            var counts = new RunCounts(ReadRows: decided.Count);
            foreach (var one in decided)
            {
                var (row, decision) = (one.Case, one.Decision);
                if (decision.Forget) await RowStore.RemoveAsync(unit, session.Id, row.Row.Id);
                if (decision.Row is { } kept) await KeepAsync(unit, run, one, kept);
                foreach (var conflict in decision.Conflicts)
                {
                    await ConflictStore.PutAsync(unit, session.Id, conflict with { RowId = one.Id });
                    counts = counts with { Conflicts = counts.Conflicts + 1 };
                }

                foreach (var (conflict, how) in decision.Ended)
                    await ConflictStore.EndAsync(unit, conflict.Id, how, conflict.Decided, session.Now);
                counts = counts with { Problems = counts.Problems + await JudgeAsync(unit, row, decision) };
            }

            await HintStore.DoneAsync(unit, hints);
            await SyncRuns.AddAsync(unit, run, counts);
            if (alongside is not null) await alongside(unit);
        }, cancellation);

    /// <summary>Keeps a row with what is going to be sent of it, and what was sent before and turns out to have arrived.</summary>
    private async ValueTask KeepAsync(IUnitOfWork unit, long run, DecidedCase one, SyncRow kept)
    {
        one.Run = run;
        one.Kept = kept with { Pending = Pending(one, run) };
        if (one.Case.Row.Pending is { } sent) await ArrivedAsync(unit, one, sent);
        one.Id = one.IsUnchanged ? kept.Id : await RowStore.SaveAsync(unit, session.Id, one.Kept);
    }

    private PendingWrite? Pending(DecidedCase one, long run) => !one.Decision.Writes ? null
        : new(run, Of(one, SideName.Table), Of(one, SideName.Source));

    private PendingSide? Of(DecidedCase one, SideName side)
    {
        if (one.Decision.To(side) is not { } write) return null;
        var fields = session.Map.Fields;
        return new(write.Kind, write.Values.ToDictionary(pair => fields[pair.Key].FieldId, pair => pair.Value),
            write.Read is null ? new Dictionary<string, string?>()
                : (write.Kind == WriteKind.Delete ? session.Map.Active : [.. write.Values.Keys])
                .ToDictionary(i => fields[i].FieldId, i => write.Read.Values[i]),
            [.. one.Decision.Losses.Where(loss => loss.Loser == side).Select(loss => fields[loss.Field].FieldId)]);
    }

    /// <summary>
    /// What was sent before a crash belongs to the history like everything else, unless it surely did not arrive: what it may have
    /// overwritten is kept nowhere else.
    /// </summary>
    private async ValueTask ArrivedAsync(IUnitOfWork unit, DecidedCase one, PendingWrite sent)
    {
        foreach (var side in (SideName[])[SideName.Table, SideName.Source])
        {
            if (sent.Of(side) is not { } pending) continue;
            var has = one.Case.Of(side);
            if (pending.Kind == WriteKind.Delete ? has is not null : pending.Kind == WriteKind.Create && has is null) continue;
            var values = pending.Kind != WriteKind.Update ? pending.Values
                : pending.Values.Where(pair => !IsAsBefore(pair.Key)).ToDictionary(pair => pair.Key, pair => pair.Value);
            if (values.Count == 0 && pending.Kind != WriteKind.Delete) continue;
            await HistoryAsync(unit, one, side, pending with { Values = values }, sent.Run);
            await SyncRuns.AddAsync(unit, sent.Run, side == SideName.Table ? new(ToTable: 1) : new(ToSource: 1));

            bool IsAsBefore(string fieldId)
            {
                for (var i = 0; has is not null && i < session.Map.Fields.Count; i++)
                    if (session.Map.Fields[i].FieldId == fieldId) return has.Values[i] == pending.Before.GetValueOrDefault(fieldId);
                return false;
            }
        }
    }

    private async Task SendAsync(List<DecidedCase> decided, SideName side, CancellationToken cancellation)
    {
        // Rows are made before others are changed, and deleted last: what refers to a row finds it.
        foreach (var kind in (WriteKind[])[WriteKind.Create, WriteKind.Update, WriteKind.Delete])
        {
            var rows = decided.Where(one => one.Decision.To(side)?.Kind == kind).ToList();
            if (rows.Count == 0) continue;
            await session.MaySendAsync(cancellation);
            var results = await session.Of(side).WriteAsync([.. rows.Select(one => one.Decision.To(side)!)], cancellation);
            foreach (var (one, result) in rows.Zip(results)) one.Set(side, result);
        }
    }

    /// <summary>What arrived is common to both sides from now on.</summary>
    private async Task ConfirmAsync(List<DecidedCase> decided, CancellationToken cancellation)
    {
        var sent = decided.Where(one => one.Decision.Writes).ToList();
        if (sent.Count == 0) return;
        await session.WriteAsync(async unit =>
        {
            var counts = new RunCounts();
            foreach (var one in sent)
            {
                foreach (var side in (SideName[])[SideName.Table, SideName.Source])
                {
                    if (one.Result(side)?.State != WriteState.Done) continue;
                    await HistoryAsync(unit, one, side, one.Kept!.Pending!.Of(side)!, one.Run);
                    counts = side == SideName.Table ? counts with { ToTable = counts.ToTable + 1 }
                        : counts with { ToSource = counts.ToSource + 1 };
                }

                await SettleAsync(unit, one);
                if (await FailedAsync(unit, one)) counts = counts with { Problems = counts.Problems + 1 };
            }

            await SyncRuns.AddAsync(unit, sent[0].Run, counts);
        }, cancellation);
    }

    private async ValueTask SettleAsync(IUnitOfWork unit, DecidedCase one)
    {
        var confirmed = one.Confirmed(session.Map);
        await RowStore.SaveAsync(unit, session.Id, confirmed with { Id = one.Id });
        if (one.Case.NewKey is not null && one.Result(SideName.Table)?.State == WriteState.Done)
            await HintStore.AddAsync(unit, session.Dialect, session.Id, SideName.Table, [confirmed.Record!]);
        foreach (var open in one.Case.Open.Where(open => open.Kind == ConflictRow.OfValues
            || (open.Kind == ConflictRow.Overwritten && open.Decision is not null)))
        {
            var place = session.Map.Fields.Select((field, i) => (field, i)).FirstOrDefault(pair => pair.field.FieldId == open.Field);
            if (place.field is not null && one.AreEqual(session.Map, place.i))
                await ConflictStore.EndAsync(unit, open.Id, open.Decision ?? Decisions.Equal, open.Decided, session.Now);
        }
    }

    private async ValueTask HistoryAsync(IUnitOfWork unit, DecidedCase one, SideName side, PendingSide pending, long run)
    {
        var change = new ChangeRow
        {
            Run = run, RowId = one.Id != 0 ? one.Id : one.Case.Row.Id, Key = one.Case.Row.Key, Side = side,
            Record = one.Result(SideName.Table)?.Id ?? one.Case.Row.Record, Kind = pending.Kind.ToString().ToLowerInvariant(),
                At = session.Now,
        };
        if (pending.Kind != WriteKind.Update)
        {
            await HistoryStore.AddAsync(unit, session.Id, change with
            {
                Before = pending.Kind == WriteKind.Delete ? ValuesJson.Of(pending.Before) : null,
                After = pending.Kind == WriteKind.Create ? ValuesJson.Of(pending.Values) : null,
            });
            return;
        }

        foreach (var (field, value) in pending.Values)
        {
            await HistoryStore.AddAsync(unit, session.Id, change with
            {
                Field = field, Before = pending.Before.GetValueOrDefault(field), After = value, IsLoss = pending.Losses.Contains(field),
            });
        }
    }

    /// <summary>Something that keeps a row from getting on is noted; what kept it before and does no longer is forgotten.</summary>
    /// <returns>1: it is new.</returns>
    private async ValueTask<int> JudgeAsync(IUnitOfWork unit, RowCase row, Decision decision)
    {
        if (decision.Problem is { } problem)
        {
            var isNew = row.Problem?.Reason != problem.Reason;
            await PutAsync(unit, row, problem.Reason, problem.Field, problem.Detail, null);
            return isNew ? 1 : 0;
        }

        foreach (var before in row.Problems)
        {
            // What is going to be sent says itself how it went.
            var isOpen = before.Id == row.Problem?.Id && (decision.Writes || Skips(row));
            if (!isOpen) await ProblemStore.EndAsync(unit, before.Id);
        }

        return 0;
    }

    private async ValueTask<bool> FailedAsync(IUnitOfWork unit, DecidedCase one)
    {
        var worst = one.Results.Where(result => result.State != WriteState.Done).OrderBy(result => result.State).FirstOrDefault();
        var row = one.Case;
        if (worst is null)
        {
            if (row.Problem is { } before && one.Decision.Problem is null) await ProblemStore.EndAsync(unit, before.Id);
            return false;
        }

        if (worst.State == WriteState.Refused)
        {
            await PutAsync(unit, row, worst.Reason ?? Problems.RowRefused, worst.Field, worst.Detail, null);
            return row.Problem?.Reason != worst.Reason;
        }

        if (worst.State == WriteState.Failed)
        {
            await PutAsync(unit, row, worst.Reason ?? Problems.Failed, worst.Field, worst.Detail, session.Now
                + Pause(row.Problem?.Tries ?? 0));
            return row.Problem is null;
        }

        // It moved, or nobody knows: it is read again, soon.
        var (side, item) = row.Row.Key is { } key ? (SideName.Source, key) : (SideName.Table, row.Row.Record!);
        await HintStore.AddAsync(unit, session.Dialect, session.Id, side, [item],
            worst.State == WriteState.Moved ? null : session.Now + FirstPause);
        return false;
    }

    private ValueTask PutAsync(IUnitOfWork unit, RowCase row, string reason, int? field, string? detail, DateTimeOffset? again) =>
        ProblemStore.PutAsync(unit, session.Id, new()
        {
            Side = row.Name.Side, Item = row.Name.Item, Key = row.Row.Key, Reason = reason,
            Field = field is { } i ? session.Map.Fields[i].FieldId : null, Detail = detail is { Length: > 500 } ? detail[..500] : detail,
            Seen = row.Seen(), NotBefore = again, Since = session.Now,
        });

    private static TimeSpan Pause(int tries)
    {
        var pause = TimeSpan.FromTicks(FirstPause.Ticks << Math.Min(tries, 12));
        return pause < LongestPause ? pause : LongestPause;
    }
}
