using System.Text.Json;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.People.ScimTargets.Rows;

/// <summary>Reads and writes what is known of people and departments at targets.</summary>
internal static class ResourceRows
{
    /// <summary>Rows of some, by their items.</summary>
    public static async ValueTask<Dictionary<string, ResourceRow>> FindAsync(
        ISql sql, Dialect dialect, long target, string kind, IEnumerable<string> items) => (await sql.QueryAsync($"""
            SELECT {ResourceRow.Columns} FROM scim_resource r WHERE r.target = $1 AND r.kind = $2 AND r.item {IdList.In(dialect, "$3")}
            """, ResourceRow.Read, target, kind, IdList.Of(dialect, items))).ToDictionary(r => r.Item, StringComparer.Ordinal);

    /// <summary>Writes one; the caller holds the target.</summary>
    public static async ValueTask WriteAsync(IUnitOfWork unit, long target, ResourceRow row, DateTimeOffset now) =>
        await unit.ExecuteAsync("""
            INSERT INTO scim_resource (target, kind, item, remote_id, name, compared, pushed, is_active, off_since, off_at, reason, status,
              scim_type, detail, tries, not_before, changed_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
            ON CONFLICT (target, kind, item) DO UPDATE SET remote_id = $4, name = $5, compared = $6, pushed = $7, is_active = $8,
              off_since = $9, off_at = $10, reason = $11, status = $12, scim_type = $13, detail = $14, tries = $15, not_before = $16,
              changed_at = $17
            """, target, row.Kind, row.Item, row.RemoteId, row.Name, row.Name?.ToLowerInvariant(),
            JsonSerializer.Serialize(new SortedDictionary<string, string>(row.Pushed.ToDictionary(), StringComparer.Ordinal)),
            row.IsActive ? 1 : 0, row.OffSince?.ToUnixTimeMilliseconds(), row.OffAt?.ToUnixTimeMilliseconds(), row.Failure?.Reason,
            row.Failure?.Status, row.Failure?.ScimType, row.Failure?.Detail, row.Tries, row.NotBefore?.ToUnixTimeMilliseconds(),
            now.ToUnixTimeMilliseconds());

    public static async ValueTask RemoveAsync(IUnitOfWork unit, long target, string kind, string item) =>
        await unit.ExecuteAsync("DELETE FROM scim_resource WHERE target = $1 AND kind = $2 AND item = $3", target, kind, item);

    /// <summary>What belonged to one person is another's: they became one.</summary>
    public static async ValueTask MoveAsync(IUnitOfWork unit, long target, string from, string to)
    {
        await RemoveAsync(unit, target, ResourceKinds.User, to);
        await unit.ExecuteAsync("UPDATE scim_resource SET item = $3 WHERE target = $1 AND kind = 'user' AND item = $2", target, from, to);
        await unit.ExecuteAsync("DELETE FROM scim_resource_member WHERE target = $1 AND person = $2", target, to);
        await unit.ExecuteAsync("UPDATE scim_resource_member SET person = $3 WHERE target = $1 AND person = $2", target, from, to);
    }

    /// <summary>Targets at which somebody has an account.</summary>
    public static ValueTask<List<long>> TargetsOfAsync(ISql sql, string person) => sql.QueryAsync("""
        SELECT r.target FROM scim_resource r WHERE r.kind = 'user' AND r.item = $1 AND r.remote_id IS NOT NULL
        """, static row => row.GetInt64(0), person);

    /// <summary>An account is another person's who has none, whoever works on the target: that process begins anew.</summary>
    public static async ValueTask GiveAsync(IUnitOfWork unit, long target, string from, string to)
    {
        // First of all, so that nobody writes what they have read before.
        await unit.ExecuteAsync("UPDATE scim_target SET fence = fence + 1, lease_until = NULL WHERE id = $1", target);
        if (await unit.NumberAsync("""
            SELECT COUNT(*) FROM scim_resource r WHERE r.target = $1 AND r.kind = 'user' AND r.item = $2 AND r.remote_id IS NOT NULL
            """, target, to) > 0) return;
        await MoveAsync(unit, target, from, to);
    }

