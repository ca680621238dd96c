using System.Diagnostics.Metrics;

namespace Larkspur.Gateway.Platforms.DingTalk.Ingress;

/// <summary>Streams in figures.</summary>
internal sealed class DingTalkStreamMetrics
{
    public DingTalkStreamMetrics(Meter meter, DingTalkStreams streams)
    {
        meter.CreateObservableGauge("larkspur_dingtalk_stream_up", () => streams.All.Select(s => new Measurement<long>(s.Status.IsConnected ? 1 : 0, App(s))), description: "1 while the app's stream is open.");
        meter.CreateObservableCounter("larkspur_dingtalk_stream_connects_total", () => streams.All.Select(s => new Measurement<long>(s.Status.Connects, App(s))), description: "Streams made.");
        meter.CreateObservableCounter("larkspur_dingtalk_stream_losses_total", () => streams.All.Select(s => new Measurement<long>(s.Status.Losses, App(s))), description: "Streams that ended, replaced ones included.");
    }

    private static KeyValuePair<string, object?> App(AppStream stream) => new("app", stream.App.Name);
}
