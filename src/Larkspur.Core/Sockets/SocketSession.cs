using System.Buffers;
using System.Net.WebSockets;
using Microsoft.Extensions.Logging;

namespace Larkspur.Sockets;

/// <summary>What the sessions of a run share.</summary>
/// <param name="Name">Names the connection in the log: <c>Long connection of cli_x</c>.</param>
/// <param name="Limits">Bounds.</param>
/// <param name="Queue">Runs the handlers.</param>
/// <param name="Status">What is known of the connection.</param>
/// <param name="Metrics">Counts.</param>
/// <param name="Clock">Time.</param>
/// <param name="Logger">Ids and reasons; never bodies or secrets.</param>
public sealed record SocketContext(
    string Name, SocketLimits Limits, DeliveryQueue Queue, SocketStatusTracker Status, SocketMetrics Metrics, TimeProvider Clock, ILogger Logger);

/// <summary>
/// One open socket until its end: receives within bounds, sends one frame at a time, pings, closes. What frames mean is the platform's:
/// derive from it.
/// </summary>
public abstract partial class SocketSession : IDisposable
{
    private const int KeptBufferBytes = 256 << 10;

    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(1);

    private readonly WebSocket _socket;
    private readonly SemaphoreSlim _sending = new(1);
    private readonly CancellationTokenSource _ended = new();
    private readonly TaskCompletionSource<SocketEnd> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _leaving = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _retired = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task? _reading;
    private long _heard;
    private volatile bool _closing;

    /// <summary>A session over an open socket, which it owns from here on.</summary>
    /// <param name="socket">The socket.</param>
    /// <param name="host">Whom it is open to; shown in the log.</param>
    /// <param name="context">What the sessions of the run share.</param>
    protected SocketSession(WebSocket socket, string host, SocketContext context) => (_socket, Host, Context) = (socket, host, context);

    /// <summary>Whom the socket is open to.</summary>
    public string Host { get; }

    /// <summary>The platform has sent at least one frame that it alone sends.</summary>
    public bool HasHeard => Volatile.Read(ref _heard) > 0;

    /// <summary>The connection is over.</summary>
    public bool HasEnded => _end.Task.IsCompleted;

    /// <summary>Ends when the platform announces that it will close this connection: another one is made first.</summary>
    public Task Leaving => _leaving.Task;

    /// <summary>Set where the platform has ended the connection for good; the run then ends with it.</summary>
    public virtual SocketRefusedException? Refusal => null;

    /// <summary>What the sessions of the run share.</summary>
    protected SocketContext Context { get; }

    /// <summary>The run is being stopped, or another connection has taken over: what comes now may be left to it.</summary>
    protected bool IsClosing => _closing;

    /// <summary>Pings that this side sends; null: the platform or the WebSocket itself does.</summary>
    protected virtual Heartbeat? Heartbeat => null;

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Ends the connection; without effect on one that has ended.</summary>
    public void End(SocketEnd why)
    {
        if (!_end.TrySetResult(why)) return;
        _ended.Cancel();
        OnEnded();
    }

    /// <summary>
    /// Another connection has taken its place: it stays open for its last answers, for <see cref="SocketLimits.RetireTimeout"/>.
    /// </summary>
    public void Retire() => _retired.TrySetResult();

    /// <summary>Serves until the connection ends.</summary>
    /// <param name="stop">Finishes what is in hand, then closes.</param>
    public async Task<SocketEnd> RunAsync(CancellationToken stop)
    {
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using CancellationTokenRegistration onStop = stop.UnsafeRegister(static s => ((TaskCompletionSource)s!).TrySetResult(), stopped);
        Task reading = StartReading();
        Task beating = Heartbeat is { } heartbeat ? BeatAsync(heartbeat) : Task.CompletedTask;
        try
        {
            Task first = await Task.WhenAny(_end.Task, stopped.Task, RetiredAsync());
            if (first == _end.Task) return await _end.Task;
            _closing = true;
            if (first == stopped.Task) await Task.WhenAny(Context.Queue.DrainAsync(), _end.Task);
            await CloseAsync(reading);
            return first == stopped.Task ? SocketEnd.Stopped : new SocketEnd("replaced", "another connection has taken its place");
        }
        finally
        {
            End(SocketEnd.Stopped);
            _socket.Abort();
            await reading;
            await beating;
        }
    }

