using Larkspur.Sockets;

namespace Larkspur.WeCom.AiBots;

/// <summary>Why a connection gave up.</summary>
public enum AiBotConnectionFailure
{
    /// <summary>Id or secret were refused, several times.</summary>
    Refused,

    /// <summary>Another connection took the bot over.</summary>
    Replaced,
}

/// <summary>A long connection has ended for a reason that no further try would change.</summary>
/// <param name="failure">Why.</param>
/// <param name="code">The platform's code; 0 when there is none.</param>
/// <param name="message">For people, without the secret.</param>
public sealed class AiBotConnectionException(AiBotConnectionFailure failure, int code, string message) : SocketRefusedException(message)
{
    /// <summary>Why.</summary>
    public AiBotConnectionFailure Failure { get; } = failure;

    /// <summary>The platform's code; 0 when there is none.</summary>
    public int Code { get; } = code;

    /// <inheritdoc/>
    public override SocketState State => Failure == AiBotConnectionFailure.Replaced ? SocketState.Replaced : SocketState.Stopped;
}

/// <summary>Takes what a bot receives. What it throws is logged; the platform is told nothing and repeats nothing.</summary>
/// <param name="delivery">What came.</param>
/// <param name="cancellationToken">Ends when the connection is stopped and <see cref="AiBotOptions.DrainTimeout"/> is over: until then
/// answers still leave.</param>
public delegate Task AiBotHandler(AiBotDelivery delivery, CancellationToken cancellationToken);
