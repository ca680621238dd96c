using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Larkspur.Webhooks;

/// <summary>A key that sender and receiver share: <c>whsec_</c> and the base64 of 24 to 64 random bytes. Never shows its bytes.</summary>
public sealed class WebhookSecret
{
    /// <summary>What every secret begins with.</summary>
    public const string Prefix = "whsec_";

    /// <summary>The specification asks for 192 bits at least.</summary>
    public const int LeastBytes = 24;

    /// <summary>The specification allows 512 bits at most.</summary>
    public const int MostBytes = 64;

    private readonly byte[] _key;

    private WebhookSecret(byte[] key) => _key = key;

    internal ReadOnlySpan<byte> Key => _key;

    /// <summary>Reads a secret.</summary>
    /// <exception cref="FormatException">It is none. The message does not repeat it.</exception>
    public static WebhookSecret Parse(string text) => TryParse(text, out var secret)
        ? secret
        : throw new FormatException($"A webhook secret is {Prefix} followed by the base64 of {LeastBytes} to {MostBytes} bytes.");

    /// <summary>Reads a secret; false when it is none.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out WebhookSecret? secret)
    {
        secret = null;
        if (text is null || !text.StartsWith(Prefix, StringComparison.Ordinal) || text.Length > 128) return false;
        Span<byte> key = stackalloc byte[96];
        if (!Convert.TryFromBase64Chars(text.AsSpan(Prefix.Length), key, out var written) || written is < LeastBytes or > MostBytes) return false;
        secret = new WebhookSecret(key[..written].ToArray());
        CryptographicOperations.ZeroMemory(key);
        return true;
    }

    /// <summary>A new random secret of 32 bytes as text, to hand to both sides.</summary>
    public static string Generate() => Prefix + Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    /// <summary>Tells nothing.</summary>
    public override string ToString() => Prefix + "***";
}
