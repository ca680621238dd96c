using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Larkspur.Feishu.Events;

/// <summary>Makes requests as the platform makes them: for tests of whatever receives events.</summary>
public static class FeishuEventSigner
{
    /// <summary>The <c>X-Lark-Signature</c> of events and new callbacks: lower-case hex of SHA-256(timestamp + nonce + Encrypt Key + body).</summary>
    /// <param name="timestamp"><c>X-Lark-Request-Timestamp</c>, seconds.</param>
    /// <param name="nonce"><c>X-Lark-Request-Nonce</c>.</param>
    /// <param name="encryptKey">The app's Encrypt Key.</param>
    /// <param name="rawBody">The bytes as sent, that is: encrypted.</param>
    public static string Sign(string timestamp, string nonce, string encryptKey, ReadOnlySpan<byte> rawBody)
        => Sign(timestamp, nonce, HashAlgorithmName.SHA256, SHA256.HashSizeInBytes, encryptKey, rawBody);

    /// <summary>The <c>X-Lark-Signature</c> of the old card callback: lower-case hex of SHA-1(timestamp + nonce + Verification Token + body).</summary>
    public static string SignLegacyCard(string timestamp, string nonce, string verificationToken, ReadOnlySpan<byte> rawBody)
        => Sign(timestamp, nonce, HashAlgorithmName.SHA1, SHA1.HashSizeInBytes, verificationToken, rawBody);

    /// <summary>Encrypts an envelope into <c>{"encrypt":"…"}</c>.</summary>
    /// <param name="encryptKey">The app's Encrypt Key.</param>
    /// <param name="json">The plain envelope, UTF-8.</param>
    /// <param name="iv">16 bytes; empty: random ones.</param>
    public static byte[] Encrypt(string encryptKey, ReadOnlySpan<byte> json, ReadOnlySpan<byte> iv = default)
    {
        Span<byte> chosen = stackalloc byte[16];
        if (iv.IsEmpty) RandomNumberGenerator.Fill(chosen);
        else iv.CopyTo(chosen);

        using Aes aes = Aes.Create();
        aes.Key = SHA256.HashData(Encoding.UTF8.GetBytes(encryptKey));
        byte[] cipher = aes.EncryptCbc(json, chosen);
        return Encoding.ASCII.GetBytes($$"""{"encrypt":"{{Convert.ToBase64String([.. chosen, .. cipher])}}"}""");
    }

    /// <summary>Decrypts the value of <c>encrypt</c>.</summary>
    /// <exception cref="CryptographicException">It was not made with this key.</exception>
    public static byte[] Decrypt(string encryptKey, string base64)
    {
        ArgumentNullException.ThrowIfNull(base64);
        var buffer = default(PooledBuffer);
        try
        {
            return new EventCipher(encryptKey).TryDecrypt(Encoding.UTF8.GetBytes(base64), ref buffer, out ReadOnlySpan<byte> plain)
                ? plain.ToArray()
                : throw new CryptographicException("The text was not encrypted with this Encrypt Key, or it is damaged.");
        }
        finally
        {
            buffer.Dispose();
        }
    }

    /// <summary>A complete request: encrypted when the app has an Encrypt Key, and signed as the platform signs.</summary>
    /// <param name="options">The app that receives it.</param>
    /// <param name="json">The plain envelope.</param>
    /// <param name="clock">Source of the timestamp; null: the system's.</param>
    public static FeishuSignedRequest CreateRequest(FeishuOptions options, ReadOnlySpan<byte> json, TimeProvider? clock = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        string key = options.EncryptKey ?? "";
        byte[] body = key.Length == 0 ? json.ToArray() : Encrypt(key, json);
        string timestamp = (clock ?? TimeProvider.System).GetUtcNow().ToUnixTimeSeconds().ToString();
        string nonce = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(12));
        return new(new(timestamp, nonce, Sign(timestamp, nonce, key, body), "application/json; charset=utf-8"), body);
    }

    private static string Sign(string timestamp, string nonce, HashAlgorithmName algorithm, int size, string secret, ReadOnlySpan<byte> rawBody)
    {
        ArgumentNullException.ThrowIfNull(timestamp);
        ArgumentNullException.ThrowIfNull(nonce);
        ArgumentNullException.ThrowIfNull(secret);
        Span<byte> signature = stackalloc byte[size];
        DeliverySignature.Compute(timestamp, nonce, algorithm, Encoding.UTF8.GetBytes(secret), rawBody, signature);
        return Convert.ToHexStringLower(signature);
    }
}

/// <summary>Headers and body of a webhook request.</summary>
/// <param name="Headers">The signature headers and the content type.</param>
/// <param name="Body">The bytes to send.</param>
public sealed record FeishuSignedRequest(FeishuDeliveryHeaders Headers, byte[] Body);
