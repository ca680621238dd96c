namespace Larkspur.DingTalk;

/// <summary>What a request carries of proof, as received. Which of the three signatures is there says what kind of request it is.</summary>
public readonly record struct DingTalkRequestHead
{
    /// <summary><c>Content-Type</c>.</summary>
    public string? ContentType { get; init; }

    /// <summary>Header <c>timestamp</c> of a robot message: milliseconds.</summary>
    public string? Timestamp { get; init; }

    /// <summary>Header <c>sign</c> of a robot message: base64.</summary>
    public string? Sign { get; init; }

    /// <summary>Header <c>x-ddpaas-signature-timestamp</c> of a card callback.</summary>
    public string? CardTimestamp { get; init; }

    /// <summary>Header <c>x-ddpaas-signature</c> of a card callback: base64.</summary>
    public string? CardSignature { get; init; }

    /// <summary>Query <c>msg_signature</c> of an event, or <c>signature</c> where only that is there: hex.</summary>
    public string? EventSignature { get; init; }

    /// <summary>Query <c>timestamp</c> of an event: milliseconds.</summary>
    public string? EventTimestamp { get; init; }

    /// <summary>Query <c>nonce</c> of an event.</summary>
    public string? EventNonce { get; init; }
}

/// <summary>Why a request was refused. Each is a metric label and a test.</summary>
public enum DingTalkRefusal
{
    /// <summary>Not refused.</summary>
    None,

    /// <summary>Content-Type is not JSON (HTTP 415).</summary>
    UnsupportedContentType,

    /// <summary>Larger than <see cref="DingTalkReceiver.MaxBodyBytes"/> (HTTP 413).</summary>
    TooLarge,

    /// <summary>No signature, or a part of one is missing (HTTP 401).</summary>
    MissingSignature,

    /// <summary>The signature is not ours (HTTP 401).</summary>
    WrongSignature,

    /// <summary>The timestamp is no number of milliseconds, or outside the window, either way (HTTP 401).</summary>
    OutsideWindow,

    /// <summary>The secret that this kind of request is checked with is not configured, so nothing can be believed (HTTP 401).</summary>
    NotConfigured,

    /// <summary>Signed with our token, and it does not decrypt with our key (HTTP 400).</summary>
    Undecryptable,

    /// <summary>Encrypted for another app (HTTP 403).</summary>
    WrongReceiver,

    /// <summary>Not JSON, not UTF-8, too deep, members twice, or without what makes it a delivery (HTTP 400).</summary>
    Malformed,
}

/// <summary>What came of a request: a refusal, an address check that needs only its answer, or a delivery to record and then acknowledge.</summary>
public readonly struct DingTalkReception
{
    private DingTalkReception(DingTalkRefusal refusal, DingTalkDelivery? delivery, byte[]? answer) => (Refusal, Delivery, Answer) = (refusal, delivery, answer);

    /// <summary>Why the request is refused, or <see cref="DingTalkRefusal.None"/>.</summary>
    public DingTalkRefusal Refusal { get; }

    /// <summary>Set when something was delivered.</summary>
    public DingTalkDelivery? Delivery { get; }

    /// <summary>
    /// The JSON to answer 200 with: the encrypted <c>success</c> for events and address checks (within 1 s), <c>{"msgtype":"empty"}</c> for robot messages, <c>{}</c> for card callbacks
    /// unless a handler has a better one (within 2 s). Null when refused.
    /// </summary>
    public byte[]? Answer { get; }

    /// <summary>The HTTP status to answer with when refused; 200 otherwise.</summary>
    public int StatusCode => Refusal switch
    {
        DingTalkRefusal.None => 200,
        DingTalkRefusal.UnsupportedContentType => 415,
        DingTalkRefusal.TooLarge => 413,
        DingTalkRefusal.Undecryptable or DingTalkRefusal.Malformed => 400,
        DingTalkRefusal.WrongReceiver => 403,
        _ => 401,
    };

    internal static DingTalkReception Refused(DingTalkRefusal refusal) => new(refusal, null, null);

    internal static DingTalkReception Checked(byte[] answer) => new(DingTalkRefusal.None, null, answer);

    internal static DingTalkReception Delivered(DingTalkDelivery delivery, byte[] answer) => new(DingTalkRefusal.None, delivery, answer);
}
