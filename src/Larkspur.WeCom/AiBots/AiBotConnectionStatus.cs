namespace Larkspur.WeCom.AiBots;

/// <summary>How a bot's long connection stands.</summary>
public enum AiBotConnectionState
{
    /// <summary>Not running.</summary>
    Stopped,

    /// <summary>There is none; one is being made, or waited for.</summary>
    Connecting,

    /// <summary>Connected, and id and secret were accepted.</summary>
    Connected,

    /// <summary>Another connection took the bot over. This one does not come back: the two would throw each other out for ever.</summary>
    Replaced,
}

/// <summary>A bot's long connection at one moment.</summary>
/// <param name="State">How it stands.</param>
/// <param name="Since">Since when.</param>
/// <param name="Connects">Connections made so far.</param>
/// <param name="LastHeardAt">When a frame last came.</param>
/// <param name="Problem">Why there is no connection, or why the last one ended; null when nothing ever went wrong.</param>
public sealed record AiBotConnectionStatus(AiBotConnectionState State, DateTimeOffset Since, long Connects, DateTimeOffset? LastHeardAt, string? Problem);

/// <summary>Why a connection gave up.</summary>
public enum AiBotConnectionFailure
{
    /// <summary>Id or secret were refused, several times.</summary>
    Refused,

    /// <summary>Another connection took the bot over.</summary>
    Replaced,
}

/// <summary>A long connection has ended for a reason that no further try would change.</summary>
public sealed class AiBotConnectionException(AiBotConnectionFailure failure, int code, string message) : Exception(message)
{
    /// <summary>Why.</summary>
    public AiBotConnectionFailure Failure { get; } = failure;

    /// <summary>The platform's code; 0 when there is none.</summary>
    public int Code { get; } = code;
}

/// <summary>Takes what a bot receives. What it throws is logged; the platform is told nothing and repeats nothing.</summary>
/// <param name="delivery">What came.</param>
/// <param name="cancellationToken">Ends when the connection is stopped and <see cref="AiBotOptions.DrainTimeout"/> is over: until then answers still leave.</param>
public delegate Task AiBotHandler(AiBotDelivery delivery, CancellationToken cancellationToken);
