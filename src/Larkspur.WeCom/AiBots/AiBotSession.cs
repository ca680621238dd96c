using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;

namespace Larkspur.WeCom.AiBots;

/// <summary>One socket of a bot, from its opening to its end: frames out and their acknowledgements, frames in, heartbeats.</summary>
internal sealed class AiBotSession : IDisposable
{
    private const int MaxFrameBytes = 4 << 20;

    private readonly ClientWebSocket _socket;
    private readonly AiBotOptions _options;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly SemaphoreSlim _sending = new(1, 1);
    private readonly ConcurrentDictionary<string, TaskCompletionSource<AiBotFrame>> _waiting = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _end = new();
    private int _missed;

    public AiBotSession(ClientWebSocket socket, AiBotOptions options, TimeProvider clock, ILogger logger) => (_socket, _options, _clock, _logger) = (socket, options, clock, logger);

    /// <summary>Why it ended.</summary>
    public string Reason { get; private set; } = "the connection was closed";

    /// <summary>Another connection took the bot over.</summary>
    public bool IsReplaced { get; private set; }

    /// <summary>Reads until the session ends; each frame that asks for something goes to <paramref name="receive"/>, in order. No frame ends it.</summary>
    public async Task ReadAsync(Action<AiBotFrame> receive)
    {
        try
        {
            while (await NextAsync(_end.Token) is { } message) Take(message, receive);
        }
        catch (OperationCanceledException) when (_end.IsCancellationRequested)
        {
            // Given up; the reason stands.
        }
        catch (WebSocketException exception)
        {
            // What was given up breaks too, and has its reason.
            if (!_end.IsCancellationRequested) Reason = $"the connection broke ({exception.WebSocketErrorCode})";
        }
        finally
        {
            FailWaiting();
        }
    }

    private void Take(byte[] message, Action<AiBotFrame> receive)
    {
        AiBotFrame? frame = AiBotFrame.Read(message);
        if (frame is null)
        {
            _logger.LogWarning("Bot {BotId} received {Bytes} bytes that are no frame", _options.BotId, message.Length);
            return;
        }

        try
        {
            if (frame.Command.Length > 0) receive(frame);
            else if (frame.RequestId.StartsWith("ping", StringComparison.Ordinal)) Volatile.Write(ref _missed, 0);
            else if (_waiting.TryRemove(frame.RequestId, out TaskCompletionSource<AiBotFrame>? waiting)) waiting.TrySetResult(frame);
        }
        catch (Exception exception)
        {
            // Its kind alone: its text may have parts of the frame.
            _logger.LogError("Bot {BotId} could not take the frame of request {RequestId}: {Kind}", _options.BotId, frame.RequestId, exception.GetType().Name);
        }
    }

