using System.Net.Sockets;
using System.Security.Authentication;
using Larkspur.Gateway.Common.Localisation;

namespace Larkspur.Gateway.Doctor;

/// <summary>Why somebody could not be reached. What the operating system says beyond the usual stays in its own words.</summary>
internal static class NetworkTexts
{
    public static LocalText TimedOut(TimeSpan patience) => new($"{patience.TotalSeconds:0} 秒内没有应答", $"no answer within {patience.TotalSeconds:0} s");

    public static LocalText TimedOut() => new("应答超时", "timed out");

    /// <summary>What an exception of the network means, by what caused it.</summary>
    public static LocalText Of(Exception e) => (e.InnerException ?? e) switch
    {
        SocketException { SocketErrorCode: SocketError.ConnectionRefused } => new("连接被拒绝，该端口没有服务", "connection refused: nothing listens there"),
        SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain } => new("域名无法解析", "its name leads to no address"),
        SocketException { SocketErrorCode: SocketError.TimedOut } => new("连接超时", "the connection took too long"),
        SocketException { SocketErrorCode: SocketError.HostUnreachable or SocketError.NetworkUnreachable } => new("网络不可达", "there is no way there"),
        SocketException { SocketErrorCode: SocketError.ConnectionReset } => new("连接被对方断开", "the connection was reset"),
        AuthenticationException tls => new("TLS 握手失败：" + Short(tls.Message), "TLS failed: " + Short(tls.Message)),
        { } other => LocalText.From(Short(other.Message)),
    };

    private static string Short(string text) => text.Length <= 300 ? text : text[..(char.IsHighSurrogate(text[299]) ? 299 : 300)] + "…";
}
