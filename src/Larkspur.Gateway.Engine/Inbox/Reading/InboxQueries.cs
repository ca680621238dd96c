using System.Text;
using Larkspur.Gateway.Outbox.Reading;
using Larkspur.Gateway.Queueing;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Storage.Lists;

namespace Larkspur.Gateway.Inbox.Reading;

/// <summary>Inbox rows as operators look at them.</summary>
internal sealed class InboxQueries(IDatabase database, Overdue overdue)
{
    private const string OverdueStatus = Overdue.Status;
    private static readonly string[] States = ["open", "finished", "dead"];
    private static readonly RowList Rows = new("inbox", InboxRows.ItemColumns, "received_at", "ordering_key", OverdueEvents.Ids);

    /// <summary>A word that a list can be asked for.</summary>
    public static bool IsStatus(string word) => word == OverdueStatus || States.Contains(word);

    public Task<RowPage<InboxItem>> ListAsync(RowFilter filter, CancellationToken cancellation) => database.ReadAsync(sql =>
        Rows.ReadAsync(sql, filter, StateOf(filter), filter.Status == OverdueStatus ? overdue.Bound : null, InboxRows.Item, static item => item.Id), cancellation);

    public Task<InboxItem?> FindAsync(long id, CancellationToken cancellation) => database.ReadAsync(sql => ItemAsync(sql, id), cancellation);

    /// <summary>Everything about a row, or null.</summary>
    public Task<InboxDetails?> DetailsAsync(long id, bool withPayload, CancellationToken cancellation) => database.ReadAsync(async sql =>
    {
        if (await ItemAsync(sql, id) is not { } item) return null;
        var details = await sql.FirstAsync("SELECT platform, chat_id, message_id, person_id, trace_parent, created_at, replayed_at FROM inbox WHERE id = $1", row => new InboxDetails
        {
            Row = item,
            Platform = row.GetString(0),
            ChatId = row.Text(1),
            MessageId = row.Text(2),
            PersonId = row.Text(3),
            TraceId = row.Text(4)?.Split('-') is [_, var trace, ..] ? trace : null,
            CreatedAt = row.TimeOrNull(5),
            ReplayedAt = row.TimeOrNull(6),
        }, id);
        if (details is null) return null;
        details = details with
        {
            History = await RowHistory.ReadAsync(sql, RowHistory.Inbox, id),
            Outbox = await OutboxRows.OfEventAsync(sql, id, limit: 200),
        };
        return withPayload ? await WithPayloadAsync(sql, details, id) : details;
    }, cancellation);

    private static async ValueTask<InboxDetails> WithPayloadAsync(ISql sql, InboxDetails details, long id)
    {
        var bytes = await InboxTable.PayloadAsync(sql, id) ?? [];
        try
        {
            return details with { Payload = StrictUtf8.GetString(bytes) };
        }
        catch (DecoderFallbackException)
        {
            return details with { PayloadBase64 = Convert.ToBase64String(bytes) };
        }
    }

    private static ValueTask<InboxItem?> ItemAsync(ISql sql, long id) => sql.FirstAsync($"SELECT {InboxRows.ItemColumns} FROM inbox WHERE id = $1", InboxRows.Item, id);

    private static int? StateOf(RowFilter filter) => Array.IndexOf(States, filter.Status) is >= 0 and var state ? state : null;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
}

/// <summary>All that is known of an inbox row.</summary>
internal sealed record InboxDetails
{
    public required InboxItem Row { get; init; }

    public required string Platform { get; init; }

    public string? ChatId { get; init; }

    public string? MessageId { get; init; }

    public string? PersonId { get; init; }

    /// <summary>The trace of the request that brought it: in every log line about it.</summary>
    public string? TraceId { get; init; }

    /// <summary>When the platform made it.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    public DateTimeOffset? ReplayedAt { get; init; }

    /// <summary>Failed attempts, and what operators did.</summary>
    public IReadOnlyList<HistoryLine> History { get; init; } = [];

    /// <summary>The messages that it caused.</summary>
    public IReadOnlyList<OutboxItem> Outbox { get; init; } = [];

    /// <summary>The event as it came, when asked for.</summary>
    public string? Payload { get; init; }

    /// <summary>The same where it is no text.</summary>
    public string? PayloadBase64 { get; init; }
}
