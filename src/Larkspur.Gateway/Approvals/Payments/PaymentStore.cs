using System.Data.Common;
using System.Text.Json;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.Outbox.Reading;
using Larkspur.Gateway.People.Handover;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Storage.Lists;

namespace Larkspur.Gateway.Approvals;

/// <summary>The payments' rows.</summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Performance", "CA1822", Justification = "A store is a service like the others; its statements run on the unit that is given.")]
internal sealed class PaymentStore
{
    /// <summary>Rows on a page.</summary>
    public const int MostOnPage = 200;

    private const string Columns = """
        id, app, request_key, request_hash, number, title, amount, currency, payee, submitter, webhook, approval_code, uuid, instance_code, state, version,
        state_at, reason, requested_by, reference, created_at, changed_at, check_at, owner
        """;

    /// <summary>Adds a payment unless there is one of its request key.</summary>
    /// <returns>False: there is.</returns>
    public async ValueTask<bool> AddAsync(IUnitOfWork unit, Payment p) => await unit.ExecuteAsync($"""
        INSERT INTO payment ({Columns})
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24) ON CONFLICT (request_key, app) DO NOTHING
        """, p.Id, p.App, p.RequestKey, p.RequestHash, p.Number, p.Title, p.Amount, p.Currency, p.Payee, JsonSerializer.Serialize(p.Submitter), p.Webhook, p.ApprovalCode, p.Uuid,
        p.InstanceCode, p.State, p.Version, Ms(p.StateAt), p.Reason, p.RequestedBy, p.Reference, Ms(p.CreatedAt), Ms(p.ChangedAt), Ms(p.CheckAt), p.Owner) == 1;

    /// <summary>The payment, which no other transaction changes until this one ends.</summary>
    public async ValueTask<Payment?> TakeAsync(IUnitOfWork unit, string id) =>
        await unit.ExecuteAsync("UPDATE payment SET touched = touched + 1 WHERE id = $1", id) == 0 ? null : await FindAsync(unit, id);

    public ValueTask<Payment?> FindAsync(ISql sql, string id) => sql.FirstAsync($"SELECT {Columns} FROM payment WHERE id = $1", Read, id);

    /// <summary>Approval codes of payments that are still watched, each with its app.</summary>
    public ValueTask<List<(string App, string Code)>> WatchedCodesAsync(ISql sql, int limit) => sql.QueryAsync(
        "SELECT DISTINCT app, approval_code FROM payment WHERE check_at IS NOT NULL ORDER BY app, approval_code LIMIT $1", static row => (row.GetString(0), row.GetString(1)), limit);

    public ValueTask<Payment?> FindByRequestAsync(ISql sql, string app, string key) => sql.FirstAsync($"SELECT {Columns} FROM payment WHERE request_key = $1 AND app = $2", Read, key, app);

    public ValueTask<Payment?> FindByUuidAsync(ISql sql, string uuid) => sql.FirstAsync($"SELECT {Columns} FROM payment WHERE uuid = $1", Read, uuid);

    public ValueTask<Payment?> FindByInstanceAsync(ISql sql, string instance) => sql.FirstAsync($"SELECT {Columns} FROM payment WHERE instance_code = $1", Read, instance);

    /// <summary>Payments of a code whose instance is not known: an event without a <c>uuid</c> may be about one of them.</summary>
    public async ValueTask<bool> HasUnrecordedAsync(ISql sql, string app, string approvalCode) => await sql.NumberAsync(
        "SELECT 1 FROM payment WHERE app = $1 AND approval_code = $2 AND instance_code IS NULL LIMIT 1", app, approvalCode) is not null;

    /// <summary>Writes what can change.</summary>
    public async ValueTask UpdateAsync(IUnitOfWork unit, Payment p) => await unit.ExecuteAsync("""
        UPDATE payment SET instance_code = $2, state = $3, version = $4, state_at = $5, reason = $6, changed_at = $7, check_at = $8 WHERE id = $1
        """, p.Id, p.InstanceCode, p.State, p.Version, Ms(p.StateAt), p.Reason, Ms(p.ChangedAt), Ms(p.CheckAt));

    /// <summary>Notes what happened, once.</summary>
    /// <returns>False: it was noted before.</returns>
    public async ValueTask<bool> NoteAsync(IUnitOfWork unit, string payment, PaymentLine line) => await unit.ExecuteAsync("""
        INSERT INTO payment_history (payment, line_key, at, what, version, source, open_id, user_id, detail) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        ON CONFLICT (payment, line_key) DO NOTHING
        """, payment, line.Key, Ms(line.At), line.What, line.Version, line.Source, line.OpenId, line.UserId, line.Detail) == 1;

