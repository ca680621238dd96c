using System.Buffers;
using System.Diagnostics.Metrics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Larkspur.Feishu.Events;

/// <summary>Turns raw webhook requests, and frames of long connections, into verified deliveries. Knows no web framework: give it the headers and the received bytes.</summary>
/// <remarks>
/// <para>Order: content type, size, signature over the raw bytes, freshness, decryption, strict parsing, Verification Token, app id; only then is
/// the body believed.</para>
/// <para>With an Encrypt Key, encryption and signature are mandatory. Two requests are different by the platform's own rules: the address check
/// (<c>url_verification</c>) may come unsigned and is then judged by decryption and token; the old card callback is never encrypted and is signed
/// with SHA-1 and the Verification Token.</para>
/// <para>Without an Encrypt Key the platform signs with an empty key, which proves nothing: the Verification Token decides.
/// With neither of them configured every request is refused.</para>
/// <para>It keeps no state: a replay inside the window is a duplicate event id, which the inbox knows.</para>
/// <para>Thread-safe. Counter <c>larkspur.feishu.deliveries</c> by <c>outcome</c>.</para>
/// </remarks>
public sealed class FeishuEventReceiver
{
    /// <summary>Largest body looked at: 1 MiB.</summary>
    public const int MaxBodyBytes = 1 << 20;

    /// <summary>An unsigned body larger than this is no address check: those have some 250 bytes.</summary>
    private const int MaxChallengeBytes = 8 << 10;

    /// <summary>Longest challenge answered; real ones have 36 characters or fewer.</summary>
    private const int MaxChallenge = 128;

    private static readonly SearchValues<char> ChallengeLetters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~+/=");

    private static readonly Counter<long> Deliveries =
        LarkspurTelemetry.Meter.CreateCounter<long>("larkspur.feishu.deliveries", description: "Webhook requests and pushes over long connections by outcome.");

    private static readonly string[] RefusalNames = Array.ConvertAll(Enum.GetNames<FeishuRefusal>(), JsonNamingPolicy.SnakeCaseLower.ConvertName);
    private static readonly ReadOnlyMemory<byte> EmptyObject = "{}"u8.ToArray();

    private readonly TimeProvider _clock;
    private readonly TimeSpan _window;
    private readonly byte[] _appId;
    private readonly byte[]? _encryptKey;
    private readonly byte[]? _verificationToken;
    private readonly EventCipher? _cipher;

    /// <summary>Makes a receiver for one app. The options are read once, here.</summary>
    public FeishuEventReceiver(FeishuOptions options, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(clock);
        ArgumentException.ThrowIfNullOrEmpty(options.AppId, $"{nameof(options)}.{nameof(options.AppId)}");
        _clock = clock;
        _window = options.EventWindow;
        _appId = Encoding.UTF8.GetBytes(options.AppId);
        _verificationToken = string.IsNullOrEmpty(options.VerificationToken) ? null : Encoding.UTF8.GetBytes(options.VerificationToken);
        if (string.IsNullOrEmpty(options.EncryptKey)) return;
        _encryptKey = Encoding.UTF8.GetBytes(options.EncryptKey);
        _cipher = new EventCipher(options.EncryptKey);
    }

    /// <summary>Verifies, decrypts and peeks one request. Never throws for what a sender can send.</summary>
    public FeishuReception Receive(in FeishuDeliveryHeaders headers, ReadOnlySpan<byte> rawBody)
    {
        FeishuReception reception;
        try
        {
            reception = Judge(headers, rawBody);
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair ("\ud800") in a deciding value: valid JSON that is no text.
            reception = Refuse(FeishuRefusal.Malformed);
        }

        Deliveries.Add(1, new KeyValuePair<string, object?>("outcome", Outcome(reception)));
        return reception;
    }

    /// <summary>Checks and peeks what came over a long connection: the same envelopes, never encrypted, signed or an address check. The connection itself is the proof.</summary>
    /// <remarks>The Verification Token is not asked for: an app that uses long connections need not have one here. Never throws for what a sender can send.</remarks>
    public FeishuReception ReceiveFrame(ReadOnlySpan<byte> payload)
    {
        FeishuReception reception;
        try
        {
            reception = JudgeFrame(payload);
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair, as above.
            reception = Refuse(FeishuRefusal.Malformed);
        }

        Deliveries.Add(1, new KeyValuePair<string, object?>("outcome", Outcome(reception)));
        return reception;
    }

