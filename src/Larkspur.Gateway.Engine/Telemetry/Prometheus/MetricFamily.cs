using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace Larkspur.Gateway.Telemetry.Prometheus;

/// <summary>One metric of the page: its series by label, and how they are written.</summary>
internal sealed class MetricFamily
{
    private const int MaxSeries = 2000;
    private const string Overflow = "otel_metric_overflow=\"true\"";

    private readonly ConcurrentDictionary<TagKey, Series> _series = new();
    private readonly IReadOnlyList<double> _bounds = [];
    private readonly string _help;
    private readonly bool _observed;
    private readonly bool _sums;

    public MetricFamily(Instrument instrument)
    {
        var kind = instrument.GetType().Name;
        Type = kind.StartsWith("Histogram", StringComparison.Ordinal) ? "histogram"
            : kind.StartsWith("Counter", StringComparison.Ordinal) || kind.StartsWith("ObservableCounter", StringComparison.Ordinal) ? "counter" : "gauge";
        if (Type == "histogram") _bounds = (instrument as Histogram<double>)?.Advice?.HistogramBucketBoundaries ?? Buckets.Default;
        _observed = instrument.IsObservable;
        _sums = !_observed && (Type != "gauge" || kind.StartsWith("UpDown", StringComparison.Ordinal));
        Name = PrometheusText.MetricName(instrument.Name, Type, instrument.Unit);
        _help = PrometheusText.Help(instrument.Description ?? instrument.Name);
    }

    public string Name { get; }

    public string Type { get; }

    public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var series = SeriesOf(tags);
        lock (series)
        {
            series.Count++;
            series.Value = _sums ? series.Value + value : value;
            if (series.Buckets is not { } buckets) return;
            for (var i = 0; i < buckets.Length; i++)
            {
                if (value > _bounds[i]) continue;
                buckets[i]++;
                return;
            }
        }
    }

    public void ForgetObserved()
    {
        if (_observed) _series.Clear();
    }

    public void Write(StringBuilder page)
    {
        page.Append("# HELP ").Append(Name).Append(' ').Append(_help).Append('\n');
        page.Append("# TYPE ").Append(Name).Append(' ').Append(Type).Append('\n');
        foreach (var series in _series.Values.OrderBy(s => s.Labels, StringComparer.Ordinal))
        {
            lock (series)
            {
                if (series.Buckets is { } buckets) WriteHistogram(page, series, buckets);
                else Line(page, "", series.Labels, series.Value);
            }
        }
    }

    private Series SeriesOf(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var key = TagKey.Of(tags);
        if (_series.TryGetValue(key, out var known)) return known;
        // More than anybody looks at: the rest shares one series, so that sums stay true and memory bounded.
        if (_series.Count >= MaxSeries) return _series.GetOrAdd(TagKey.Rest, _ => NewSeries(Overflow));
        return _series.GetOrAdd(key, NewSeries(PrometheusText.Labels(tags)));
    }

    private Series NewSeries(string labels) => new(labels, Type == "histogram" ? new long[_bounds.Count] : null);

    private void WriteHistogram(StringBuilder page, Series series, long[] buckets)
    {
        long below = 0;
        var comma = series.Labels.Length > 0 ? "," : "";
        for (var i = 0; i < buckets.Length; i++)
        {
            below += buckets[i];
            Line(page, "_bucket", $"{series.Labels}{comma}le=\"{_bounds[i].ToString(CultureInfo.InvariantCulture)}\"", below);
        }

        Line(page, "_bucket", $"{series.Labels}{comma}le=\"+Inf\"", series.Count);
        Line(page, "_sum", series.Labels, series.Value);
        Line(page, "_count", series.Labels, series.Count);
    }

    private void Line(StringBuilder page, string suffix, string labels, double value)
    {
        page.Append(Name).Append(suffix);
        if (labels.Length > 0) page.Append('{').Append(labels).Append('}');
        page.Append(' ').Append(PrometheusText.Value(value)).Append('\n');
    }

    private sealed class Series(string labels, long[]? buckets)
    {
        public string Labels { get; } = labels;

        public long[]? Buckets { get; } = buckets;

        public long Count { get; set; }

        public double Value { get; set; }
    }

    /// <summary>Finds a series without building its text: an instrument names its tags in one order.</summary>
    private readonly record struct TagKey(object? First, object? Second, object? Third, string? More)
    {
        public static readonly TagKey Rest = new(null, null, null, Overflow);

        public static TagKey Of(ReadOnlySpan<KeyValuePair<string, object?>> tags) => new(
            tags.Length > 0 ? tags[0].Value ?? "" : null,
            tags.Length > 1 ? tags[1].Value ?? "" : null,
            tags.Length > 2 ? tags[2].Value ?? "" : null,
            tags.Length > 3 ? PrometheusText.Labels(tags[3..]) : null);
    }
}
