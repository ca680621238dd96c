using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Operations.Figures;

/// <summary>The rows of <c>figure_hour</c>: what happened in each hour, of all processes together.</summary>
internal sealed class FigureStore(IDatabase database)
{
    /// <summary>Longer than any picture shows.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(35);

    /// <summary>The hour that a moment is in, since 1970.</summary>
    public static long HourOf(DateTimeOffset at) => at.ToUnixTimeSeconds() / 3600;

    /// <summary>Adds to an hour.</summary>
    public Task AddAsync(long hour, IReadOnlyDictionary<string, long> values, CancellationToken cancellation) =>
        database.TransactAsync(async unit =>
    {
        // In order: two processes that add the same ones do not wait for each other.
        foreach (var (name, value) in values.OrderBy(v => v.Key, StringComparer.Ordinal))
        {
            await unit.ExecuteAsync("""
                INSERT INTO figure_hour (hour, name, value) VALUES ($1, $2, $3)
                ON CONFLICT (hour, name) DO UPDATE SET value = figure_hour.value + excluded.value
                """, hour, name, value);
        }
    }, cancellation);

    /// <summary>All of an hour and of those after it.</summary>
    public Task<List<HourFigure>> ReadAsync(long from, CancellationToken cancellation) => database.ReadAsync(sql => sql.QueryAsync(
        "SELECT hour, name, value FROM figure_hour WHERE hour >= $1", row => new HourFigure(row.GetInt64(0), row.GetString(1),
            row.GetInt64(2)), from), cancellation);

    /// <summary>Forgets what is too old.</summary>
    public static async ValueTask<int> PruneAsync(OldBatch old) =>
        await old.Unit.ExecuteAsync("DELETE FROM figure_hour WHERE hour < $1", old.Before / 3_600_000);
}

/// <summary>A figure of an hour.</summary>
/// <param name="Hour">Hours since 1970.</param>
/// <param name="Name">Of <see cref="FigureNames"/>.</param>
/// <param name="Value">How many.</param>
internal sealed record HourFigure(long Hour, string Name, long Value);

/// <summary>What is counted by the hour.</summary>
internal static class FigureNames
{
    public const string Events = "events";
    public const string Messages = "messages";
    public const string Answers = "answers";
    public const string AnswersFailed = "answers_failed";

    /// <summary>Before the reason of what was given up.</summary>
    public const string Dead = "dead:";

    /// <summary>Before the bucket of <see cref="Distribution"/>: from an event's arrival to its visible effect.</summary>
    public const string Latency = "latency:";
}
