using System.Data.Common;
using System.Text.Encodings.Web;
using System.Text.Json;
using Larkspur.Gateway.Cards;
using Larkspur.Gateway.Outbox.Reading;
using Larkspur.Gateway.People;
using Larkspur.Gateway.People.Handover;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Storage.Lists;

namespace Larkspur.Gateway.Notifications;

/// <summary>Notifications, their deliveries, and the clicks on them.</summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Performance", "CA1822", Justification = "A store is a service like the others; its statements run on the unit that is given.")]
internal sealed class NotificationStore
{
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private const string Columns = """
        id, public_id, app, event, subject, caller_key, body_hash, requested_by, state, test, quiet, model, decides, approvers, webhook, applicant, face,
        decision, comment, decided_by, decided_at, resolved, reminders, remind_key, reminded_at, created_at, owner
        """;

    /// <summary>A delivery with what its outbox row (o), the plainer one in its place (f), the one that takes it back (r) and its last reminder (u) say.</summary>
    private const string DeliveryColumns = """
        d.id, d.notification, d.position, d.app, d.recipient, d.target_type, d.target, d.person, d.state, d.digest, d.due_at, d.outbox_id, d.recall_id, d.message_id, d.reason,
        d.sent_at, d.read_at, d.face, o.status, o.reason, o.message_id, o.finished_at, o.first_tried_at, f.status, f.message_id, f.finished_at, r.status, r.reason,
        d.remind_id, d.remind_urgent, u.status, u.reason
        """;

    private static readonly string Joined = string.Join(' ', "notification_delivery d", OutboxJoins.Row("o", "d.outbox_id"), OutboxJoins.Instead("f", "o"),
        OutboxJoins.Row("r", "d.recall_id"), OutboxJoins.Row("u", "d.remind_id"));

    private const int Open = 0;
    private const int SentStatus = 1;
    private const int Dead = 2;
    private const int Held = 3;

    /// <summary>Adds a notification unless its key is taken.</summary>
    /// <returns>Its number, or null.</returns>
    public ValueTask<long?> AddAsync(IUnitOfWork unit, NotificationRow row) => unit.NumberAsync("""
        INSERT INTO notification (public_id, app, event, subject, caller_key, body_hash, requested_by, state, test, quiet, model, decides, approvers, webhook, applicant, face, created_at, owner)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18) ON CONFLICT (caller_key, app) DO NOTHING RETURNING id
        """, row.Id, row.App, row.Event, row.Subject, row.CallerKey, row.BodyHash, row.RequestedBy, row.State, row.Test ? 1 : 0, row.Urgency.ToString(), row.Model, row.Decides ? 1 : 0,
        Write(row.Approvers), row.Webhook, row.Applicant is { } applicant ? Write(applicant) : null, row.Face, row.CreatedAt.ToUnixTimeMilliseconds(), row.Owner);

    public ValueTask<long?> AddAsync(IUnitOfWork unit, DeliveryRow row) => unit.NumberAsync("""
        INSERT INTO notification_delivery (notification, position, app, recipient, target_type, target, person, state, digest, due_at, outbox_id, reason, face)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) RETURNING id
        """, row.Notification, row.Position, row.App, row.Recipient, row.TargetType, row.Target, row.Person is { } person ? Write(person) : null, row.State, row.Digest ? 1 : 0,
        row.DueAt?.ToUnixTimeMilliseconds(), row.OutboxId, row.Reason, row.Face);

    /// <summary>Notifications that one of these people may decide and nobody has, the newest first.</summary>
    public async ValueTask<List<NotificationRow>> UndecidedOfAsync(ISql sql, OwnIds approver, int limit) => [.. (await sql.QueryAsync($"""
        SELECT {Columns} FROM notification WHERE decides = 1 AND state = 'open' AND {approver.Condition("approvers", 1)}
        ORDER BY id DESC LIMIT {limit}
        """, Read, approver.Values)).Where(n => n.Approvers.Any(approver.Has))];

    public ValueTask<NotificationRow?> FindAsync(ISql sql, string id) => sql.FirstAsync($"SELECT {Columns} FROM notification WHERE public_id = $1", Read, id);

    public ValueTask<NotificationRow?> FindAsync(ISql sql, long seq) => sql.FirstAsync($"SELECT {Columns} FROM notification WHERE id = $1", Read, seq);

