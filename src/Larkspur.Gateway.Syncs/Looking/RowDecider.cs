using Larkspur.Gateway.Syncs.Mapping;
using Larkspur.Gateway.Syncs.Merging;
using Larkspur.Gateway.Syncs.Rows;
using Larkspur.Gateway.Syncs.Sides;

namespace Larkspur.Gateway.Syncs.Looking;

/// <summary>
/// Decides of one row, from what is kept and what both sides have. It asks nobody and changes nothing, so that the same row seen twice is
/// decided the same way.
/// </summary>
internal static class RowDecider
{
    public static Decision Of(RowCase row, Rules rules)
    {
        if (row.Hindrance is { } hindrance) return new() { Problem = hindrance };
        if (row.NewKey is { } key) return GiveKey(row, key, rules);
        var before = Settled(row);
        return (row.Table, row.Source) switch
        {
            ({ } table, { } source) => BothHave(row, before, table, source, rules),
            (null, null) => NobodyHas(row, before, rules),
            (null, { } source) => OneHas(row, before, SideName.Source, source, rules),
            ({ } table, null) => OneHas(row, before, SideName.Table, table, rules),
        };
    }

    /// <summary>The row without what was sent: a row that was to be made and is not there was never linked.</summary>
    private static SyncRow Settled(RowCase row)
    {
        var kept = row.Row with { Pending = null };
        foreach (var side in (SideName[])[SideName.Table, SideName.Source])
        {
            if (row.Row.Pending?.Of(side)?.Kind == WriteKind.Create && row.Of(side) is null)
                kept = kept with { State = kept.State == RowState.Linked ? RowState.Found : kept.State };
        }

        return kept;
    }

    private static Decision BothHave(RowCase row, SyncRow kept, SideRow table, SideRow source, Rules rules)
    {
        var common = row.Common(rules.Map);
        var merge = RowMerge.Of(rules.Map, table, source, common, rules.Winner);
        var conflicts = new List<ConflictRow>();
        foreach (var i in merge.Conflicts)
        {
            var open = row.Open.FirstOrDefault(
                conflict => conflict.Field == rules.Map.Fields[i].FieldId && conflict.Kind == ConflictRow.OfValues);
            if (open is not null && open.TableValue == table.Values[i] && open.SourceValue == source.Values[i])
            {
                Apply(open, i);
                continue;
            }

            conflicts.Add(Conflict(row, rules, ConflictRow.OfValues, i));
        }

        var ended = row.Open.Where(conflict => conflict.Field.Length == 0).Select(conflict => (conflict, Decisions.Equal)).ToList();
        foreach (var lost in row.Open.Where(conflict => conflict is { Kind: ConflictRow.Overwritten, Decision: not null }))
        {
            if (rules.Map.Active.Where(i => rules.Map.Fields[i].FieldId == lost.Field).Select(i => (int?)i).FirstOrDefault() is { } i)
                Apply(lost with { SourceValue = source.Values[i], TableValue = lost.TableValue }, i);
        }

        // Where both sides are equal, nothing is left to decide: by what people did, or because the decision is done.
        foreach (var open in row.Open.Where(conflict => conflict.Field.Length > 0))
        {
            if (rules.Map.Active.Where(i => rules.Map.Fields[i].FieldId == open.Field).Select(i => (int?)i).FirstOrDefault() is not { } i
                || table.Values[i] != source.Values[i] || merge.ToTable.ContainsKey(i) || merge.ToSource.ContainsKey(i)) continue;
            if (open.Kind == ConflictRow.OfValues) ended.Add((open, open.Decision ?? Decisions.Equal));
            else if (open.Decision is { } done) ended.Add((open, done));
        }

        var linked = kept with
        {
            State = RowState.Linked, Record = table.Id, GoneFrom = null, GoneAt = null, DueAt = null,
            Base = common.Meeting(rules.Map, table.Values, source.Values),
        };
        return new()
        {
            Row = linked with { Hash = rules.Map.HashOf(linked.Base.All(rules.Map)) },
            ToTable = merge.ToTable.Count == 0 ? null : new(WriteKind.Update, table.Id, merge.ToTable, table),
            ToSource = merge.ToSource.Count == 0 ? null : new(WriteKind.Update, source.Id, merge.ToSource, source),
            Losses = merge.Losses,
            Conflicts = conflicts,
            // A row that is back on both sides is no question any more.
            Ended = ended,
            Problem = Unreadable(table, source),
        };

        void Apply(ConflictRow open, int i)
        {
            if (open.Decision is null) return;
            var value = open.Decision switch
            {
                Decisions.Table => open.TableValue,
                Decisions.Source => open.SourceValue,
                _ => open.Decided,
            };
            if (value != table.Values[i]) merge.ToTable[i] = value;
            if (value != source.Values[i]) merge.ToSource[i] = value;
        }
    }

