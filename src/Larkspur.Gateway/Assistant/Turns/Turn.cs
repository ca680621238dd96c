using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Conversations;
using Larkspur.Gateway.People.Identities;
using Larkspur.Gateway.Queueing;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Assistant.Turns;

/// <summary>A question, and where its answer goes.</summary>
internal sealed record Turn
{
    public const string Columns = "id, turn, conversation, partition, person, route, platform, app, chat_id, reply, sender, language, reference, question, state, begun_at, stop_at, backend, task_id, message_id, answer, ending, verdict, asked_at, asked_as, attachments, quoted, place";

    public long Id { get; init; }

    /// <summary><c>tu_</c> and 32 hexadecimal digits.</summary>
    public required string Name { get; init; }

    public required long Conversation { get; init; }

    public required string Person { get; init; }

    public required string Route { get; init; }

    public required string Platform { get; init; }

    public required string App { get; init; }

    public required string ChatId { get; init; }

    /// <summary>Where it was asked (<see cref="ConversationPlace"/>); null: before that was kept.</summary>
    public string? Place { get; init; }

    public required ReplyAddress Reply { get; init; }

    public required PlatformAccount Sender { get; init; }

    public required Language Language { get; init; }

    public required string Reference { get; init; }

    /// <summary>In the person's words; empty: nothing was said but what is attached.</summary>
    public required string Question { get; init; }

    /// <summary>Pictures and files that came with it.</summary>
    public IReadOnlyList<UnifiedAttachment> Attachments { get; init; } = [];

    /// <summary>The message that the question points at; null: none.</summary>
    public QuotedMessage? Quoted { get; init; }

    /// <summary>All pictures and files that the question is about, its own first.</summary>
    public IReadOnlyList<UnifiedAttachment> Files => Quoted is { Attachments.Count: > 0 } quoted ? [.. Attachments, .. quoted.Attachments] : Attachments;

    public bool HasEnded { get; init; }

    /// <summary>They asked it, under their id of today or of former days.</summary>
    public bool IsOf(KnownPerson person) => Person == person.Id || person.FormerIds.Contains(Person);

    public DateTimeOffset? BegunAt { get; init; }

    public DateTimeOffset? StopAt { get; init; }

    public string? Backend { get; init; }

    public string? TaskId { get; init; }

    public string? MessageId { get; init; }

    /// <summary>The user that the backend knows.</summary>
    public string? AskedAs { get; init; }

    public string? Answer { get; init; }

    public string? Ending { get; init; }

    public bool? Verdict { get; init; }

    public required DateTimeOffset AskedAt { get; init; }

    public int Partition => PartitionOf(Conversation);

    /// <summary>The partition of a conversation.</summary>
    public static int PartitionOf(long conversation) => Storage.Leases.Partitions.Of("assistant", conversation.ToString(System.Globalization.CultureInfo.InvariantCulture));

    /// <summary>The name of the turn that a message makes.</summary>
    public static string NameOf(string platform, string app, string cause) =>
        "tu_" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{platform}\n{app}\n{cause}")).AsSpan(0, 16));

    public static Turn Read(DbDataReader row) => new()
    {
        Id = row.GetInt64(0), Name = row.GetString(1), Conversation = row.GetInt64(2), Person = row.GetString(4), Route = row.GetString(5), Platform = row.GetString(6), App = row.GetString(7),
        ChatId = row.GetString(8), Reply = Parse<ReplyAddress>(row.GetString(9)), Sender = Parse<PlatformAccount>(row.GetString(10)), Language = Languages.FromTag(row.GetString(11)) ?? Language.English,
        Reference = row.GetString(12), Question = row.GetString(13), HasEnded = row.GetInt32(14) != 0, BegunAt = row.TimeOrNull(15), StopAt = row.TimeOrNull(16), Backend = row.Text(17), TaskId = row.Text(18),
        MessageId = row.Text(19), Answer = row.Text(20), Ending = row.Text(21), Verdict = row.IsDBNull(22) ? null : row.GetInt32(22) != 0, AskedAt = row.Time(23), AskedAs = row.Text(24),
        Attachments = AttachmentsOf(row.Text(25)), Quoted = QuotedOf(row.Text(26)), Place = row.Text(27),
    };

    /// <summary>Reads the column.</summary>
    public static IReadOnlyList<UnifiedAttachment> AttachmentsOf(string? json) => json is null ? [] : Parse<List<UnifiedAttachment>>(json);

    /// <inheritdoc cref="AttachmentsOf"/>
    public static QuotedMessage? QuotedOf(string? json) => json is null ? null : Parse<QuotedMessage>(json);

    private static T Parse<T>(string json) => JsonSerializer.Deserialize<T>(json) ?? throw new FormatException($"A {typeof(T).Name} is null.");
}

/// <summary>An open turn in line.</summary>
internal sealed record TurnEntry(long Id, long Conversation, int Partition) : IQueuedRow
{
    public string Key { get; } = Conversation.ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>The conversation of a <see cref="Key"/>.</summary>
    public static long ConversationOf(string key) => long.Parse(key, System.Globalization.CultureInfo.InvariantCulture);
}
