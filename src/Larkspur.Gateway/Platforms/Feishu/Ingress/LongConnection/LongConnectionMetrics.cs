using System.Diagnostics.Metrics;
using System.Text.Json;
using Larkspur.Sockets;

namespace Larkspur.Gateway.Platforms.Feishu.Ingress.LongConnection;

/// <summary>Long connections in figures.</summary>
internal sealed class LongConnectionMetrics
{
    public LongConnectionMetrics(Meter meter, LongConnections connections)
    {
        meter.CreateObservableGauge("larkspur_long_connection_state", () => connections.All.Select(c =>
            new Measurement<long>(1, new("app", c.App), new("state", Word(c.Status.State)))), description: "1 for the state that the app's long connection is in.");
        meter.CreateObservableGauge("larkspur_long_connection_up", () => connections.All.Select(c =>
            new Measurement<long>(c.Status.IsConnected ? 1 : 0, new KeyValuePair<string, object?>("app", c.App))), description: "1 while the app's long connection is open and nothing speaks against it.");
        meter.CreateObservableCounter("larkspur_long_connection_connects_total", () => connections.All.Select(c =>
            new Measurement<long>(c.Status.Connects, new KeyValuePair<string, object?>("app", c.App))), description: "Long connections made.");
        meter.CreateObservableCounter("larkspur_long_connection_losses_total", () => connections.All.Select(c =>
            new Measurement<long>(c.Status.Losses, new KeyValuePair<string, object?>("app", c.App))), description: "Long connections that were lost, or replaced because they were deaf.");
        meter.CreateObservableGauge("larkspur_long_connection_last_event_timestamp_seconds", () => connections.All.Where(c => c.Status.LastDeliveryAt is not null).Select(c =>
            new Measurement<double>(c.Status.LastDeliveryAt!.Value.ToUnixTimeMilliseconds() / 1000d, new KeyValuePair<string, object?>("app", c.App))), description: "When an event last came.");
    }

    /// <summary>A state as a label.</summary>
    public static string Word(SocketState state) => JsonNamingPolicy.SnakeCaseLower.ConvertName(state.ToString());
}
