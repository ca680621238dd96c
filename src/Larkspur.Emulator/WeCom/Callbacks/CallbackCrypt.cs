using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Larkspur.Emulator.WeCom.Callbacks;

/// <summary>What of a callback does not fit; the numbers are those of the official samples.</summary>
public sealed class BadCallbackException(int number, string what) : Exception(what)
{
    public const int Signature = -40001;
    public const int Form = -40002;
    public const int Receiver = -40005;
    public const int Decrypt = -40007;

    public int Number { get; } = number;
}

/// <summary>Signature and encryption of one receiver of callbacks.</summary>
/// <param name="token">Of the console.</param>
/// <param name="encodingAesKey">43 characters; their surplus bits are ignored.</param>
/// <param name="receiver">Corp id; empty for an AI bot.</param>
public sealed class CallbackCrypt(string token, string encodingAesKey, string receiver)
{
    private const int Block = 32;
    private const int RandomBytes = 16;

    private readonly byte[] _key = Key(encodingAesKey);

    /// <summary>In lower-case hex.</summary>
    public string Sign(string timestamp, string nonce, string encrypted)
    {
        string[] parts = [token, timestamp, nonce, encrypted];
        Array.Sort(parts, StringComparer.Ordinal);
#pragma warning disable CA5350 // The platform's signature is SHA-1.
        return Convert.ToHexStringLower(SHA1.HashData(Encoding.UTF8.GetBytes(string.Concat(parts))));
#pragma warning restore CA5350
    }

    /// <param name="text">To be sent.</param>
    /// <param name="random">16 bytes.</param>
    public string Encrypt(string text, ReadOnlySpan<byte> random)
    {
        var (message, id) = (Encoding.UTF8.GetBytes(text), Encoding.UTF8.GetBytes(receiver));
        var plain = new byte[RandomBytes + 4 + message.Length + id.Length];
        random[..RandomBytes].CopyTo(plain);
        BinaryPrimitives.WriteInt32BigEndian(plain.AsSpan(RandomBytes), message.Length);
        message.CopyTo(plain, RandomBytes + 4);
        id.CopyTo(plain, RandomBytes + 4 + message.Length);
        return Convert.ToBase64String(Seal(plain, _key));
    }

    /// <exception cref="BadCallbackException">The signature, the text or the receiver does not fit.</exception>
    public string Open(string signature, string timestamp, string nonce, string encrypted)
    {
        var right = Sign(timestamp, nonce, encrypted);
        if (!CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(right), Encoding.UTF8.GetBytes(signature))) throw new BadCallbackException(BadCallbackException.Signature, "the signature is wrong");
        var plain = Unseal(encrypted);
        if (plain.Length < RandomBytes + 4) throw new BadCallbackException(BadCallbackException.Decrypt, "the decrypted text is too short");
        var length = BinaryPrimitives.ReadInt32BigEndian(plain.AsSpan(RandomBytes));
        if (length < 0 || length > plain.Length - RandomBytes - 4) throw new BadCallbackException(BadCallbackException.Decrypt, "the length inside is wrong");
        var id = Encoding.UTF8.GetString(plain.AsSpan(RandomBytes + 4 + length));
        if (id != receiver) throw new BadCallbackException(BadCallbackException.Receiver, "it is for another receiver");
        return Encoding.UTF8.GetString(plain.AsSpan(RandomBytes + 4, length));
    }

    /// <summary>AES-256-CBC with the key's first half as vector, padded to 32 bytes: of texts and of an AI bot's files alike.</summary>
    public static byte[] Seal(ReadOnlySpan<byte> plain, byte[] key)
    {
        var pad = Block - (plain.Length % Block);
        var padded = new byte[plain.Length + pad];
        plain.CopyTo(padded);
        padded.AsSpan(plain.Length).Fill((byte)pad);
        using var aes = Aes.Create();
        aes.Key = key;
        return aes.EncryptCbc(padded, key.AsSpan(0, 16), PaddingMode.None);
    }

    public static byte[] Key(string encodingAesKey) => Convert.FromBase64String(encodingAesKey + "=");

    /// <remarks>The framework's own PKCS#7 refuses a padding of more than 16 bytes.</remarks>
    private byte[] Unseal(string encrypted)
    {
        try
        {
            using var aes = Aes.Create();
            aes.Key = _key;
            var padded = aes.DecryptCbc(Convert.FromBase64String(encrypted), _key.AsSpan(0, 16), PaddingMode.None);
            var pad = padded.Length > 0 ? padded[^1] : 0;
            if (pad is < 1 or > Block || pad > padded.Length || padded.AsSpan(padded.Length - pad).ContainsAnyExcept((byte)pad)) throw new BadCallbackException(BadCallbackException.Decrypt, "the padding is wrong");
            return padded[..^pad];
        }
        catch (Exception bad) when (bad is FormatException or CryptographicException)
        {
            throw new BadCallbackException(BadCallbackException.Decrypt, "it cannot be decrypted");
        }
    }
}
