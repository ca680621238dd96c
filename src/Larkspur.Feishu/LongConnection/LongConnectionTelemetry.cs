using System.Diagnostics.Metrics;

namespace Larkspur.Feishu.LongConnection;

/// <summary>What long connections count.</summary>
internal static class LongConnectionTelemetry
{
    private static readonly Counter<long> Tries =
        LarkspurTelemetry.Meter.CreateCounter<long>("larkspur.feishu.long_connection.tries", description: "Tries to make a long connection by app and result (connected, failed, refused).");

    private static readonly Counter<long> Lost =
        LarkspurTelemetry.Meter.CreateCounter<long>("larkspur.feishu.long_connection.losses", description: "Long connections that ended by app and reason (closed, broken, deaf, missed).");

    private static readonly Counter<long> Frames =
        LarkspurTelemetry.Meter.CreateCounter<long>("larkspur.feishu.long_connection.frames", description: "Frames received by kind.");

    private static readonly Counter<long> Acks =
        LarkspurTelemetry.Meter.CreateCounter<long>("larkspur.feishu.long_connection.acks", description: "Deliveries by how they were answered (200, 500, late, lost).");

    public static void Tried(string app, string result) => Tries.Add(1, new("app_id", app), new("result", result));

    public static void Ended(string app, string reason) => Lost.Add(1, new("app_id", app), new("reason", reason));

    public static void Frame(string kind) => Frames.Add(1, new KeyValuePair<string, object?>("kind", kind));

    public static void Ack(string result) => Acks.Add(1, new KeyValuePair<string, object?>("result", result));
}