    private static Decision NobodyHas(RowCase row, SyncRow kept, Rules rules)
    {
        var ended = row.Open.Select(conflict => (conflict, Decisions.Equal)).ToList();
        if (kept.Id == 0 || kept.State == RowState.Found) return new() { Forget = kept.Id != 0, Ended = ended };
        // Its record is gone with it: were the same one brought back, it would be found by its key.
        return new()
        {
            Row = kept with { State = RowState.Gone, GoneFrom = null, GoneAt = kept.GoneAt ?? rules.Now, DueAt = null },
            Ended = ended,
        };
    }

    /// <summary>One side has the row, the other does not.</summary>
    private static Decision OneHas(RowCase row, SyncRow kept, SideName side, SideRow has, Rules rules)
    {
        var other = side.Other();
        if (kept.State == RowState.Found || (kept.State == RowState.Gone && kept.GoneFrom is not { } from)) return MakeOn(other, []);
        if (kept.State == RowState.Gone && kept.GoneFrom!.Value.Side != other) return MakeOn(other, []);

        // It was deleted on the other side, now or before.
        if (!rules.RowsGoTo(side)) return MakeOn(other, []);
        if (row.Open.FirstOrDefault(conflict => conflict.Field.Length == 0) is { } question)
        {
            return question.Decision switch
            {
                Decisions.Keep => MakeOn(other, [(question, Decisions.Keep)]),
                Decisions.Delete => Delete([(question, Decisions.Delete)]),
                _ => new(),
            };
        }

        var rule = rules.Spec.Deletes.In(side);
        var gone = kept with { State = RowState.Gone, GoneFrom = other, GoneAt = kept.GoneAt ?? rules.Now, DueAt = null };
        if (rule == DeletionRule.Keep) return new() { Row = gone };
        if (RowMerge.IsEdited(rules.Map, side, has, row.Common(rules.Map)))
            return new() { Row = gone, Conflicts = [Conflict(row, rules, ConflictRow.DeletedEdited, null) with { GoneFrom = other }] };
        if (kept.DueAt is { } due && due <= rules.Now && rules.MayDelete) return Delete([]);
        return new() { Row = gone with { DueAt = kept.DueAt ?? rules.Now + rules.Spec.Deletes.After } };

        Decision Delete(IReadOnlyList<(ConflictRow, string)> ended)
        {
            var write = new SideWrite(WriteKind.Delete, has.Id, new Dictionary<int, string?>(), has);
            return new()
            {
                Row = kept with { State = RowState.Gone, GoneFrom = other, GoneAt = kept.GoneAt ?? rules.Now },
                ToTable = side == SideName.Table ? write : null,
                ToSource = side == SideName.Source ? write : null,
                Ended = ended,
            };
        }

        Decision MakeOn(SideName where, IReadOnlyList<(ConflictRow, string)> ended)
        {
            if (!rules.RowsGoTo(where)) return new() { Ended = ended };
            if (has.Unreadable.Count > 0) return new() { Problem = Unreadable(has, null), Ended = ended };
            // A new row gets all values, also those that go the other way from then on.
            var values = rules.Map.Active.Where(i => !rules.Map.Fields[i].IsComputedIn(where))
                .ToDictionary(i => i, i => has.Values[i]);
            var write = new SideWrite(WriteKind.Create, where == SideName.Source ? kept.Key : null, values, null);
            return new()
            {
                Row = kept with
                {
                    State = RowState.Linked, Record = where == SideName.Table ? null : has.Id, GoneFrom = null, GoneAt = null, DueAt = null,
                    Base = BaseValues.Empty, Hash = null,
                },
                ToTable = where == SideName.Table ? write : null,
                ToSource = where == SideName.Source ? write : null,
                Ended = [.. ended, .. row.Open.Where(open => ended.All(e => e.Item1.Id != open.Id)).Select(open =>
                    (open, Decisions.Equal))],
            };
        }
    }

    /// <summary>The table's record gets a key of its own. It is kept first: after a crash it gets the same one.</summary>
    private static Decision GiveKey(RowCase row, string key, Rules rules) => new()
    {
        Row = row.Row with { Key = key, State = RowState.Found },
        ToTable = new(WriteKind.Update, row.Table!.Id, new Dictionary<int, string?> { [rules.Map.Keys[0]] = key }, row.Table),
    };

    private static ConflictRow Conflict(RowCase row, Rules rules, string kind, int? field) => new()
    {
        RowId = row.Row.Id, Key = row.Row.Key, Kind = kind, Field = field is { } i ? rules.Map.Fields[i].FieldId : "",
        TableValue = field is { } t ? row.Table?.Values[t] : null, SourceValue = field is { } s ? row.Source?.Values[s] : null,
        BaseValue = field is { } b && row.Row.Base.Has(rules.Map.Fields[b]) ? row.Row.Base.Of(rules.Map.Fields[b]) : null,
        TableBy = row.Table?.ChangedBy, TableAt = row.Table?.ChangedAt, SourceAt = row.Source?.ChangedAt, FoundAt = rules.Now,
    };

    private static (string, int?, string?)? Unreadable(SideRow one, SideRow? other)
    {
        var all = one.Unreadable.Concat(other?.Unreadable ?? new Dictionary<int, string>());
        foreach (var (field, why) in all) return (Problems.ValueUnreadable, field, why);
        return null;
    }
}
