using System.Buffers;
using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace Larkspur.Feishu.Events;

/// <summary>Opens <c>encrypt</c> bodies: base64(iv ‖ AES-256-CBC, PKCS#7), key = SHA-256 of the Encrypt Key.</summary>
internal sealed class EventCipher(string encryptKey)
{
    private const int Block = 16;

    private readonly byte[] _key = SHA256.HashData(Encoding.UTF8.GetBytes(encryptKey));

    // One for each thread that decrypts at the same time: making one and setting its key costs as much as decrypting an event.
    private readonly ConcurrentBag<Aes> _idle = [];

    /// <summary>Decrypts into <paramref name="buffer"/>.</summary>
    /// <returns>False for anything that is not ours: bad base64, a broken length, wrong padding. Throws nothing.</returns>
    public bool TryDecrypt(ReadOnlySpan<byte> base64, ref PooledBuffer buffer, out ReadOnlySpan<byte> plain)
    {
        plain = default;
        int most = Base64.GetMaxDecodedFromUtf8Length(base64.Length);
        Span<byte> space = buffer.Rent(most * 2);
        if (Base64.DecodeFromUtf8(base64, space[..most], out _, out int decoded) != OperationStatus.Done) return false;
        if (decoded < 2 * Block || decoded % Block != 0) return false;

        Span<byte> target = space.Slice(most, decoded - Block);
        if (!_idle.TryTake(out Aes? aes))
        {
            aes = Aes.Create();
            aes.SetKey(_key);
        }

        aes.DecryptCbc(space[Block..decoded], space[..Block], target, PaddingMode.None);
        _idle.Add(aes);

        // The padding is checked here and not by the provider, which answers a wrong one with a (slow) exception.
        int padding = target[^1];
        if (padding is 0 or > Block || target[^padding..].ContainsAnyExcept((byte)padding)) return false;
        plain = target[..^padding];
        return true;
    }
}

/// <summary>Bytes from the shared pool, wiped when they go back: they held decrypted content.</summary>
internal ref struct PooledBuffer
{
    private byte[]? _array;

    public Span<byte> Rent(int length)
    {
        Dispose();
        _array = ArrayPool<byte>.Shared.Rent(length);
        return _array;
    }

    public void Dispose()
    {
        if (_array is null) return;
        ArrayPool<byte>.Shared.Return(_array, clearArray: true);
        _array = null;
    }
}