    /// <summary>What happened, by the time it happened.</summary>
    public ValueTask<List<PaymentLine>> LinesAsync(ISql sql, string payment) => sql.QueryAsync(
        "SELECT line_key, at, what, version, source, open_id, user_id, detail FROM payment_history WHERE payment = $1 ORDER BY at, id", static row => new PaymentLine
        {
            Key = row.GetString(0), At = row.Time(1), What = row.GetString(2), Version = row.GetInt64(3), Source = row.GetString(4), OpenId = row.Text(5), UserId = row.Text(6),
            Detail = row.Text(7),
        }, payment);

    /// <summary>Payments of a submitter that are not decided, the newest first.</summary>
    public async ValueTask<List<Payment>> OpenOfAsync(ISql sql, OwnIds submitter, int limit) => [.. (await sql.QueryAsync($"""
        SELECT {Columns} FROM payment WHERE state IN ('submitting', 'pending') AND {submitter.Condition("submitter", 1)}
        ORDER BY created_at DESC LIMIT {limit}
        """, Read, submitter.Values)).Where(p => submitter.Has(p.Submitter.OpenId) || submitter.Has(p.Submitter.UserId))];

    /// <summary>Payments, the newest first.</summary>
    public ValueTask<List<Payment>> ListAsync(ISql sql, PaymentFilter filter)
    {
        List<object?> values = [filter.State ?? "", filter.Number ?? "", filter.Before, filter.BeforeId, filter.Limit];
        var own = filter.Seen.And(values);
        return sql.QueryAsync($"""
            SELECT {Columns} FROM payment
            WHERE ({Given("$1")} OR state = $1) AND ({Given("$2")} OR number = $2) AND (created_at < $3 OR (created_at = $3 AND id < $4)){own} ORDER BY created_at DESC, id DESC LIMIT $5
            """, Read, [.. values]);
    }

    /// <summary>Payments that the platform is to be asked about, the longest waiting first.</summary>
    public ValueTask<List<Payment>> DueAsync(ISql sql, DateTimeOffset now, int limit) =>
        sql.QueryAsync($"SELECT {Columns} FROM payment WHERE check_at <= $1 ORDER BY check_at LIMIT $2", Read, Ms(now), limit);

    /// <summary>Codes with payments that have no instance and were made before this: the platform's list may name some.</summary>
    public ValueTask<List<(string App, string Code)>> UnrecordedCodesAsync(ISql sql, DateTimeOffset before) => sql.QueryAsync("""
        SELECT DISTINCT app, approval_code FROM payment WHERE instance_code IS NULL AND check_at IS NOT NULL AND created_at < $1
        """, static row => (row.GetString(0), row.GetString(1)), Ms(before));

    /// <summary>Of a code: since when the oldest payment without an instance waits; null: none.</summary>
    public async ValueTask<DateTimeOffset?> OldestUnrecordedAsync(ISql sql, string app, string approvalCode) => await sql.NumberAsync(
        "SELECT MIN(created_at) FROM payment WHERE app = $1 AND approval_code = $2 AND instance_code IS NULL AND check_at IS NOT NULL", app, approvalCode) is { } at
        ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null;

    /// <summary>When the platform is asked again.</summary>
    public async ValueTask CheckAtAsync(IUnitOfWork unit, string id, DateTimeOffset? at) => await unit.ExecuteAsync("UPDATE payment SET check_at = $2 WHERE id = $1", id, Ms(at));

    /// <summary>What is undecided and had no news since a time is asked about at once: events may have been missed.</summary>
    /// <param name="unit">The transaction.</param>
    /// <param name="code">Only payments of this code; empty: all.</param>
    /// <param name="changedBefore">No news since this time.</param>
    /// <param name="now">Now.</param>
    public ValueTask<int> CheckAllAsync(IUnitOfWork unit, string code, DateTimeOffset changedBefore, DateTimeOffset now) => unit.ExecuteAsync(
        "UPDATE payment SET check_at = $1 WHERE check_at > $1 AND state IN ('submitting', 'pending') AND changed_at <= $2 AND ($3 = '' OR approval_code = $3)", Ms(now), Ms(changedBefore), code);

    /// <summary>Payments by state, for figures.</summary>
    public ValueTask<List<(string State, long Count)>> CountAsync(ISql sql) =>
        sql.QueryAsync("SELECT state, COUNT(*) FROM payment GROUP BY state", static row => (row.GetString(0), row.GetInt64(1)));

    /// <summary>A webhook message that was queued for a payment.</summary>
    public async ValueTask WebhookAsync(IUnitOfWork unit, string payment, long version, string type, string webhook, string webhookId)
    {
        if (await OutboxRows.IdOfWebhookAsync(unit, webhookId) is not { } row) return;
        await unit.ExecuteAsync("""
            INSERT INTO payment_webhook (payment, version, type, webhook, outbox_id, webhook_id)
            VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (payment, version, type, webhook) DO NOTHING
            """, payment, version, type, webhook, row, webhookId);
    }

