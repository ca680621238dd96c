namespace Larkspur.Feishu.Tables;

/// <summary>What a search asks for. Everything that the platform limits is checked before the call.</summary>
public sealed record TableQuery
{
    /// <summary>Most records of a page.</summary>
    public const int MostRecords = 500;

    /// <summary>Most fields that can be named; a table may have 300, so name none when more are wanted.</summary>
    public const int MostFields = 200;

    /// <summary>Most fields to sort by.</summary>
    public const int MostSorts = 100;

    /// <summary>Most characters of the sort as it is sent.</summary>
    public const int MostSortCharacters = 1000;

    /// <summary>Which records; null: all.</summary>
    public TableFilter? Filter { get; init; }

    /// <summary>In which order; empty: in the platform's, which is not promised to stay the same from page to page.</summary>
    public IReadOnlyList<TableSort> Sort { get; init; } = [];

    /// <summary>Which fields the records come with, by name or id; empty: all.</summary>
    public IReadOnlyList<string> Fields { get; init; } = [];

    /// <summary>
    /// Records, order and fields of this view. It goes with neither <see cref="Filter"/> nor <see cref="Sort"/>, for the platform would
    /// ignore it silently. What a view hides looks deleted: never synchronise through one.
    /// </summary>
    public string? ViewId { get; init; }

    /// <summary>Also who made and changed each record, and when.</summary>
    public bool WithAuthors { get; init; }

    /// <summary>Records of a page, 1 to 500. Halved by itself when the platform says that its answer is too large.</summary>
    public int PageSize { get; init; } = MostRecords;
}

/// <summary>A field to sort by.</summary>
/// <param name="Field">Its name or id.</param>
/// <param name="Descending">The greatest first.</param>
public sealed record TableSort(string Field, bool Descending = false);
