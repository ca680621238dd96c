namespace Larkspur.Bench.Running;

/// <summary>Of few measurements, the middle one; of many, percentiles.</summary>
internal static class Statistics
{
    /// <summary>The middle value, or the mean of the two in the middle; NaN of nothing.</summary>
    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        if (sorted.Length == 0) return double.NaN;
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /// <summary>The value that <paramref name="share"/> of the sorted values do not exceed (nearest rank); NaN of nothing.</summary>
    public static double Percentile(ReadOnlySpan<double> sorted, double share) =>
        sorted.IsEmpty ? double.NaN : sorted[Math.Clamp((int)Math.Ceiling(share * sorted.Length) - 1, 0, sorted.Length - 1)];
}
