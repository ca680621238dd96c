namespace Larkspur.Gateway.Quota;

/// <summary>Which alarms an app's numbers call for.</summary>
internal static class QuotaOccasions
{
    /// <summary>What has not been told yet. Of several thresholds passed at once only the highest is told; the others are noted with it.</summary>
    public static IReadOnlyList<QuotaOccasion> Untold(string app, QuotaFacts facts, QuotaOptions options)
    {
        var told = facts.Alarms.Select(a => a.Occasion).ToHashSet(StringComparer.Ordinal);
        var untold = new List<QuotaOccasion>();
        if (facts.RefusedAt is not null && !told.Contains($"refused-{facts.Refusals}"))
            untold.Add(new(QuotaOccasionKind.Refused, [$"refused-{facts.Refusals}"], facts.Total.Counted, options.CapOf(app), 100, null));
        if (options.CapOf(app) is { } cap) Passed(QuotaOccasionKind.Month, "", facts.Total.Counted, cap, null);
        foreach (var (endpoint, dayCap) in options.DailyCaps)
            Passed(QuotaOccasionKind.Day, $"day-{facts.Day}-{endpoint}-", facts.Today.GetValueOrDefault(endpoint), dayCap, endpoint);
        return untold;

        void Passed(QuotaOccasionKind kind, string prefix, long used, long cap, string? endpoint)
        {
            int[] passed = [.. options.Alarms.Distinct().Order().Where(t => IsPassed(used, cap, t) && !told.Contains($"{prefix}{t}"))];
            if (passed.Length > 0) untold.Add(new(kind, [.. passed.Select(t => $"{prefix}{t}")], used, cap, passed[^1], endpoint));
        }
    }

    /// <summary>Whether a part of a cap, in percent, is reached. Decimal: caps may be as large as a long.</summary>
    public static bool IsPassed(long used, long cap, int percent) => (decimal)used * 100 >= (decimal)cap * percent;
}

/// <summary>Why an alarm is raised.</summary>
internal enum QuotaOccasionKind
{
    /// <summary>A part of the monthly cap is reached.</summary>
    Month,

    /// <summary>A part of an API's daily cap is reached.</summary>
    Day,

    /// <summary>The platform says that the month is used up.</summary>
    Refused,
}

/// <summary>One alarm to raise.</summary>
/// <param name="Kind">Why.</param>
/// <param name="Keys">Names of its occasions, the one that is told last.</param>
/// <param name="Used">Calls.</param>
/// <param name="Cap">Of so many; null: no cap is set.</param>
/// <param name="Percent">The part that was reached.</param>
/// <param name="Endpoint">The API of a daily cap.</param>
internal sealed record QuotaOccasion(QuotaOccasionKind Kind, IReadOnlyList<string> Keys, long Used, long? Cap, int Percent, string? Endpoint);
