using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Larkspur.Gateway.People.OpenId.Tokens;

/// <summary>Codes, tokens and secrets of the provider: 256 random bits behind a mark that says what it is. Only hashes are kept.</summary>
internal static class TokenText
{
    public const string Code = "lo_";
    public const string Access = "la_";
    public const string Refresh = "lr_";
    public const string Secret = "ls_";

    private const int RandomBytes = 32;
    private const int Longest = 200;

    /// <summary>A new one.</summary>
    public static string Make(string mark) => mark + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(RandomBytes));

    /// <summary>What comes after a refresh token: whoever has the gateway's secret can make it again, and nobody else.</summary>
    public static string Next(string refresh, byte[] secret) =>
        Refresh + Base64Url.EncodeToString(HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes(refresh)));

    public static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    /// <summary>What does not look like one is not looked up.</summary>
    public static bool Is(string text, string mark) =>
        text.Length is > 40 and < Longest && text.StartsWith(mark, StringComparison.Ordinal) && text.All(IsPlain);

    /// <summary>Compares in a time that tells nothing.</summary>
    public static bool Equal(string one, string other) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(one), Encoding.UTF8.GetBytes(other));

    /// <summary><c>at_hash</c> of an access token: the left half of its hash (OpenID Connect Core, section 3.1.3.6).</summary>
    public static string HalfHash(string token) => Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(token)).AsSpan(0, 16));

    /// <summary>S256 of a verifier (RFC 7636, section 4.2).</summary>
    public static string Challenge(string verifier) => Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)));

    /// <summary>A verifier has 43 to 128 characters of a small alphabet.</summary>
    public static bool IsVerifier(string text) => text.Length is >= 43 and <= 128 && text.All(c => IsPlain(c) || c is '.' or '~');

    /// <summary>S256 makes 43 characters of base64url.</summary>
    public static bool IsChallenge(string text) => text.Length == 43 && text.All(IsPlain);

    private static bool IsPlain(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '_';
}
