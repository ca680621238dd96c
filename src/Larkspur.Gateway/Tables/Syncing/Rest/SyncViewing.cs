using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Syncs.Mapping;
using Larkspur.Gateway.Syncs.Rows;
using Larkspur.Gateway.Syncs.Running;

namespace Larkspur.Gateway.Tables.Syncing.Rest;

/// <summary>How syncs stand, for whoever looks.</summary>
internal sealed class SyncViewing(IDatabase database, TimeProvider clock)
{
    private const int LastRuns = 5;

    public Task<SyncView> OfAsync(SyncRecord row, CancellationToken cancellation) =>
        database.ReadAsync(sql => OfAsync(sql, row), cancellation);

    public Task<IReadOnlyList<SyncView>> OfAsync(IEnumerable<SyncRecord> rows, CancellationToken cancellation) =>
        database.ReadAsync(async sql =>
        {
            var views = new List<SyncView>();
            foreach (var row in rows) views.Add(await OfAsync(sql, row));
            return (IReadOnlyList<SyncView>)views;
        }, cancellation);

    private async ValueTask<SyncView> OfAsync(ISql sql, SyncRecord row)
    {
        var sentence = SyncSentences.Of(row);
        var runs = await SyncRuns.LastAsync(sql, row.Id, LastRuns);
        var linked = await RowStore.LinkedAsync(sql, row.Id);
        var survey = SurveyReport.Read(row.Survey);
        return new SyncView
        {
            Name = row.Name, System = row.Owner, State = SyncSentences.StateOf(row), Progress = Progress(row, survey, runs, linked),
            Counts = new()
            {
                TableRows = row.ScannedAt is null ? survey.TableRows : row.TableRows,
                SourceRows = row.ScannedAt is null ? survey.SourceRows : row.SourceRows,
                Linked = linked, Waiting = await HintStore.CountAsync(sql, row.Id),
                Conflicts = await ConflictStore.CountAsync(sql, row.Id), Problems = await ProblemStore.CountAsync(sql, row.Id),
                DeletionsWaiting = row.Asks,
            },
            Reason = row.Paused ?? row.Away, Side = row.Side?.ToString(), Message = sentence?.English, MessageZh = sentence?.Chinese,
            NextTryAt = row.NotBefore,
            LagSeconds = row.Phase == Phases.Live && row.LookedAt is { } at
                ? Math.Max(0, (long)(clock.GetUtcNow() - at).TotalSeconds) : null,
            ComparedAt = row.ScannedAt, PausedFields = PausedFields(row), Spec = SyncSpecView.Of(row.Spec),
            Runs = [.. runs.Select(SyncRunView.Of)], CreatedAt = row.CreatedAt, ChangedAt = row.ChangedAt, ChangedBy = row.ChangedBy,
        };
    }

    private SyncProgressView? Progress(SyncRecord row, SurveyReport survey, List<RunRow> runs, long linked)
    {
        if (row.Phase is Phases.Ready or Phases.Live) return null;
        var run = runs.Find(run => run.EndedAt is null && run.Kind is RunRow.Survey or RunRow.Copy);
        if (row.Phase is Phases.SurveyTable or Phases.SurveySource)
            return new(row.Phase, run?.ReadRows ?? 0, null, Rate(run, run?.ReadRows), null);
        var total = survey.Equal + survey.Differing + survey.OnlySource + (row.Spec.Direction == Flow.ToTable ? 0 : survey.OnlyTable);
        var rate = Rate(run, linked);
        var left = rate is > 0 ? (long?)Math.Ceiling(Math.Max(0, total - linked) / rate.Value) : null;
        return new(row.Phase, linked, Math.Max(total, linked), rate, left);
    }

    private double? Rate(RunRow? run, long? rows)
    {
        if (run is null || rows is null) return null;
        var seconds = (clock.GetUtcNow() - run.BeganAt).TotalSeconds;
        return seconds < 0.1 ? null : Math.Round(rows.Value / seconds, 1);
    }

    private static List<SyncPausedFieldView> PausedFields(SyncRecord row) => row.Map is not { } map ? []
        : [.. StoredMap.Read(map).Fields.Where(field => field.Paused is not null).Select(field =>
        {
            var text = SyncSentences.Row(field.Paused!);
            return new SyncPausedFieldView(field.Field, field.Column, field.Paused!, text.English, text.Chinese);
        })];
}
