using System.Net;
using Larkspur.Gateway.Common;

namespace Larkspur.Gateway.Platforms.Feishu.Ingress.LongConnection;

/// <summary>Long connections of all apps that have one. Section <c>Larkspur:LongConnection</c>.</summary>
public sealed class LongConnectionOptions : ISectionOptions
{
    static string ISectionOptions.Section => "Larkspur:LongConnection";

    /// <summary>Proxy for the connection, like <c>http://proxy:3128</c>. Default: none, whatever the environment says.</summary>
    public Uri? Proxy { get; set; }

    /// <summary>How long a ping may go without a sign of life. Default 30 s.</summary>
    public TimeSpan PongTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>After a refusal (a wrong secret, the wrong subscription mode): pause before the first new try; it doubles. Default 1 min.</summary>
    public TimeSpan FirstPause { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>The longest such pause. Default 30 min.</summary>
    public TimeSpan LongestPause { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>Without a connection for so long, the status says that something is wrong. Default 1 min.</summary>
    public TimeSpan Patience { get; set; } = TimeSpan.FromMinutes(1);

    internal IWebProxy? WebProxy => Proxy is null ? null : new WebProxy(Proxy);

    IEnumerable<string> ISectionOptions.Problems()
    {
        if (Proxy is { } proxy && (!proxy.IsAbsoluteUri || proxy.Scheme is not ("http" or "https" or "socks5"))) yield return "Larkspur:LongConnection:Proxy: an address like http://proxy:3128";
        if (PongTimeout < TimeSpan.FromSeconds(1) || PongTimeout > TimeSpan.FromMinutes(10)) yield return "Larkspur:LongConnection:PongTimeout: from 00:00:01 to 00:10:00";
        if (FirstPause < TimeSpan.FromSeconds(1) || LongestPause < FirstPause || LongestPause > TimeSpan.FromDays(1))
            yield return "Larkspur:LongConnection:FirstPause, LongestPause: from 00:00:01 to a day, the first not longer than the longest";
        if (Patience <= TimeSpan.Zero) yield return "Larkspur:LongConnection:Patience: longer than 00:00:00";
    }
}
