using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Larkspur.Emulator.DingTalk.Events;

/// <summary>Encrypts what the platform pushes over HTTP and reads the encrypted answer.</summary>
/// <remarks>16 random bytes, the length of the text in four bytes, the text, the owner's key; padded to blocks of 32; AES-CBC whose first vector is the key's beginning.</remarks>
internal sealed class CallbackCrypto
{
    private const int Block = 32;
    private readonly string _token;
    private readonly string _owner;
    private readonly byte[] _key;

    /// <exception cref="ArgumentException">The key has not 43 characters of base64.</exception>
    public CallbackCrypto(string token, string aesKey, string owner)
    {
        // The last character may hold bits that say nothing; this reader ignores them.
        if (aesKey.Length != 43) throw new ArgumentException("An aes_key has 43 characters.", nameof(aesKey));
        (_token, _owner) = (token, owner);
        try
        {
            _key = Convert.FromBase64String(aesKey + "=");
        }
        catch (FormatException)
        {
            throw new ArgumentException("An aes_key is base64.", nameof(aesKey));
        }
    }

    public string Sign(string timestamp, string nonce, string encrypted)
    {
        string[] parts = [_token, timestamp, nonce, encrypted];
        Array.Sort(parts, StringComparer.Ordinal);
        return Convert.ToHexStringLower(SHA1.HashData(Encoding.UTF8.GetBytes(string.Concat(parts))));
    }

    public string Encrypt(string plain, ReadOnlySpan<byte> random)
    {
        var (text, owner) = (Encoding.UTF8.GetBytes(plain), Encoding.UTF8.GetBytes(_owner));
        var length = 20 + text.Length + owner.Length;
        var padding = Block - (length % Block);
        var bytes = new byte[length + padding];
        random[..16].CopyTo(bytes);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(16), text.Length);
        text.CopyTo(bytes, 20);
        owner.CopyTo(bytes, 20 + text.Length);
        bytes.AsSpan(length).Fill((byte)padding);
        using var aes = Cipher();
        return Convert.ToBase64String(aes.EncryptCbc(bytes, _key.AsSpan(0, 16), PaddingMode.None));
    }

    /// <returns><see langword="null"/> when it was not encrypted with this key for this owner.</returns>
    public string? Decrypt(string encrypted)
    {
        try
        {
            using var aes = Cipher();
            var bytes = aes.DecryptCbc(Convert.FromBase64String(encrypted), _key.AsSpan(0, 16), PaddingMode.None);
            if (bytes.Length < Block || bytes[^1] is < 1 or > Block) return null;
            var end = bytes.Length - bytes[^1];
            var length = BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(16));
            if (length < 0 || length > end - 20) return null;
            return Encoding.UTF8.GetString(bytes, 20 + length, end - 20 - length) == _owner ? Encoding.UTF8.GetString(bytes, 20, length) : null;
        }
        catch (Exception broken) when (broken is FormatException or CryptographicException)
        {
            return null;
        }
    }

    private Aes Cipher()
    {
        var aes = Aes.Create();
        aes.Key = _key;
        return aes;
    }
}
