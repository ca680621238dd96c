using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Larkspur.Webhooks;

/// <summary>Tells whether a received webhook is the sender's and fresh. Safe to use from many threads.</summary>
/// <remarks>
/// Give it the bytes as they arrived: a body that was parsed and written again has another signature. A valid webhook may come more than once
/// (an answer can get lost): remember its id together with what it caused.
/// </remarks>
public sealed class WebhookVerifier
{
    /// <summary>Five minutes in both directions, as the specification's own libraries have it.</summary>
    public static readonly TimeSpan DefaultTolerance = TimeSpan.FromMinutes(5);

    private const int LongestId = 256;

    /// <summary>A sender has one or two secrets; a header with hundreds of signatures is there to cost time.</summary>
    private const int MostSignatures = 16;

    private readonly WebhookSecret[] _secrets;
    private readonly TimeSpan _tolerance;
    private readonly TimeProvider _clock;

    /// <param name="secrets">Secrets that count: one, or two while a secret is changed.</param>
    /// <param name="tolerance">How far the timestamp may be from now, before or after; null: <see cref="DefaultTolerance"/>.</param>
    /// <param name="clock">Tells now; null: the system's.</param>
    /// <exception cref="ArgumentException">No secret.</exception>
    public WebhookVerifier(IEnumerable<WebhookSecret> secrets, TimeSpan? tolerance = null, TimeProvider? clock = null)
    {
        _secrets = [.. secrets];
        if (_secrets.Length == 0) throw new ArgumentException("A secret is needed.", nameof(secrets));
        _tolerance = tolerance ?? DefaultTolerance;
        _clock = clock ?? TimeProvider.System;
    }

    /// <param name="secret">The secret as text, <c>whsec_…</c>.</param>
    /// <exception cref="FormatException">It is no secret.</exception>
    public WebhookVerifier(string secret) : this([WebhookSecret.Parse(secret)])
    {
    }

    /// <summary>Judges a request.</summary>
    /// <param name="id">Header <see cref="WebhookHeaders.Id"/>.</param>
    /// <param name="timestamp">Header <see cref="WebhookHeaders.Timestamp"/>.</param>
    /// <param name="signature">Header <see cref="WebhookHeaders.Signature"/>.</param>
    /// <param name="body">The bytes of the body as they arrived.</param>
    public WebhookVerdict Verify(string? id, string? timestamp, string? signature, ReadOnlySpan<byte> body)
    {
        if (string.IsNullOrEmpty(id) || string.IsNullOrEmpty(timestamp) || string.IsNullOrEmpty(signature)) return WebhookVerdict.HeaderMissing;
        if (id.Length > LongestId || id.Contains('.', StringComparison.Ordinal)) return WebhookVerdict.HeaderMalformed;
        if (!long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) || seconds > DateTimeOffset.MaxValue.ToUnixTimeSeconds())
            return WebhookVerdict.HeaderMalformed;
        var age = _clock.GetUtcNow() - DateTimeOffset.FromUnixTimeSeconds(seconds);
        if (age > _tolerance) return WebhookVerdict.TooOld;
        if (age < -_tolerance) return WebhookVerdict.TooNew;
        return Matches(id, timestamp, signature, body) ? WebhookVerdict.Valid : WebhookVerdict.SignatureWrong;
    }

    private bool Matches(string id, string timestamp, string header, ReadOnlySpan<byte> body)
    {
        Span<byte> given = stackalloc byte[WebhookSignature.Base64Length];
        Span<byte> expected = stackalloc byte[WebhookSignature.Base64Length * _secrets.Length];
        for (var i = 0; i < _secrets.Length; i++)
            WebhookSignature.Compute(id, timestamp, body, _secrets[i], expected.Slice(i * WebhookSignature.Base64Length, WebhookSignature.Base64Length));

        var matches = false;
        var left = MostSignatures;
        foreach (var range in header.AsSpan().Split(' '))
        {
            if (left-- == 0) break;
            var part = header.AsSpan(range);
            // Other versions (v1a: ed25519) stand beside this one and are not for us.
            if (!part.StartsWith(WebhookSignature.Version, StringComparison.Ordinal)) continue;
            part = part[WebhookSignature.Version.Length..];
            if (part.Length != given.Length || !Ascii.IsValid(part)) continue;
            Encoding.ASCII.GetBytes(part, given);
            for (var i = 0; i < _secrets.Length; i++)
                matches |= CryptographicOperations.FixedTimeEquals(given, expected.Slice(i * given.Length, given.Length));
        }

        return matches;
    }
}

/// <summary>What a <see cref="WebhookVerifier"/> found. Only <see cref="Valid"/> may be acted upon; answer the rest with 401 or 400.</summary>
public enum WebhookVerdict
{
    /// <summary>The sender's own, and fresh.</summary>
    Valid = 0,

    /// <summary>One of the three headers is missing.</summary>
    HeaderMissing,

    /// <summary>The id or the timestamp cannot be read.</summary>
    HeaderMalformed,

    /// <summary>The timestamp lies too far back: perhaps a recorded request, sent again.</summary>
    TooOld,

    /// <summary>The timestamp lies too far ahead: one of the two clocks is wrong.</summary>
    TooNew,

    /// <summary>No signature fits: another secret, or another body.</summary>
    SignatureWrong,
}
