using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Inbox;

/// <summary>Inbox rows as objects. A row that cannot be read is told apart from the others and does not spoil them.</summary>
internal static class InboxRows
{
    private const string UnreadableKey = "row:";

    public const string EntryColumns = "id, app, ordering_key, reference, attempts, partition, not_before, waiting_node, replay_count";

    public const string EventColumns =
        "platform, app, event_id, event_type, kind, ordering_key, chat_id, message_id, person_id, tenant_key, trace_parent, received_at, created_at, payload";

    public const string ItemColumns =
        "id, app, event_id, event_type, ordering_key, status, outcome, reason, reference, attempts, replay_count, effects, duplicates, received_at, finished_at, overdue_at";

    /// <summary>Never throws for what a row says: one such row would keep all others from being loaded.</summary>
    public static InboxEntry Entry(DbDataReader row)
    {
        long id = row.GetInt64(0);
        int partition = row.GetInt32(5);
        try
        {
            return new InboxEntry
            {
                Id = id,
                App = row.GetString(1),
                OrderingKey = row.GetString(2),
                Reference = row.GetString(3),
                Attempts = row.GetInt32(4),
                Partition = partition,
                NotBefore = row.Time(6),
                WaitingNode = row.Text(7),
                ReplayCount = row.GetInt32(8),
            };
        }
        catch (Exception e) when (IsOfTheRow(e))
        {
            var key = string.Create(CultureInfo.InvariantCulture, $"{UnreadableKey}{id}");
            return new InboxEntry { Id = id, App = "", OrderingKey = key, Reference = "", Partition = partition, Unreadable = e.Message };
        }
    }

    /// <summary>The row of a lane that <see cref="Entry"/> made for one that it cannot read; null: another lane.</summary>
    public static long? IdOfUnreadable(string app, string key) =>
        app.Length == 0 && key.StartsWith(UnreadableKey, StringComparison.Ordinal)
        && long.TryParse(key.AsSpan(UnreadableKey.Length), CultureInfo.InvariantCulture, out var id) ? id : null;

    /// <exception cref="UnreadableRowException">The row cannot be read.</exception>
    public static InboundEvent Event(DbDataReader row)
    {
        InboundEvent? known = null;
        try
        {
            known = Known(row);
            var kind = (EventKind)row.GetInt32(4);
            if (!Enum.IsDefined(kind)) throw new UnreadableRowException($"The row's kind {(int)kind} is not known to this version.", known);
            var payload = row.Bytes(13);
            CheckJson(payload, known);
            return known with { Kind = kind, Payload = payload };
        }
        catch (Exception e) when (IsOfTheRow(e))
        {
            throw new UnreadableRowException("The row has values that this version cannot read.", known, e);
        }
    }

    public static InboxItem Item(DbDataReader row) => new()
    {
        Id = row.GetInt64(0),
        App = row.GetString(1),
        EventId = row.GetString(2),
        EventType = row.GetString(3),
        Key = row.GetString(4),
        Status = StatusWord(row.GetInt32(5)),
        Outcome = row.Text(6),
        Reason = row.Text(7),
        Reference = row.GetString(8),
        Attempts = row.GetInt32(9),
        Replays = row.GetInt32(10),
        Effects = row.GetInt32(11),
        Duplicates = row.GetInt32(12),
        ReceivedAt = row.Time(13),
        FinishedAt = row.TimeOrNull(14),
        OverdueAt = row.TimeOrNull(15),
    };

    private static string StatusWord(int status) => status switch
    {
        0 => "open",
        1 => "finished",
        2 => "dead",
        _ => $"status_{status}",
    };

    /// <summary>What telling somebody needs.</summary>
    private static InboundEvent Known(DbDataReader row) => new()
    {
        Platform = row.GetString(0),
        App = row.GetString(1),
        EventId = row.GetString(2),
        EventType = row.GetString(3),
        OrderingKey = row.GetString(5),
        ChatId = row.Text(6),
        MessageId = row.Text(7),
        PersonId = row.Text(8),
        TenantKey = row.Text(9),
        TraceParent = row.Text(10),
        ReceivedAt = row.Time(11),
        CreatedAt = row.TimeOrNull(12),
        Payload = ReadOnlyMemory<byte>.Empty,
    };

    /// <summary>Every event was JSON when it was recorded; a row where it is not was damaged.</summary>
    private static void CheckJson(byte[] payload, InboundEvent known)
    {
        try
        {
            var reader = new Utf8JsonReader(payload);
            reader.Read();
            reader.Skip();
        }
        catch (JsonException e)
        {
            throw new UnreadableRowException($"The row's payload of {payload.Length} bytes is not JSON.", known, e);
        }
    }

    private static bool IsOfTheRow(Exception e) => e is InvalidCastException or FormatException or OverflowException or ArgumentOutOfRangeException or InvalidOperationException;
}
