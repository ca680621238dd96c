using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Larkspur.Feishu.SignIn;

/// <summary>A secret of the browser's session, and what the sign-in page is told of it (PKCE, RFC 7636, S256): a code that somebody else
/// caught is of no use without it.</summary>
/// <param name="Verifier">43 to 128 characters; kept in the session, sent with the code. Secret.</param>
/// <param name="Challenge">Its SHA-256, for <see cref="FeishuLoginPage.Challenge"/>.</param>
public sealed record PkcePair(string Verifier, string Challenge)
{
    private const int Shortest = 43;
    private const int Longest = 128;

    /// <summary>A new one, of 256 random bits.</summary>
    public static PkcePair New() => Of(Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32)));

    /// <summary>The pair of a verifier that was kept.</summary>
    /// <exception cref="ArgumentException">It has not 43 to 128 characters of A-Z, a-z, 0-9, - . _ ~.</exception>
    public static PkcePair Of(string verifier) => IsVerifier(verifier)
        ? new(verifier, Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier))))
        : throw new ArgumentException($"A verifier has {Shortest} to {Longest} letters, digits, - . _ or ~.", nameof(verifier));

    /// <summary>The challenge alone.</summary>
    public override string ToString() => $"PKCE {Challenge}";

    internal static bool IsVerifier(string? text) => text is { Length: >= Shortest and <= Longest }
        && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_' or '~');
}
