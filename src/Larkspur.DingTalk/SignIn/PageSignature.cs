using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Larkspur.DingTalk.SignIn;

/// <summary>What a page hands to <c>dd.config</c>, beside the corp id.</summary>
/// <param name="AgentId">The app.</param>
/// <param name="TimeStamp">Milliseconds, as signed.</param>
/// <param name="NonceStr">As signed.</param>
/// <param name="Signature">SHA-256 in lower-case hex.</param>
/// <remarks>Source: the page on JSAPI signatures (03/0003, July 2026). Older material signs with SHA-1; that the client still takes that is UNVERIFIED, so it is not offered.</remarks>
public sealed record PageSignature(long AgentId, long TimeStamp, string NonceStr, string Signature)
{
    /// <summary>The signature itself: fixed order, the address without its fragment and with its query decoded (clients on iOS and Android disagree about encoding it).</summary>
    /// <param name="ticket">The app's <c>jsapi_ticket</c>.</param>
    /// <param name="nonce">Any text.</param>
    /// <param name="timestamp">The number that the page hands over.</param>
    /// <param name="page">The page's address.</param>
    /// <exception cref="ArgumentException">No http or https address.</exception>
    public static string Compute(string ticket, string nonce, long timestamp, Uri page)
    {
        ArgumentException.ThrowIfNullOrEmpty(ticket);
        ArgumentNullException.ThrowIfNull(nonce);
        Check(page);
        string plain = string.Create(CultureInfo.InvariantCulture, $"jsapi_ticket={ticket}&noncestr={nonce}&timestamp={timestamp}&url={Address(page)}");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(plain)));
    }

    internal static PageSignature Sign(string ticket, long agentId, Uri page, DateTimeOffset now)
    {
        (long timestamp, string nonce) = (now.ToUnixTimeMilliseconds(), RandomNumberGenerator.GetHexString(16, lowercase: true));
        return new(agentId, timestamp, nonce, Compute(ticket, nonce, timestamp, page));
    }

    internal static void Check(Uri page)
    {
        ArgumentNullException.ThrowIfNull(page);
        if (!page.IsAbsoluteUri || page.Scheme is not ("http" or "https")) throw new ArgumentException("The page is no http or https address.", nameof(page));
    }

    /// <summary>As it was written: what .NET makes of it (a slash, another spelling of escapes) is not what the browser shows.</summary>
    private static string Address(Uri page)
    {
        string address = page.OriginalString.Split('#')[0];
        int query = address.IndexOf('?', StringComparison.Ordinal);
        return query < 0 ? address : address[..(query + 1)] + Uri.UnescapeDataString(address[(query + 1)..].Replace('+', ' '));
    }
}
