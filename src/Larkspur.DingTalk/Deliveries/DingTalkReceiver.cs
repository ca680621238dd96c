using System.Diagnostics.Metrics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;

namespace Larkspur.DingTalk;

/// <summary>Turns raw HTTP requests into verified deliveries: robot messages, card callbacks and encrypted events. Knows no web framework: give it the head and the received bytes.</summary>
/// <remarks>
/// <para>Order: content type, size, signature, freshness, decryption, strict parsing; only then is the body believed. The signatures of robot messages and card callbacks cover a timestamp and no body:
/// whoever saw one can put any body under it for an hour. Receive them over TLS alone, or better over the stream, which needs none of this.</para>
/// <para>It keeps no state: a replay inside the window is a repeated <see cref="DingTalkDelivery.Id"/>, which the inbox knows.</para>
/// <para>Thread-safe. Counter <c>larkspur.dingtalk.deliveries</c> by <c>outcome</c>.</para>
/// </remarks>
public sealed class DingTalkReceiver
{
    /// <summary>Largest body looked at: 1 MiB.</summary>
    public const int MaxBodyBytes = 1 << 20;

    private const int MaxHead = 256;

    private static readonly Counter<long> Deliveries =
        LarkspurTelemetry.Meter.CreateCounter<long>("larkspur.dingtalk.deliveries", description: "Requests and frames by outcome.");

    private static readonly string[] RefusalNames = Array.ConvertAll(Enum.GetNames<DingTalkRefusal>(), JsonNamingPolicy.SnakeCaseLower.ConvertName);
    private static readonly byte[] NoReply = """{"msgtype":"empty"}"""u8.ToArray();
    private static readonly byte[] NoAnswer = "{}"u8.ToArray();

    private readonly DingTalkOptions _options;
    private readonly TimeProvider _clock;
    private readonly DingTalkUsage? _usage;
    private readonly CallbackCipher? _cipher;

    /// <summary>A receiver for a client's app; what it takes counts against the client's month.</summary>
    public DingTalkReceiver(DingTalkClient client) : this((client ?? throw new ArgumentNullException(nameof(client))).Options, client.Clock) => _usage = client.Usage;

    /// <summary>A receiver for one app. The options are read once, here.</summary>
    /// <exception cref="ArgumentException">The options are not usable.</exception>
    public DingTalkReceiver(DingTalkOptions options, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(clock);
        IReadOnlyList<string> problems = DingTalkOptionsValidation.Problems(options, nameof(DingTalkOptions));
        if (problems.Count > 0) throw new ArgumentException(string.Join(" ", problems), nameof(options));
        (_options, _clock) = (options, clock);
        if (!string.IsNullOrEmpty(options.Token)) _cipher = new CallbackCipher(options.Token, options.AesKey!, options.EventOwnerKey ?? options.ClientId);
    }

    /// <summary>Verifies, decrypts and peeks one request. Never throws for what a sender can send.</summary>
    public DingTalkReception Receive(in DingTalkRequestHead head, ReadOnlyMemory<byte> rawBody)
    {
        DingTalkReception reception;
        try
        {
            reception = Judge(head, rawBody);
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair ("\ud800") in a deciding value: valid JSON that is no text.
            reception = DingTalkReception.Refused(DingTalkRefusal.Malformed);
        }

        Count(reception.Delivery is not null ? "delivered" : reception.Refusal == DingTalkRefusal.None ? "check" : RefusalNames[(int)reception.Refusal]);
        if (reception.Delivery is { } delivery && !(delivery.Kind == DingTalkDeliveryKind.Event && DingTalkUsage.IsFreeEvent(delivery.Type)))
            _usage?.Count(DingTalkUseKind.Delivery, delivery.Type);
        return reception;
    }

    internal static void Count(string outcome) => Deliveries.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    private DingTalkReception Judge(in DingTalkRequestHead head, ReadOnlyMemory<byte> rawBody)
    {
        if (!MediaTypeHeaderValue.TryParse(head.ContentType, out MediaTypeHeaderValue? type)
            || !string.Equals(type.MediaType, "application/json", StringComparison.OrdinalIgnoreCase)
            || type.CharSet is { } charset && !charset.Trim('"').Equals("utf-8", StringComparison.OrdinalIgnoreCase))
            return DingTalkReception.Refused(DingTalkRefusal.UnsupportedContentType);
        if (rawBody.Length > MaxBodyBytes) return DingTalkReception.Refused(DingTalkRefusal.TooLarge);
        if (!string.IsNullOrEmpty(head.EventSignature)) return JudgeEvent(head, rawBody);
        if (!string.IsNullOrEmpty(head.CardSignature)) return JudgeCard(head, rawBody);
        return string.IsNullOrEmpty(head.Sign) ? DingTalkReception.Refused(DingTalkRefusal.MissingSignature) : JudgeRobot(head, rawBody);
    }

    private DingTalkReception JudgeRobot(in DingTalkRequestHead head, ReadOnlyMemory<byte> rawBody)
    {
        if (CheckHmac(head.Timestamp, head.Sign!, DingTalkSignatures.Window, t => DingTalkSignatures.Robot(t, _options.ClientSecret)) is var refusal and not DingTalkRefusal.None)
            return DingTalkReception.Refused(refusal);
        return Deliver(rawBody, NoReply, static (json, root) => DeliveryPeek.RobotMessage(json, root, ""));
    }