    /// <summary>The notification as it is now, kept from others until the transaction ends: what is queued for its cards depends on the face that is read here.</summary>
    public async ValueTask<NotificationRow?> LockAsync(IUnitOfWork unit, long seq)
    {
        await unit.ExecuteAsync("UPDATE notification SET face = face WHERE id = $1", seq);
        return await FindAsync(unit, seq);
    }

    public ValueTask<NotificationRow?> FindByKeyAsync(ISql sql, string app, string key) => sql.FirstAsync($"SELECT {Columns} FROM notification WHERE caller_key = $1 AND app = $2", Read, key, app);

    /// <summary>The newest before a number; null filters match all.</summary>
    public ValueTask<List<NotificationRow>> ListAsync(ISql sql, string? subject, string? type, string? state, long? before, int limit, OwnerFilter? seen = null)
    {
        List<object?> values = [before ?? long.MaxValue, subject ?? "", type ?? "", state ?? "", limit];
        var own = (seen ?? OwnerFilter.All).And(values);
        return sql.QueryAsync($"""
            SELECT {Columns} FROM notification
            WHERE id < $1 AND ($2 = '' OR subject = $2) AND ($3 = '' OR event = $3) AND ($4 = '' OR state = $4){own} ORDER BY id DESC LIMIT $5
            """, Read, [.. values]);
    }

    /// <summary>A subject's notifications after a number, up to another, the oldest first.</summary>
    public ValueTask<List<NotificationRow>> OfSubjectAsync(ISql sql, string subject, string? type, long after, long upTo, int limit, OwnerFilter meant)
    {
        List<object?> values = [subject, type ?? "", after, upTo, limit];
        var own = meant.And(values);
        return sql.QueryAsync($"SELECT {Columns} FROM notification WHERE subject = $1 AND ($2 = '' OR event = $2) AND id > $3 AND id <= $4{own} ORDER BY id LIMIT $5", Read, [.. values]);
    }

    public ValueTask<List<DeliveryRow>> DeliveriesAsync(ISql sql, long notification) =>
        sql.QueryAsync($"SELECT {DeliveryColumns} FROM {Joined} WHERE d.notification = $1 ORDER BY d.position", ReadDelivery, notification);

    /// <summary>Waiting ones that are due.</summary>
    public ValueTask<List<DeliveryRow>> DueAsync(ISql sql, DateTimeOffset now, int limit) =>
        sql.QueryAsync($"SELECT {DeliveryColumns} FROM {Joined} WHERE d.state = 'waiting' AND d.due_at <= $1 ORDER BY d.due_at, d.id LIMIT $2", ReadDelivery, now.ToUnixTimeMilliseconds(), limit);

    /// <summary>The due lines of one receiver's digest, the oldest first.</summary>
    public ValueTask<List<DeliveryRow>> DigestAsync(ISql sql, string app, string target, DateTimeOffset now, int limit) =>
        sql.QueryAsync($"SELECT {DeliveryColumns} FROM {Joined} WHERE d.state = 'waiting' AND d.due_at <= $1 AND d.digest = 1 AND d.app = $2 AND d.target = $3 ORDER BY d.id LIMIT $4", ReadDelivery,
            now.ToUnixTimeMilliseconds(), app, target, limit);

    /// <summary>A waiting one leaves now.</summary>
    /// <returns>False: it has left, or was taken back.</returns>
    public async ValueTask<bool> ClaimAsync(IUnitOfWork unit, long delivery) => await unit.ExecuteAsync(
        "UPDATE notification_delivery SET state = 'queued' WHERE id = $1 AND state = 'waiting'", delivery) == 1;

    /// <summary>What it shows, and what sends that.</summary>
    public async ValueTask FaceAsync(IUnitOfWork unit, long delivery, int face, bool behind = false) => await unit.ExecuteAsync(
        "UPDATE notification_delivery SET face = $2, behind = $3 WHERE id = $1", delivery, face, behind ? 1 : 0);

    /// <summary>Another row sends it.</summary>
    public async ValueTask ReplacedAsync(IUnitOfWork unit, long delivery, long outboxId, int face) => await unit.ExecuteAsync(
        "UPDATE notification_delivery SET outbox_id = $2, face = $3, behind = 0 WHERE id = $1", delivery, outboxId, face);

    public async ValueTask DiscardedAsync(IUnitOfWork unit, long delivery, int face) => await unit.ExecuteAsync(
        "UPDATE notification_delivery SET state = 'discarded', face = $2, behind = 0 WHERE id = $1", delivery, face);

