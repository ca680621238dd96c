namespace Larkspur.Feishu.Tables;

/// <summary>What is known of records that were asked for by their ids.</summary>
/// <param name="Records">Those that are there.</param>
/// <param name="Absent">Ids of records that are gone, or never were.</param>
/// <param name="Forbidden">Ids of records that are there, and that this app or person may not see.</param>
public sealed record TableLookup(IReadOnlyList<TableRecord> Records, IReadOnlyList<string> Absent, IReadOnlyList<string> Forbidden);
