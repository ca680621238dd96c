using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Larkspur.Gateway.Telemetry;

namespace Larkspur.Gateway.Operations.Figures;

/// <summary>The few figures that tell how the gateway does, of the last five minutes and since its start.</summary>
/// <remarks>
/// It listens to the same instruments that <c>/metrics</c> and OTLP show, so nothing is counted twice in code. Gauges of the host's meter whose
/// name begins with <c>larkspur_quota_</c> appear as they are: whoever keeps a quota registers them there and nowhere else.
/// </remarks>
internal sealed class KeyFigures : IDisposable
{
    public const string QuotaPrefix = "larkspur_quota_";

    private readonly MeterListener _listener = new();
    private readonly TimeProvider _clock;
    private readonly ConcurrentDictionary<string, WindowedCount> _counts = new();
    private readonly ConcurrentDictionary<string, WindowedDistribution> _latencies = new();
    private readonly ConcurrentDictionary<(string Name, string Labels), (QuotaFigure Figure, bool Observed)> _quota = new();
    private readonly Lock _observing = new();

    /// <param name="own">The host's meter.</param>
    /// <param name="clock">For the window.</param>
    public KeyFigures(Meter own, TimeProvider clock)
    {
        _clock = clock;
        StartedAt = clock.GetUtcNow();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            var sdk = instrument.Meter.Scope is null && instrument.Meter.Name == LarkspurTelemetry.Name;
            if ((sdk || ReferenceEquals(instrument.Meter, own)) && ListenerFor(instrument, sdk) is { } take) listener.EnableMeasurementEvents(instrument, take);
        };
        _listener.SetMeasurementEventCallback<long>(static (_, value, tags, state) => ((Take)state!)(value, tags));
        _listener.SetMeasurementEventCallback<int>(static (_, value, tags, state) => ((Take)state!)(value, tags));
        _listener.SetMeasurementEventCallback<double>(static (_, value, tags, state) => ((Take)state!)(value, tags));
        _listener.Start();
        RegisterRatios(own);
    }

    private delegate void Take(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags);

    /// <summary>When this host was built.</summary>
    public DateTimeOffset StartedAt { get; }

    /// <summary>All figures of a window.</summary>
    /// <param name="recent">The last five minutes; else since the start.</param>
    public WindowFigures Read(bool recent) => new()
    {
        ApiCalls = Ratio.Of(Count("api:ok", recent), Count("api:all", recent)),
        TokenReads = Ratio.Of(Count("token:hit", recent), Count("token:all", recent)),
        Cards = new CardFigures(Count("card:accepted", recent), Count("card:refused", recent), Count("card:failed", recent)),
        Events = new EventFigures(Count("event:accepted", recent), Count("event:duplicate", recent), Count("event:ended", recent), Count("event:failed", recent),
            Count("event:unavailable", recent), Count("event:refused", recent)),
        Messages = new MessageFigures(Count("message:sent", recent), Count("message:retried", recent), Count("message:dead", recent)),
        Acknowledge = Latency("larkspur_ingress_seconds", recent),
        PushToEffect = Latency(EventLatency.Effect, recent),
        PlatformToEffect = Latency(EventLatency.PlatformEffect, recent),
    };

    /// <summary>What the quota's keeper shows now.</summary>
    public IReadOnlyList<QuotaFigure> Quota()
    {
        lock (_observing)
        {
            // What is observed tells anew each time; what was recorded stays until it is recorded again.
            foreach (var (key, value) in _quota) if (value.Observed) _quota.TryRemove(key, out _);
            _listener.RecordObservableInstruments();
            return [.. _quota.OrderBy(q => q.Key.Name, StringComparer.Ordinal).ThenBy(q => q.Key.Labels, StringComparer.Ordinal).Select(q => q.Value.Figure)];
        }
    }

    public void Dispose() => _listener.Dispose();

    private Take? ListenerFor(Instrument instrument, bool sdk)
    {
        if (sdk)
        {
            if (instrument.Name.EndsWith(".calls", StringComparison.Ordinal)) return ApiCall;
            return instrument.Name == "larkspur.tokens.reads" ? TokenRead : null;
        }

        if (instrument.Name.StartsWith(QuotaPrefix, StringComparison.Ordinal))
            return (value, tags) => _quota[(instrument.Name, Text(tags))] = (new QuotaFigure(instrument.Name, Labels(tags), value), instrument.IsObservable);
        return instrument.Name switch
        {
            "larkspur_ingress_accepted_total" => Counting("event:accepted"),
            "larkspur_ingress_duplicates_total" => Counting("event:duplicate"),
            "larkspur_ingress_unavailable_total" => Counting("event:unavailable"),
            "larkspur_ingress_refused_total" => Counting("event:refused"),
            "larkspur_inbox_ended_total" => EventEnded,
            "larkspur_outbox_sent_total" => Counting("message:sent"),
            "larkspur_outbox_retries_total" => Counting("message:retried"),
            "larkspur_outbox_dead_total" => Counting("message:dead"),
            "larkspur_cards_total" => (value, tags) => Add("card:" + Tag(tags, "result"), value),
            "larkspur_ingress_seconds" or EventLatency.Effect or EventLatency.PlatformEffect => Timing(instrument.Name),
            _ => null,
        };
    }

    private Take Counting(string name)
    {
        var count = CountOf(name);
        return (value, _) => count.Add((long)value);
    }

    private Take Timing(string name)
    {
        var latency = _latencies.GetOrAdd(name, _ => new WindowedDistribution(_clock));
        return (value, _) => latency.Record(value);
    }

    /// <summary>A call that its caller took back says nothing about the platform.</summary>
    private void ApiCall(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var outcome = Tag(tags, "outcome");
        if (outcome == "cancelled") return;
        Add("api:all", value);
        if (outcome == "ok") Add("api:ok", value);
    }

    private void TokenRead(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        Add("token:all", value);
        if (Tag(tags, "result") == "hit") Add("token:hit", value);
    }

    private void EventEnded(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        Add("event:ended", value);
        if (Tag(tags, "outcome") is "failed" or "failed_told") Add("event:failed", value);
    }

    private void RegisterRatios(Meter own)
    {
        Gauge("larkspur_api_success_ratio", "Share of platform calls that succeeded, last five minutes.", f => f.ApiCalls.Share);
        Gauge("larkspur_token_cache_hit_ratio", "Share of token reads that needed no fetch, last five minutes.", f => f.TokenReads.Share);
        Gauge("larkspur_card_acceptance_ratio", "Share of cards that the platform accepted, last five minutes.", f => f.Cards.AcceptanceRatio);

        void Gauge(string name, string description, Func<WindowFigures, double?> read) =>
            own.CreateObservableGauge(name, () => read(Read(recent: true)) is { } value ? [new Measurement<double>(value)] : Array.Empty<Measurement<double>>(), null, description);
    }

    private WindowedCount CountOf(string name) => _counts.GetOrAdd(name, static (_, clock) => new WindowedCount(clock), _clock);

    private void Add(string name, double value) => CountOf(name).Add((long)value);

    private long Count(string name, bool recent) => _counts.TryGetValue(name, out var count) ? count.Read(recent).Value : 0;

    private LatencyFigures Latency(string name, bool recent) =>
        _latencies.TryGetValue(name, out var latency) && latency.Read(recent) is { Count: > 0 } d
            ? new LatencyFigures(d.Count, Round(d.Quantile(0.5)), Round(d.Quantile(0.99)), Round(d.Max))
            : new LatencyFigures(0, null, null, null);

    private static double? Round(double? seconds) => seconds is { } s ? Math.Round(s, 4) : null;

    private static string? Tag(ReadOnlySpan<KeyValuePair<string, object?>> tags, string name)
    {
        foreach (var tag in tags)
        {
            if (tag.Key == name) return tag.Value as string;
        }

        return null;
    }

    private static Dictionary<string, string> Labels(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var labels = new Dictionary<string, string>(tags.Length);
        foreach (var tag in tags) labels[tag.Key] = tag.Value?.ToString() ?? "";
        return labels;
    }

    private static string Text(ReadOnlySpan<KeyValuePair<string, object?>> tags) => string.Join('\n', Labels(tags).Select(l => l.Key + "=" + l.Value));
}