    public async ValueTask RecallingAsync(IUnitOfWork unit, long delivery, long recallId, int face) => await unit.ExecuteAsync(
        "UPDATE notification_delivery SET recall_id = $2, face = $3, behind = 0 WHERE id = $1", delivery, recallId, face);

    /// <summary>Decides it, unless it is decided, resolved or taken back.</summary>
    /// <returns>True for the first.</returns>
    public async ValueTask<bool> DecideAsync(IUnitOfWork unit, long seq, string decision, string? comment, NotificationPerson by, DateTimeOffset at) => await unit.ExecuteAsync("""
        UPDATE notification SET state = 'decided', decision = $2, comment = $3, decided_by = $4, decided_at = $5, face = face + 1 WHERE id = $1 AND state = 'open' AND decides = 1
        """, seq, decision, comment, Write(by), at.ToUnixTimeMilliseconds()) == 1;

    /// <summary>Says how it ended. What was taken back or never sent stays so.</summary>
    public async ValueTask<bool> ResolveAsync(IUnitOfWork unit, long seq, NotificationResolution resolved) => await unit.ExecuteAsync(
        "UPDATE notification SET state = 'resolved', resolved = $2, face = face + 1 WHERE id = $1 AND state IN ('open', 'decided', 'resolved')", seq, Write(resolved)) == 1;

    public async ValueTask<bool> RecallAsync(IUnitOfWork unit, long seq) => await unit.ExecuteAsync(
        "UPDATE notification SET state = 'recalled', face = face + 1 WHERE id = $1 AND state IN ('open', 'decided', 'resolved')", seq) == 1;

    /// <summary>A row reminds the recipient of this one.</summary>
    public async ValueTask RemindedByAsync(IUnitOfWork unit, long delivery, long row, bool urgent) => await unit.ExecuteAsync(
        "UPDATE notification_delivery SET remind_id = $2, remind_urgent = $3 WHERE id = $1", delivery, row, urgent ? 1 : 0);

    public async ValueTask RemindedAsync(IUnitOfWork unit, long seq, string key, DateTimeOffset at) => await unit.ExecuteAsync(
        "UPDATE notification SET reminders = reminders + 1, remind_key = $2, reminded_at = $3 WHERE id = $1", seq, key, at.ToUnixTimeMilliseconds());

    /// <summary>Records a click once, however often its event is handled.</summary>
    public async ValueTask RecordAsync(IUnitOfWork unit, CardClick click, long seq, string action, string outcome, DateTimeOffset at) => await unit.ExecuteAsync("""
        INSERT INTO notification_click (notification, app, event_id, action, outcome, person_id, person_name, message_id, reference, at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (event_id, app) DO NOTHING
        """, seq, click.App, click.Context.Event.EventId, action, outcome, click.Person.OpenId, click.Person.Name, click.MessageId, click.Context.Reference, at.ToUnixTimeMilliseconds());

    public ValueTask<List<NotificationClick>> ClicksAsync(ISql sql, long seq, int limit) => sql.QueryAsync(
        "SELECT action, outcome, person_id, person_name, at FROM notification_click WHERE notification = $1 ORDER BY id DESC LIMIT $2",
        static row => new NotificationClick(row.GetString(0), row.GetString(1), row.GetString(2), row.Text(3), row.Time(4)), seq, limit);

    /// <summary>Notifications, after a number, with a card that was on its way when its face changed.</summary>
    public ValueTask<List<long>> BehindAsync(ISql sql, long after, int limit) =>
        sql.QueryAsync("SELECT DISTINCT notification FROM notification_delivery WHERE behind = 1 AND notification > $1 ORDER BY notification LIMIT $2", static row => row.GetInt64(0), after, limit);

    /// <summary>Queued ones whose outbox rows have ended, after an id.</summary>
    public ValueTask<List<DeliveryRow>> EndedAsync(ISql sql, long after, DateTimeOffset deadBefore, int limit) => sql.QueryAsync($"""
        SELECT {DeliveryColumns} FROM {Joined} WHERE d.state = 'queued' AND d.id > $1 AND (o.status = 1 OR o.status IN (4, 5) OR o.id IS NULL OR (o.status = 2 AND (f.status = 1 OR o.finished_at < $2)))
        ORDER BY d.id LIMIT $3
        """, ReadDelivery, after, deadBefore.ToUnixTimeMilliseconds(), limit);

