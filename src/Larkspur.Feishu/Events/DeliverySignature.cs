using System.Buffers;
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

    /// <summary>Larger bodies are hashed where they are: an unproven request gets no memory in proportion to its size.</summary>
    private const int MaxCopied = 16 << 10;

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
        if (rawBody.Length > MaxCopied)
        {
            ComputeInPieces(timestamp, nonce, algorithm, secret, rawBody, signature);
            return;
        }

        int most = Encoding.UTF8.GetMaxByteCount(timestamp.Length) + Encoding.UTF8.GetMaxByteCount(nonce.Length) + secret.Length + rawBody.Length;
        byte[] text = ArrayPool<byte>.Shared.Rent(most);
        try
        {
            // In one piece: a hash that is fed piece by piece is an object with a context of its own, which costs more than hashing an event.
            int length = Encoding.UTF8.GetBytes(timestamp, text);
            length += Encoding.UTF8.GetBytes(nonce, text.AsSpan(length));
            secret.CopyTo(text.AsSpan(length));
            length += secret.Length;
            rawBody.CopyTo(text.AsSpan(length));
            length += rawBody.Length;
            CryptographicOperations.HashData(algorithm, text.AsSpan(0, length), signature);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(text.AsSpan(0, most));
            ArrayPool<byte>.Shared.Return(text);
        }
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

    private static void ComputeInPieces(
        string timestamp, string nonce, HashAlgorithmName algorithm, ReadOnlySpan<byte> secret, ReadOnlySpan<byte> rawBody, Span<byte> signature)
    {
        using var hash = IncrementalHash.CreateHash(algorithm);
        hash.AppendData(Encoding.UTF8.GetBytes(timestamp));
        hash.AppendData(Encoding.UTF8.GetBytes(nonce));
        hash.AppendData(secret);
        hash.AppendData(rawBody);
        hash.GetHashAndReset(signature);
    }
}
