namespace Larkspur.Feishu.Events;

/// <summary>The three signature headers and the content type of a request, as received.</summary>
/// <param name="Timestamp"><c>X-Lark-Request-Timestamp</c>: when it was signed, in seconds of Unix time.</param>
/// <param name="Nonce"><c>X-Lark-Request-Nonce</c>: a random text that goes into the signature.</param>
/// <param name="Signature"><c>X-Lark-Signature</c>: lower-case hex of SHA-256 over timestamp, nonce, Encrypt Key and raw body.</param>
/// <param name="ContentType"><c>Content-Type</c>, with its charset if any.</param>
public readonly record struct FeishuDeliveryHeaders(string? Timestamp, string? Nonce, string? Signature, string? ContentType);

/// <summary>Why a request was refused. Each is a metric label and a test.</summary>
public enum FeishuRefusal
{
    /// <summary>Not refused.</summary>
    None,

    /// <summary>Content-Type is not JSON (HTTP 415).</summary>
    UnsupportedContentType,

    /// <summary>Larger than <see cref="FeishuEventReceiver.MaxBodyBytes"/> (HTTP 413).</summary>
    TooLarge,

    /// <summary>An Encrypt Key is set and a signature header is missing (HTTP 401).</summary>
    MissingSignature,

    /// <summary>The signature does not match the bytes (HTTP 401).</summary>
    WrongSignature,

    /// <summary>The timestamp is not a number of seconds, or outside the window (HTTP 401).</summary>
    OutsideWindow,

    /// <summary>An Encrypt Key is set and the body is plain text (HTTP 401).</summary>
    NotEncrypted,

    /// <summary>The body is encrypted and no Encrypt Key is set, or it does not decrypt with ours (HTTP 400).</summary>
    Undecryptable,

    /// <summary>The verification token in the body is not ours (HTTP 401).</summary>
    WrongToken,

    /// <summary>Not JSON, not UTF-8, too deep, duplicate members, or no envelope we know (HTTP 400).</summary>
    Malformed,

    /// <summary>The envelope names another app (HTTP 403).</summary>
    WrongApp,
}

/// <summary>What came of a request: a refusal, a challenge to answer, or a delivery to record and acknowledge.</summary>
public readonly struct FeishuReception
{
    private FeishuReception(FeishuRefusal refusal, string? challenge, FeishuDelivery? delivery)
    {
        Refusal = refusal;
        Challenge = challenge;
        Delivery = delivery;
    }

    /// <summary>Why the request is refused, or <see cref="FeishuRefusal.None"/>.</summary>
    public FeishuRefusal Refusal { get; }

    /// <summary>Set when the platform checks the address: answer 200 <c>{"challenge":"…"}</c>.</summary>
    public string? Challenge { get; }

    /// <summary>Set when something was delivered.</summary>
    public FeishuDelivery? Delivery { get; }

    /// <summary>The HTTP status to answer with when refused; 200 otherwise.</summary>
    public int StatusCode => Refusal switch
    {
        FeishuRefusal.None => 200,
        FeishuRefusal.UnsupportedContentType => 415,
        FeishuRefusal.TooLarge => 413,
        FeishuRefusal.Undecryptable or FeishuRefusal.Malformed => 400,
        FeishuRefusal.WrongApp => 403,
        _ => 401,
    };

    /// <summary>A refused request.</summary>
    public static FeishuReception Refused(FeishuRefusal refusal) => new(refusal, null, null);

    /// <summary>An address check.</summary>
    public static FeishuReception Challenged(string challenge) => new(FeishuRefusal.None, challenge, null);

    /// <summary>A delivery.</summary>
    public static FeishuReception Delivered(FeishuDelivery delivery) => new(FeishuRefusal.None, null, delivery);
}
