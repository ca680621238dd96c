namespace Larkspur.Sockets;

/// <summary>Why a connection ended.</summary>
/// <param name="Reason">A label for metrics: <c>closed</c>, <c>broken</c>, <c>deaf</c>, …</param>
/// <param name="Text">For people, without secrets.</param>
public sealed record SocketEnd(string Reason, string Text)
{
    /// <summary>The caller stopped it; no loss.</summary>
    public static SocketEnd Stopped { get; } = new("stopped", "it was stopped");

    /// <summary>It looked open, and nobody was there.</summary>
    public bool IsDeaf { get; init; }
}

/// <summary>What became of a frame that was to be sent.</summary>
public enum SocketSendResult
{
    /// <summary>It left.</summary>
    Sent,

    /// <summary>The connection had ended before the frame was begun.</summary>
    NotSent,

    /// <summary>The connection ended while the frame was being sent: the platform may have it.</summary>
    Unknown,
}
