using System.Diagnostics.Metrics;

namespace Larkspur.Sockets;

/// <summary>Counts the connections of a platform: <c>{prefix}.tries</c>, <c>.losses</c>, <c>.frames</c>, <c>.acks</c>.</summary>
/// <param name="prefix">For example <c>larkspur.feishu.long_connection</c>.</param>
/// <param name="appTag">The tag that names the app: <c>app_id</c>.</param>
public sealed class SocketMetrics(string prefix, string appTag)
{
    private readonly Counter<long> _tries = LarkspurTelemetry.Meter.CreateCounter<long>(
        $"{prefix}.tries", description: "Tries to connect by app and result (connected, failed, refused).");

    private readonly Counter<long> _losses = LarkspurTelemetry.Meter.CreateCounter<long>(
        $"{prefix}.losses", description: "Connections that ended by app and reason (closed, broken, deaf, missed, replaced, stopped).");

    private readonly Counter<long> _frames = LarkspurTelemetry.Meter.CreateCounter<long>(
        $"{prefix}.frames", description: "Frames received by kind.");

    private readonly Counter<long> _acks = LarkspurTelemetry.Meter.CreateCounter<long>(
        $"{prefix}.acks", description: "Deliveries by how they were answered (the code sent, later, late, lost).");

    /// <summary>Counts a frame that came.</summary>
    public void Frame(string kind) => _frames.Add(1, new KeyValuePair<string, object?>("kind", kind));

    /// <summary>Counts an answer to a delivery.</summary>
    public void Ack(string result) => _acks.Add(1, new KeyValuePair<string, object?>("result", result));

    internal void Tried(string app, string result) => _tries.Add(1, new(appTag, app), new("result", result));

    internal void Ended(string app, string reason) => _losses.Add(1, new(appTag, app), new("reason", reason));
}
