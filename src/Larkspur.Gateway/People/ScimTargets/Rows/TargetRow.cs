using System.Data.Common;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.People.ScimTargets.Rows;

/// <summary>A system that people are pushed to over SCIM.</summary>
internal sealed record TargetRow
{
    /// <summary>People's departments are groups there.</summary>
    public const string Departments = "departments";

    /// <summary>There are no groups.</summary>
    public const string NoGroups = "none";

    public const string Columns = "id, name, url, token, user_name, group_kind, owner, fence, seen, phase, phase_after, compared_at, patch,"
        + " paused, away, status, detail, tries, not_before, asks, confirmed_at, created_at, changed_at, changed_by";

    public required long Id { get; init; }

    public required string Name { get; init; }

    /// <summary>Where its SCIM begins, without a slash at the end.</summary>
    public required string Url { get; init; }

    /// <summary>Encrypted.</summary>
    public required string Token { get; init; }

    /// <summary>The field of people that is their userName there.</summary>
    public required string UserName { get; init; }

    public required string Groups { get; init; }

    /// <summary>The business system whose it is; empty: the administrators'.</summary>
    public required string Owner { get; init; }

    public required long Fence { get; init; }

    public required long Seen { get; init; }

    /// <summary>How far the comparison of everything is: a word of <see cref="ComparePhases"/>; null: none is under way.</summary>
    public string? Phase { get; init; }

    public long PhaseAfter { get; init; }

    public DateTimeOffset? ComparedAt { get; init; }

    /// <summary>Null: it was not asked yet.</summary>
    public bool? TakesPatch { get; init; }

    /// <summary>Why nothing is sent until somebody mends it; null: it is sent.</summary>
    public string? Paused { get; init; }

    /// <summary>Why nothing was sent last; null: it was.</summary>
    public string? Away { get; init; }

    public int? Status { get; init; }

    public string? Detail { get; init; }

    public int Tries { get; init; }

    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>So many people wait for a yes before they are deactivated.</summary>
    public long Asks { get; init; }

    public DateTimeOffset? ConfirmedAt { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset ChangedAt { get; init; }

    public required string ChangedBy { get; init; }

    public static TargetRow Read(DbDataReader row) => new()
    {
        Id = row.GetInt64(0), Name = row.GetString(1), Url = row.GetString(2), Token = row.GetString(3), UserName = row.GetString(4),
        Groups = row.GetString(5), Owner = row.GetString(6), Fence = row.GetInt64(7), Seen = row.GetInt64(8), Phase = row.Text(9),
        PhaseAfter = row.GetInt64(10), ComparedAt = row.TimeOrNull(11), TakesPatch = row.IsDBNull(12) ? null : row.GetInt64(12) != 0,
        Paused = row.Text(13), Away = row.Text(14), Status = row.IsDBNull(15) ? null : (int)row.GetInt64(15), Detail = row.Text(16),
        Tries = (int)row.GetInt64(17), NotBefore = row.TimeOrNull(18), Asks = row.GetInt64(19), ConfirmedAt = row.TimeOrNull(20),
        CreatedAt = row.Time(21), ChangedAt = row.Time(22), ChangedBy = row.GetString(23),
    };

    public static ValueTask<TargetRow?> FindAsync(ISql sql, string name) =>
        sql.FirstAsync($"SELECT {Columns} FROM scim_target WHERE name = $1", Read, name);

    public static ValueTask<TargetRow?> FindAsync(ISql sql, long id) =>
        sql.FirstAsync($"SELECT {Columns} FROM scim_target WHERE id = $1", Read, id);

    /// <summary>All, by name.</summary>
    public static ValueTask<List<TargetRow>> AllAsync(ISql sql) => sql.QueryAsync($"SELECT {Columns} FROM scim_target ORDER BY name", Read);

    /// <summary>The name alone: the rest is nothing for logs.</summary>
    public override string ToString() => Name;
}

/// <summary>Parts of a comparison of everything, in their order.</summary>
internal static class ComparePhases
{
    public const string Users = "users";
    public const string Groups = "groups";
}