    private FeishuReception JudgeFrame(ReadOnlySpan<byte> payload)
    {
        if (payload.Length > MaxBodyBytes) return Refuse(FeishuRefusal.TooLarge);
        if (!EnvelopePeek.TryRead(payload, out EnvelopePeek envelope) || envelope.Type.Is(payload, "url_verification"u8)) return Refuse(FeishuRefusal.Malformed);
        if (envelope.Encrypt.Present) return Refuse(FeishuRefusal.Undecryptable);
        bool second = envelope.Schema.Present;
        if (IsOfAnotherApp(second ? envelope.HeaderAppId : envelope.EventAppId, payload)) return Refuse(FeishuRefusal.WrongApp);
        return second ? DeliverSecond(payload, envelope) : DeliverFirst(payload, envelope);
    }

    private bool IsOfAnotherApp(JsonText appId, ReadOnlySpan<byte> json) => !appId.IsEmpty && !appId.Is(json, _appId);

    private FeishuReception Judge(in FeishuDeliveryHeaders headers, ReadOnlySpan<byte> rawBody)
    {
        if (!JsonContentType.Accepts(headers.ContentType)) return Refuse(FeishuRefusal.UnsupportedContentType);
        if (rawBody.Length > MaxBodyBytes) return Refuse(FeishuRefusal.TooLarge);
        return _encryptKey is null ? JudgeByToken(headers, rawBody) : JudgeBySignature(headers, rawBody);
    }

    private FeishuReception JudgeBySignature(in FeishuDeliveryHeaders headers, ReadOnlySpan<byte> rawBody)
    {
        if (string.IsNullOrEmpty(headers.Signature)) return JudgeUnsigned(rawBody);
        if (string.IsNullOrEmpty(headers.Timestamp) || string.IsNullOrEmpty(headers.Nonce)) return Refuse(FeishuRefusal.MissingSignature);
        if (headers.Signature.Length == 2 * SHA1.HashSizeInBytes)
        {
            FeishuRefusal refusal = CheckLegacySignature(headers, rawBody);
            if (refusal != FeishuRefusal.None) return Refuse(refusal);
            if (!EnvelopePeek.TryRead(rawBody, out EnvelopePeek card)) return Refuse(FeishuRefusal.Malformed);
            // The SHA-1 rule is for the old card callback alone: it must not open a plain-text door for events.
            return card.IsLegacyCard ? DeliverLegacyCard(rawBody, card) : Refuse(FeishuRefusal.NotEncrypted);
        }

        if (!DeliverySignature.Matches(headers, HashAlgorithmName.SHA256, _encryptKey, rawBody)) return Refuse(FeishuRefusal.WrongSignature);
        if (!IsFresh(headers)) return Refuse(FeishuRefusal.OutsideWindow);

        var buffer = default(PooledBuffer);
        try
        {
            FeishuRefusal refusal = Decrypt(rawBody, ref buffer, out ReadOnlySpan<byte> json, out EnvelopePeek envelope);
            return refusal == FeishuRefusal.None ? Deliver(json, envelope) : Refuse(refusal);
        }
        finally
        {
            buffer.Dispose();
        }
    }

    /// <summary>
    /// With an Encrypt Key, unsigned: only an address check passes. Everything that does not decrypt into one gets the same answer,
    /// so that unsigned requests cannot be used to learn about the padding.
    /// </summary>
    private FeishuReception JudgeUnsigned(ReadOnlySpan<byte> rawBody)
    {
        if (rawBody.Length > MaxChallengeBytes) return Refuse(FeishuRefusal.MissingSignature);
        var buffer = default(PooledBuffer);
        try
        {
            if (Decrypt(rawBody, ref buffer, out ReadOnlySpan<byte> json, out EnvelopePeek envelope) != FeishuRefusal.None
                || !envelope.Type.Is(json, "url_verification"u8))
            {
                return Refuse(FeishuRefusal.MissingSignature);
            }

            FeishuReception check = Deliver(json, envelope);
            return check.Refusal == FeishuRefusal.Malformed ? Refuse(FeishuRefusal.MissingSignature) : check;
        }
        finally
        {
            buffer.Dispose();
        }
    }

