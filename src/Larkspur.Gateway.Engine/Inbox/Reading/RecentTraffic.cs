using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Inbox.Reading;

/// <summary>What the newest events say of an app: when one of a type came last, and of which tenants events came.</summary>
/// <param name="LastOfType">When it came; null: none among these events.</param>
/// <param name="Tenants">Tenant keys, sorted.</param>
internal sealed record RecentTraffic(DateTimeOffset? LastOfType, IReadOnlyList<string> Tenants)
{
    /// <summary>How many events are looked at, those of other apps among them: a look at all would take as long as there are
    /// rows.</summary>
    public const int Looked = 20_000;

    private const int MostTenants = 100;

    /// <summary>Reads it.</summary>
    public static async ValueTask<RecentTraffic> ReadAsync(ISql sql, string platform, string app, string eventType)
    {
        var newest = await sql.NumberAsync("SELECT MAX(id) FROM inbox") ?? 0;
        var last = await sql.NumberAsync(
            "SELECT MAX(received_at) FROM inbox WHERE id > $1 AND platform = $2 AND app = $3 AND event_type = $4",
            newest - Looked, platform, app, eventType);
        var tenants = await sql.QueryAsync($"""
            SELECT DISTINCT tenant_key FROM inbox
            WHERE id > $1 AND platform = $2 AND app = $3 AND tenant_key IS NOT NULL LIMIT {MostTenants}
            """, static row => row.GetString(0), newest - Looked, platform, app);
        tenants.Sort(StringComparer.Ordinal);
        return new(last is { } at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null, tenants);
    }
}
