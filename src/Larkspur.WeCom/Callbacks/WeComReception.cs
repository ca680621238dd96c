namespace Larkspur.WeCom.Callbacks;

/// <summary>The query of a callback request, decoded.</summary>
/// <param name="Signature"><c>msg_signature</c>: hex.</param>
/// <param name="Timestamp"><c>timestamp</c>: seconds.</param>
/// <param name="Nonce"><c>nonce</c>.</param>
/// <param name="Echo"><c>echostr</c>, only when the platform checks the address (GET).</param>
public readonly record struct WeComCallbackQuery(string? Signature, string? Timestamp, string? Nonce, string? Echo = null);

/// <summary>Why a request was refused. Each is a metric label and a test.</summary>
public enum WeComRefusal
{
    /// <summary>Not refused.</summary>
    None,

    /// <summary>Larger than 1 MiB (HTTP 413).</summary>
    TooLarge,

    /// <summary>A part of the signature, or <c>echostr</c>, is missing from the query (HTTP 401).</summary>
    MissingSignature,

    /// <summary>The signature does not match (HTTP 401).</summary>
    WrongSignature,

    /// <summary>The timestamp is not a number of seconds, or outside the window (HTTP 401).</summary>
    OutsideWindow,

    /// <summary>The envelope is not UTF-8, not the XML or JSON it should be, has a DTD, or an element or member twice (HTTP 400).</summary>
    MalformedEnvelope,

    /// <summary>It does not decrypt with our key (HTTP 400).</summary>
    Undecryptable,

    /// <summary>It was encrypted with our key for another receiver (HTTP 403).</summary>
    WrongReceiver,

    /// <summary>What was decrypted is no message and no event (HTTP 400).</summary>
    MalformedMessage,
}

/// <summary>What came of a request: a refusal, an address check to answer, or a delivery to record and acknowledge.</summary>
/// <typeparam name="T">The delivery.</typeparam>
public readonly struct WeComReception<T> where T : class
{
    private WeComReception(WeComRefusal refusal, byte[]? echo, T? delivery) => (Refusal, Echo, Delivery) = (refusal, echo, delivery);

    /// <summary>Why the request is refused, or <see cref="WeComRefusal.None"/>.</summary>
    public WeComRefusal Refusal { get; }

    /// <summary>Set when the platform checks the address: answer 200 with exactly these bytes within a second; no quotes, no BOM, no new line.</summary>
    public byte[]? Echo { get; }

    /// <summary>Set when something was delivered.</summary>
    public T? Delivery { get; }

    /// <summary>The HTTP status to answer with when refused; 200 otherwise.</summary>
    public int StatusCode => Refusal switch
    {
        WeComRefusal.None => 200,
        WeComRefusal.TooLarge => 413,
        WeComRefusal.MalformedEnvelope or WeComRefusal.Undecryptable or WeComRefusal.MalformedMessage => 400,
        WeComRefusal.WrongReceiver => 403,
        _ => 401,
    };

    internal static WeComReception<T> Refused(WeComRefusal refusal) => new(refusal, null, null);

    internal static WeComReception<T> Checked(byte[] echo) => new(WeComRefusal.None, echo, null);

    internal static WeComReception<T> Delivered(T delivery) => new(WeComRefusal.None, null, delivery);
}
