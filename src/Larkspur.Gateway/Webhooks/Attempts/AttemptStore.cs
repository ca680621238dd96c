using System.Data.Common;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Webhooks.Attempts;

/// <summary>The table of attempts.</summary>
internal static class AttemptStore
{
    /// <summary>Attempts of one delivery that are shown; one that is sent again and again shows its latest.</summary>
    private const int Shown = 100;

    /// <summary>Adds attempts. One that was added before, by a commit whose end was not known, is left as it is.</summary>
    public static async ValueTask AddAsync(IUnitOfWork unit, IEnumerable<WebhookAttempt> attempts)
    {
        foreach (var attempt in attempts)
        {
            await unit.ExecuteAsync("""
                INSERT INTO webhook_attempt (webhook_id, at, number, webhook, took_ms, status, reason, media_type, answer)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (webhook_id, at, number) DO NOTHING
                """, attempt.WebhookId, attempt.At.ToUnixTimeMilliseconds(), attempt.Number, attempt.Webhook,
                (long)attempt.Took.TotalMilliseconds, attempt.Answer.Status, attempt.Reason, attempt.Answer.MediaType, attempt.Answer.Text);
        }
    }

    /// <summary>Those of a delivery, the oldest first.</summary>
    public static async ValueTask<List<WebhookAttempt>> OfAsync(ISql sql, string webhookId)
    {
        var attempts = await sql.QueryAsync($"""
            SELECT webhook, webhook_id, number, at, took_ms, reason, status, media_type, answer FROM webhook_attempt
            WHERE webhook_id = $1 ORDER BY at DESC, number DESC LIMIT {Shown}
            """, Read, webhookId);
        attempts.Reverse();
        return attempts;
    }

    /// <summary>How a webhook has failed since its last success, or since a time that is later; null: it has not.</summary>
    public static async ValueTask<FailingSpan?> FailingAsync(ISql sql, string webhook, DateTimeOffset after)
    {
        var success = await sql.NumberAsync(
            "SELECT at FROM webhook_attempt WHERE webhook = $1 AND reason IS NULL ORDER BY at DESC LIMIT 1", webhook);
        var from = Math.Max(success ?? 0, after.ToUnixTimeMilliseconds());
        return await sql.FirstAsync("""
            SELECT COUNT(*), MIN(at), MAX(at),
              (SELECT reason FROM webhook_attempt WHERE webhook = $1 AND at > $2 ORDER BY at DESC LIMIT 1)
            FROM webhook_attempt WHERE webhook = $1 AND at > $2
            """, static row => row.IsDBNull(1)
                ? null
                : new FailingSpan(row.GetInt64(0), row.Time(1), row.Time(2), row.Text(3) ?? ""), webhook, from);
    }

    /// <summary>Forgets the oldest.</summary>
    public static ValueTask<int> PruneAsync(OldBatch batch) => batch.ExecuteAsync("""
        DELETE FROM webhook_attempt WHERE (webhook_id, at, number) IN (
          SELECT webhook_id, at, number FROM webhook_attempt WHERE at < $1 ORDER BY at LIMIT $2)
        """);

    private static WebhookAttempt Read(DbDataReader row) => new(row.GetString(0), row.GetString(1), row.GetInt32(2), row.Time(3),
        TimeSpan.FromMilliseconds(row.GetInt64(4)), row.Text(5), new WebhookAnswer(row.IsDBNull(6) ? null : row.GetInt32(6), row.Text(7),
            row.Text(8)));
}

/// <summary>Attempts that failed one after another.</summary>
/// <param name="Attempts">How many.</param>
/// <param name="Since">The first of them.</param>
/// <param name="Last">The last of them.</param>
/// <param name="Reason">Why the last one failed.</param>
internal sealed record FailingSpan(long Attempts, DateTimeOffset Since, DateTimeOffset Last, string Reason);
