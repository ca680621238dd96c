using System.Diagnostics.Metrics;
using Larkspur.Feishu;
using Larkspur.Feishu.Messaging.Streaming;
using Larkspur.Gateway.Telemetry;

namespace Larkspur.Gateway.Streams;

/// <summary>What streams count.</summary>
internal sealed class StreamMetrics
{
    private readonly Counter<long> _frames;
    private readonly Counter<long> _coalesced;
    private readonly Counter<long> _failed;
    private readonly Counter<long> _ended;
    private readonly Histogram<double> _lag;

    public StreamMetrics(Meter meter, LiveStreams live)
    {
        _frames = meter.CreateCounter<long>("larkspur_stream_frames_total", description: "Frames that a platform took, by mode (cardkit, patch).");
        _coalesced = meter.CreateCounter<long>("larkspur_stream_coalesced_total", description: "Pieces of text that went with a later one's frame and cost no call.");
        _failed = meter.CreateCounter<long>("larkspur_stream_frames_failed_total", description: "Frames that were not taken, by code; the next one carried all.");
        _ended = meter.CreateCounter<long>("larkspur_streams_ended_total", description: "Streams ended, by how: finished, failed, interrupted (its process died), idle.");
        _lag = meter.CreateHistogram("larkspur_stream_lag_seconds", "s", "From a piece of text to the acceptance of the frame that carried it.", advice: Buckets.Latency);
        meter.CreateObservableGauge("larkspur_streams_open", () => live.Count, description: "Streams whose frames this process sends.");
    }

    public void Shown(StreamingMode mode, int pieces, IReadOnlyList<TimeSpan> lags)
    {
        _frames.Add(1, new KeyValuePair<string, object?>("mode", mode.ToString().ToLowerInvariant()));
        if (pieces > 1) _coalesced.Add(pieces - 1);
        foreach (var lag in lags) _lag.Record(lag.TotalSeconds);
    }

    public void Failed(Exception cause) => _failed.Add(1, new KeyValuePair<string, object?>("reason", cause switch
    {
        FeishuApiException refused => refused.Code.ToString(System.Globalization.CultureInfo.InvariantCulture),
        PlatformNetworkException { TimedOut: true } => "timed_out",
        PlatformNetworkException => "no_connection",
        _ => "storage",
    }));

    public void Ended(string ending) => _ended.Add(1, new KeyValuePair<string, object?>("ending", ending));
}
