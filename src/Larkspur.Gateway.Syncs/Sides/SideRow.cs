namespace Larkspur.Gateway.Syncs.Sides;

/// <summary>A row as a side has it.</summary>
/// <param name="Id">The side's own id of it: the table's record, the source's key.</param>
/// <param name="Values">Canonical values, in the order of the sync's fields.</param>
internal sealed record SideRow(string Id, IReadOnlyList<string?> Values)
{
    /// <summary>When the side says that the row changed last; null: it does not say.</summary>
    public DateTimeOffset? ChangedAt { get; init; }

    /// <summary>Who changed it last, where the side says so.</summary>
    public string? ChangedBy { get; init; }

    /// <summary>What the side needs to change the row without losing what no value holds (labels, mentions).</summary>
    public object? Native { get; init; }

    /// <summary>Values that could not be read as what their field holds, by the field's place, with the reason.</summary>
    public IReadOnlyDictionary<int, string> Unreadable { get; init; } = Empty;

    private static readonly IReadOnlyDictionary<int, string> Empty = new Dictionary<int, string>();
}

/// <summary>Rows that were asked for by their ids.</summary>
/// <param name="Rows">Those that are there.</param>
/// <param name="Absent">Ids that the side says there are no rows of.</param>
/// <param name="Hidden">Ids of rows that are there and may not be seen.</param>
internal sealed record SideLookup(IReadOnlyList<SideRow> Rows, IReadOnlySet<string> Absent, IReadOnlySet<string> Hidden);

/// <summary>A page of a side that is read from the beginning to the end.</summary>
/// <param name="Rows">The rows.</param>
/// <param name="After">Where the next page begins, for a reading that is gone on with later; null: it cannot be.</param>
internal sealed record SidePage(IReadOnlyList<SideRow> Rows, string? After);

/// <summary>What is asked of a side.</summary>
internal enum WriteKind
{
    Create,
    Update,
    Delete,
}

/// <summary>A change of one row.</summary>
/// <param name="Kind">What is done.</param>
/// <param name="Id">The row; of a new one in the source its key, of a new one in the table null.</param>
/// <param name="Values">What is written, by the field's place.</param>
/// <param name="Read">The row as it was read; null: it is new.</param>
internal sealed record SideWrite(WriteKind Kind, string? Id, IReadOnlyDictionary<int, string?> Values, SideRow? Read);

/// <summary>What became of a change.</summary>
internal enum WriteState
{
    /// <summary>It is done.</summary>
    Done,

    /// <summary>The side takes it at no time: the value, the row or the schema must change first.</summary>
    Refused,

    /// <summary>The row is not as it was read: nothing was written, it is to be read again.</summary>
    Moved,

    /// <summary>Nothing came of it now, and nobody knows of what is to be mended: it is tried again.</summary>
    Failed,

    /// <summary>It may have been done.</summary>
    Unknown,
}

/// <summary>What became of a change.</summary>
/// <param name="State">What became of it.</param>
/// <param name="Id">Of a row that was made.</param>
/// <param name="Reason">Why not: a word of <see cref="Problems"/>.</param>
/// <param name="Field">The place of the field that it is about; null: of the row, or not known.</param>
/// <param name="Detail">The same in the side's own words.</param>
internal sealed record WriteResult(WriteState State, string? Id = null, string? Reason = null, int? Field = null, string? Detail = null)
{
    public static WriteResult Done(string? id = null) => new(WriteState.Done, id);
}

/// <summary>Rows that a side says were changed.</summary>
/// <param name="Items">Their ids.</param>
/// <param name="Cursor">Up to where it was told.</param>
/// <param name="HasMore">There is more at once.</param>
/// <param name="IsGap">What happened between the cursor and now is not known any more: everything is to be compared.</param>
internal sealed record SideNews(IReadOnlyList<string> Items, string? Cursor, bool HasMore = false, bool IsGap = false);
