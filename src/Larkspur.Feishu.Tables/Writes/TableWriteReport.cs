namespace Larkspur.Feishu.Tables;

/// <summary>What became of a row.</summary>
public enum TableRowState
{
    /// <summary>It was not sent, because writing stopped before.</summary>
    NotTried,

    /// <summary>It is in the table as asked (or, asked to be deleted, is not there any more).</summary>
    Written,

    /// <summary>It was refused and nothing of it was written; <see cref="TableRowResult.Problem"/> says why.</summary>
    Refused,

    /// <summary>It was sent and no answer came: it may be in the table or not.</summary>
    Unknown,
}

/// <summary>One row of a write.</summary>
/// <param name="Index">Its place among the rows that were given, from 0.</param>
/// <param name="State">What became of it.</param>
/// <param name="RecordId">Its record, when it is known.</param>
/// <param name="Problem">Why it was refused.</param>
public sealed record TableRowResult(int Index, TableRowState State, string? RecordId = null, CellProblem? Problem = null);

/// <summary>What became of each row, in the order in which they were given.</summary>
public sealed class TableWriteReport(IReadOnlyList<TableRowResult> rows)
{
    /// <summary>Every row.</summary>
    public IReadOnlyList<TableRowResult> Rows { get; } = rows;

    /// <summary>All rows were written.</summary>
    public bool IsComplete => Rows.All(row => row.State == TableRowState.Written);

    /// <summary>Rows that were refused.</summary>
    public IEnumerable<TableRowResult> Refused => Rows.Where(row => row.State == TableRowState.Refused);

    /// <summary>Rows in a state.</summary>
    public int Count(TableRowState state) => Rows.Count(row => row.State == state);

    /// <summary>Throws unless all rows were written.</summary>
    /// <exception cref="TableWriteException">Some were not; the message names the first.</exception>
    public TableWriteReport EnsureWritten()
    {
        if (Rows.FirstOrDefault(row => row.State != TableRowState.Written) is not { } first) return this;
        var missing = Rows.Count - Count(TableRowState.Written);
        throw new TableWriteException(
            $"{missing} of {Rows.Count} rows were not written; row {first.Index}: {first.State}, {first.Problem}", this, null);
    }

    /// <inheritdoc/>
    public override string ToString() => string.Join(
        ", ", Rows.GroupBy(row => row.State).OrderBy(group => group.Key).Select(group => $"{group.Count()} {group.Key}"));
}
