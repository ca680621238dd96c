using System.Diagnostics.Metrics;

namespace Larkspur.DingTalk.StreamMode;

/// <summary>What streams count.</summary>
internal static class StreamTelemetry
{
    private static readonly Counter<long> Tries =
        LarkspurTelemetry.Meter.CreateCounter<long>("larkspur.dingtalk.stream.tries", description: "Tries to connect by app and result (connected, failed, refused).");

    private static readonly Counter<long> Lost =
        LarkspurTelemetry.Meter.CreateCounter<long>("larkspur.dingtalk.stream.losses", description: "Connections that ended by app and reason (closed, broken, replaced).");

    private static readonly Counter<long> Frames =
        LarkspurTelemetry.Meter.CreateCounter<long>("larkspur.dingtalk.stream.frames", description: "Frames received by kind (event, callback, repeat, ping, disconnect, system, malformed).");

    private static readonly Counter<long> Acks =
        LarkspurTelemetry.Meter.CreateCounter<long>("larkspur.dingtalk.stream.acks", description: "Deliveries by how they were answered (200, later, 400, 404, 500, late, lost).");

    public static void Tried(string app, string result) => Tries.Add(1, new("client_id", app), new("result", result));

    public static void Ended(string app, string reason) => Lost.Add(1, new("client_id", app), new("reason", reason));

    public static void Frame(string kind) => Frames.Add(1, new KeyValuePair<string, object?>("kind", kind));

    public static void Ack(string result) => Acks.Add(1, new KeyValuePair<string, object?>("result", result));
}
