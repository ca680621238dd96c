using System.Security.Cryptography;
using System.Text;

namespace Larkspur.Feishu;

/// <summary>The platform's other signatures.</summary>
public static class FeishuSignatures
{
    /// <summary>The <c>sign</c> of a custom (webhook) bot's message: base64 of HMAC-SHA256 with key "timestamp\nsecret" over nothing.</summary>
    /// <param name="timestamp">Goes into the body beside it, in seconds; at most an hour old.</param>
    /// <param name="secret">The bot's secret.</param>
    public static string SignCustomBot(DateTimeOffset timestamp, string secret)
        => Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes($"{timestamp.ToUnixTimeSeconds()}\n{secret}"), (byte[])[]));

    /// <summary>The <c>signature</c> of <c>h5sdk.config</c>: SHA-1 over ticket, nonce, timestamp and page address, lower-case hex.</summary>
    /// <param name="ticket">From <c>jssdk/ticket/get</c>.</param>
    /// <param name="nonce">The same as in <c>config</c>.</param>
    /// <param name="timestamp">The same as in <c>config</c>: MILLIseconds.</param>
    /// <param name="pageAddress">Address of the page with its query, not encoded again; a fragment is cut off.</param>
    public static string SignJsapi(string ticket, string nonce, long timestamp, string pageAddress)
    {
        ArgumentNullException.ThrowIfNull(pageAddress);
        int fragment = pageAddress.IndexOf('#', StringComparison.Ordinal);
        string page = fragment < 0 ? pageAddress : pageAddress[..fragment];
        return Convert.ToHexStringLower(SHA1.HashData(Encoding.UTF8.GetBytes(
            $"jsapi_ticket={ticket}&noncestr={nonce}&timestamp={timestamp}&url={page}")));
    }
}
