using Larkspur.Gateway.Syncs.Mapping;
using Larkspur.Gateway.Syncs.Rows;

namespace Larkspur.Syncs.Tests.Model;

/// <summary>Everything calms down, and what must be true then is asked.</summary>
internal static class Quiet
{
    public static async Task SettleAsync(ModelRun run)
    {
        run.World.IsCalm = true;
        while (run.World.People.Count > 0) run.World.People.Dequeue()();
        run.Table.Hidden.Clear();
        run.Table.GoneFields.Clear();
        for (var round = 0; round < 8; round++)
        {
            await run.DeliverAsync(int.MaxValue);
            await run.ExecuteAsync("UPDATE sync SET phase = 'copy_source' WHERE id = $1 AND phase = 'ready'");
            await run.ExecuteAsync("UPDATE sync SET paused = NULL, rights = NULL, not_before = NULL, confirmed_at = 9999999999999 WHERE id = $1");
            if (round is 2 or 5) await run.ExecuteAsync("UPDATE sync SET scan = 'test' WHERE id = $1");
            run.Clock.Advance(TimeSpan.FromMinutes(20));
            await run.WorkAsync();
        }
    }

    public static async Task<List<string>> BrokenAsync(ModelRun run)
    {
        var broken = new List<string>();
        var row = await run.RowAsync();
        if (row.Paused is not null || row.Away is not null) broken.Add($"the sync stands still: {row.Paused}{row.Away} {row.Detail}");
        if (row.Phase != Phases.Live) broken.Add($"it is in phase {row.Phase}");
        var (rows, conflicts, problems, history) = (await run.RowsAsync(), await run.ConflictsAsync(), await run.ProblemsAsync(), await run.HistoryAsync());
        Converges(run, rows, conflicts, problems, broken);
        LosesNothing(run, rows, conflicts, history, broken);
        InventsNothing(run, broken);
        foreach (var lost in await run.LostRunsAsync()) broken.Add($"changes of run {lost} cannot be found by it, or undone");
        if (rows.Any(r => r.Pending is not null)) broken.Add("something is pending for ever");

        var writes = run.World.Writes;
        await run.DeliverAsync(int.MaxValue);
        await run.ExecuteAsync("UPDATE sync SET scan = 'test' WHERE id = $1");
        run.Clock.Advance(TimeSpan.FromMinutes(20));
        await run.WorkAsync();
        if (run.World.Writes != writes) broken.Add($"{run.World.Writes - writes} writes although nobody edits");
        return broken;
    }

    private static void Converges(
        ModelRun run, List<SyncRow> rows, List<ConflictRow> conflicts, List<ProblemRow> problems, List<string> broken)
    {
        var open = conflicts.Where(conflict => conflict.DecidedAt is null).ToList();
        var stuckKeys = problems.Select(problem => problem.Key).Concat(problems.Select(problem => problem.Item)).ToHashSet();
        foreach (var (key, values) in run.Source.Rows)
        {
            if (stuckKeys.Contains(key)) continue;
            var kept = rows.FirstOrDefault(row => row.Key == key);
            var records = run.Table.Rows.Where(row => row.Value[0] == key && !stuckKeys.Contains(row.Key)).ToList();
            var isAsked = open.Any(conflict => conflict.Key == key && conflict.Field.Length == 0);
            if (isAsked) continue;
            if (records.Count == 0) broken.Add($"the source has {key}, the table does not ({kept?.State} {kept?.Record} {kept?.GoneFrom})");
            if (records.Count > 1) broken.Add($"{key} is in the table {records.Count} times: {string.Join(", ", records.Select(r => r.Key))}");
            if (records.Count != 1) continue;
            for (var i = 1; i < values.Length; i++)
            {
                if (open.Any(conflict => conflict.Key == key && conflict.Field == $"f{i}")) continue;
                if (values[i] != records[0].Value[i]) broken.Add($"{key}.{i}: the source has {values[i]}, the table {records[0].Value[i]}");
            }
        }

        foreach (var (record, values) in run.Table.Rows)
        {
            if (stuckKeys.Contains(record) || (values[0] is { } key && stuckKeys.Contains(key))) continue;
            if (values[0] is { } its && run.Source.Rows.ContainsKey(its)) continue;
            if (open.Any(conflict => conflict.Key == values[0] && conflict.Field.Length == 0)) continue;
            broken.Add($"the table has {record} {values[0]}, the source does not");
        }
    }

    /// <summary>What a person wrote is there, or was replaced by somebody who had seen it, or is kept where it can be found.</summary>
    private static void LosesNothing(ModelRun run, List<SyncRow> rows, List<ConflictRow> conflicts, List<ChangeRow> history, List<string> broken)
    {
        var told = run.Table.Overwritten.Select(lost => lost.Lost).ToHashSet();
        foreach (var edit in run.Edits.Where(edit => edit.Value is not null && edit.Field != ModelFields.Tags))
        {
            var value = edit.Value!;
            if (run.Source.Rows.Values.Concat(run.Table.Rows.Values).Any(row => row.Contains(value))) continue;
            // A row that a person deleted took it along.
            if (run.Source.Thrown.Concat(run.Table.Thrown).Any(row => row.Contains(value))) continue;
            if (run.Edits.Any(later => later.Saw == value)) continue;
            if (conflicts.Any(conflict => conflict.TableValue == value || conflict.SourceValue == value)) continue;
            if (history.Any(change => change.Before == value || change.Before?.Contains($"\"{value}\"", StringComparison.Ordinal) == true)) continue;
            // An edit in the moment of a write, of which the platform lost its word: nobody can know of it.
            if (told.Contains(value)) continue;
            broken.Add($"lost: {value}, written to the {edit.Side} in {edit.Row}.{edit.Field}");
        }
    }

    private static void InventsNothing(ModelRun run, List<string> broken)
    {
        var written = run.Edits.Select(edit => edit.Value).ToHashSet();
        foreach (var (id, values) in run.Source.Rows.Concat(run.Table.Rows))
        {
            for (var i = 1; i < values.Length; i++)
            {
                if (values[i] is { } value && i != ModelFields.Tags && !written.Contains(value)) broken.Add($"nobody wrote {value} in {id}.{i}");
            }
        }
    }
}
