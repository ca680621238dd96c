using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace Larkspur.Gateway.Diagnostics;

/// <summary>Collects this host's instruments and writes them as Prometheus text.</summary>
internal sealed class MetricsPage : IDisposable
{
    private const int MaxSeriesPerInstrument = 2000;

    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<Instrument, InstrumentSeries> _instruments = new();

    /// <param name="own">The host's meter: other hosts in the process have one of the same name.</param>
    public MetricsPage(Meter own)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            var shared = instrument.Meter.Scope is null && instrument.Meter.Name.StartsWith("Larkspur", StringComparison.Ordinal);
            if (ReferenceEquals(instrument.Meter, own) || shared) listener.EnableMeasurementEvents(instrument, SeriesOf(instrument));
        };
        _listener.SetMeasurementEventCallback<long>(static (_, value, tags, state) => ((InstrumentSeries)state!).Record(value, tags));
        _listener.SetMeasurementEventCallback<int>(static (_, value, tags, state) => ((InstrumentSeries)state!).Record(value, tags));
        _listener.SetMeasurementEventCallback<double>(static (_, value, tags, state) => ((InstrumentSeries)state!).Record(value, tags));
        _listener.Start();
    }

    /// <summary>The page.</summary>
    public string Write()
    {
        _listener.RecordObservableInstruments();
        var page = new StringBuilder(4096);
        foreach (var series in _instruments.Values.OrderBy(s => s.Name, StringComparer.Ordinal)) series.Write(page);
        return page.ToString();
    }

    public void Dispose() => _listener.Dispose();

    private InstrumentSeries SeriesOf(Instrument instrument) => _instruments.GetOrAdd(instrument, static i => new InstrumentSeries(i));

    private sealed class InstrumentSeries
    {
        private static readonly double[] Bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];

        private readonly ConcurrentDictionary<TagKey, Series> _series = new();
        private readonly string _help;
        private readonly string _type;

        public InstrumentSeries(Instrument instrument)
        {
            var kind = instrument.GetType().Name;
            _type = kind.StartsWith("Histogram", StringComparison.Ordinal) ? "histogram"
                : kind.StartsWith("Counter", StringComparison.Ordinal) || kind.StartsWith("ObservableCounter", StringComparison.Ordinal) ? "counter" : "gauge";
            IsObservable = instrument.IsObservable;
            IsSum = _type == "counter" || kind.StartsWith("UpDown", StringComparison.Ordinal);
            var name = new string(instrument.Name.Select(c => char.IsAsciiLetterOrDigit(c) || c == '_' ? c : '_').ToArray());
            if (_type == "histogram" && instrument.Unit == "s" && !name.EndsWith("_seconds", StringComparison.Ordinal)) name += "_seconds";
            Name = _type == "counter" && !name.EndsWith("_total", StringComparison.Ordinal) ? name + "_total" : name;
            _help = (instrument.Description ?? instrument.Name).Replace('\n', ' ');
        }

        public string Name { get; }

        private bool IsSum { get; }

        private bool IsObservable { get; }

        public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            var key = TagKey.Of(tags);
            if (!_series.TryGetValue(key, out var series))
            {
                if (_series.Count >= MaxSeriesPerInstrument) return;
                series = _series.GetOrAdd(key, new Series(Labels(tags), _type == "histogram" ? new long[Bounds.Length] : null));
            }

            lock (series)
            {
                series.Count++;
                series.Value = IsSum && !IsObservable || series.Buckets is not null ? series.Value + value : value;
                if (series.Buckets is not { } buckets) return;
                var bucket = Array.FindIndex(Bounds, bound => value <= bound);
                if (bucket >= 0) buckets[bucket]++;
            }
        }

        public void Write(StringBuilder page)
        {
            page.Append("# HELP ").Append(Name).Append(' ').Append(_help).Append('\n');
            page.Append("# TYPE ").Append(Name).Append(' ').Append(_type).Append('\n');
            foreach (var series in _series.Values.OrderBy(s => s.Labels, StringComparer.Ordinal))
            {
                lock (series)
                {
                    if (series.Buckets is { } buckets) WriteHistogram(page, series, buckets);
                    else Line(page, "", series.Labels, series.Value);
                }
            }
        }

        private void WriteHistogram(StringBuilder page, Series series, long[] buckets)
        {
            long below = 0;
            var comma = series.Labels.Length > 0 ? "," : "";
            for (var i = 0; i < buckets.Length; i++)
            {
                below += buckets[i];
                Line(page, "_bucket", $"{series.Labels}{comma}le=\"{Bounds[i].ToString(CultureInfo.InvariantCulture)}\"", below);
            }

            Line(page, "_bucket", $"{series.Labels}{comma}le=\"+Inf\"", series.Count);
            Line(page, "_sum", series.Labels, series.Value);
            Line(page, "_count", series.Labels, series.Count);
        }

        private void Line(StringBuilder page, string suffix, string labels, double value)
        {
            page.Append(Name).Append(suffix);
            if (labels.Length > 0) page.Append('{').Append(labels).Append('}');
            page.Append(' ').Append(value.ToString("R", CultureInfo.InvariantCulture)).Append('\n');
        }

        private static string Labels(ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            var labels = new StringBuilder();
            foreach (var (name, value) in tags)
            {
                if (labels.Length > 0) labels.Append(',');
                var text = (value?.ToString() ?? "").Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
                labels.Append(name.Replace('.', '_')).Append("=\"").Append(text).Append('"');
            }

            return labels.ToString();
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
            public static TagKey Of(ReadOnlySpan<KeyValuePair<string, object?>> tags) => new(
                tags.Length > 0 ? tags[0].Value : null,
                tags.Length > 1 ? tags[1].Value : null,
                tags.Length > 2 ? tags[2].Value : null,
                tags.Length > 3 ? InstrumentSeries.Labels(tags[3..]) : null);
        }
    }
}
