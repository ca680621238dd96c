using System.Security.Cryptography;
using System.Text;
using Larkspur.Gateway.Common.Secrets;

namespace Larkspur.Gateway.Storage.DataProtection;

/// <summary>The keys that seal the key ring in the database: <c>LARKSPUR_MASTER_KEY</c> or the key file, and while it is being replaced <c>LARKSPUR_MASTER_KEY_PREVIOUS</c>.</summary>
internal sealed class MasterKeys
{
    public const string Setting = SecretNames.MasterKey;
    public const string PreviousSetting = "LARKSPUR_MASTER_KEY_PREVIOUS";

    /// <summary>Bytes of a key.</summary>
    public const int KeySize = 32;

    private static readonly int NonceSize = AesGcm.NonceByteSizes.MaxSize;
    private static readonly int TagSize = AesGcm.TagByteSizes.MaxSize;

    private readonly Dictionary<string, byte[]> _keys = [];

    public MasterKeys(byte[]? current, byte[]? previous)
    {
        if (previous is not null) _keys[Fingerprint(previous)] = previous;
        if (current is null) return;
        Current = Fingerprint(current);
        _keys[Current] = current;
    }

    /// <summary>What new elements are sealed with; null: there is none, and none are stored.</summary>
    public string? Current { get; private set; }

    /// <summary>Why there is none.</summary>
    public string? WhyNone { get; set; }

    /// <summary>As they stand in settings and files, so that no log shows one.</summary>
    public IEnumerable<string> Texts => _keys.Values.Select(Convert.ToBase64String);

    /// <summary>Reads and judges the settings.</summary>
    /// <param name="configuration">The settings.</param>
    /// <param name="file">Where the key is when no setting says it.</param>
    /// <param name="problems">What is wrong is added.</param>
    public static MasterKeys Read(IConfiguration configuration, MasterKeyFile file, List<string> problems)
    {
        var current = Key(Setting, configuration[Setting]);
        if (current is null && configuration[Setting] is not { Length: > 0 } && file.Read(problems) is { } text) current = Key(file.Path!, text);
        var keys = new MasterKeys(current, Key(PreviousSetting, configuration[PreviousSetting]));
        if (keys.Current is null && keys._keys.Count > 0) problems.Add($"{PreviousSetting}: is set without {Setting}. It only helps to replace that one");
        return keys;

        byte[]? Key(string name, string? text)
        {
            if (string.IsNullOrEmpty(text)) return null;
            var bytes = new byte[KeySize + 1];
            if (Convert.TryFromBase64String(text, bytes, out var length) && length == KeySize) return bytes[..KeySize];
            problems.Add($"{name}: must be {KeySize} random bytes in base64. Try: openssl rand -base64 {KeySize}");
            return null;
        }
    }

    /// <summary>Seals with a key from now on. Before anything is sealed or opened.</summary>
    public void Adopt(byte[] key)
    {
        var fingerprint = Fingerprint(key);
        _keys[fingerprint] = key;
        Current = fingerprint;
    }

    /// <summary>Takes back <see cref="Adopt"/>.</summary>
    public void Drop(string why) => (Current, WhyNone) = (null, why);

    /// <summary>There is no key to seal with.</summary>
    public MasterKeyException None() => new($"{Setting}: {WhyNone ?? "there is no master key, and nothing is stored without one"}");

    /// <summary>Encrypts with the current key.</summary>
    public string Seal(string name, string text)
    {
        var plain = Encoding.UTF8.GetBytes(text);
        var box = new byte[NonceSize + TagSize + plain.Length];
        RandomNumberGenerator.Fill(box.AsSpan(0, NonceSize));
        using var aes = new AesGcm(_keys[Current!], TagSize);
        aes.Encrypt(box.AsSpan(0, NonceSize), plain, box.AsSpan(NonceSize + TagSize), box.AsSpan(NonceSize, TagSize), Bound(name));
        CryptographicOperations.ZeroMemory(plain);
        return Convert.ToBase64String(box);
    }

    /// <summary>Decrypts what <see cref="Seal"/> made.</summary>
    /// <exception cref="MasterKeyException">No key that is set made it, or it was changed since.</exception>
    public string Open(string name, string sealedText, string fingerprint)
    {
        if (!_keys.TryGetValue(fingerprint, out var key)) throw Missing(fingerprint);
        try
        {
            var box = Convert.FromBase64String(sealedText).AsSpan();
            var plain = new byte[box.Length - NonceSize - TagSize];
            using var aes = new AesGcm(key, TagSize);
            aes.Decrypt(box[..NonceSize], box[(NonceSize + TagSize)..], box[NonceSize..(NonceSize + TagSize)], plain, Bound(name));
            return Encoding.UTF8.GetString(plain);
        }
        catch (Exception e) when (e is CryptographicException or FormatException or OverflowException or ArgumentException)
        {
            throw new MasterKeyException($"The key ring's element {name} in the database was changed or damaged: it does not open with the {Setting} that sealed it. Restore table data_protection_key from a backup.", e);
        }
    }

    private MasterKeyException Missing(string fingerprint) => new(Current is null
        ? $"{Setting} is not set, and the key ring in the database is sealed with one (fingerprint {fingerprint}). {WhyNone ?? "Set it as before; without it, what is encrypted stays unreadable."}"
        : $"{Setting} is not the one that sealed the key ring in the database (fingerprint there {fingerprint}, here {Current}). Set the old one, or while replacing it, the old one as {PreviousSetting}.");

    /// <summary>An element opens only under the name that it was sealed under.</summary>
    private static byte[] Bound(string name) => Encoding.UTF8.GetBytes("larkspur data protection key 1\n" + name);

    /// <summary>Names a key without telling it: the key is random, so that its hash leads nowhere.</summary>
    public static string Fingerprint(byte[] key) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(key, "larkspur master key fingerprint"u8).AsSpan(0, 8));
}

/// <summary>The stored key ring cannot be opened with the master key that is set. The message names the setting and tells no secret.</summary>
/// <remarks>A <see cref="CryptographicException"/>, because Data Protection passes only those on to its callers as they are.</remarks>
public sealed class MasterKeyException(string message, Exception? inner = null) : CryptographicException(message, inner);
