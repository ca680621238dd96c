using Larkspur.Gateway.Syncs.Mapping;

namespace Larkspur.Gateway.Syncs.Sides;

/// <summary>
/// One side of a sync: rows that are read, found and written. It speaks canonical values only; what a side's own form loses or adds is its
/// own part. One caller at a time.
/// </summary>
/// <remarks>
/// Every member may throw <see cref="SideAwayException"/> (later it may work) or <see cref="SideStoppedException"/> (somebody must do
/// something first).
/// </remarks>
internal interface ISide : IAsyncDisposable
{
    /// <summary>Rows of one page, and of one look-up, at most.</summary>
    int PageSize { get; }

    /// <summary>Its columns.</summary>
    /// <param name="again">As they are at this moment; false: as they were lately.</param>
    /// <param name="cancellation">Gives up.</param>
    Task<SideShape> DescribeAsync(bool again, CancellationToken cancellation);

    /// <summary>From now on values are read and written by this map. Before the first row is asked for.</summary>
    void Use(RowMap map);

    /// <summary>All rows, page by page; a row may come twice or not at all when it is changed meanwhile.</summary>
    /// <param name="after">Where to go on; null: from the beginning.</param>
    /// <param name="cancellation">Gives up.</param>
    IAsyncEnumerable<SidePage> ScanAsync(string? after, CancellationToken cancellation);

    /// <summary>A mark that is another one when anything changed, as far as the side knows; null: it does not know.</summary>
    Task<string?> MarkAsync(CancellationToken cancellation);

    /// <summary>How many rows there are; null: it cannot be told without reading them.</summary>
    Task<long?> CountAsync(CancellationToken cancellation);

    /// <summary>Rows by their ids, as they are now. The only word that is believed of a row that is gone.</summary>
    Task<SideLookup> ReadAsync(IReadOnlyCollection<string> ids, CancellationToken cancellation);

    /// <summary>Rows by their keys, as they are now; a key may have several.</summary>
    Task<IReadOnlyList<SideRow>> FindAsync(IReadOnlyCollection<string> keys, CancellationToken cancellation);

    /// <summary>Writes, and says of every change what became of it, in the same order.</summary>
    Task<IReadOnlyList<WriteResult>> WriteAsync(IReadOnlyList<SideWrite> writes, CancellationToken cancellation);

    /// <summary>What changed since a cursor. Null as cursor: nothing is told yet, and the answer's cursor is where to begin.</summary>
    /// <returns>Null: the side tells nothing by itself.</returns>
    Task<SideNews?> NewsAsync(string? cursor, CancellationToken cancellation);
}

/// <summary>What a side looks like.</summary>
/// <param name="Columns">Its columns or fields.</param>
/// <param name="Rights">Changes when more or fewer rows may be seen than before, without a row having changed; null: not known.</param>
internal sealed record SideShape(IReadOnlyList<SideColumn> Columns, string? Rights = null);

/// <summary>A side is away, or has no time. It is asked again.</summary>
/// <param name="reason">A word of <see cref="Problems"/>.</param>
/// <param name="detail">In its own words.</param>
/// <param name="inner">The cause.</param>
internal sealed class SideAwayException(string reason, string? detail = null, Exception? inner = null)
    : Exception($"{reason}: {detail}", inner)
{
    public string Reason { get; } = reason;

    public string? Detail { get; } = detail;

    /// <summary>Which side it is; null: the one that was asked.</summary>
    public SideName? Side { get; init; }

    /// <summary>It wishes to be left alone for so long.</summary>
    public TimeSpan? RetryAfter { get; init; }
}

/// <summary>A side says no to everything until somebody does something: rights, a table that is gone, a password.</summary>
/// <inheritdoc cref="SideAwayException"/>
internal sealed class SideStoppedException(string reason, string? detail = null, Exception? inner = null)
    : Exception($"{reason}: {detail}", inner)
{
    public string Reason { get; } = reason;

    public string? Detail { get; } = detail;

    /// <summary>Which side it is; null: the one that was asked.</summary>
    public SideName? Side { get; init; }
}
