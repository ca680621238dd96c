using System.Data.Common;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Syncs.Mapping;

namespace Larkspur.Gateway.Syncs.Rows;

/// <summary>Where a sync is on its way.</summary>
internal static class Phases
{
    /// <summary>Both sides are read for the first time: what is there is counted, and nothing is written.</summary>
    public const string SurveyTable = "survey_table";
    public const string SurveySource = "survey_source";

    /// <summary>The report is there; a person says that it begins.</summary>
    public const string Ready = "ready";

    /// <summary>The source's rows go over, page by page.</summary>
    public const string CopySource = "copy_source";

    /// <summary>Rows that only the table has go over.</summary>
    public const string CopyTable = "copy_table";

    /// <summary>Changes go over as they come.</summary>
    public const string Live = "live";
}

/// <summary>A sync as it stands.</summary>
internal sealed record SyncRecord
{
    public const string Columns = "id, name, owner, spec, map, phase, phase_after, winner, survey, news_cursor, table_mark, rights,"
        + " scan, scanned_at,"
        + " looked_at, fence, paused, away, side, detail, tries, not_before, asks, confirmed_at, table_rows, source_rows, created_at,"
        + " changed_at, changed_by, lease_until";

    public required long Id { get; init; }

    public required string Name { get; init; }

    /// <summary>The business system whose it is; empty: the administrators'.</summary>
    public required string Owner { get; init; }

    public required SyncSpec Spec { get; init; }

    /// <summary>Its fields as they were found, JSON; null: nobody looked yet.</summary>
    public string? Map { get; init; }

    public required string Phase { get; init; }

    public string? PhaseAfter { get; init; }

    public SideName? Winner { get; init; }

    public string? Survey { get; init; }

    public string? NewsCursor { get; init; }

    public string? TableMark { get; init; }

    public string? Rights { get; init; }

    /// <summary>Everything is to be compared: a word for why.</summary>
    public string? Scan { get; init; }

    public DateTimeOffset? ScannedAt { get; init; }

    public DateTimeOffset? LookedAt { get; init; }

    public required long Fence { get; init; }

    public string? Paused { get; init; }

    public string? Away { get; init; }

    public SideWord? Side { get; init; }

    public string? Detail { get; init; }

    public int Tries { get; init; }

    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>So many rows wait for a yes before they are deleted.</summary>
    public long Asks { get; init; }

    public DateTimeOffset? ConfirmedAt { get; init; }

    public long TableRows { get; init; }

    public long SourceRows { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset ChangedAt { get; init; }

    public required string ChangedBy { get; init; }

    public DateTimeOffset? LeaseUntil { get; init; }

    public static SyncRecord Read(DbDataReader row) => new()
    {
        Id = row.GetInt64(0), Name = row.GetString(1), Owner = row.GetString(2), Spec = SyncSpec.Read(row.GetString(3)), Map = row.Text(4),
        Phase = row.GetString(5), PhaseAfter = row.Text(6), Winner = row.Text(7) is { } winner ? SideWord.Of(winner).Side : null,
        Survey = row.Text(8), NewsCursor = row.Text(9), TableMark = row.Text(10), Rights = row.Text(11), Scan = row.Text(12),
        ScannedAt = row.TimeOrNull(13), LookedAt = row.TimeOrNull(14), Fence = row.GetInt64(15), Paused = row.Text(16), Away = row.Text(17),
        Side = row.Text(18) is { } side ? SideWord.Of(side) : null, Detail = row.Text(19), Tries = (int)row.GetInt64(20),
        NotBefore = row.TimeOrNull(21), Asks = row.GetInt64(22), ConfirmedAt = row.TimeOrNull(23), TableRows = row.GetInt64(24),
        SourceRows = row.GetInt64(25), CreatedAt = row.Time(26), ChangedAt = row.Time(27), ChangedBy = row.GetString(28),
        LeaseUntil = row.TimeOrNull(29),
    };

    public static ValueTask<SyncRecord?> FindAsync(ISql sql, string name) =>
        sql.FirstAsync($"SELECT {Columns} FROM sync WHERE name = $1", Read, name);

    public static ValueTask<SyncRecord?> FindAsync(ISql sql, long id) =>
        sql.FirstAsync($"SELECT {Columns} FROM sync WHERE id = $1", Read, id);

    /// <summary>All, by name.</summary>
    public static ValueTask<List<SyncRecord>> AllAsync(ISql sql) => sql.QueryAsync($"SELECT {Columns} FROM sync ORDER BY name", Read);
}
