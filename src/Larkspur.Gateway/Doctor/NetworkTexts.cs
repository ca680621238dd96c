using System.Net.Sockets;
using System.Security.Authentication;
using Larkspur.Gateway.Common.Localisation;

namespace Larkspur.Gateway.Doctor;

/// <summary>Why somebody could not be reached. What the operating system says beyond the usual stays in its own words.</summary>
internal static partial class NetworkTexts
{
    public static LocalText TimedOut(TimeSpan patience) => TimedOutAfter(patience.TotalSeconds);

    public static LocalText TimedOut() => TimedOutUnknown;

    /// <summary>What an exception of the network means, by what caused it.</summary>
    public static LocalText Of(Exception e) => (e.InnerException ?? e) switch
    {
        SocketException { SocketErrorCode: SocketError.ConnectionRefused } => ConnectionRefused,
        SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain } => NoAddress,
        SocketException { SocketErrorCode: SocketError.TimedOut } => ConnectionTimedOut,
        SocketException { SocketErrorCode: SocketError.HostUnreachable or SocketError.NetworkUnreachable } => Unreachable,
        SocketException { SocketErrorCode: SocketError.ConnectionReset } => ConnectionReset,
        AuthenticationException tls => TlsFailed(Short(tls.Message)),
        { } other => LocalText.From(Short(other.Message)),
    };

    private static string Short(string text) => text.Length <= 300 ? text : text[..(char.IsHighSurrogate(text[299]) ? 299 : 300)] + "…";
}