    /// <summary>Keeps what its outbox row said, which will be forgotten before it.</summary>
    public async ValueTask KeepAsync(IUnitOfWork unit, DeliveryRow row) => await unit.ExecuteAsync(
        "UPDATE notification_delivery SET state = $2, message_id = $3, reason = $4, sent_at = $5 WHERE id = $1 AND state = 'queued' AND outbox_id = $6", row.Id,
        // Whether it was read or taken back stands in other columns.
        row.State is DeliveryStates.Read or DeliveryStates.Recalling or DeliveryStates.Recalled ? DeliveryStates.Sent : row.State, row.MessageId, row.Reason, row.SentAt?.ToUnixTimeMilliseconds(), row.OutboxId);

    /// <summary>Unread cards of a person that these messages are, each with its message.</summary>
    public ValueTask<List<(long Delivery, string Message)>> UnreadAsync(ISql sql, string app, IReadOnlyList<string> ids, IReadOnlyList<string> messages)
    {
        // Ids and messages come from outside; they are values, never text of the statement.
        object?[] values = [app, .. ids, .. messages];
        var people = string.Join(", ", ids.Select((_, i) => $"${i + 2}"));
        var sent = string.Join(", ", messages.Select((_, i) => $"${i + 2 + ids.Count}"));
        return sql.QueryAsync($"""
            SELECT d.id, CASE WHEN d.message_id IN ({sent}) THEN d.message_id WHEN o.message_id IN ({sent}) THEN o.message_id ELSE f.message_id END FROM {Joined}
            WHERE d.app = $1 AND d.target IN ({people}) AND d.read_at IS NULL AND (d.message_id IN ({sent}) OR o.message_id IN ({sent}) OR f.message_id IN ({sent}))
            """, static row => (row.GetInt64(0), row.GetString(1)), values);
    }

    /// <summary>A card is on its way to this person: it may have arrived, and its message is not known yet.</summary>
    public async ValueTask<bool> IsOnItsWayAsync(ISql sql, string app, IReadOnlyList<string> ids)
    {
        var people = string.Join(", ", ids.Select((_, i) => $"${i + 2}"));
        return await sql.NumberAsync($"""
            SELECT d.id FROM {Joined} WHERE d.app = $1 AND d.target IN ({people}) AND d.read_at IS NULL AND d.state = 'queued'
              AND (o.first_tried_at IS NOT NULL AND o.message_id IS NULL OR f.first_tried_at IS NOT NULL AND f.message_id IS NULL) LIMIT 1
            """, [app, .. ids]) is not null;
    }

    public async ValueTask<int> ReadAsync(IUnitOfWork unit, long delivery, DateTimeOffset at) =>
        await unit.ExecuteAsync("UPDATE notification_delivery SET read_at = $2 WHERE id = $1 AND read_at IS NULL", delivery, at.ToUnixTimeMilliseconds());

    /// <summary>Forgets old notifications with their deliveries and clicks.</summary>
    public static async ValueTask<int> PruneAsync(OldBatch old)
    {
        var ids = await old.Unit.QueryAsync("SELECT id FROM notification WHERE created_at < $1 ORDER BY created_at LIMIT $2",
            static row => row.GetInt64(0), old.Before, old.AtMost);
        if (ids.Count == 0) return 0;
        var (among, list) = (IdList.In(old.Dialect, "$1"), IdList.Of(old.Dialect, ids));
        await old.Unit.ExecuteAsync($"DELETE FROM notification_click WHERE notification {among}", list);
        await old.Unit.ExecuteAsync($"DELETE FROM notification_delivery WHERE notification {among}", list);
        await old.Unit.ExecuteAsync($"DELETE FROM notification WHERE id {among}", list);
        return ids.Count;
    }

