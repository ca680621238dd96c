using System.Globalization;

namespace Larkspur.Gateway.Operations.Figures;

/// <summary>The figures of a day by the hour, or of a week by six hours.</summary>
/// <param name="Step">How long a part is.</param>
/// <param name="Parts">The oldest first, without gaps; the last one is not over.</param>
internal sealed record FigureSeries(TimeSpan Step, IReadOnlyList<FigurePart> Parts)
{
    /// <summary>What was given up in all of it, by its reason, the most frequent first.</summary>
    public IReadOnlyList<(string Reason, long Count)> Failures { get; private init; } = [];

    /// <summary>Reads a series.</summary>
    /// <param name="store">Where the figures are.</param>
    /// <param name="now">Its end.</param>
    /// <param name="week">Seven days, else 24 hours.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    public static async Task<FigureSeries> ReadAsync(FigureStore store, DateTimeOffset now, bool week, CancellationToken cancellation)
    {
        var (hours, count) = week ? (6, 28) : (1, 24);
        var first = FigureStore.HourOf(now) / hours * hours - (count - 1) * hours;
        var rows = await store.ReadAsync(first, cancellation);
        var byPart = rows.ToLookup(r => (r.Hour - first) / hours);
        var parts = Enumerable.Range(0, count)
            .Select(i => FigurePart.Of(DateTimeOffset.FromUnixTimeSeconds((first + i * (long)hours) * 3600), byPart[i]));
        return new FigureSeries(TimeSpan.FromHours(hours), [.. parts])
        {
            Failures =
            [
                .. rows.Where(r => r.Name.StartsWith(FigureNames.Dead, StringComparison.Ordinal)).GroupBy(r =>
                    r.Name[FigureNames.Dead.Length..], StringComparer.Ordinal)
                    .Select(g => (g.Key, g.Sum(r => r.Value))).OrderByDescending(f => f.Item2).ThenBy(f => f.Key, StringComparer.Ordinal),
            ],
        };
    }
}

/// <summary>A part of a series.</summary>
/// <param name="From">When it begins.</param>
internal sealed record FigurePart(DateTimeOffset From)
{
    public long Events { get; private init; }

    public long Messages { get; private init; }

    public long Answers { get; private init; }

    public long AnswersFailed { get; private init; }

    /// <summary>What was given up.</summary>
    public long Dead { get; private init; }

    /// <summary>Seconds from an event's arrival to its visible effect, in the middle and at the slow end; null: there was none.</summary>
    public double? P50 { get; private init; }

    /// <inheritdoc cref="P50"/>
    public double? P99 { get; private init; }

    public static FigurePart Of(DateTimeOffset from, IEnumerable<HourFigure> rows)
    {
        var sums = rows.GroupBy(r => r.Name, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Sum(r =>
            r.Value), StringComparer.Ordinal);
        var latency = new Distribution();
        foreach (var (name, value) in sums)
        {
            if (name.StartsWith(FigureNames.Latency, StringComparison.Ordinal)
                && int.TryParse(name.AsSpan(FigureNames.Latency.Length), NumberStyles.None, CultureInfo.InvariantCulture,
                    out var bucket)) latency.Add(bucket, value);
        }

        return new FigurePart(from)
        {
            Events = sums.GetValueOrDefault(FigureNames.Events), Messages = sums.GetValueOrDefault(FigureNames.Messages),
            Answers = sums.GetValueOrDefault(FigureNames.Answers), AnswersFailed = sums.GetValueOrDefault(FigureNames.AnswersFailed),
            Dead = sums.Where(s => s.Key.StartsWith(FigureNames.Dead, StringComparison.Ordinal)).Sum(s => s.Value),
            P50 = latency.Quantile(0.5), P99 = latency.Quantile(0.99),
        };
    }
}
