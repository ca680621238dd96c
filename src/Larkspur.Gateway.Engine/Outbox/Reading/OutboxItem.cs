using System.Data.Common;
using System.Text.Json.Serialization;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Outbox.Reading;

/// <summary>An outbox row as the API shows it.</summary>
internal sealed record OutboxItem
{
    public const string Columns =
        "id, inbox_id, platform, app, lane, operation, target_type, target, message_type, status, reason, reference, attempts, created_at, not_before, finished_at, first_tried_at, message_id, log_id, overdue_at, owner";

    public static readonly string[] States = ["open", "sent", "dead", "held", "discarded", "superseded"];

    public long Id { get; init; }

    /// <summary>The event that caused it.</summary>
    public long InboxId { get; init; }

    public required string Platform { get; init; }

    public required string App { get; init; }

    /// <summary>Messages of one key leave in order: the chat, or the card that is changed.</summary>
    public required string Key { get; init; }

    /// <summary><c>create</c>, <c>reply</c>, <c>patch</c>, <c>stream_open</c>, <c>stream_finish</c>….</summary>
    public required string Operation { get; init; }

    public required string TargetType { get; init; }

    public required string Target { get; init; }

    public required string MessageType { get; init; }

    /// <summary><c>open</c>, <c>sent</c>, <c>dead</c>, <c>held</c> (a request carries it), <c>discarded</c>, <c>superseded</c> (a newer face of its card took its place).</summary>
    public required string Status { get; init; }

    /// <summary>Why it is dead, or what was wrong with its last attempt.</summary>
    public string? Reason { get; init; }

    public required string Reference { get; init; }

    public int Attempts { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset NotBefore { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>Since when it may have arrived unnoticed; null: it surely has not.</summary>
    public DateTimeOffset? UnsureSince { get; init; }

    /// <summary>The platform's id of the message.</summary>
    public string? MessageId { get; init; }

    /// <summary>The platform's id of the call.</summary>
    public string? LogId { get; init; }

    /// <summary>When the watchdog reported it.</summary>
    public DateTimeOffset? OverdueAt { get; init; }

    /// <summary>The business system whose it is; null: no single system's.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? System { get; init; }

    public static OutboxItem Read(DbDataReader row)
    {
        var status = row.GetInt32(9);
        return new()
        {
            Id = row.GetInt64(0),
            InboxId = row.GetInt64(1),
            Platform = row.GetString(2),
            App = row.GetString(3),
            Key = row.GetString(4),
            Operation = row.GetString(5),
            TargetType = row.GetString(6),
            Target = row.GetString(7),
            MessageType = row.GetString(8),
            Status = status >= 0 && status < States.Length ? States[status] : $"status_{status}",
            Reason = row.Text(10),
            Reference = row.GetString(11),
            Attempts = row.GetInt32(12),
            CreatedAt = row.Time(13),
            NotBefore = row.Time(14),
            FinishedAt = row.TimeOrNull(15),
            UnsureSince = status is 0 or 2 ? row.TimeOrNull(16) : null,
            MessageId = row.Text(17),
            LogId = row.Text(18),
            OverdueAt = row.TimeOrNull(19),
            System = row.GetString(20) is { Length: > 0 } owner ? owner : null,
        };
    }
}
