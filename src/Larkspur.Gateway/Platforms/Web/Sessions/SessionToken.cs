using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Larkspur.Gateway.Platforms.Web.Sessions;

/// <summary>The text of a session's token: <c>lw_</c> and 256 random bits in base64url. Only its hash is kept; so long a random text needs no slow one.</summary>
internal static class SessionToken
{
    private const string Mark = "lw_";
    private const int RandomBytes = 32;

    private static readonly int Length = Mark.Length + Base64Url.GetEncodedLength(RandomBytes);

    /// <summary>A new token.</summary>
    public static string Make() => Mark + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(RandomBytes));

    public static string Hash(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));

    /// <summary>What does not look like a token is not looked up.</summary>
    public static bool LooksLike(string text) => text.Length == Length && text.StartsWith(Mark, StringComparison.Ordinal) && Base64Url.IsValid(text.AsSpan(Mark.Length));
}