    /// <summary>Keeps proving that the other side is there. Ends with the session.</summary>
    public async Task BeatAsync()
    {
        try
        {
            while (true)
            {
                await Task.Delay(_options.HeartbeatInterval, _clock, _end.Token);
                if (Volatile.Read(ref _missed) >= 2)
                {
                    GiveUp("two heartbeats in a row had no answer");
                    return;
                }

                Interlocked.Increment(ref _missed);
                await WriteAsync(AiBotFrame.Write("ping", NewId("ping", _clock), null), _end.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The session has ended.
        }
        catch (PlatformNetworkException)
        {
            // The reading side sees the same end, and has its reason.
        }
    }

    /// <summary>Sends a frame and waits for its acknowledgement. One at a time for one request id.</summary>
    /// <exception cref="WeComApiException">The platform said no.</exception>
    /// <exception cref="PlatformNetworkException">The connection ended, or no acknowledgement came in time.</exception>
    public async Task<AiBotFrame> AskAsync(string command, string requestId, JsonObject body, CancellationToken cancellationToken)
    {
        var waiting = new TaskCompletionSource<AiBotFrame>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (!_waiting.TryAdd(requestId, waiting)) throw new InvalidOperationException("A frame of this request is on its way already.");
        AiBotFrame answer;
        try
        {
            // After the entry is there: an end from here on finds it.
            if (_end.IsCancellationRequested) throw Gone(sent: false);
            await WriteAsync(AiBotFrame.Write(command, requestId, body), cancellationToken);
            answer = await waiting.Task.WaitAsync(_options.AckTimeout, _clock, cancellationToken);
        }
        catch (TimeoutException exception)
        {
            throw new PlatformNetworkException("wecom", $"{command} was not acknowledged within {_options.AckTimeout}.", effectUnknown: true, timedOut: true, exception);
        }
        finally
        {
            _waiting.TryRemove(requestId, out _);
        }

        if (answer.Code is not (null or 0)) throw WeComAnswer.Refusal(command, answer.Code.Value, answer.Message, 0, text => text);
        return answer;
    }

    public void GiveUp(string reason, bool replaced = false)
    {
        // Known in any case: whoever was replaced does not come back, whatever else the session ended of.
        IsReplaced |= replaced;
        if (_end.IsCancellationRequested) return;
        Reason = reason;
        _end.Cancel();
    }

    /// <summary>As the official client makes them: the acknowledgement is recognised by its beginning.</summary>
    public static string NewId(string command, TimeProvider clock)
        => $"{command}_{clock.GetUtcNow().ToUnixTimeMilliseconds()}_{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4))}";

    public void Dispose()
    {
        GiveUp("it was given up");
        FailWaiting();
        // The semaphore and the source stay: a caller that got hold of this session a moment ago still asks them, and finds it ended.
        _socket.Dispose();
    }

    private void FailWaiting()
    {
        // From here on nothing waits in vain: whoever comes later finds the session ended.
        if (!_end.IsCancellationRequested) _end.Cancel();
        foreach (string id in _waiting.Keys)
        {
            if (_waiting.TryRemove(id, out TaskCompletionSource<AiBotFrame>? waiting)) waiting.TrySetException(Gone(sent: true));
        }
    }

    private static PlatformNetworkException Gone(bool sent) => new("wecom",
        sent ? "The long connection ended before the platform acknowledged the frame." : "There is no long connection at present; nothing was sent.", effectUnknown: sent, timedOut: false) { Sent = sent };

    private async Task WriteAsync(byte[] frame, CancellationToken cancellationToken)
    {
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _end.Token);
        bool writing = false;
        try
        {
            await _sending.WaitAsync(linked.Token);
            writing = true;
            // A frame that is begun is finished or ends the session: a socket whose send is cancelled is lost. Who takes no frame in this time takes nothing any more.
            using var time = new CancellationTokenSource(_options.AckTimeout, _clock);
            using CancellationTokenRegistration over = time.Token.UnsafeRegister(
                static session => ((AiBotSession)session!).GiveUp($"the platform took no frame for {((AiBotSession)session)._options.AckTimeout}"), this);
            await _socket.SendAsync(frame, WebSocketMessageType.Text, endOfMessage: true, _end.Token);
        }
        catch (OperationCanceledException) when (_end.IsCancellationRequested)
        {
            throw Gone(sent: writing);
        }
        catch (Exception exception) when (exception is WebSocketException or ObjectDisposedException or InvalidOperationException)
        {
            throw Gone(sent: writing);
        }
        finally
        {
            if (writing) _sending.Release();
        }
    }

    private async Task<byte[]?> NextAsync(CancellationToken cancellationToken)
    {
        using var message = new MemoryStream();
        byte[] buffer = new byte[16 << 10];
        while (true)
        {
            ValueWebSocketReceiveResult part = await _socket.ReceiveAsync(buffer.AsMemory(), cancellationToken);
            if (part.MessageType == WebSocketMessageType.Close) return null;
            message.Write(buffer, 0, part.Count);
            if (message.Length > MaxFrameBytes)
            {
                Reason = $"a frame was larger than {MaxFrameBytes >> 20} MiB";
                return null;
            }

            if (part.EndOfMessage) return message.ToArray();
        }
    }
}