    private FeishuReception JudgeByToken(in FeishuDeliveryHeaders headers, ReadOnlySpan<byte> rawBody)
    {
        if (_verificationToken is null) return Refuse(FeishuRefusal.WrongToken);
        if (!EnvelopePeek.TryRead(rawBody, out EnvelopePeek envelope)) return Refuse(FeishuRefusal.Malformed);
        if (envelope.Encrypt.Present) return Refuse(FeishuRefusal.Undecryptable);
        if (envelope.IsLegacyCard)
        {
            FeishuRefusal refusal = CheckLegacySignature(headers, rawBody);
            return refusal == FeishuRefusal.None ? DeliverLegacyCard(rawBody, envelope) : Refuse(refusal);
        }

        // The timestamp is as unproven as the signature here; a stale one is still no request of the platform's.
        if (!string.IsNullOrEmpty(headers.Timestamp) && !IsFresh(headers)) return Refuse(FeishuRefusal.OutsideWindow);
        return Deliver(rawBody, envelope);
    }

    private FeishuRefusal CheckLegacySignature(in FeishuDeliveryHeaders headers, ReadOnlySpan<byte> rawBody)
    {
        if (string.IsNullOrEmpty(headers.Signature) || string.IsNullOrEmpty(headers.Timestamp) || string.IsNullOrEmpty(headers.Nonce))
        {
            return FeishuRefusal.MissingSignature;
        }

        if (_verificationToken is null || !DeliverySignature.Matches(headers, HashAlgorithmName.SHA1, _verificationToken, rawBody))
        {
            return FeishuRefusal.WrongSignature;
        }

        return IsFresh(headers) ? FeishuRefusal.None : FeishuRefusal.OutsideWindow;
    }

    private FeishuRefusal Decrypt(ReadOnlySpan<byte> rawBody, ref PooledBuffer buffer, out ReadOnlySpan<byte> json, out EnvelopePeek envelope)
    {
        json = default;
        if (!EnvelopePeek.TryRead(rawBody, out envelope)) return FeishuRefusal.Malformed;
        if (!envelope.Encrypt.Present) return FeishuRefusal.NotEncrypted;
        if (!TryGetBase64(rawBody, envelope.Encrypt, out ReadOnlySpan<byte> base64)
            || !_cipher!.TryDecrypt(base64, ref buffer, out json))
        {
            return FeishuRefusal.Undecryptable;
        }

        return EnvelopePeek.TryRead(json, out envelope) ? FeishuRefusal.None : FeishuRefusal.Malformed;
    }

    private static bool TryGetBase64(ReadOnlySpan<byte> json, JsonText encrypt, out ReadOnlySpan<byte> base64)
    {
        base64 = default;
        if (encrypt.IsEmpty) return false;
        ReadOnlySpan<byte> token = encrypt.Raw(json);
        if (token[0] != '"') return false;
        base64 = token[1..^1];
        // Some JSON writers escape '/' or '+'. The platform's does not, so this path may allocate.
        if (base64.Contains((byte)'\\')) base64 = Encoding.UTF8.GetBytes(encrypt.Read(json));
        return true;
    }

    private FeishuReception Deliver(ReadOnlySpan<byte> json, in EnvelopePeek envelope)
    {
        bool challenge = envelope.Type.Is(json, "url_verification"u8);
        bool second = envelope.Schema.Present && !challenge;
        if (_verificationToken is not null && !(second ? envelope.HeaderToken : envelope.Token).IsSecret(json, _verificationToken))
        {
            return Refuse(FeishuRefusal.WrongToken);
        }

        if (IsOfAnotherApp(second ? envelope.HeaderAppId : envelope.EventAppId, json)) return Refuse(FeishuRefusal.WrongApp);
        if (challenge) return Challenged(envelope.Challenge.Read(json));
        return second ? DeliverSecond(json, envelope) : DeliverFirst(json, envelope);
    }

