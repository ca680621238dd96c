using Larkspur.Gateway.Queueing;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Storage.Lists;

namespace Larkspur.Gateway.Outbox.Reading;

/// <summary>Outbox rows as operators look at them.</summary>
internal sealed class OutboxQueries(IDatabase database, Overdue overdue)
{
    private static readonly RowList Rows = new("outbox", OutboxItem.Columns, "created_at", "lane", OverdueMessages.Ids);

    /// <summary>A word that a list can be asked for.</summary>
    public static bool IsStatus(string word) => word == Overdue.Status || OutboxItem.States.Contains(word);

    public Task<RowPage<OutboxItem>> ListAsync(RowFilter filter, CancellationToken cancellation) => database.ReadAsync(sql => Rows.ReadAsync(sql, filter,
        Array.IndexOf(OutboxItem.States, filter.Status) is >= 0 and var state ? state : null,
        filter.Status == Overdue.Status ? overdue.Bound : null, OutboxItem.Read, static item => item.Id), cancellation);

    public Task<OutboxItem?> FindAsync(long id, CancellationToken cancellation) => database.ReadAsync(sql => ItemAsync(sql, id), cancellation);

    /// <summary>Everything about a row, or null.</summary>
    public Task<OutboxDetails?> DetailsAsync(long id, bool withContent, CancellationToken cancellation) => database.ReadAsync(async sql =>
    {
        if (await ItemAsync(sql, id) is not { } item) return null;
        return new OutboxDetails
        {
            Row = item,
            IdempotencyKey = await TextAsync(sql, "idempotency_key", id) ?? "",
            TraceId = (await TextAsync(sql, "trace_parent", id))?.Split('-') is [_, var trace, ..] ? trace : null,
            History = await RowHistory.ReadAsync(sql, RowHistory.Outbox, id),
            Content = withContent ? await TextAsync(sql, "content", id) : null,
        };
    }, cancellation);

    private static ValueTask<OutboxItem?> ItemAsync(ISql sql, long id) => sql.FirstAsync($"SELECT {OutboxItem.Columns} FROM outbox WHERE id = $1", OutboxItem.Read, id);

    private static ValueTask<string?> TextAsync(ISql sql, string column, long id) => sql.FirstAsync($"SELECT {column} FROM outbox WHERE id = $1", static row => row.Text(0), id);
}

/// <summary>All that is known of an outbox row.</summary>
internal sealed record OutboxDetails
{
    public required OutboxItem Row { get; init; }

    /// <summary>Under which the platform knows it: Feishu's <c>uuid</c>.</summary>
    public required string IdempotencyKey { get; init; }

    public string? TraceId { get; init; }

    /// <summary>What operators did.</summary>
    public IReadOnlyList<HistoryLine> History { get; init; } = [];

    /// <summary>What it says, when asked for.</summary>
    public string? Content { get; init; }
}
