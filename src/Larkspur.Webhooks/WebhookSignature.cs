using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Larkspur.Webhooks;

/// <summary>The symmetric signature of Standard Webhooks: HMAC-SHA256 over <c>id.timestamp.body</c>, in base64, marked <c>v1</c>.</summary>
public static class WebhookSignature
{
    internal const string Version = "v1,";
    internal const int Base64Length = 44;

    /// <summary>The value of the signature header: one signature per secret, so that a receiver may still hold the previous one.</summary>
    /// <param name="id">Id of the webhook; has no full stop, else two contents could have one signature.</param>
    /// <param name="timestamp">Time of the attempt; whole seconds count.</param>
    /// <param name="body">The bytes that are sent.</param>
    /// <param name="secrets">The current secret first. At least one.</param>
    /// <exception cref="ArgumentException">The id is empty or has a full stop, or there is no secret.</exception>
    public static string Sign(string id, DateTimeOffset timestamp, ReadOnlySpan<byte> body, params ReadOnlySpan<WebhookSecret> secrets)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        if (id.Contains('.', StringComparison.Ordinal)) throw new ArgumentException("The id of a webhook has no full stop.", nameof(id));
        if (secrets.IsEmpty) throw new ArgumentException("A secret is needed.", nameof(secrets));
        var seconds = timestamp.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var header = new StringBuilder();
        Span<byte> signature = stackalloc byte[Base64Length];
        foreach (var secret in secrets)
        {
            Compute(id, seconds, body, secret, signature);
            if (header.Length > 0) header.Append(' ');
            header.Append(Version).Append(Encoding.ASCII.GetString(signature));
        }

        return header.ToString();
    }

    /// <summary>Writes the base64 of one signature.</summary>
    internal static void Compute(string id, string timestamp, ReadOnlySpan<byte> body, WebhookSecret secret, Span<byte> base64)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, secret.Key);
        hmac.AppendData(Encoding.UTF8.GetBytes($"{id}.{timestamp}."));
        hmac.AppendData(body);
        Span<byte> hash = stackalloc byte[32];
        hmac.GetHashAndReset(hash);
        Base64.EncodeToUtf8(hash, base64, out _, out _);
    }
}
