using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Larkspur.Gateway.Api.Keys;

/// <summary>The text of a key: <c>lk_</c> and 256 random bits in base64url. Only its hash is kept; so long a random text needs no slow one.</summary>
internal static class ApiKeySecret
{
    public const string Mark = "lk_";
    private const int RandomBytes = 32;
    private const int ShownLength = 10;

    private static readonly int Length = Mark.Length + Base64Url.GetEncodedLength(RandomBytes);

    /// <summary>A new key.</summary>
    public static string Make() => Mark + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(RandomBytes));

    /// <summary>What may be shown of it: 7 of its 43 random characters.</summary>
    public static string Prefix(string key) => key[..ShownLength];

    public static string Hash(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    /// <summary>What does not look like a key is not looked up.</summary>
    public static bool LooksLike(string text) => text.Length == Length && text.StartsWith(Mark, StringComparison.Ordinal) && Base64Url.IsValid(text.AsSpan(Mark.Length));
}
