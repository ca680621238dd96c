using Larkspur.Gateway.Queueing;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Storage.Leases;

namespace Larkspur.Gateway.Outbox.Reading;

/// <summary>What an operator can do about a message that did not leave.</summary>
internal sealed partial class OutboxRepairs(
    IDatabase database, OutboxSenders senders, IEnumerable<IChannel> channels, OutboxOperations operations, TimeProvider clock,
    ILogger<OutboxRepairs> logger)
{
    private readonly Dictionary<string, IChannel> _channels = channels.ToDictionary(c => c.Platform, StringComparer.Ordinal);

    /// <summary>
    /// Opens a dead message again under the same key, so that the platform shows it once however often it was tried. Where an attempt may have arrived
    /// longer ago than the platform remembers keys, that is no longer so: then only with <paramref name="force"/>, and under a new key.
    /// </summary>
    public async Task<Repair> ReplayAsync(long id, bool force, string who, CancellationToken cancellation)
    {
        if (!force && await IsSupersededAsync(id, cancellation)) return Repair.Superseded;
        var repair = await database.TransactAsync(unit => ReplayAsync(unit, id, force, who), cancellation);
        if (repair == Repair.Done) RowReplayed(id, who, force ? ", forced" : "");
        return repair;
    }

    /// <summary>Gives up an open or dead message for good.</summary>
    public async Task<Repair> DiscardAsync(long id, string who, CancellationToken cancellation)
    {
        var repair = await database.TransactAsync(async unit =>
        {
            var now = clock.GetUtcNow();
            return await OutboxRows.DiscardAsync(unit, id, who, now) ? Repair.Done : await RefusalAsync(unit, id);
        }, cancellation);
        if (repair == Repair.Done) RowDiscarded(id, who);
        return repair;
    }

    /// <summary>A later face of the same card was put on since. Asked beforehand: there is no index for it, and the writer is not kept waiting.</summary>
    private async Task<bool> IsSupersededAsync(long id, CancellationToken cancellation) => await database.ReadAsync(sql => sql.NumberAsync("""
        SELECT 1 FROM outbox AS dead WHERE dead.id = $1 AND dead.status = 2 AND dead.operation = 'patch' AND EXISTS (
          SELECT 1 FROM outbox AS later WHERE later.id > $1 AND later.lane = dead.lane AND later.app = dead.app AND later.operation = 'patch' AND later.status IN (0, 1))
        """, id), cancellation) is not null;

    private async ValueTask<Repair> ReplayAsync(IUnitOfWork unit, long id, bool force, string who)
    {
        var now = clock.GetUtcNow();
        var dead = await unit.FirstAsync("""
            SELECT idempotency_key, operation, first_tried_at, created_at, reason, platform FROM outbox WHERE id = $1 AND status = 2
            """, row => new DeadMessage(row.GetString(0), operations.Find(row.GetString(1)), row.TimeOrNull(2), row.Time(3),
                row.Text(4), row.GetString(5)), id);
        if (dead is null) return await RefusalAsync(unit, id);
        // A card's new face is the same however often it is put on, a business system knows a webhook-id for as long as it likes, and an approval instance's uuid is never
        // forgotten: under another one there would be two.
        // How long a key is remembered is each platform's own affair; DingTalk knows none.
        var policy = (_channels.GetValueOrDefault(dead.Platform) ?? NoChannel.Instance).Policy;
        var unsure = dead.Operation is { } operation && policy.IsKeyForgotten(operation, dead.UnsureSince, now);
        if (unsure && !force) return Repair.Unsure;

        var renewed = unsure ? IdempotencyKeys.Anew(dead.Key) : dead.Key;
        // Made anew now: its patience begins again.
        await unit.ExecuteAsync("""
            UPDATE outbox SET status = 0, idempotency_key = $2, made_at = COALESCE(made_at, created_at), created_at = $3, not_before = $3,
              attempts = 0, finished_at = NULL, reason = NULL, overdue_at = NULL,
              first_tried_at = CASE WHEN $4 = 1 THEN NULL ELSE first_tried_at END
            WHERE id = $1 AND status = 2
            """, id, renewed, now.ToUnixTimeMilliseconds(), unsure ? 1 : 0);
        await RowHistory.AddAsync(unit, RowHistory.Outbox, id, new HistoryLine
        {
            At = now,
            What = HistoryLine.Replayed,
            Who = who,
            Message = $"made {dead.CreatedAt:yyyy-MM-dd'T'HH:mm:ss'Z'}, dead as {dead.Reason}{(unsure ? $"; key {dead.Key} replaced" : "")}",
        });
        unit.AfterCommit(senders.Look);
        unit.Announce(Topics.Outbox, id);
        return Repair.Done;
    }

    private static async ValueTask<Repair> RefusalAsync(IUnitOfWork unit, long id) =>
        await unit.NumberAsync("SELECT id FROM outbox WHERE id = $1", id) is null ? Repair.NotFound : Repair.Refused;

    /// <param name="Operation">Null: this version does not know it.</param>
    private sealed record DeadMessage(
        string Key, OutboxOperation? Operation, DateTimeOffset? UnsureSince, DateTimeOffset CreatedAt, string? Reason, string Platform);

    [LoggerMessage(LogLevel.Warning, "Outbox row {OutboxId} is replayed by {Who}{Forced}")]
    private partial void RowReplayed(long outboxId, string who, string forced);
    [LoggerMessage(LogLevel.Warning, "Outbox row {OutboxId} is discarded by {Who}")]
    private partial void RowDiscarded(long outboxId, string who);
}
