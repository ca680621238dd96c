using System.Collections.Immutable;
using Larkspur.Emulator.DingTalk.StreamMode;

namespace Larkspur.Emulator.DingTalk.Deliveries;

/// <summary>Sends one frame over one connection and waits for its answer.</summary>
internal sealed class StreamEventSender(StreamConnections connections, EmulatorSettings settings)
{
    /// <param name="patience">How long the answer may take, on <paramref name="clock"/>.</param>
    public async Task<Delivery> SendAsync(StreamFrame frame, TimeSpan patience, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (connections.Pick(frame.Type, frame.Topic) is not { } connection) return new Delivery(Delivery.Stream, "", DeliveryEnd.Offline, 0, "", 0);
        var started = settings.RealTime.GetTimestamp();
        using var timer = new CancellationTokenSource(patience, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        try
        {
            var ack = await connection.AskAsync(frame, both.Token);
            return ack is null ? Done(DeliveryEnd.Lost, 0, "") : Done(DeliveryEnd.Answered, ack.Code, ack.Data);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Done(DeliveryEnd.NoAnswer, 0, "");
        }

        Delivery Done(DeliveryEnd end, int status, string body) =>
            new(Delivery.Stream, connection.Id, end, status, body, Math.Round(settings.RealTime.GetElapsedTime(started).TotalMilliseconds, 2))
            {
                Headers = [KeyValuePair.Create("type", frame.Type), KeyValuePair.Create("topic", frame.Topic), KeyValuePair.Create("messageId", frame.MessageId), .. frame.Headers],
            };
    }
}
