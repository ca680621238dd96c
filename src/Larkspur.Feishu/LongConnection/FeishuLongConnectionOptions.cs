using System.Net;

namespace Larkspur.Feishu.LongConnection;

/// <summary>What the platform does not decide about a long connection. How often to ping and to reconnect it says itself.</summary>
public sealed record FeishuLongConnectionOptions
{
    /// <summary>
    /// The proxy for the socket and for the call that asks for its address; null (the default): none, whatever the environment says. The
    /// platform promises
    /// nothing about proxies, and many cut what is silent for minutes.
    /// </summary>
    public IWebProxy? Proxy { get; init; }

    /// <summary>Longest a try to connect may take, the call for the address and the handshake each. Default 15 s.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// How long a ping may go without a sign of life before the connection counts as deaf; never longer than the interval of the pings.
    /// Default 30 s.
    /// </summary>
    public TimeSpan PongTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// When stopping: how long handlers at work are waited for. Default 3 s: later answers are worth nothing to the platform.
    /// </summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Deliveries at work at once; what comes beyond is answered with 500 and sent again by the platform. Default 512.</summary>
    public int MaxInHand { get; init; } = 512;

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(ConnectTimeout, TimeSpan.Zero, nameof(ConnectTimeout));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(PongTimeout, TimeSpan.Zero, nameof(PongTimeout));
        ArgumentOutOfRangeException.ThrowIfLessThan(DrainTimeout, TimeSpan.Zero, nameof(DrainTimeout));
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxInHand, 1, nameof(MaxInHand));
    }
}
