using Larkspur.Sockets;

namespace Larkspur.DingTalk.StreamMode;

/// <summary>The platform lets no stream be opened, and trying on would not help: something has to be changed first.</summary>
/// <remarks>Its texts hold neither the secret nor a ticket.</remarks>
public sealed class DingTalkStreamException : SocketRefusedException
{
    internal DingTalkStreamException(DingTalkStreamFailure failure, string message, Exception inner) : base(message, inner) => Failure = failure;

    /// <summary>What has to be changed.</summary>
    public DingTalkStreamFailure Failure { get; }
}

/// <summary>Why there is no stream.</summary>
public enum DingTalkStreamFailure
{
    /// <summary>Client ID or Client Secret is wrong.</summary>
    AuthenticationFailed,

    /// <summary>The app may not: it is off, or lacks a permission.</summary>
    Forbidden,

    /// <summary>
    /// Another refusal: as a rule a topic that is not switched on in the console, or an address that is not the platform's.
    /// </summary>
    Configuration,
}
