using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text;

namespace Larkspur.Gateway.Telemetry.Prometheus;

/// <summary>Collects this host's instruments and writes them as Prometheus text (format 0.0.4).</summary>
/// <remarks>Every instrument of the host's meter and of the SDKs' appears here by itself. Nothing is asked of the database.</remarks>
internal sealed class MetricsPage : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<string, MetricFamily> _families = new(StringComparer.Ordinal);
    private readonly Lock _writing = new();

    /// <param name="own">The host's meter: other hosts in the process have one of the same name.</param>
    public MetricsPage(Meter own)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            var shared = instrument.Meter.Scope is null && instrument.Meter.Name.StartsWith("Larkspur", StringComparison.Ordinal);
            if (!ReferenceEquals(instrument.Meter, own) && !shared) return;
            var wanted = new MetricFamily(instrument);
            var family = _families.GetOrAdd(wanted.Name, wanted);
            // A page with one name in two types is no page: the first one has it.
            if (family.Type == wanted.Type) listener.EnableMeasurementEvents(instrument, family);
        };
        _listener.SetMeasurementEventCallback<long>(static (_, value, tags, state) => ((MetricFamily)state!).Record(value, tags));
        _listener.SetMeasurementEventCallback<int>(static (_, value, tags, state) => ((MetricFamily)state!).Record(value, tags));
        _listener.SetMeasurementEventCallback<double>(static (_, value, tags, state) => ((MetricFamily)state!).Record(value, tags));
        _listener.Start();
    }

    /// <summary>The page.</summary>
    public string Write()
    {
        lock (_writing)
        {
            // A gauge that tells nothing this time is left out, not repeated from last time.
            foreach (var family in _families.Values) family.ForgetObserved();
            _listener.RecordObservableInstruments();
            var page = new StringBuilder(16 << 10);
            foreach (var family in _families.Values.OrderBy(f => f.Name, StringComparer.Ordinal)) family.Write(page);
            return page.ToString();
        }
    }

    public void Dispose() => _listener.Dispose();
}
