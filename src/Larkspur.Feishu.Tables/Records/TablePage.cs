namespace Larkspur.Feishu.Tables;

/// <summary>A page of a search.</summary>
/// <param name="Records">The records on it.</param>
/// <param name="Next">Where the next page is; null: this is the last one.</param>
/// <param name="Total">How many records the search finds; null: the platform did not say.</param>
public sealed record TablePage(IReadOnlyList<TableRecord> Records, string? Next, int? Total);
