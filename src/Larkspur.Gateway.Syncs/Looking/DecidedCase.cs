using System.Text.Encodings.Web;
using System.Text.Json;
using Larkspur.Gateway.Syncs.Mapping;
using Larkspur.Gateway.Syncs.Merging;
using Larkspur.Gateway.Syncs.Rows;
using Larkspur.Gateway.Syncs.Sides;
using Larkspur.Gateway.Syncs.Values;

namespace Larkspur.Gateway.Syncs.Looking;

/// <summary>A row, what was decided of it, and what came of it.</summary>
internal sealed class DecidedCase(RowCase row, Decision decision)
{
    private WriteResult? _table;
    private WriteResult? _source;

    public RowCase Case => row;

    public Decision Decision => decision;

    /// <summary>The row's id, once it is kept.</summary>
    public long Id { get; set; } = row.Row.Id;

    public long Run { get; set; }

    /// <summary>As it was put down before anything was sent.</summary>
    public SyncRow? Kept { get; set; }

    public IEnumerable<WriteResult> Results => ((WriteResult?[])[_table, _source]).OfType<WriteResult>();

    public WriteResult? Result(SideName side) => side == SideName.Table ? _table : _source;

    public void Set(SideName side, WriteResult result) => _ = side == SideName.Table ? _table = result : _source = result;

    /// <summary>It is kept just so already.</summary>
    public bool IsUnchanged => Kept is { } kept && row.Row is var before && before.Id != 0 && kept.Pending is null && before.Pending is null
        && kept.State == before.State && kept.Record == before.Record && kept.Key == before.Key && kept.Hash == before.Hash
        && kept.GoneFrom == before.GoneFrom && kept.DueAt == before.DueAt && kept.Base.ToJson() == before.Base.ToJson();

    /// <summary>As it is kept once it is known what came of what was sent.</summary>
    public SyncRow Confirmed(RowMap map)
    {
        var kept = Kept! with { Pending = Results.Any(result => result.State == WriteState.Unknown) ? Kept!.Pending : null };
        foreach (var side in (SideName[])[SideName.Table, SideName.Source])
        {
            if (decision.To(side) is not { } write || Result(side) is not { } result) continue;
            kept = (write.Kind, result.State) switch
            {
                (WriteKind.Create, WriteState.Done) => side == SideName.Table ? kept with { Record = result.Id } : kept,
                // Nothing was made: the row is on one side still.
                (WriteKind.Create, WriteState.Refused or WriteState.Failed or WriteState.Moved) => kept with { State = RowState.Found },
                (WriteKind.Delete, WriteState.Done) => kept with { State = RowState.Gone, GoneFrom = null, DueAt = null },
                _ => kept,
            };
        }

        if (row.NewKey is not null || kept.State != RowState.Linked) return kept;
        if (Now(map, SideName.Table) is not { } table || Now(map, SideName.Source) is not { } source) return kept;
        var common = kept.Base.Meeting(map, table, source);
        return kept with { Base = common, Hash = map.HashOf(common.All(map)) };
    }

    public bool AreEqual(RowMap map, int field) =>
        Now(map, SideName.Table) is { } table && Now(map, SideName.Source) is { } source && table[field] == source[field];

    /// <summary>A side's values after what is known to have arrived; null: it does not have the row, or nobody knows.</summary>
    private string?[]? Now(RowMap map, SideName side)
    {
        var has = row.Of(side);
        if (decision.To(side) is not { } write || write.Kind == WriteKind.Delete) return has?.Values.ToArray();
        if (Result(side)?.State != WriteState.Done) return has?.Values.ToArray();
        var values = has?.Values.ToArray() ?? [.. map.Fields.Select(field => Canonical.Nothing(field.Kind))];
        foreach (var (field, value) in write.Values) values[field] = value;
        return values;
    }
}

/// <summary>Values of a row as the history keeps them.</summary>
internal static class ValuesJson
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Of(IReadOnlyDictionary<string, string?> values) => JsonSerializer.Serialize(values, Plain);

    public static Dictionary<string, string?> Read(string json) => JsonSerializer.Deserialize<Dictionary<string, string?>>(json)!;
}
