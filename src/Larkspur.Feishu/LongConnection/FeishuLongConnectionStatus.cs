namespace Larkspur.Feishu.LongConnection;

/// <summary>How far a long connection can be trusted.</summary>
/// <remarks>
/// The platform pushes nothing that must come: a connection whose pings are answered may still be one that no event is sent to (an older client's was seen to be).
/// So "connected" and "proven" are two things.
/// </remarks>
public enum FeishuLongConnectionState
{
    /// <summary>Not running.</summary>
    Stopped,

    /// <summary>There is no connection; one is being made, or waited for.</summary>
    Connecting,

    /// <summary>Connected; no event has come over this connection yet.</summary>
    Unproven,

    /// <summary>Connected, and an event has come over this connection.</summary>
    Proven,

    /// <summary>Connected by name only: a ping had no answer, or an event that should have come did not. It is about to be replaced.</summary>
    Deaf,
}

/// <summary>A long connection at one moment.</summary>
/// <param name="State">How far it can be trusted.</param>
/// <param name="Since">When that state began.</param>
public sealed record FeishuLongConnectionStatus(FeishuLongConnectionState State, DateTimeOffset Since)
{
    /// <summary>When the present connection was made; null while there is none.</summary>
    public DateTimeOffset? ConnectedAt { get; init; }

    /// <summary>When a ping was last answered, on this connection or an earlier one.</summary>
    public DateTimeOffset? LastPongAt { get; init; }

    /// <summary>When an event last came, on this connection or an earlier one.</summary>
    public DateTimeOffset? LastEventAt { get; init; }

    /// <summary>Connections made so far.</summary>
    public long Connects { get; init; }

    /// <summary>Connections that were lost or given up so far.</summary>
    public long Losses { get; init; }

    /// <summary>Why there is no connection, or why the last one ended; null when nothing ever went wrong.</summary>
    public string? Problem { get; init; }

    /// <summary>There is a connection that nothing speaks against.</summary>
    public bool IsConnected => State is FeishuLongConnectionState.Unproven or FeishuLongConnectionState.Proven;
}
