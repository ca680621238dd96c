namespace Larkspur.Sockets;

/// <summary>Bounds of a platform's connections.</summary>
public sealed record SocketLimits
{
    /// <summary>Handlers at work at once, at least 1.</summary>
    public required int MaxInHand { get; init; }

    /// <summary>Deliveries that may wait for a handler, in the order of arrival. Default 0.</summary>
    public int MaxWaiting { get; init; }

    /// <summary>When stopping: how long handlers at work may go on, and answer.</summary>
    public required TimeSpan DrainTimeout { get; init; }

    /// <summary>Largest message in bytes; a larger one ends the connection. Default 2 MiB.</summary>
    public int MaxFrameBytes { get; init; } = 2 << 20;

    /// <summary>Longest time the platform may take to accept one frame; then the connection is given up. Default 5 s.</summary>
    public TimeSpan SendTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a connection stays open for its last answers when another one has taken its place. Default: not at all.</summary>
    public TimeSpan RetireTimeout { get; init; }
}
