using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace Larkspur.Emulator.DingTalk.StreamMode;

/// <summary>One open socket: carries frames down and answers up, pings, and says when it will be gone.</summary>
internal sealed partial class StreamConnection
{
    private const int PingsUntilGone = 3;
    public static readonly TimeSpan PingInterval = TimeSpan.FromSeconds(30);
    public static readonly TimeSpan Farewell = TimeSpan.FromSeconds(10);

    private readonly ServedSocket _socket;
    private readonly StreamTicket _ticket;
    private readonly string _appId;
    private readonly TimeProvider _real;
    private readonly VirtualClock _clock;
    private readonly ConcurrentDictionary<string, TaskCompletionSource<StreamAck?>> _waiting = [];
    private int _unanswered;

    public StreamConnection(string id, StreamTicket ticket, ServedSocket socket, string appId, TimeProvider real, VirtualClock clock)
    {
        (Id, _ticket, _socket, _appId, _real, _clock) = (id, ticket, socket, appId, real, clock);
        Opened = clock.GetUtcNow();
    }

    public string Id { get; }

    public DateTimeOffset Opened { get; }

    public StreamTicket Ticket => _ticket;

    /// <summary>Events and callbacks are swallowed, as on a line that died without a word.</summary>
    public bool Deaf { get; set; }

    /// <summary>It was told to go: nothing new is sent on it.</summary>
    public bool Leaving { get; private set; }

    /// <summary>Events and callbacks written.</summary>
    public int FramesOut { get; private set; }

    public int Answered { get; private set; }

    /// <summary>Answers to nothing that is waited for.</summary>
    public int Strays { get; private set; }

    public int Pings { get; private set; }

    public int Pongs { get; private set; }

    public int Waiting => _waiting.Count;

    /// <summary>In words, why it ended; <see langword="null"/> while it is open.</summary>
    public string? Ended => _socket.Ended;

    public bool Takes(string type, string topic) => Ended is null && !Leaving && _ticket.Subscriptions.Any(s => s.Type == type && s.Topic == topic);

    /// <summary>Receives until the socket ends; then nothing that waits for an answer gets one.</summary>
    /// <returns>In words, why it ended.</returns>
    public async Task<string> RunAsync(CancellationToken stopping)
    {
        using var pings = new CancellationTokenSource();
        var pinging = PingAsync(pings.Token);
        try
        {
            return await _socket.RunAsync(
                (message, _) =>
                {
                    Take(StreamAck.Read(message.Span));
                    return Task.CompletedTask;
                },
                only: null, stopping, GreetAsync);
        }
        finally
        {
            await pings.CancelAsync();
            await pinging;
            foreach (var waiting in _waiting.Values) waiting.TrySetResult(null);
        }
    }

    /// <summary>Sends a frame and waits for the answer that carries its message id.</summary>
    /// <returns><see langword="null"/> when the connection ended before it came.</returns>
    /// <exception cref="OperationCanceledException">No answer in time.</exception>
    public async Task<StreamAck?> AskAsync(StreamFrame frame, CancellationToken deadline)
    {
        var answer = new TaskCompletionSource<StreamAck?>(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting[frame.MessageId] = answer;
        try
        {
            if (Ended is not null) return null;
            if (!Deaf)
            {
                await SendAsync(frame, deadline);
                FramesOut++;
            }

            var ack = await answer.Task.WaitAsync(deadline);
            if (ack is not null) Answered++;
            return ack;
        }
        catch (Exception broken) when (ServedSocket.IsBroken(broken))
        {
            return null;
        }
        finally
        {
            _waiting.TryRemove(KeyValuePair.Create(frame.MessageId, answer));
        }
    }

    /// <summary>Says that it will be gone, and closes ten seconds of virtual time later: the client opens a new connection meanwhile.</summary>
    public async Task DisconnectAsync(string reason, CancellationToken cancellationToken)
    {
        if (Leaving) return;
        Leaving = true;
        await SendQuietlyAsync(System("disconnect", CanonicalJson.Write(new JsonObject { ["reason"] = reason })), cancellationToken);
        _ = CloseLaterAsync(reason);
    }

    /// <inheritdoc cref="ServedSocket.Abort"/>
    public void Abort(string why) => _socket.Abort(why);

    private void Take(StreamAck? ack)
    {
        _unanswered = 0;
        if (ack is not null && _waiting.TryGetValue(ack.MessageId, out var waiting) && waiting.TrySetResult(ack)) return;
        if (ack?.MessageId.StartsWith("system-", StringComparison.Ordinal) == true) Pongs++;
        else Strays++;
    }
}
