namespace Larkspur.Sockets;

/// <summary>A try to connect failed, and another one may work.</summary>
/// <param name="message">Why, without secrets and tickets: it is logged and shown as the status' problem.</param>
/// <param name="inner">The cause.</param>
public sealed class SocketConnectException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>The platform refuses the connection, and no further try would change that: something has to be changed first.</summary>
public abstract class SocketRefusedException : Exception
{
    /// <summary>Why, without secrets and tickets.</summary>
    protected SocketRefusedException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }

    /// <summary>The state that the connection is left in.</summary>
    public virtual SocketState State => SocketState.Stopped;
}
