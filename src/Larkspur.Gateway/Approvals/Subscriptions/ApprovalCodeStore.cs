using System.Data.Common;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Approvals;

/// <summary>What is known of approval codes: whether their events come, when their form changed, how far their instances were compared.</summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Performance", "CA1822", Justification = "A store is a service like the others; its statements run on the unit that is given.")]
internal sealed class ApprovalCodeStore
{
    public async ValueTask<DateTimeOffset?> DefinitionAtAsync(ISql sql, string app, string code) =>
        await sql.NumberAsync("SELECT definition_at FROM approval_code WHERE app = $1 AND code = $2", app, code) is { } ms ? DateTimeOffset.FromUnixTimeMilliseconds(ms) : null;

    /// <summary>The platform told that the definition is another one now.</summary>
    public async ValueTask DefinitionChangedAsync(IUnitOfWork unit, string app, string code, DateTimeOffset at) => await unit.ExecuteAsync("""
        INSERT INTO approval_code (app, code, definition_at) VALUES ($1, $2, $3) ON CONFLICT (app, code) DO UPDATE SET definition_at = excluded.definition_at
        """, app, code, at.ToUnixTimeMilliseconds());

    public async ValueTask<DateTimeOffset?> ScannedToAsync(ISql sql, string app, string code) =>
        await sql.NumberAsync("SELECT scanned_to FROM approval_code WHERE app = $1 AND code = $2", app, code) is { } ms ? DateTimeOffset.FromUnixTimeMilliseconds(ms) : null;

    public async ValueTask ScannedAsync(IUnitOfWork unit, string app, string code, DateTimeOffset to) => await unit.ExecuteAsync("""
        INSERT INTO approval_code (app, code, scanned_to) VALUES ($1, $2, $3) ON CONFLICT (app, code) DO UPDATE SET scanned_to = excluded.scanned_to
        """, app, code, to.ToUnixTimeMilliseconds());

    /// <summary>Codes that anything is known of, those whose events come first.</summary>
    public ValueTask<List<(string App, string Code, SubscriptionRow Subscription)>> KnownAsync(ISql sql, int most) => sql.QueryAsync("""
        SELECT subscription, reason, attempts, changed_at, next_at, app, code FROM approval_code
        ORDER BY CASE subscription WHEN 'active' THEN 0 ELSE 1 END, app, code LIMIT $1
        """, static row => (row.GetString(5), row.GetString(6), Subscription(row)), most);

    public ValueTask<SubscriptionRow?> SubscriptionAsync(ISql sql, string app, string code) => sql.FirstAsync(
        "SELECT subscription, reason, attempts, changed_at, next_at FROM approval_code WHERE app = $1 AND code = $2",
        Subscription, app, code);

    public async ValueTask SubscribedAsync(IUnitOfWork unit, string app, string code, SubscriptionRow row) => await unit.ExecuteAsync("""
        INSERT INTO approval_code (app, code, subscription, reason, attempts, changed_at, next_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
        ON CONFLICT (app, code) DO UPDATE SET subscription = excluded.subscription, reason = excluded.reason, attempts = excluded.attempts, changed_at = excluded.changed_at,
          next_at = excluded.next_at
        """, app, code, row.State, row.Reason, row.Attempts, row.ChangedAt?.ToUnixTimeMilliseconds(), row.NextAt?.ToUnixTimeMilliseconds());

    private static SubscriptionRow Subscription(DbDataReader row) =>
        new(row.GetString(0), row.Text(1), row.GetInt64(2), row.TimeOrNull(3), row.TimeOrNull(4));
}

/// <summary>Whether the events of an approval code come to an app.</summary>
/// <param name="State"><c>none</c>, <c>wanted</c> (tried again at <paramref name="NextAt"/>), <c>active</c>, <c>refused</c> (tried again too: a scope may be granted), <c>removed</c>.</param>
/// <param name="Reason">Why not.</param>
/// <param name="Attempts">Failed ones in a row.</param>
/// <param name="ChangedAt">When that was found.</param>
/// <param name="NextAt">When it is tried, or made sure of, next.</param>
internal sealed record SubscriptionRow(string State, string? Reason, long Attempts, DateTimeOffset? ChangedAt, DateTimeOffset? NextAt)
{
    public const string None = "none";
    public const string Wanted = "wanted";
    public const string Active = "active";
    public const string Refused = "refused";
    public const string Removed = "removed";
}