    /// <summary>The webhook messages of payments with what became of them, oldest first. A row that is gone was taken long ago.</summary>
    public async ValueTask<List<PaymentDelivery>> DeliveriesAsync(ISql sql, string payment)
    {
        var queued = await sql.QueryAsync("SELECT version, type, webhook, outbox_id, webhook_id FROM payment_webhook WHERE payment = $1 ORDER BY id",
            static row => new PaymentDelivery(row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetInt64(3), row.GetString(4)), payment);
        var rows = await OutboxRows.ItemsAsync(sql, [.. queued.Select(q => q.OutboxId)]);
        return [.. queued.Select(q => q with { Row = rows.GetValueOrDefault(q.OutboxId) })];
    }

    /// <summary>What became of the call that makes the instance: its row's state; null: the row is gone.</summary>
    public ValueTask<int?> CreateStatusAsync(ISql sql, Payment payment) => OutboxRows.StatusAsync(sql, payment.Uuid, payment.App, InstanceCreate.Definition);

    /// <summary>How often the withdrawal of this version was asked of the platform.</summary>
    public async ValueTask<int> WithdrawalsAsync(ISql sql, Payment payment) => (int)(await sql.NumberAsync(
        "SELECT COUNT(*) FROM payment_history WHERE payment = $1 AND what = 'cancel_requested' AND version = $2", payment.Id, payment.Version) ?? 0);

    /// <summary>Forgets old payments that are over; what is still looked at stays.</summary>
    public static async ValueTask<int> PruneAsync(OldBatch old)
    {
        var ids = await old.IdsAsync(
            "SELECT id FROM payment WHERE created_at < $1 AND changed_at < $1 AND check_at IS NULL ORDER BY created_at LIMIT $2");
        if (ids.Count == 0) return 0;
        var (among, list) = (IdList.In(old.Dialect, "$1"), IdList.Of(old.Dialect, ids));
        await old.Unit.ExecuteAsync($"DELETE FROM payment_history WHERE payment {among}", list);
        await old.Unit.ExecuteAsync($"DELETE FROM payment_webhook WHERE payment {among}", list);
        await old.Unit.ExecuteAsync($"DELETE FROM payment WHERE id {among}", list);
        return ids.Count;
    }

    /// <summary>True when the filter's value is not given: texts are never null, so that both databases know the value's type.</summary>
    private static string Given(string value) => $"{value} = ''";

    private static long Ms(DateTimeOffset at) => at.ToUnixTimeMilliseconds();

    private static long? Ms(DateTimeOffset? at) => at?.ToUnixTimeMilliseconds();

    private static Payment Read(DbDataReader row) => new()
    {
        Id = row.GetString(0),
        App = row.GetString(1),
        RequestKey = row.GetString(2),
        RequestHash = row.GetString(3),
        Number = row.GetString(4),
        Title = row.Text(5),
        Amount = row.GetString(6),
        Currency = row.GetString(7),
        Payee = row.Text(8),
        Submitter = JsonSerializer.Deserialize<Applicant>(row.GetString(9))!,
        Webhook = row.Text(10),
        ApprovalCode = row.GetString(11),
        Uuid = row.GetString(12),
        InstanceCode = row.Text(13),
        State = row.GetString(14),
        Version = row.GetInt64(15),
        StateAt = row.Time(16),
        Reason = row.Text(17),
        RequestedBy = row.GetString(18),
        Reference = row.GetString(19),
        CreatedAt = row.Time(20),
        ChangedAt = row.Time(21),
        CheckAt = row.TimeOrNull(22),
        Owner = row.GetString(23),
    };
}

/// <summary>Which payments.</summary>
/// <param name="State">Only of this state.</param>
/// <param name="Number">Only of this number.</param>
/// <param name="Before">Only such as were made before this time (Unix ms)…</param>
/// <param name="BeforeId">…or at it, with a smaller id.</param>
/// <param name="Limit">At most so many.</param>
internal sealed record PaymentFilter(string? State, string? Number, long Before, string BeforeId, int Limit)
{
    /// <summary>Only what a caller sees.</summary>
    public OwnerFilter Seen { get; init; } = OwnerFilter.All;
}

/// <summary>A webhook message and its delivery.</summary>
/// <param name="Version">Of the payment.</param>
/// <param name="Type"><c>payment.decided</c> or <c>payment.failed</c>.</param>
/// <param name="Webhook">Who is told.</param>
/// <param name="OutboxId">Its delivery.</param>
/// <param name="WebhookId">What the receiver recognises it by.</param>
internal sealed record PaymentDelivery(long Version, string Type, string Webhook, long OutboxId, string WebhookId)
{
    /// <summary>The delivery as it stands; null: it is forgotten.</summary>
    public OutboxItem? Row { get; init; }
}
