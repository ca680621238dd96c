using System.Collections.Immutable;

namespace Larkspur.Emulator.State.Tables;

/// <summary>
/// A base (多维表格): what the document of the same token, of type <c>bitable</c>, holds. Who may do what stands there.
/// </summary>
public sealed record TableBase
{
    /// <summary>27 letters and digits, the wire's <c>app_token</c>.</summary>
    public required string AppToken { get; init; }
    public required string Name { get; init; }
    public string TimeZone { get; init; } = "Asia/Shanghai";

    /// <summary>Begins at 1, grows when the base or its tables are made, renamed or deleted.</summary>
    public long Revision { get; init; } = 1;

    /// <summary>Advanced permissions are on.</summary>
    public bool IsAdvanced { get; init; }

    public ImmutableArray<DataTable> Tables { get; init; } = [];

    /// <summary>Files that its attachment fields may name, by token.</summary>
    public ImmutableDictionary<string, TableFile> Files { get; init; } = ImmutableDictionary<string, TableFile>.Empty;

    /// <summary>
    /// With advanced permissions: ids of the rows that somebody (<c>user_id</c> or <c>app_id</c>) does not see; <c>*</c>: none at all.
    /// </summary>
    public ImmutableDictionary<string, ImmutableHashSet<string>> Hidden { get; init; } = ImmutableDictionary<string,
        ImmutableHashSet<string>>.Empty;

    /// <summary>Characters of all tables together.</summary>
    public long Weight => Tables.Sum(static t => t.Weight);

    public DataTable? Table(string tableId) => Tables.FirstOrDefault(t => t.TableId == tableId);

    public TableBase With(DataTable table)
    {
        var at = Tables.ToList().FindIndex(t => t.TableId == table.TableId);
        return this with { Tables = at < 0 ? Tables.Add(table) : Tables.SetItem(at, table) };
    }

    public bool Hides(string personOrAppId, string recordId) =>
        IsAdvanced && Hidden.TryGetValue(personOrAppId, out var rows) && (rows.Contains("*") || rows.Contains(recordId));
}

public sealed record TableFile(string FileToken, string Name, long Size, string Type);
