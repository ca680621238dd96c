using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Larkspur.Feishu.Events;

/// <summary>The platform's two signatures: a hash over timestamp + nonce + secret + the received bytes.</summary>
/// <remarks>
/// Events and new callbacks: SHA-256 with the Encrypt Key. Old card callbacks: SHA-1 with the Verification Token. The bytes must be the received
/// ones; a re-serialised body has another hash. Hex is compared as bytes, so upper case (which the platform's C# sample prints) is as good.
/// </remarks>
internal static class DeliverySignature
{
    /// <summary>Longest timestamp or nonce hashed; real ones have 10 and under 40 characters.</summary>
    private const int MaxHeader = 256;

    public static bool Matches(in FeishuDeliveryHeaders headers, HashAlgorithmName algorithm, ReadOnlySpan<byte> secret, ReadOnlySpan<byte> rawBody)
    {
        int size = algorithm == HashAlgorithmName.SHA256 ? SHA256.HashSizeInBytes : SHA1.HashSizeInBytes;
        Span<byte> claimed = stackalloc byte[size];
        if (headers.Signature!.Length != 2 * size
            || Convert.FromHexString(headers.Signature, claimed, out _, out _) != System.Buffers.OperationStatus.Done
            || headers.Timestamp!.Length > MaxHeader || headers.Nonce!.Length > MaxHeader)
        {
            return false;
        }

        Span<byte> expected = stackalloc byte[size];
        Compute(headers.Timestamp, headers.Nonce, algorithm, secret, rawBody, expected);
        return CryptographicOperations.FixedTimeEquals(claimed, expected);
    }

    public static void Compute(
        string timestamp, string nonce, HashAlgorithmName algorithm, ReadOnlySpan<byte> secret, ReadOnlySpan<byte> rawBody, Span<byte> signature)
    {
        using var hash = IncrementalHash.CreateHash(algorithm);
        Append(hash, timestamp);
        Append(hash, nonce);
        hash.AppendData(secret);
        hash.AppendData(rawBody);
        hash.GetHashAndReset(signature);
    }

    /// <summary>Fresh in both directions: an old request may be a replay, one from the future a prepared one.</summary>
    public static bool IsFresh(string? timestamp, DateTimeOffset now, TimeSpan window)
    {
        if (timestamp is not { Length: > 0 and <= 11 }
            || !long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out long seconds))
        {
            return false;
        }

        return (now - DateTimeOffset.FromUnixTimeSeconds(seconds)).Duration() <= window;
    }

    private static void Append(IncrementalHash hash, string text)
    {
        Span<byte> bytes = stackalloc byte[MaxHeader * 3];
        if (Encoding.UTF8.TryGetBytes(text, bytes, out int written)) hash.AppendData(bytes[..written]);
        else hash.AppendData(Encoding.UTF8.GetBytes(text));
    }
}
