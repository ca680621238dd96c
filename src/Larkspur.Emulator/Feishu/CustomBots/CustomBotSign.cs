using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Larkspur.Emulator.Feishu.CustomBots;

/// <summary>The signature of custom bots: HMAC-SHA256 of nothing under the key <c>timestamp + "\n" + secret</c>, in base64; seconds, an hour at most from now.</summary>
internal static class CustomBotSign
{
    private static readonly TimeSpan Valid = TimeSpan.FromHours(1);

    public static string Make(string secret, long timestamp) =>
        Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes($"{timestamp}\n{secret}"), Array.Empty<byte>()));

    /// <param name="timestamp">A string; some callers write a number, which the platform takes too (UNVERIFIED).</param>
    public static bool Fits(string secret, JsonNode? timestamp, JsonNode? sign, DateTimeOffset now)
    {
        if (sign is not JsonValue given || !given.TryGetValue<string>(out var text)) return false;
        if (timestamp is not JsonValue at || !long.TryParse(at.ToString(), out var seconds) || seconds is < 0 or > 253_402_300_799) return false;
        if ((now - DateTimeOffset.FromUnixTimeSeconds(seconds)).Duration() > Valid) return false;
        return CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(Make(secret, seconds)), Encoding.UTF8.GetBytes(text));
    }
}
