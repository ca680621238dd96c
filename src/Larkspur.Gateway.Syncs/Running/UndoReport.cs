using Larkspur.Gateway.Syncs.Mapping;
using Larkspur.Gateway.Syncs.Rows;
using Larkspur.Gateway.Syncs.Sides;

namespace Larkspur.Gateway.Syncs.Running;

/// <summary>What came of it.</summary>
internal sealed record UndoReport
{
    private const int MostExamples = 20;

    public long Changed { get; init; }

    public long Made { get; init; }

    public long Deleted { get; init; }

    /// <summary>Rows that were as before already.</summary>
    public long Same { get; init; }

    /// <summary>Rows of which something stays as it is.</summary>
    public long Kept { get; init; }

    /// <summary>Some of those, with the reason.</summary>
    public IReadOnlyList<UndoLeft> Examples { get; init; } = [];

    public UndoReport Wrote(WriteKind kind) => kind switch
    {
        WriteKind.Create => this with { Made = Made + 1 },
        WriteKind.Delete => this with { Deleted = Deleted + 1 },
        _ => this with { Changed = Changed + 1 },
    };

    public UndoReport Left(RowMap map, ChangeRow change, SideName side, string reason, IReadOnlyList<string> fields) => this with
    {
        Kept = Kept + 1,
        Examples = Examples.Count >= MostExamples ? Examples : [.. Examples, new(change.Key ?? change.Record ?? "", side, reason,
            [.. fields.Where(id => id.Length > 0).Select(id => map.Fields.FirstOrDefault(field => field.FieldId == id)?.Field ?? id)])],
    };
}

/// <summary>A row of which something stays as it is.</summary>
/// <param name="Item">Its key, or its record.</param>
/// <param name="Side">On which side.</param>
/// <param name="Reason"><c>changed_since</c>, or a word of <see cref="Problems"/>.</param>
/// <param name="Fields">Names of fields; none: the row.</param>
internal sealed record UndoLeft(string Item, SideName Side, string Reason, IReadOnlyList<string> Fields);
