using Larkspur.Sockets;

namespace Larkspur.Feishu.LongConnection;

/// <summary>The platform lets no connection be made, and trying on would not help: something has to be changed first.</summary>
/// <remarks>Its texts hold neither the secret nor the socket's address, which has a ticket in it.</remarks>
public sealed class FeishuLongConnectionException : SocketRefusedException
{
    internal FeishuLongConnectionException(FeishuLongConnectionFailure failure, long code, string message) : base(message) => (Failure, Code) = (failure, code);

    /// <summary>What has to be changed.</summary>
    public FeishuLongConnectionFailure Failure { get; }

    /// <summary>The platform's code; 0 when it gave none.</summary>
    public long Code { get; }
}

/// <summary>Why there is no long connection.</summary>
public enum FeishuLongConnectionFailure
{
    /// <summary>App ID or App Secret is wrong (<c>514</c>).</summary>
    AuthenticationFailed,

    /// <summary>The app may not connect (<c>403</c>): it is off, not released, or not a self-built one.</summary>
    Forbidden,

    /// <summary>
    /// The app has 50 connections (<c>1000040350</c>). Some may be of processes that died; the platform forgets those after a while.
    /// </summary>
    TooManyConnections,

    /// <summary>
    /// Another refusal: as a rule the app's event subscription is not set to the long connection, or the address is not the platform's.
    /// </summary>
    Configuration,

    /// <summary>As many tries failed as the platform allows (<c>ReconnectCount</c>).</summary>
    ReconnectsExhausted,
}
