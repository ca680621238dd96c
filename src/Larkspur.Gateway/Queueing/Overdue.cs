using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Queueing;

/// <summary>Which rows count as stuck: open for too long, or with an answer that never left. In one place, so that the watchdog, the lists and the figures agree.</summary>
internal sealed class Overdue(WatchdogOptions options, TimeProvider clock)
{
    /// <summary>More are not counted: the figure says "very many".</summary>
    private const int MostCounted = 10_000;

    /// <summary>The word by which lists select such rows.</summary>
    public const string Status = "overdue";

    /// <summary>Open since before <c>$1</c>.</summary>
    public const string OpenEvent = "status = 0 AND COALESCE(replayed_at, received_at) < $1";

    /// <summary>Waits since before <c>$1</c>, and not because its sender wanted it later.</summary>
    public const string OpenMessage = "status = 0 AND created_at < $1 AND (attempts > 0 OR not_before < $1)";

    /// <summary>Events that are stuck, or whose answer is: ids of inbox rows.</summary>
    public const string Events = $"""
        SELECT id FROM inbox WHERE {OpenEvent}
        UNION SELECT inbox_id FROM outbox WHERE status = 2
        UNION SELECT inbox_id FROM outbox WHERE {OpenMessage}
        """;

    /// <summary>Messages that are stuck: ids of outbox rows.</summary>
    public const string Messages = $"SELECT id FROM outbox WHERE status = 2 UNION SELECT id FROM outbox WHERE {OpenMessage}";

    /// <summary>The bound in the past: <c>$1</c> of the conditions.</summary>
    public long Bound => (clock.GetUtcNow() - options.OpenFor).ToUnixTimeMilliseconds();

    /// <summary>How many events are open for too long, how many messages are, and how many dead letters of each kind there are.</summary>
    public static async ValueTask<OverdueCounts> CountAsync(ISql sql, long bound) => new(
        await CountAsync(sql, $"SELECT 1 FROM inbox WHERE {OpenEvent}", bound),
        await CountAsync(sql, $"SELECT 1 FROM outbox WHERE {OpenMessage}", bound),
        await CountAsync(sql, "SELECT 1 FROM inbox WHERE status = 2"),
        await CountAsync(sql, "SELECT 1 FROM outbox WHERE status = 2"));

    private static async ValueTask<long> CountAsync(ISql sql, string rows, params object?[] values) =>
        await sql.NumberAsync($"SELECT COUNT(*) FROM ({rows} LIMIT {MostCounted}) AS counted", values) ?? 0;
}

/// <summary>Figures of one look.</summary>
internal sealed record OverdueCounts(long Events, long Messages, long DeadEvents, long DeadMessages);