    /// <summary>Another person who has this userName at the target and works; null: nobody. Whether somebody who has left keeps it, the
    /// target says.</summary>
    public static ValueTask<string?> HolderAsync(ISql sql, long target, string name, string besides) => sql.FirstAsync("""
        SELECT r.item FROM scim_resource r
        WHERE r.target = $1 AND r.kind = 'user' AND r.compared = $2 AND r.item <> $3 AND r.remote_id IS NOT NULL AND r.is_active = 1
        ORDER BY r.id LIMIT 1
        """, static row => row.GetString(0), target, name.ToLowerInvariant(), besides);

    /// <summary>The person who has an account at the target; null: none that is known.</summary>
    public static ValueTask<string?> OwnerAsync(ISql sql, long target, string remote) => sql.FirstAsync(
        "SELECT r.item FROM scim_resource r WHERE r.target = $1 AND r.kind = 'user' AND r.remote_id = $2",
        static row => row.GetString(0), target, remote);

    /// <summary>Deactivated in vain as often as is tried: it waits until the person changes, or for the next comparison.</summary>
    private const string GivenUp = "(r.reason IS NOT NULL AND r.not_before IS NULL)";

    /// <summary>What makes work of a target <c>t</c> at <c>$1</c>: something is to be tried again, or somebody is to be deactivated now.
    /// </summary>
    public const string IsDue = $"""
        (EXISTS (SELECT 1 FROM scim_resource r WHERE r.target = t.id AND r.not_before <= $1 AND r.off_since IS NULL)
        OR EXISTS (SELECT 1 FROM scim_resource r WHERE r.target = t.id AND r.off_since IS NOT NULL AND r.remote_id IS NOT NULL
          AND (t.asks = 0 OR r.off_since <= t.confirmed_at) AND (r.not_before IS NULL OR r.not_before <= $1) AND NOT {GivenUp}))
        """;

    /// <summary>What is to be tried again by now; who is to be deactivated is told by <see cref="ToDeactivateAsync"/>.</summary>
    public static ValueTask<List<ResourceRow>> DueAsync(ISql sql, long target, DateTimeOffset now, int limit) => sql.QueryAsync($"""
        SELECT {ResourceRow.Columns} FROM scim_resource r WHERE r.target = $1 AND r.not_before <= $2 AND r.off_since IS NULL
        ORDER BY r.not_before LIMIT {limit}
        """, ResourceRow.Read, target, now.ToUnixTimeMilliseconds());

    /// <summary>Who waits to be deactivated, the longest first; confirmed ones only, where a time is named.</summary>
    public static ValueTask<List<ResourceRow>> ToDeactivateAsync(ISql sql, long target, DateTimeOffset now, DateTimeOffset? confirmed,
        int limit) => sql.QueryAsync($"""
            SELECT {ResourceRow.Columns} FROM scim_resource r WHERE r.target = $1 AND r.off_since IS NOT NULL AND r.off_since <= $2
            AND r.remote_id IS NOT NULL AND (r.not_before IS NULL OR r.not_before <= $3) AND NOT {GivenUp}
            ORDER BY r.off_since, r.id LIMIT {limit}
            """, ResourceRow.Read, target, confirmed?.ToUnixTimeMilliseconds() ?? long.MaxValue, now.ToUnixTimeMilliseconds());

