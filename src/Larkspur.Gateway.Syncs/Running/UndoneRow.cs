using Larkspur.Gateway.Syncs.Looking;
using Larkspur.Gateway.Syncs.Mapping;
using Larkspur.Gateway.Syncs.Rows;
using Larkspur.Gateway.Syncs.Sides;
using Larkspur.Gateway.Syncs.Values;

namespace Larkspur.Gateway.Syncs.Running;

/// <summary>
/// What is written on one side to take back what a run wrote into one row of it. Changes are gone through from the last to the first, and
/// each is taken back where what it wrote is still there: what is found then is what was there before the run, however often a value was
/// written in it. Whatever somebody wrote since stays.
/// </summary>
internal sealed class UndoneRow
{
    private UndoneRow(SideWrite? write, bool isDone, IReadOnlyList<string> kept) => (Write, IsDone, Kept) = (write, isDone, kept);

    /// <summary>Null: nothing is to be written.</summary>
    public SideWrite? Write { get; }

    /// <summary>Everything is as before the run, or will be by <see cref="Write"/>.</summary>
    public bool IsDone { get; }

    /// <summary>Fields (their ids; empty: the row) that were changed since and stay as they are.</summary>
    public IReadOnlyList<string> Kept { get; }

    /// <param name="map">The fields.</param>
    /// <param name="side">The side.</param>
    /// <param name="has">The row as it is; null: it is not there.</param>
    /// <param name="changes">What the run wrote into it on this side, from the last to the first.</param>
    public static UndoneRow Of(RowMap map, SideName side, SideRow? has, IReadOnlyList<ChangeRow> changes)
    {
        var places = Enumerable.Range(0, map.Fields.Count).ToDictionary(i => map.Fields[i].FieldId, StringComparer.Ordinal);
        var kept = new List<string>();
        // As it would be, going back through the run; null: not there.
        var values = has?.Values.ToArray();
        foreach (var change in changes)
        {
            switch (change.Kind)
            {
                case Update when places.TryGetValue(change.Field, out var i) && values is not null && values[i] == change.After:
                    values[i] = change.Before;
                    break;
                case Create when values is not null && IsAs(values, change.After):
                    values = null;
                    break;
                case Delete when values is null:
                    values = Made(map, places, change.Before);
                    break;
                default:
                    if (!IsAsBefore(change)) kept.Add(change.Field);
                    break;
            }
        }

        var write = Between(map, side, has, values, changes);
        return new(write, kept.Count == 0, [.. kept.Distinct()]);

        // Where it was taken back before, nothing is as the run left it, and that is no change of somebody's.
        bool IsAsBefore(ChangeRow change) => (change.Kind, has) switch
        {
            (Create, _) => has is null,
            (Update, null) => changes[^1].Kind == Create,
            (Update, _) => places.TryGetValue(change.Field, out var i)
                && has.Values[i] == changes.Last(one => one.Kind == Update && one.Field == change.Field).Before,
            (_, null) => false,
            _ => IsAs(has.Values, change.Before),
        };

        bool IsAs(IReadOnlyList<string?> now, string? then) => then is not null && ValuesJson.Read(then)
            .All(pair => !places.TryGetValue(pair.Key, out var i) || now[i] == pair.Value);
    }

    private const string Create = "create";
    private const string Update = "update";
    private const string Delete = "delete";

    private static string?[]? Made(RowMap map, Dictionary<string, int> places, string? before)
    {
        if (before is null) return null;
        string?[] values = [.. map.Fields.Select(field => Canonical.Nothing(field.Kind))];
        foreach (var (field, value) in ValuesJson.Read(before))
            if (places.TryGetValue(field, out var i)) values[i] = value;
        return values;
    }

    private static SideWrite? Between(RowMap map, SideName side, SideRow? has, string?[]? values, IReadOnlyList<ChangeRow> changes)
    {
        var last = changes[0];
        if (has is null)
        {
            return values is null ? null : new(WriteKind.Create, side == SideName.Source ? last.Key : null,
                Writable(i => true), null);
        }

        if (values is null) return new(WriteKind.Delete, has.Id, new Dictionary<int, string?>(), has);
        var changed = Writable(i => values[i] != has.Values[i]);
        return changed.Count == 0 ? null : new(WriteKind.Update, has.Id, changed, has);

        Dictionary<int, string?> Writable(Func<int, bool> which) => map.Active
            .Where(i => !map.Fields[i].IsComputedIn(side) && which(i)).ToDictionary(i => i, i => values![i]);
    }
}
