using System.Collections.Frozen;
using System.Data.Common;
using System.Text.Json.Nodes;
using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Webhooks.Attempts;

namespace Larkspur.Gateway.Webhooks.Failing;

/// <summary>Webhooks that are off because every attempt failed for days, those of the configuration too; all processes follow.</summary>
internal sealed class FailingWebhooks : IDisposable
{
    private readonly AuditTrail _audit;
    private readonly IDatabase _database;
    private readonly TimeProvider _clock;
    private readonly CachedTable<List<FailingWebhook>, FrozenDictionary<string, FailingWebhook>> _watched;

    public FailingWebhooks(IDatabase database, AuditTrail audit, TimeProvider clock, ILogger<FailingWebhooks> logger)
    {
        (_database, _audit, _clock) = (database, audit, clock);
        _watched = new("failing_webhooks", FrozenDictionary<string, FailingWebhook>.Empty, database,
            static sql => sql.QueryAsync("SELECT webhook, off_at, since, attempts, reason, enabled_at FROM webhook_failing", Read),
            static (_, rows) => rows.ToFrozenDictionary(row => row.Name, StringComparer.Ordinal), logger);
    }

    /// <summary>The copy that follows the table.</summary>
    public ICachedTable CachedTable => _watched;

    /// <summary>What is known of a webhook; null: it was never off.</summary>
    public FailingWebhook? Find(string name) => _watched.Now.GetValueOrDefault(name);

    /// <summary>It gets nothing until somebody switches it on.</summary>
    public bool IsOff(string name) => Find(name)?.OffAt is not null;

    /// <summary>When it was switched on again; null: it never was.</summary>
    public DateTimeOffset? EnabledAt(string name) => Find(name)?.EnabledAt;

    /// <summary>Switches one off, unless another process has.</summary>
    /// <param name="name">Which.</param>
    /// <param name="isEnough">Judges how it has failed by now: what was read before may be another receiver's, or be over.</param>
    /// <param name="along">Done in the same transaction: whoever is to know is told once.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <returns>True: it was on before.</returns>
    public async Task<bool> SwitchOffAsync(string name, Func<FailingSpan, bool> isEnough, Func<IUnitOfWork, FailingWebhook,
        ValueTask> along,
        CancellationToken cancellation)
    {
        var switched = await _database.TransactAsync(async unit =>
        {
            await _watched.LockAsync(unit);
            var enabled = await unit.NumberAsync("SELECT enabled_at FROM webhook_failing WHERE webhook = $1", name);
            var after = DateTimeOffset.FromUnixTimeMilliseconds(enabled ?? 0);
            if (await AttemptStore.FailingAsync(unit, name, after) is not { } span || !isEnough(span)) return false;
            var off = new FailingWebhook(name, _clock.GetUtcNow(), span.Since, span.Attempts, span.Reason, null);
            if (await unit.ExecuteAsync("""
                INSERT INTO webhook_failing (webhook, off_at, since, attempts, reason) VALUES ($1, $2, $3, $4, $5)
                ON CONFLICT (webhook) DO UPDATE SET off_at = excluded.off_at, since = excluded.since, attempts = excluded.attempts,
                    reason = excluded.reason
                WHERE webhook_failing.off_at IS NULL
                """, name, off.OffAt!.Value.ToUnixTimeMilliseconds(), span.Since.ToUnixTimeMilliseconds(), span.Attempts,
                span.Reason) == 0) return false;
            await _audit.AddAsync(unit, Actor.System, "webhook.failing_off", name,
                new JsonObject { ["attempts"] = span.Attempts, ["reason"] = span.Reason });
            await along(unit, off);
            await _watched.ChangedAsync(unit);
            return true;
        }, cancellation);
        await _watched.FollowAsync(cancellation);
        return switched;
    }

    /// <summary>Switches one on again that the configuration names.</summary>
    public async Task EnableAsync(Actor who, string name, CancellationToken cancellation)
    {
        await _database.TransactAsync(async unit =>
        {
            if (!await EnableAsync(unit, name)) return false;
            await _audit.AddAsync(unit, who, "webhook.enabled", name);
            return true;
        }, cancellation);
        await _watched.FollowAsync(cancellation);
    }

    /// <summary>Switches one on again in somebody's transaction, who calls <see cref="FollowAsync"/> after it.</summary>
    /// <returns>False: it was not off.</returns>
    public async ValueTask<bool> EnableAsync(IUnitOfWork unit, string name)
    {
        await _watched.LockAsync(unit);
        if (await unit.ExecuteAsync("UPDATE webhook_failing SET off_at = NULL, enabled_at = $2 WHERE webhook = $1 AND off_at IS NOT NULL",
            name, _clock.GetUtcNow().ToUnixTimeMilliseconds()) == 0) return false;
        await _watched.ChangedAsync(unit);
        return true;
    }

    /// <summary>
    /// Begins with a receiver of whom nothing is known, a new one or one at another address: what failed before under its name does not
    /// count. In somebody's transaction, who calls <see cref="FollowAsync"/> after it.
    /// </summary>
    public async ValueTask BeginAsync(IUnitOfWork unit, string name)
    {
        await _watched.LockAsync(unit);
        await unit.ExecuteAsync("""
            INSERT INTO webhook_failing (webhook, since, attempts, reason, enabled_at) VALUES ($1, $2, 0, '', $2)
            ON CONFLICT (webhook) DO UPDATE SET off_at = NULL, enabled_at = excluded.enabled_at
            """, name, _clock.GetUtcNow().ToUnixTimeMilliseconds());
        await _watched.ChangedAsync(unit);
    }

    /// <summary>Forgets a webhook that is no more, in somebody's transaction, who calls <see cref="FollowAsync"/> after it.</summary>
    public async ValueTask ForgetAsync(IUnitOfWork unit, string name)
    {
        await _watched.LockAsync(unit);
        if (await unit.ExecuteAsync("DELETE FROM webhook_failing WHERE webhook = $1", name) > 0) await _watched.ChangedAsync(unit);
    }

    /// <summary>After such a transaction.</summary>
    public Task FollowAsync(CancellationToken cancellation) => _watched.FollowAsync(cancellation);

    public void Dispose() => _watched.Dispose();

    private static FailingWebhook Read(DbDataReader row) =>
        new(row.GetString(0), row.TimeOrNull(1), row.Time(2), row.GetInt64(3), row.GetString(4), row.TimeOrNull(5));
}