    /// <summary>
    /// The answer repeats what was decrypted, perhaps for somebody who never signed anything: so nothing is repeated but the one short word that
    /// real challenges are. Joined pieces of recorded ciphertexts, or markup, are none.
    /// </summary>
    private static FeishuReception Challenged(string challenge)
        => challenge.Length is > 0 and <= MaxChallenge && !challenge.AsSpan().ContainsAnyExcept(ChallengeLetters)
            ? FeishuReception.Challenged(challenge)
            : Refuse(FeishuRefusal.Malformed);

    private static FeishuReception DeliverSecond(ReadOnlySpan<byte> json, in EnvelopePeek envelope)
    {
        if (!envelope.Schema.Is(json, "2.0"u8) || envelope.HeaderEventId.IsEmpty || envelope.HeaderEventType.IsEmpty)
        {
            return Refuse(FeishuRefusal.Malformed);
        }

        string type = envelope.HeaderEventType.Read(json);
        byte[] copy = json.ToArray();
        return FeishuReception.Delivered(new FeishuDelivery
        {
            Kind = type is "card.action.trigger" or "url.preview.get" ? FeishuDeliveryKind.Callback : FeishuDeliveryKind.Event,
            EventType = type,
            EventId = envelope.HeaderEventId.Read(json),
            Schema = "2.0",
            AppId = envelope.HeaderAppId.Read(json),
            TenantKey = envelope.HeaderTenantKey.Read(json),
            CreatedAt = EventTime.Parse(envelope.HeaderTime.Read(json)),
            Json = copy,
            EventJson = EventBody(copy, envelope),
        });
    }

    private static FeishuReception DeliverFirst(ReadOnlySpan<byte> json, in EnvelopePeek envelope)
    {
        if (!envelope.Type.Is(json, "event_callback"u8) || envelope.Uuid.IsEmpty || envelope.EventType.IsEmpty)
        {
            return Refuse(FeishuRefusal.Malformed);
        }

        byte[] copy = json.ToArray();
        return FeishuReception.Delivered(new FeishuDelivery
        {
            Kind = FeishuDeliveryKind.Event,
            EventType = envelope.EventType.Read(json),
            EventId = envelope.Uuid.Read(json),
            Schema = "1.0",
            AppId = envelope.EventAppId.Read(json),
            TenantKey = envelope.EventTenantKey.Read(json),
            CreatedAt = EventTime.Parse(envelope.Time.Read(json)),
            Json = copy,
            EventJson = EventBody(copy, envelope),
        });
    }

    private static FeishuReception DeliverLegacyCard(ReadOnlySpan<byte> json, in EnvelopePeek envelope)
    {
        byte[] copy = json.ToArray();
        return FeishuReception.Delivered(new FeishuDelivery
        {
            Kind = FeishuDeliveryKind.LegacyCardCallback,
            EventType = "card.action.trigger_v1",
            EventId = LegacyCardId(envelope.Token.Read(json)),
            Schema = "1.0",
            TenantKey = envelope.RootTenantKey.Read(json),
            Json = copy,
            EventJson = copy,
        });
    }

    /// <summary>Ids are logged and stored; the card token changes a card for as long as it lives. So the id is made from it and does not show it.</summary>
    private static string LegacyCardId(string cardToken)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(cardToken), hash);
        return $"card-{Convert.ToHexStringLower(hash[..16])}";
    }

    /// <summary>An event may come without a body; its readers still get an object.</summary>
    private static ReadOnlyMemory<byte> EventBody(byte[] json, in EnvelopePeek envelope)
        => envelope.HasEvent ? json.AsMemory(envelope.EventStart, envelope.EventLength) : EmptyObject;

    private bool IsFresh(in FeishuDeliveryHeaders headers) => DeliverySignature.IsFresh(headers.Timestamp, _clock.GetUtcNow(), _window);

    private static FeishuReception Refuse(FeishuRefusal refusal) => FeishuReception.Refused(refusal);

    private static string Outcome(in FeishuReception reception)
        => reception.Challenge is not null ? "challenge" : reception.Delivery is not null ? "delivered" : RefusalNames[(int)reception.Refusal];
}