    /// <summary>
    /// Takes a message of the platform, on the loop that reads: return soon, never block. An exception is logged and costs this message
    /// alone.
    /// </summary>
    /// <param name="message">Good until it returns.</param>
    /// <param name="type">Text or binary.</param>
    protected abstract void Receive(ReadOnlyMemory<byte> message, WebSocketMessageType type);

    /// <summary>Begins to read, before <see cref="RunAsync"/> where a protocol has a handshake in frames.</summary>
    protected Task StartReading() => _reading ??= ReadAsync();

    /// <summary>Runs once, when the connection has ended for whatever reason.</summary>
    protected virtual void OnEnded()
    {
    }

    /// <summary>Frees the socket.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (!disposing) return;
        End(SocketEnd.Stopped);
        _socket.Abort();
        _socket.Dispose();
        // The semaphore and the source stay: a caller that got hold of this session a moment ago still asks them, and finds it ended.
    }

    /// <summary>A frame came that only the platform sends.</summary>
    /// <param name="proves">It shows that the platform uses this connection.</param>
    protected void Heard(bool proves = false)
    {
        Interlocked.Increment(ref _heard);
        Context.Status.Heard(proves);
    }

    /// <summary>The platform will close this connection soon.</summary>
    protected void Leave() => _leaving.TrySetResult();

    /// <summary>Sends a frame. One that is begun is finished, or the connection ends: half a frame would garble all that follow.</summary>
    /// <param name="frame">The bytes.</param>
    /// <param name="type">Text or binary.</param>
    /// <param name="cancellationToken">Ends the wait for earlier frames.</param>
    protected async Task<SocketSendResult> SendAsync(
        ReadOnlyMemory<byte> frame, WebSocketMessageType type, CancellationToken cancellationToken = default)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _ended.Token);
        bool begun = false;
        try
        {
            await _sending.WaitAsync(either.Token);
            begun = true;
            using var deadline = new CancellationTokenSource(Context.Limits.SendTimeout, Context.Clock);
            using CancellationTokenRegistration late = deadline.Token.UnsafeRegister(static s => ((SocketSession)s!).EndLate(), this);
            await _socket.SendAsync(frame, type, endOfMessage: true, _ended.Token);
            return SocketSendResult.Sent;
        }
        catch (Exception e) when (e is WebSocketException or ObjectDisposedException or InvalidOperationException
            || (e is OperationCanceledException && _ended.IsCancellationRequested))
        {
            FrameNotSent(Context.Logger, Context.Name, e.Message);
            End(new SocketEnd("broken", "a frame could not be sent"));
            return begun ? SocketSendResult.Unknown : SocketSendResult.NotSent;
        }
        finally
        {
            if (begun) _sending.Release();
        }
    }

    /// <summary>Tells a handler, if it asked, whether its answer left in time.</summary>
    /// <param name="sent">The handler's callback.</param>
    /// <param name="inTime">Whether it left in time.</param>
    /// <param name="id">The delivery, for the log.</param>
    protected async Task ReportAsync(Func<bool, Task>? sent, bool inTime, string? id)
    {
        if (sent is null) return;
        try
        {
            await sent(inTime);
        }
        catch (Exception e)
        {
            FollowUpFailed(Context.Logger, id, e);
        }
    }

    private void EndLate() => End(new SocketEnd("broken", $"the platform took no frame for {Context.Limits.SendTimeout}"));

    private async Task RetiredAsync()
    {
        await _retired.Task;
        await Task.WhenAny(Task.Delay(Context.Limits.RetireTimeout, Context.Clock, _ended.Token));
    }

    private async Task CloseAsync(Task reading)
    {
        using var patience = new CancellationTokenSource(CloseTimeout, Context.Clock);
        try
        {
            await _sending.WaitAsync(patience.Token);
            try
            {
                await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, patience.Token);
            }
            finally
            {
                _sending.Release();
            }

            await reading.WaitAsync(patience.Token);
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or InvalidOperationException)
        {
            CloseUnanswered(Context.Logger, Context.Name, e);
        }
    }

    private async Task ReadAsync()
    {
        try
        {
            End(await ReceiveAllAsync());
        }
        catch (WebSocketException e)
        {
            End(new SocketEnd("broken", $"the connection broke ({e.WebSocketErrorCode})"));
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            End(new SocketEnd("broken", "the connection was given up"));
        }
    }

    private async Task<SocketEnd> ReceiveAllAsync()
    {
        int most = Context.Limits.MaxFrameBytes;
        var buffer = new ArrayBufferWriter<byte>(8 << 10);
        while (true)
        {
            if (buffer.Capacity > KeptBufferBytes) buffer = new ArrayBufferWriter<byte>(8 << 10);
            buffer.ResetWrittenCount();
            ValueWebSocketReceiveResult piece;
            do
            {
                piece = await _socket.ReceiveAsync(buffer.GetMemory(4 << 10), CancellationToken.None);
                if (piece.MessageType == WebSocketMessageType.Close) return new SocketEnd("closed", ClosedText());
                buffer.Advance(piece.Count);
                // After the last piece too: the buffer may take more in one of them than the bound leaves.
                if (buffer.WrittenCount > most) return new SocketEnd("broken", $"a frame has more than {most} bytes");
            }
            while (!piece.EndOfMessage);

            try
            {
                Receive(buffer.WrittenMemory, piece.MessageType);
            }
            catch (Exception e)
            {
                // Its kind alone: its text may have parts of the frame.
                FrameNotTaken(Context.Logger, Context.Name, buffer.WrittenCount, e.GetType().Name);
            }
        }
    }

    private string ClosedText()
    {
        string why = $"{(int?)_socket.CloseStatus} {_socket.CloseStatusDescription?.Truncate(200)}";
        return $"the platform closed the connection ({why.TrimEnd()})";
    }

    private async Task BeatAsync(Heartbeat heartbeat)
    {
        long pinged = Context.Clock.GetTimestamp(), heard = 0;
        long? unanswered = null;
        bool isDue = heartbeat.PingsAtOnce;
        while (!_ended.IsCancellationRequested)
        {
            HeartbeatTiming timing = heartbeat.Timing();
            if (unanswered is not null && Volatile.Read(ref _heard) != heard) unanswered = null;
            if (unanswered is { } since && Context.Clock.GetElapsedTime(since) >= timing.Patience)
            {
                End(new SocketEnd("deaf", $"a ping had no answer for {timing.Patience.TotalSeconds:0} s") { IsDeaf = true });
                return;
            }

            if (isDue || Context.Clock.GetElapsedTime(pinged) >= timing.Interval)
            {
                isDue = false;
                pinged = Context.Clock.GetTimestamp();
                if (unanswered is null) (unanswered, heard) = (pinged, Volatile.Read(ref _heard));
                await heartbeat.PingAsync();
            }

            TimeSpan next = timing.Interval - Context.Clock.GetElapsedTime(pinged);
            if (unanswered is { } open && timing.Patience - Context.Clock.GetElapsedTime(open) is { } left && left < next) next = left;
            if (next <= TimeSpan.Zero) continue;
            Task slept = Task.Delay(next, Context.Clock, _ended.Token);
            // Never awaited itself: the end of the connection is no exception here.
            await Task.WhenAny(slept, timing.Changed ?? slept);
        }
    }

    [LoggerMessage(LogLevel.Debug, "A frame of {Connection} could not be sent ({Reason})")]
    private static partial void FrameNotSent(ILogger logger, string connection, string reason);
    [LoggerMessage(LogLevel.Error, "What was to be done after the answer to {Id} failed")]
    private static partial void FollowUpFailed(ILogger logger, string? id, Exception error);
    [LoggerMessage(LogLevel.Debug, "The platform did not answer the close of {Connection}")]
    private static partial void CloseUnanswered(ILogger logger, string connection, Exception error);
    [LoggerMessage(LogLevel.Error, "{Connection} could not take a frame of {Bytes} bytes: {Kind}")]
    private static partial void FrameNotTaken(ILogger logger, string connection, int bytes, string kind);
}