    private DingTalkReception JudgeCard(in DingTalkRequestHead head, ReadOnlyMemory<byte> rawBody)
    {
        if (_options.CardCallbackSecret is not { Length: > 0 } secret) return DingTalkReception.Refused(DingTalkRefusal.NotConfigured);
        if (CheckHmac(head.CardTimestamp, head.CardSignature!, _options.EventWindow, t => DingTalkSignatures.Card(t, secret)) is var refusal and not DingTalkRefusal.None)
            return DingTalkReception.Refused(refusal);
        string time = head.CardTimestamp!;
        return Deliver(rawBody, NoAnswer, (json, root) => DeliveryPeek.CardCallback(json, root, "", $"card-{DeliveryPeek.Hash(json.Span, time)}"));
    }

    private DingTalkRefusal CheckHmac(string? timestamp, string claimed, TimeSpan window, Func<string, string> sign)
    {
        if (string.IsNullOrEmpty(timestamp)) return DingTalkRefusal.MissingSignature;
        if (timestamp.Length > MaxHead || claimed.Length > MaxHead || !DingTalkSignatures.Same(sign(timestamp), claimed)) return DingTalkRefusal.WrongSignature;
        return DingTalkSignatures.IsFresh(timestamp, _clock.GetUtcNow(), window) ? DingTalkRefusal.None : DingTalkRefusal.OutsideWindow;
    }

    private DingTalkReception JudgeEvent(in DingTalkRequestHead head, ReadOnlyMemory<byte> rawBody)
    {
        if (_cipher is null) return DingTalkReception.Refused(DingTalkRefusal.NotConfigured);
        if (string.IsNullOrEmpty(head.EventTimestamp) || string.IsNullOrEmpty(head.EventNonce)) return DingTalkReception.Refused(DingTalkRefusal.MissingSignature);
        if (head.EventTimestamp.Length > MaxHead || head.EventNonce.Length > MaxHead || head.EventSignature!.Length > MaxHead) return DingTalkReception.Refused(DingTalkRefusal.WrongSignature);
        if (!DeliveryPeek.TryParse(rawBody, out JsonDocument envelope)) return DingTalkReception.Refused(DingTalkRefusal.Malformed);
        byte[] json;
        using (envelope)
        {
            if (!envelope.RootElement.TryGetProperty("encrypt", out JsonElement encrypt) || encrypt.ValueKind != JsonValueKind.String) return DingTalkReception.Refused(DingTalkRefusal.Malformed);
            string text = encrypt.GetString()!;
            if (!_cipher.Verify(head.EventSignature, head.EventTimestamp, head.EventNonce, text)) return DingTalkReception.Refused(DingTalkRefusal.WrongSignature);
            if (!DingTalkSignatures.IsFresh(head.EventTimestamp, _clock.GetUtcNow(), _options.EventWindow)) return DingTalkReception.Refused(DingTalkRefusal.OutsideWindow);
            try
            {
                json = _cipher.Decrypt(text);
            }
            catch (CallbackCipherException problem)
            {
                return DingTalkReception.Refused(problem.Problem == CallbackCipherProblem.ForSomebodyElse ? DingTalkRefusal.WrongReceiver : DingTalkRefusal.Undecryptable);
            }
        }

        DingTalkReception reception = Deliver(json, [], static (body, root) => DeliveryPeek.Event(body, root));
        if (reception.Delivery is not { } delivery) return reception;
        byte[] success = Success();
        bool check = delivery.Type is DingTalkEventTypes.CheckUrl or "check_create_suite_url" or "check_update_suite_url";
        return check ? DingTalkReception.Checked(success) : DingTalkReception.Delivered(delivery, success);
    }

    /// <summary>Every answer is the word <c>success</c>, encrypted and signed like an event. Note the capital S of <c>timeStamp</c>.</summary>
    private byte[] Success()
    {
        string encrypt = _cipher!.Encrypt("success"u8);
        string timeStamp = _clock.GetUtcNow().ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
        string nonce = RandomNumberGenerator.GetHexString(16, lowercase: true);
        var answer = new Dictionary<string, string>
        {
            ["msg_signature"] = _cipher.Sign(timeStamp, nonce, encrypt), ["timeStamp"] = timeStamp, ["nonce"] = nonce, ["encrypt"] = encrypt,
        };
        return JsonSerializer.SerializeToUtf8Bytes(answer, DingTalkJson.New);
    }

    private static DingTalkReception Deliver(ReadOnlyMemory<byte> body, byte[] answer, Func<ReadOnlyMemory<byte>, JsonElement, DingTalkDelivery?> make)
    {
        // A copy of its own: the caller's buffer may be a rented one.
        ReadOnlyMemory<byte> json = body.ToArray();
        if (!DeliveryPeek.TryParse(json, out JsonDocument document)) return DingTalkReception.Refused(DingTalkRefusal.Malformed);
        using (document)
        {
            return make(json, document.RootElement) is { } delivery ? DingTalkReception.Delivered(delivery, answer) : DingTalkReception.Refused(DingTalkRefusal.Malformed);
        }
    }
}
