using Larkspur.Gateway.Scheduling;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Api.Keys;

/// <summary>Says in the log once a day which keys end soon, used or not.</summary>
internal sealed partial class KeyExpiryWarning(IDatabase database, TimeProvider clock, ILogger<KeyExpiryWarning> logger) : IScheduledJob
{
    internal static readonly TimeSpan Interval = TimeSpan.FromDays(1);

    public async Task<string?> RunAsync(CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var keys = await EndingAsync(database, now, cancellation);
        foreach (var key in keys)
        {
            KeyEndsSoon(key.Name, key.Reach.System, key.ExpiresAt!.Value, (int)(key.ExpiresAt.Value - now).TotalDays);
        }

        return keys.Count == 0 ? null : $"{keys.Count} keys end within {KeyExpiry.Warning.Days} days";
    }

    /// <summary>Keys that still work and end soon, the next first.</summary>
    public static Task<List<ApiKeyRow>> EndingAsync(IDatabase database, DateTimeOffset now, CancellationToken cancellation) => database.ReadAsync(sql => sql.QueryAsync(
        $"SELECT {ApiKeyRow.Columns} FROM api_key WHERE revoked_at IS NULL AND expires_at > $1 AND expires_at <= $2 ORDER BY expires_at", ApiKeyRow.Read,
        now.ToUnixTimeMilliseconds(), (now + KeyExpiry.Warning).ToUnixTimeMilliseconds()), cancellation);

    [LoggerMessage(LogLevel.Warning, "The API key {Key} of {System} ends at {End:u}, in {Days} days: change its end, or make another one")]
    private partial void KeyEndsSoon(string key, string system, DateTimeOffset end, int days);
}
