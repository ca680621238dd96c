namespace Larkspur.Feishu.Tables;

/// <summary>A whole table, read page by page, and how far it is to be believed.</summary>
/// <param name="Records">Each record once.</param>
/// <param name="Revision">The table's revision when the scan ended.</param>
/// <param name="IsSnapshot">
/// The revision was the same before and after, and the records are as many as the platform says there are. False: take the records, and
/// conclude nothing from those that are missing. Whether an edit of a cell raises the revision is UNVERIFIED: the records are all of the
/// table, their cells may still be of different moments.
/// </param>
/// <param name="IsAdvanced">
/// Advanced permissions are on: rows may be missing only because they may not be seen, even all of them, without an error.
/// </param>
public sealed record TableScan(IReadOnlyList<TableRecord> Records, long Revision, bool IsSnapshot, bool IsAdvanced);
