namespace Larkspur.Sockets;

/// <summary>How far a connection to a platform can be trusted.</summary>
/// <remarks>
/// A platform pushes nothing that must come: a connection may be open and still be one that no event is sent to. So connected and proven
/// are two things.
/// </remarks>
public enum SocketState
{
    /// <summary>Not running.</summary>
    Stopped,

    /// <summary>There is no connection; one is being made, or waited for.</summary>
    Connecting,

    /// <summary>Connected; nothing has come over this connection yet that proves that the platform uses it.</summary>
    Unproven,

    /// <summary>Connected, and a delivery (DingTalk: a delivery or a ping) has come over this connection.</summary>
    Proven,

    /// <summary>
    /// Connected by name only: a ping had no answer, or an event that should have come did not. It is about to be replaced.
    /// </summary>
    Deaf,

    /// <summary>Ended, because another connection took over and the platform allows only one.</summary>
    Replaced,
}

/// <summary>A connection at one moment. The counts and times cover all connections since the object was made.</summary>
/// <param name="State">How far it can be trusted.</param>
/// <param name="Since">When that state began.</param>
public sealed record SocketStatus(SocketState State, DateTimeOffset Since)
{
    /// <summary>When the present connection was made; null while there is none.</summary>
    public DateTimeOffset? ConnectedAt { get; init; }

    /// <summary>When a frame of the platform last came.</summary>
    public DateTimeOffset? LastHeardAt { get; init; }

    /// <summary>When a ping of ours was last answered; null also where the platform pings.</summary>
    public DateTimeOffset? LastPongAt { get; init; }

    /// <summary>When an event, a message or a callback last came.</summary>
    public DateTimeOffset? LastDeliveryAt { get; init; }

    /// <summary>Connections made so far.</summary>
    public long Connects { get; init; }

    /// <summary>Connections that ended so far other than by being stopped, replaced ones included.</summary>
    public long Losses { get; init; }

    /// <summary>Why there is no connection, or why the last one ended; null when nothing ever went wrong.</summary>
    public string? Problem { get; init; }

    /// <summary>There is a connection that nothing speaks against.</summary>
    public bool IsConnected => State is SocketState.Unproven or SocketState.Proven;
}
