using Larkspur.Gateway.Syncs.Mapping;
using Larkspur.Gateway.Syncs.Rows;

namespace Larkspur.Syncs.Tests.Model;

/// <summary>Plays a sequence of numbers as things that happen: so a failing one is shortened by leaving numbers out.</summary>
internal static class Sequence
{
    public static async Task PlayAsync(ModelRun run, IReadOnlyList<int> numbers)
    {
        var step = 0;
        foreach (var number in numbers) await PlayAsync(run, Math.Abs((long)number), step++);
    }

    private static async Task PlayAsync(ModelRun run, long number, int step)
    {
        var (kind, rest) = ((int)(number % 24), number / 24);
        switch (kind)
        {
            case <= 3: People(run, () => EditTable(run, rest)); break;
            case <= 7: People(run, () => EditSource(run, rest)); break;
            case 8: People(run, () => AddToTable(run, rest)); break;
            case 9: People(run, () => AddToSource(run, rest)); break;
            case 10: People(run, () => DeleteFromTable(run, rest)); break;
            case 11: People(run, () => DeleteFromSource(run, rest)); break;
            case 12: People(run, () => RestoreInTable(run, rest)); break;
            case 13: People(run, () => RestoreInSource(run, rest)); break;
            case 14: People(run, () => Copy(run, rest)); break;
            case 15: await run.DeliverAsync((int)(rest % 5) + 1); break;
            case 16: run.Clock.Advance(TimeSpan.FromMinutes(rest % 15)); break;
            case 17: await DecideAsync(run, rest); break;
            case 18: run.Table.Renames++; break;
            case 19: Toggle(run.Table.GoneFields, (int)(rest % 2) + 1); break;
            case 20: HideOrShow(run, rest); break;
            case 21: run.Source.IsCut = rest % 3 == 0; break;
            default: await run.WorkAsync(); break;
        }

        _ = step;
        // Whoever must say that it begins, or goes on, does.
        await run.ExecuteAsync("UPDATE sync SET phase = 'copy_source' WHERE id = $1 AND phase = 'ready'");
        await run.ExecuteAsync("UPDATE sync SET paused = NULL, rights = NULL WHERE id = $1");
    }

    /// <summary>Now, or while the engine works.</summary>
    private static void People(ModelRun run, Action action)
    {
        if (run.World.Chance.Next(3) == 0) action();
        else run.World.People.Enqueue(action);
    }

    private static void EditTable(ModelRun run, long rest)
    {
        if (Pick(run.Table.Rows.Keys, rest) is not { } record) return;
        var field = (int)(rest / 100 % 5) + 1;
        if (run.Table.GoneFields.Contains(field)) return;
        var saw = run.Table.Rows[record][field];
        var value = Value(run, field, saw, rest);
        run.Table.Set(record, field, value);
        run.Edits.Add(new(SideName.Table, record, field, value, saw));
    }

    private static void EditSource(ModelRun run, long rest)
    {
        if (Pick(run.Source.Rows.Keys, rest) is not { } key) return;
        var field = (int)(rest / 100 % 5) + 1;
        var saw = run.Source.Rows[key][field];
        var value = Value(run, field, saw, rest);
        run.Source.Set(key, field, value);
        run.Edits.Add(new(SideName.Source, key, field, value, saw));
    }

    private static string? Value(ModelRun run, int field, string? saw, long rest)
    {
        if (field == ModelFields.Tags)
        {
            var set = Gateway.Syncs.Values.Canonical.AsSet(saw).ToHashSet();
            var member = $"t{rest / 1000 % 4}";
            if (!set.Remove(member)) set.Add(member);
            return Gateway.Syncs.Values.Canonical.Set(set);
        }

        return (rest / 1000 % 12) switch
        {
            0 => null,
            // What the other side does not take.
            1 => run.NewValue() + "!",
            2 => run.NewValue() + "?",
            _ => run.NewValue(),
        };
    }

    private static void AddToTable(ModelRun run, long rest)
    {
        var values = New(run, rest % 5 == 0 ? null : KeyOf(run, rest));
        // Fields that are gone hold nothing.
        foreach (var gone in run.Table.GoneFields) values[gone] = null;
        var record = run.Table.Add(values);
        for (var i = 1; i < values.Length; i++) run.Edits.Add(new(SideName.Table, record, i, values[i], null));
    }

    private static void AddToSource(ModelRun run, long rest)
    {
        if (KeyOf(run, rest) is not { } key || run.Source.Rows.ContainsKey(key)) return;
        var values = New(run, key);
        run.Source.Put(key, values);
        for (var i = 1; i < values.Length; i++) run.Edits.Add(new(SideName.Source, key, i, values[i], null));
    }

    /// <summary>A key that is new, or one that both sides may choose.</summary>
    private static string KeyOf(ModelRun run, long rest) => rest % 3 == 0 ? $"s{rest / 7 % 3}" : run.NewKey();

    private static string?[] New(ModelRun run, string? key) => [key, run.NewValue(), run.NewValue(), null, run.NewValue(), run.NewValue()];

    private static void DeleteFromTable(ModelRun run, long rest)
    {
        if (Pick(run.Table.Rows.Keys, rest) is { } record) run.Table.Delete(record, byPerson: true);
    }

    private static void DeleteFromSource(ModelRun run, long rest)
    {
        if (Pick(run.Source.Rows.Keys, rest) is { } key) run.Source.Delete(key, byPerson: true);
    }

    private static void RestoreInTable(ModelRun run, long rest)
    {
        if (Pick(run.Table.Deleted.Keys, rest) is { } record) run.Table.Restore(record);
    }

    private static void RestoreInSource(ModelRun run, long rest)
    {
        if (Pick(run.Source.Deleted.Keys, rest) is { } key && !run.Source.Rows.ContainsKey(key)) run.Source.Put(key, [.. run.Source.Deleted[key]]);
    }

    private static void Copy(ModelRun run, long rest)
    {
        if (Pick(run.Table.Rows.Keys, rest) is { } record) run.Table.Add([.. run.Table.Rows[record]]);
    }

    private static async Task DecideAsync(ModelRun run, long rest)
    {
        var open = (await run.ConflictsAsync()).Where(conflict => conflict.DecidedAt is null && conflict.Key is not null).ToList();
        if (open.Count == 0) return;
        var conflict = open[(int)(rest % open.Count)];
        var decision = (conflict.Kind, rest / 10 % 2) switch
        {
            (ConflictRow.DeletedEdited, 0) => Decisions.Keep,
            (ConflictRow.DeletedEdited, _) => Decisions.Delete,
            (_, 0) => Decisions.Table,
            _ => Decisions.Source,
        };
        await run.DecideAsync(conflict, decision);
    }

    private static void HideOrShow(ModelRun run, long rest)
    {
        if (run.Table.Hidden.Count > 0) run.Table.Hidden.Clear();
        else if (Pick(run.Table.Rows.Keys, rest) is { } record) run.Table.Hidden.Add(record);
    }

    private static void Toggle(HashSet<int> set, int item)
    {
        if (!set.Remove(item)) set.Add(item);
    }

    private static string? Pick(IEnumerable<string> ids, long rest)
    {
        string[] all = [.. ids.Order(StringComparer.Ordinal)];
        return all.Length == 0 ? null : all[(int)(rest % all.Length)];
    }
}
