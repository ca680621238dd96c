using System.Globalization;

namespace Larkspur.Feishu.LongConnection;

/// <summary>Where the socket is. The address has a ticket in its query: it is never shown.</summary>
/// <param name="Url"><c>wss://host/path?…&amp;service_id=…&amp;ticket=…</c>.</param>
/// <param name="Service">The number that frames carry.</param>
internal sealed record SocketAddress(Uri Url, int Service)
{
    /// <summary>Reads what the platform gave; null when it is no such address.</summary>
    /// <param name="text">The address.</param>
    /// <param name="plainAllowed">The call that gave it was not encrypted either (the emulator).</param>
    public static SocketAddress? Read(string? text, bool plainAllowed)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? url) || !(url.Scheme == Uri.UriSchemeWss || (plainAllowed && url.Scheme == Uri.UriSchemeWs))) return null;
        foreach (string pair in url.Query.TrimStart('?').Split('&'))
        {
            if (pair.StartsWith("service_id=", StringComparison.Ordinal)
                && int.TryParse(pair.AsSpan("service_id=".Length), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int service))
            {
                return new SocketAddress(url, service);
            }
        }

        return null;
    }

    /// <summary>The host alone.</summary>
    public override string ToString() => Url.Authority;
}
