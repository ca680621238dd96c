using Larkspur.Gateway.Syncs.Mapping;
using Larkspur.Gateway.Syncs.Merging;
using Larkspur.Gateway.Syncs.Rows;
using Larkspur.Gateway.Syncs.Sides;
using Larkspur.Gateway.Syncs.Values;

namespace Larkspur.Gateway.Syncs.Looking;

/// <summary>A row that is looked at: what is kept of it, and what both sides have now.</summary>
internal sealed class RowCase(SyncRow row)
{
    public SyncRow Row { get; set; } = row;

    /// <summary>Null: the table does not have it.</summary>
    public SideRow? Table { get; set; }

    /// <summary>Null: the source does not have it.</summary>
    public SideRow? Source { get; set; }

    /// <summary>The side was read; what it does not have is not there.</summary>
    public bool TableIsRead { get; set; }

    public bool SourceIsRead { get; set; }

    /// <summary>Why nothing can be done of it, found while it was read; with the field's place and the side's words.</summary>
    public (string Reason, int? Field, string? Detail)? Hindrance { get; set; }

    /// <summary>The record is to get this key: it has none, or one that is another row's.</summary>
    public string? NewKey { get; set; }

    public List<Hint> Hints { get; } = [];

    public List<ConflictRow> Open { get; } = [];

    /// <summary>What kept it from getting on, by its key and by its record.</summary>
    public List<ProblemRow> Problems { get; } = [];

    /// <summary>The one of its present name.</summary>
    public ProblemRow? Problem => Problems.Find(problem => (problem.Side, problem.Item) == Name);

    /// <summary>How problems of it are named: by its key, or by its record while it has none of its own.</summary>
    public (SideName Side, string Item) Name =>
        Hindrance is null && Row.Key is { } key ? (SideName.Source, key) : Row.Record is { } record ? (SideName.Table, record)
            : (SideName.Source, Row.Key!);

    public SideRow? Of(SideName side) => side == SideName.Table ? Table : Source;

    /// <summary>What was put down before it was sent, and never confirmed, is on a side: it was common to both then.</summary>
    public BaseValues Common(RowMap map)
    {
        var common = Row.Base;
        foreach (var side in (SideName[])[SideName.Table, SideName.Source])
        {
            if (Row.Pending?.Of(side) is not { Kind: not WriteKind.Delete } pending || Of(side) is not { } has) continue;
            foreach (var i in map.Active)
            {
                var field = map.Fields[i];
                if (pending.Values.TryGetValue(field.FieldId, out var sent) && has.Values[i] == sent) common = common.With(field, sent);
            }
        }

        return common;
    }

    /// <summary>What a look finds: as long as it is the same, another look brings nothing.</summary>
    public string Seen() => Canonical.Hash([
        Row.Record, Row.Key, Table is null ? "-" : "+", .. Table?.Values ?? [], Source is null ? "-" : "+", .. Source?.Values ?? [],
        .. Table?.Unreadable.Values ?? [], .. Source?.Unreadable.Values ?? []]);
}