    /// <summary>How many there are of each kind.</summary>
    public static async ValueTask<ResourceCounts> CountAsync(ISql sql, long target) => (await sql.FirstAsync($"""
        SELECT COALESCE(SUM(CASE WHEN kind = 'user' AND remote_id IS NOT NULL AND is_active = 1 THEN 1 ELSE 0 END), 0),
          COALESCE(SUM(CASE WHEN kind = 'user' AND remote_id IS NOT NULL AND is_active = 0 THEN 1 ELSE 0 END), 0),
          COALESCE(SUM(CASE WHEN kind = 'group' AND remote_id IS NOT NULL THEN 1 ELSE 0 END), 0),
          COALESCE(SUM(CASE WHEN reason IN {PushFailure.LeftOutReasons} THEN 1 ELSE 0 END), 0),
          COALESCE(SUM(CASE WHEN reason IS NOT NULL THEN 1 ELSE 0 END), 0)
        FROM scim_resource WHERE target = $1
        """, static row => new ResourceCounts(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3),
            row.GetInt64(4) - row.GetInt64(3)), target))!;

    /// <summary>Who waits to be deactivated, without those who were confirmed; how many were lately; and how many are active.</summary>
    public static async ValueTask<(long Waiting, long Lately, long Active)> OffAsync(
        ISql sql, long target, DateTimeOffset? confirmed, DateTimeOffset since) => await sql.FirstAsync($"""
            SELECT COALESCE(SUM(CASE WHEN off_since > $2 AND NOT {GivenUp} THEN 1 ELSE 0 END), 0),
              COALESCE(SUM(CASE WHEN off_at > $3 THEN 1 ELSE 0 END), 0),
              COALESCE(SUM(CASE WHEN remote_id IS NOT NULL AND is_active = 1 THEN 1 ELSE 0 END), 0)
            FROM scim_resource r WHERE target = $1 AND kind = 'user'
            """, static row => (row.GetInt64(0), row.GetInt64(1), row.GetInt64(2)), target, confirmed?.ToUnixTimeMilliseconds() ?? -1L,
            since.ToUnixTimeMilliseconds());

    /// <summary>What is left out and what failed, the latest first.</summary>
    public static ValueTask<List<ResourceRow>> FailedAsync(ISql sql, long target, int limit) => sql.QueryAsync($"""
        SELECT {ResourceRow.Columns} FROM scim_resource r WHERE r.target = $1 AND r.reason IS NOT NULL
        ORDER BY CASE WHEN r.reason IN {PushFailure.LeftOutReasons} THEN 1 ELSE 0 END,
          r.changed_at DESC, r.id DESC LIMIT {limit}
        """, ResourceRow.Read, target);

    /// <summary>Forgets what people who left long ago are called at targets; that they are there, and off, stays.</summary>
    public static async ValueTask<int> PruneAsync(OldBatch old) => await old.ExecuteAsync("""
        UPDATE scim_resource SET name = NULL, compared = NULL WHERE id IN (
          SELECT id FROM scim_resource WHERE is_active = 0 AND name IS NOT NULL AND changed_at < $1 ORDER BY changed_at LIMIT $2)
        """);

    /// <summary>Groups of a target are left as they are.</summary>
    public static async ValueTask LeaveGroupsAsync(IUnitOfWork unit, long target) => await unit.ExecuteAsync("""
        UPDATE scim_resource SET reason = NULL, status = NULL, scim_type = NULL, detail = NULL, tries = 0, not_before = NULL
        WHERE target = $1 AND kind = 'group'
        """, target);

    /// <summary>Forgets everything of a target.</summary>
    public static async ValueTask ForgetAsync(IUnitOfWork unit, long target)
    {
        await unit.ExecuteAsync("DELETE FROM scim_resource_member WHERE target = $1", target);
        await unit.ExecuteAsync("DELETE FROM scim_resource WHERE target = $1", target);
    }
}

/// <summary>How many people and departments are at a target.</summary>
/// <param name="Users">Active people.</param>
/// <param name="Deactivated">People who were deactivated.</param>
/// <param name="Groups">Groups.</param>
/// <param name="LeftOut">What the gateway does not push.</param>
/// <param name="Failing">What could not be pushed.</param>
internal sealed record ResourceCounts(long Users, long Deactivated, long Groups, long LeftOut, long Failing);
