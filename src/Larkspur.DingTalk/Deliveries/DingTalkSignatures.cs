using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Larkspur.DingTalk;

/// <summary>The platform's three HMAC signatures, to check with and for tests of your own.</summary>
/// <remarks>Sources: 02/0717 (group robot), 01/0078 (robot messages), card callbacks. None of them covers the body: only TLS keeps it.</remarks>
public static class DingTalkSignatures
{
    /// <summary>How far the timestamp of a group robot or of a robot message may be from the platform's clock, both ways. Nothing is used up within it.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromHours(1);

    /// <summary>Base64 of HMAC-SHA256 under the secret over timestamp, line feed and secret: header <c>sign</c> of robot messages (the secret is the app's); url-encoded the <c>sign</c> of a group robot (<c>SEC…</c>).</summary>
    public static string Robot(string timestamp, string secret)
    {
        ArgumentNullException.ThrowIfNull(secret);
        return Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes($"{timestamp}\n{secret}")));
    }

    /// <summary>Base64 of HMAC-SHA256 under the <c>apiSecret</c> over the timestamp alone: header <c>x-ddpaas-signature</c> of card callbacks.</summary>
    public static string Card(string timestamp, string apiSecret)
    {
        ArgumentNullException.ThrowIfNull(timestamp);
        ArgumentNullException.ThrowIfNull(apiSecret);
        return Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes(apiSecret), Encoding.UTF8.GetBytes(timestamp)));
    }

    /// <summary>Compares in constant time.</summary>
    internal static bool Same(string expected, string claimed) => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(expected), Encoding.UTF8.GetBytes(claimed));

    /// <summary>Fresh in both directions: an old request may be a replay, one from the future a prepared one.</summary>
    internal static bool IsFresh(string? timestamp, DateTimeOffset now, TimeSpan window)
        => timestamp is { Length: > 0 and <= 14 } && long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out long milliseconds)
            && (now - DateTimeOffset.FromUnixTimeMilliseconds(milliseconds)).Duration() <= window;
}
