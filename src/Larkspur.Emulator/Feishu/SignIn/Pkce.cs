using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Larkspur.Emulator.Feishu.SignIn;

/// <summary>What a sign-in left with the page, so that only who began it can use its code (RFC 7636).</summary>
/// <param name="Value">The verifier itself, or its SHA-256 in base64url.</param>
/// <param name="Hashed">Method <c>S256</c>; else <c>plain</c>.</param>
internal sealed record Pkce(string Value, bool Hashed)
{
    private const int Shortest = 43;
    private const int Longest = 128;
    private static readonly SearchValues<char> Unreserved =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~");

    public static bool IsWellFormed(string text) =>
        text.Length is >= Shortest and <= Longest && !text.AsSpan().ContainsAnyExcept(Unreserved);

    public bool Admits(string? verifier)
    {
        if (verifier is null || !IsWellFormed(verifier)) return false;
        var shown = Hashed ? Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier))) : verifier;
        return CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(shown), Encoding.ASCII.GetBytes(Value));
    }
}
