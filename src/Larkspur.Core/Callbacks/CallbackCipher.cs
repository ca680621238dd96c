using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Larkspur;

/// <summary>Signature and encryption of callbacks as WeCom and DingTalk do them (one scheme, two platforms).</summary>
/// <remarks>
/// Signature: SHA-1 in lower-case hex over token, timestamp, nonce and ciphertext, sorted ordinally and joined. Text: 16 random bytes, length of the message in
/// four bytes (big-endian), message, receive id; padded to blocks of 32 bytes, AES-256-CBC, the key's first 16 bytes as IV, base64. Sources: WeCom
/// developer centre 90930 and 96238, <c>@wecom/crypto</c>; DingTalk event callbacks 04/0232. Thread-safe.
/// </remarks>
public sealed class CallbackCipher
{
    private const int Block = 32;
    private const int RandomBytes = 16;
    private const int LengthBytes = 4;

    private readonly string _token;
    private readonly byte[] _key;
    private readonly byte[] _receiveId;

    /// <summary>Makes the cipher of one subscription.</summary>
    /// <param name="token">The token of the platform's console. Secret.</param>
    /// <param name="encodingAesKey">The 43 characters of the platform's console. Secret.</param>
    /// <param name="receiveId">Whom the callbacks are for: corp id, suite id, client id; empty for WeCom's AI bot.</param>
    /// <exception cref="ArgumentException">The token is empty, or the key is not 43 characters of base64.</exception>
    public CallbackCipher(string token, string encodingAesKey, string receiveId)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(token);
        ArgumentNullException.ThrowIfNull(encodingAesKey);
        ArgumentNullException.ThrowIfNull(receiveId);
        var key = new byte[Block + 1];
        // Consoles give 43 characters, whose last one may have surplus bits; Convert takes them, other decoders do not.
        if (encodingAesKey.Length != 43 || !Convert.TryFromBase64String(encodingAesKey + "=", key, out int length) || length != Block)
            throw new ArgumentException("The EncodingAESKey is not 43 characters of base64.", nameof(encodingAesKey));
        _token = token;
        _key = key[..Block];
        _receiveId = Encoding.UTF8.GetBytes(receiveId);
    }

    /// <summary>The signature of a ciphertext, as the query parameter <c>msg_signature</c> carries it.</summary>
    public string Sign(string timestamp, string nonce, string encrypted)
    {
        string[] parts = [_token, timestamp, nonce, encrypted];
        Array.Sort(parts, StringComparer.Ordinal);
#pragma warning disable CA5350 // The platforms' scheme.
        return Convert.ToHexStringLower(SHA1.HashData(Encoding.UTF8.GetBytes(string.Concat(parts))));
#pragma warning restore CA5350
    }

    /// <summary>True when <paramref name="signature"/> is the right one; compared in constant time.</summary>
    public bool Verify(string? signature, string? timestamp, string? nonce, string? encrypted)
    {
        if (string.IsNullOrEmpty(signature) || timestamp is null || nonce is null || encrypted is null) return false;
        return CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(Sign(timestamp, nonce, encrypted)), Encoding.UTF8.GetBytes(signature));
    }

    /// <summary>The message in a ciphertext. Verify its signature first: what comes out of an unsigned text is an attacker's.</summary>
    /// <exception cref="CallbackCipherException">It was not made with this key, or for somebody else.</exception>
    public byte[] Decrypt(string encrypted)
    {
        ArgumentNullException.ThrowIfNull(encrypted);
        var sealedBytes = new byte[encrypted.Length / 4 * 3 + 3];
        if (!Convert.TryFromBase64String(encrypted, sealedBytes, out int length) || length == 0 || length % 16 != 0)
            throw new CallbackCipherException(CallbackCipherProblem.Damaged, "The encrypted text is not base64 of whole AES blocks.");
        using var aes = Aes.Create();
        aes.Key = _key;
        byte[] plain = aes.DecryptCbc(sealedBytes.AsSpan(0, length), _key.AsSpan(0, 16), PaddingMode.None);

        int pad = plain[^1];
        // One message for everything that is wrong inside: which part it was would tell a forger how near he came.
        if (pad is < 1 or > Block || pad > plain.Length - RandomBytes - LengthBytes) throw Damaged();
        ReadOnlySpan<byte> body = plain.AsSpan(0, plain.Length - pad)[RandomBytes..];
        uint size = BinaryPrimitives.ReadUInt32BigEndian(body);
        if (size > body.Length - LengthBytes) throw Damaged();
        ReadOnlySpan<byte> message = body.Slice(LengthBytes, (int)size);
        if (!CryptographicOperations.FixedTimeEquals(body[(LengthBytes + (int)size)..], _receiveId))
            throw new CallbackCipherException(CallbackCipherProblem.ForSomebodyElse, "The encrypted text is for another receiver (corp id, suite id or client id).");
        return message.ToArray();
    }

    /// <summary>Encrypts a message, for answers and for pushes of an emulator's tests.</summary>
    /// <param name="message">UTF-8.</param>
    public string Encrypt(ReadOnlySpan<byte> message)
    {
        int content = RandomBytes + LengthBytes + message.Length + _receiveId.Length;
        int pad = Block - content % Block;
        var plain = new byte[content + pad];
        RandomNumberGenerator.Fill(plain.AsSpan(0, RandomBytes));
        BinaryPrimitives.WriteUInt32BigEndian(plain.AsSpan(RandomBytes), (uint)message.Length);
        message.CopyTo(plain.AsSpan(RandomBytes + LengthBytes));
        _receiveId.CopyTo(plain.AsSpan(RandomBytes + LengthBytes + message.Length));
        plain.AsSpan(content).Fill((byte)pad);
        using var aes = Aes.Create();
        aes.Key = _key;
        return Convert.ToBase64String(aes.EncryptCbc(plain, _key.AsSpan(0, 16), PaddingMode.None));
    }

    private static CallbackCipherException Damaged() => new(CallbackCipherProblem.Damaged, "The encrypted text was not made with this EncodingAESKey, or is damaged.");
}
