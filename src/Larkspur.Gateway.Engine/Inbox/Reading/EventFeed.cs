using System.Data.Common;
using System.Text.Json;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Storage.Lists;

namespace Larkspur.Gateway.Inbox.Reading;

/// <summary>Inbound events in the order of their arrival, from any place on: whoever remembers the cursor misses none and gets none twice.</summary>
internal sealed class EventFeed(IDatabase database)
{
    /// <summary>Events on a page at most; with what they say, fewer: each may have a megabyte.</summary>
    public const int MostPlain = 200;

    public const int MostWithPayload = 20;

    /// <summary>Rows that one question makes the database read at most.</summary>
    private const int Window = 5_000;

    private const int LargestPage = 4 << 20;
    private const string Columns = "id, platform, app, event_id, event_type, chat_id, message_id, person_id, received_at, created_at";

    /// <summary>Where events that arrive from now on begin.</summary>
    public Task<long> EndAsync(CancellationToken cancellation) => database.ReadAsync(
        async sql => Math.Min(await InboxTable.NewestAsync(sql), await InboxHorizon.ReadAsync(sql, database.Dialect)), cancellation);

    public Task<EventPage> ReadAsync(long after, EventFilter filter, CancellationToken cancellation) => database.ReadAsync(async sql =>
    {
        var (last, full) = await SettledAsync(sql, after);
        if (last <= after) return new EventPage([], Cursor(after), false);
        var conditions = new SqlConditions();
        var from = conditions.Place(after);
        var to = conditions.Place(last);
        conditions.When(filter.App, "app").When(filter.Type, "event_type").When(filter.Since?.ToUnixTimeMilliseconds(), "received_at >=").When(new OwnerFilter(null, filter.Apps));
        var rows = await sql.QueryAsync(
            $"SELECT {Columns}{(filter.Payload ? ", payload" : "")} FROM inbox WHERE id > {from} AND id <= {to} AND {conditions.Text} ORDER BY id LIMIT {filter.Limit + 1}",
            row => Row(row, filter.Payload), conditions.Values);
        var size = 0;
        var fit = rows.Take(filter.Limit).TakeWhile((row, i) => (size += row.Bytes) <= LargestPage || i == 0).ToList();
        var cut = fit.Count < rows.Count;
        return new EventPage([.. fit.Select(r => r.Item)], Cursor(cut ? fit[^1].Item.Id : last), cut || full);
    }, cancellation);

    /// <summary>The last row of the window that can be told, and whether there may be another window behind it.</summary>
    private async ValueTask<(long Last, bool Full)> SettledAsync(ISql sql, long after)
    {
        // First of all: what was being recorded until then is seen by the statements that follow.
        var horizon = await InboxHorizon.ReadAsync(sql, database.Dialect);
        var (count, last) = await sql.FirstAsync(
            $"SELECT COUNT(*), MAX(id) FROM (SELECT id FROM inbox WHERE id > $1 AND id <= $2 ORDER BY id LIMIT {Window}) AS window_rows",
            static row => (row.GetInt64(0), row.IsDBNull(1) ? (long?)null : row.GetInt64(1)), after, horizon);
        return (last ?? Math.Max(after, 0), count == Window);
    }

    private static (EventItem Item, int Bytes) Row(DbDataReader row, bool payload)
    {
        var item = new EventItem
        {
            Id = row.GetInt64(0),
            Platform = row.Text(1) ?? "",
            App = row.Text(2) ?? "",
            EventId = row.Text(3) ?? "",
            EventType = row.Text(4) ?? "",
            ChatId = row.Text(5),
            MessageId = row.Text(6),
            PersonId = row.Text(7),
            ReceivedAt = row.Time(8),
            CreatedAt = row.TimeOrNull(9),
        };
        if (!payload) return (item, 0);
        var bytes = row.Bytes(10);
        return (item with { Event = Parsed(bytes), EventBase64 = Parsed(bytes) is null ? Convert.ToBase64String(bytes) : null }, bytes.Length);
    }

    private static JsonElement? Parsed(byte[] bytes)
    {
        try
        {
            using var document = JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = 128 });
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return null; // a damaged row; it is told as it is
        }
    }

    private static string Cursor(long id) => id.ToString(System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>Which events somebody follows. What is null does not matter.</summary>
internal sealed record EventFilter(string? App, string? Type, DateTimeOffset? Since, bool Payload, int Limit)
{
    /// <summary>Only events of these apps.</summary>
    public IReadOnlyList<string>? Apps { get; init; }
}

/// <summary>Events in the order of their arrival.</summary>
/// <param name="Items">The oldest first; may be empty although there are more.</param>
/// <param name="Cursor">Where the next page begins. It only ever grows, and outlives the gateway's process.</param>
/// <param name="More">There is more already: ask again at once.</param>
internal sealed record EventPage(IReadOnlyList<EventItem> Items, string Cursor, bool More);

/// <summary>An inbound event.</summary>
internal sealed record EventItem
{
    /// <summary>The inbox row.</summary>
    public required long Id { get; init; }

    public required string Platform { get; init; }

    public required string App { get; init; }

    /// <summary>The platform's id of the event.</summary>
    public required string EventId { get; init; }

    public required string EventType { get; init; }

    public string? ChatId { get; init; }

    public string? MessageId { get; init; }

    /// <summary>Who caused it: an open id.</summary>
    public string? PersonId { get; init; }

    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>When the platform made it.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>The event as it came, when asked for.</summary>
    public JsonElement? Event { get; init; }

    /// <summary>The same where it is no JSON.</summary>
    public string? EventBase64 { get; init; }
}
