using System.Net;

namespace Larkspur.DingTalk.StreamMode;

/// <summary>Takes a delivery and says what the platform is told.</summary>
/// <param name="delivery">What came. It is not answered before the task ends: record it and return; a card waits 2 s.</param>
/// <param name="cancellationToken">Ends when the stream is stopped and its patience is over.</param>
public delegate Task<DingTalkAck> DingTalkStreamHandler(DingTalkDelivery delivery, CancellationToken cancellationToken);

/// <summary>How a stream behaves.</summary>
public sealed class DingTalkStreamOptions
{
    /// <summary>Subscribe to events, all of those that the app's console names. Default true.</summary>
    public bool Events { get; set; } = true;

    /// <summary>
    /// Topics of callbacks to subscribe to. Default: robot messages and card callbacks. One that is not switched on in the console makes
    /// the platform refuse the stream.
    /// </summary>
    public IReadOnlyCollection<string> Topics { get; set; } = [DingTalkTopics.RobotMessage, DingTalkTopics.CardCallback];

    /// <summary>Handlers at work at once. Default 100.</summary>
    public int MaxInHand { get; set; } = 100;

    /// <summary>
    /// Deliveries that may wait for a handler; what comes beyond is refused (an event comes again, a callback has 500). Default 500.
    /// </summary>
    public int MaxWaiting { get; set; } = 500;

    /// <summary>How long handlers may go on when the stream is stopped. Default 10 s.</summary>
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long an old connection that the platform announced to close is left open for its last answers. Default 15 s; the platform closes
    /// it after about 10.
    /// </summary>
    public TimeSpan RetireTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Longest a connection may take to be made. Default 15 s.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Pause between WebSocket pings of ours. Default 30 s; the official clients have 8 s to 2 min.</summary>
    public TimeSpan KeepAliveInterval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a ping may go unanswered before the connection is given up. Default 15 s.</summary>
    public TimeSpan KeepAliveTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long answers are remembered, to give them again without running the handler again. Default 5 min.</summary>
    public TimeSpan AckMemory { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How many answers are remembered. Default 10 000.</summary>
    public int MaxRemembered { get; set; } = 10_000;

    /// <summary>Proxy of the socket; null: the environment's. The call for its address goes through the client's own transport.</summary>
    public IWebProxy? Proxy { get; set; }

    internal void Validate()
    {
        if (!Events && Topics.Count == 0) throw new ArgumentException("A stream must subscribe to something: events or a topic.");
        if (Topics.Any(string.IsNullOrWhiteSpace)) throw new ArgumentException("A topic is empty.");
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxInHand, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(MaxWaiting);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxRemembered, 1);
        foreach (TimeSpan time in (TimeSpan[])[DrainTimeout, RetireTimeout, ConnectTimeout, KeepAliveInterval, KeepAliveTimeout, AckMemory])
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(time, TimeSpan.Zero);
    }
}
