using System.Collections.Immutable;
using System.Globalization;
using Larkspur.Emulator.Feishu.Events;

namespace Larkspur.Emulator.Feishu.LongConnection;

/// <summary>Delivers one event or callback over one of an app's connections and waits for its acknowledgement.</summary>
public sealed class SocketEventSender(EmulatorState state, EmulatorSettings settings, LongConnections connections)
{
    /// <param name="fragments">Into how many frames; <see langword="null"/>: as its size wants it.</param>
    public async Task<SocketDelivery> SendAsync(string appId, string plain, TimeSpan deadline, int? fragments = null, CancellationToken cancellationToken = default)
    {
        var started = settings.RealTime.GetTimestamp();
        if (connections.Pick(appId) is not { } connection) return Done("no connection", [], DeliveryFailure.Offline);
        var size = System.Text.Encoding.UTF8.GetByteCount(plain);
        var frames = EventFrames.Of(plain, fragments ?? (size + connections.FragmentBytes - 1) / connections.FragmentBytes, state.Ids, state.Clock.GetUtcNow());
        var shown = Shown(connection, frames);
        using var timer = new CancellationTokenSource(deadline, settings.RealTime);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        try
        {
            if (await connection.AskAsync(frames, both.Token) is not { } answer) return Done(connection.Id, shown, DeliveryFailure.Lost);
            return Acknowledgement.Read(answer) is { } ack
                ? Done(connection.Id, [.. shown, .. answer.Headers.Skip(frames.Headers[0].Count).Select(h => KeyValuePair.Create("← " + h.Key, h.Value))], DeliveryFailure.None, ack)
                : Done(connection.Id, shown, DeliveryFailure.BadAnswer);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Done(connection.Id, shown, DeliveryFailure.Timeout);
        }

        SocketDelivery Done(string through, ImmutableArray<KeyValuePair<string, string>> headers, DeliveryFailure failure, Acknowledgement? ack = null) => new(
            new DeliveryResult(ack?.Code ?? 0, ack?.Data ?? "", failure, Math.Round(settings.RealTime.GetElapsedTime(started).TotalMilliseconds, 2)),
            new SignedRequest(plain, plain, false, headers), through, ack);
    }

    /// <summary>The frames as the inspector shows them.</summary>
    private static ImmutableArray<KeyValuePair<string, string>> Shown(SocketConnection connection, EventFrames frames)
    {
        var lines = ImmutableArray.CreateBuilder<KeyValuePair<string, string>>();
        lines.Add(KeyValuePair.Create("connection", connection.Id));
        lines.Add(KeyValuePair.Create("service", connection.ServiceId.ToString(CultureInfo.InvariantCulture)));
        lines.Add(KeyValuePair.Create("method", Frame.Data.ToString(CultureInfo.InvariantCulture)));
        lines.Add(KeyValuePair.Create("LogID", frames.LogId.ToString(CultureInfo.InvariantCulture)));
        lines.AddRange(frames.Headers[0].Where(h => h.Key != FrameHeader.Seq));
        const int most = 20;
        for (var i = 0; i < Math.Min(most, frames.Payloads.Count); i++) lines.Add(KeyValuePair.Create($"→ seq {i}", $"{frames.Payloads[i].Length} bytes" + (connection.Frozen ? ", swallowed: the connection is frozen" : "")));
        if (frames.Payloads.Count > most) lines.Add(KeyValuePair.Create("→ …", $"{frames.Payloads.Count - most} more"));
        return lines.ToImmutable();
    }
}

/// <param name="Connection">Its id, or that there was none.</param>
public sealed record SocketDelivery(DeliveryResult Result, SignedRequest SignedRequest, string Connection, Acknowledgement? Acknowledgement);