    private static NotificationRow Read(DbDataReader row) => new()
    {
        Seq = row.GetInt64(0),
        Id = row.GetString(1),
        App = row.GetString(2),
        Event = row.GetString(3),
        Subject = row.Text(4),
        CallerKey = row.GetString(5),
        BodyHash = row.GetString(6),
        RequestedBy = row.GetString(7),
        State = row.GetString(8),
        Test = row.GetInt32(9) != 0,
        Urgency = Enum.Parse<NotificationUrgency>(row.GetString(10)),
        Model = row.GetString(11),
        Decides = row.GetInt32(12) != 0,
        Approvers = JsonSerializer.Deserialize<string[]>(row.GetString(13))!,
        Webhook = row.Text(14),
        Applicant = row.Text(15) is { } applicant ? JsonSerializer.Deserialize<NotificationTarget>(applicant) : null,
        Face = row.GetInt32(16),
        Decision = row.Text(17),
        Comment = row.Text(18),
        DecidedBy = row.Text(19) is { } by ? JsonSerializer.Deserialize<NotificationPerson>(by) : null,
        DecidedAt = row.TimeOrNull(20),
        Resolved = row.Text(21) is { } resolved ? JsonSerializer.Deserialize<NotificationResolution>(resolved) : null,
        Reminders = row.GetInt32(22),
        RemindKey = row.Text(23),
        RemindedAt = row.TimeOrNull(24),
        CreatedAt = row.Time(25),
        Owner = row.GetString(26),
    };

    private static DeliveryRow ReadDelivery(DbDataReader row)
    {
        var delivery = new DeliveryRow
        {
            Id = row.GetInt64(0),
            Notification = row.GetInt64(1),
            Position = row.GetInt32(2),
            App = row.GetString(3),
            Recipient = row.GetString(4),
            TargetType = row.GetString(5),
            Target = row.GetString(6),
            Person = row.Text(7) is { } person ? JsonSerializer.Deserialize<PlatformPerson>(person) : null,
            State = row.GetString(8),
            Digest = row.GetInt32(9) != 0,
            DueAt = row.TimeOrNull(10),
            OutboxId = row.IsDBNull(11) ? null : row.GetInt64(11),
            RecallId = row.IsDBNull(12) ? null : row.GetInt64(12),
            MessageId = row.Text(13),
            Reason = row.Text(14),
            SentAt = row.TimeOrNull(15),
            ReadAt = row.TimeOrNull(16),
            Face = row.GetInt32(17),
            Tried = !row.IsDBNull(22),
            Reminder = row.IsDBNull(28) ? null : ReminderOf(row.GetInt32(29) != 0, row.IsDBNull(30) ? SentStatus : row.GetInt32(30), row.Text(31)),
        };
        if (delivery.State == DeliveryStates.Queued) delivery = AsSent(delivery, row);
        // A row that is forgotten by now went well: dead ones are kept longest.
        if (delivery.RecallId is not null) delivery = AsRecalled(delivery, row.IsDBNull(26) ? SentStatus : row.GetInt32(26), row.Text(27));
        return delivery is { State: DeliveryStates.Sent, ReadAt: not null } ? delivery with { State = DeliveryStates.Read } : delivery;
    }

    private static DeliveryRow AsSent(DeliveryRow delivery, DbDataReader row)
    {
        if (row.IsDBNull(18)) return delivery with { State = DeliveryStates.Failed, Reason = "forgotten" };
        return row.GetInt32(18) switch
        {
            Open or Held => delivery,
            SentStatus => delivery with { State = DeliveryStates.Sent, MessageId = row.Text(20), SentAt = row.TimeOrNull(21) },
            Dead when !row.IsDBNull(23) && row.GetInt32(23) is Open => delivery,
            Dead when !row.IsDBNull(23) && row.GetInt32(23) is SentStatus => delivery with { State = DeliveryStates.Degraded, MessageId = row.Text(24), SentAt = row.TimeOrNull(25), Reason = row.Text(19) },
            Dead => delivery with { State = DeliveryStates.Failed, Reason = row.Text(19) },
            _ => delivery with { State = DeliveryStates.Discarded },
        };
    }

    private static NotificationReminder ReminderOf(bool urgent, int status, string? reason) => status switch
    {
        SentStatus => new(urgent, DeliveryStates.Sent, null),
        Dead => new(urgent, DeliveryStates.Failed, reason),
        Open or Held => new(urgent, DeliveryStates.Queued, null),
        _ => new(urgent, DeliveryStates.Discarded, null),
    };

    private static DeliveryRow AsRecalled(DeliveryRow delivery, int status, string? reason) => status switch
    {
        SentStatus => delivery with { State = DeliveryStates.Recalled },
        Dead => delivery with { Reason = reason },
        _ => delivery with { State = DeliveryStates.Recalling },
    };

    private static string Write<T>(T value) => JsonSerializer.Serialize(value, Relaxed);
}
