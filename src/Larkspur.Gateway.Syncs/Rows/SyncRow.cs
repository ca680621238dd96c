using System.Data.Common;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Syncs.Merging;

namespace Larkspur.Gateway.Syncs.Rows;

/// <summary>How a row of a sync stands.</summary>
internal enum RowState
{
    /// <summary>Found on one side while both were read for the first time; nothing was decided of it.</summary>
    Found,

    /// <summary>The record and the key belong together.</summary>
    Linked,

    /// <summary>A person deleted it on one side, or on both. It stays for a while, so that nothing late revives it and it can come back.
    /// </summary>
    Gone,
}

/// <summary>The table's record and the source's key that belong together.</summary>
internal sealed record SyncRow
{
    public const string Columns = "id, row_key, record, state, base, hash, pending, gone_from, gone_at, due_at";

    /// <summary>0: it is not kept yet.</summary>
    public long Id { get; init; }

    public string? Key { get; init; }

    public string? Record { get; init; }

    public RowState State { get; init; }

    public BaseValues Base { get; init; } = BaseValues.Empty;

    public string? Hash { get; init; }

    /// <summary>Changes that were sent, and of which it is not known yet what became of them.</summary>
    public PendingWrite? Pending { get; init; }

    public SideWord? GoneFrom { get; init; }

    public DateTimeOffset? GoneAt { get; init; }

    public DateTimeOffset? DueAt { get; init; }

    public static SyncRow Read(DbDataReader row) => new()
    {
        Id = row.GetInt64(0), Key = row.Text(1), Record = row.Text(2), State = RowStates.Of(row.GetString(3)),
        Base = row.Text(4) is { } values ? BaseValues.Read(values) : BaseValues.Empty, Hash = row.Text(5),
        Pending = row.Text(6) is { } pending ? PendingWrite.Read(pending) : null,
        GoneFrom = row.Text(7) is { } side ? SideWord.Of(side) : null, GoneAt = row.TimeOrNull(8), DueAt = row.TimeOrNull(9),
    };
}

/// <summary>Words of states, as rows keep them.</summary>
internal static class RowStates
{
    public static string Word(this RowState state) => state switch
    {
        RowState.Found => "found",
        RowState.Linked => "linked",
        _ => "gone",
    };

    public static RowState Of(string word) => word switch
    {
        "found" => RowState.Found,
        "linked" => RowState.Linked,
        _ => RowState.Gone,
    };
}
