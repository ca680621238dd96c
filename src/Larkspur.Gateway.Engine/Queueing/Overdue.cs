using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Queueing;

/// <summary>
/// When rows count as stuck: open for too long. In one place, so that the watchdog, the lists and the figures agree. Which rows these
/// are the owner of each table says.
/// </summary>
internal sealed class Overdue(WatchdogOptions options, TimeProvider clock)
{
    /// <summary>More are not counted: the figure says "very many".</summary>
    private const int MostCounted = 10_000;

    /// <summary>The word by which lists select such rows.</summary>
    public const string Status = "overdue";

    /// <summary>The bound in the past: <c>$1</c> of the owners' conditions.</summary>
    public long Bound => (clock.GetUtcNow() - options.OpenFor).ToUnixTimeMilliseconds();

    /// <summary>How many rows a query finds, up to a bound.</summary>
    public static async ValueTask<long> CountAsync(ISql sql, string rows, params object?[] values) =>
        await sql.NumberAsync($"SELECT COUNT(*) FROM ({rows} LIMIT {MostCounted}) AS counted", values) ?? 0;
}
