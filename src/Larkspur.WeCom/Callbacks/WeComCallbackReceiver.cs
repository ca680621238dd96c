using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;

namespace Larkspur.WeCom.Callbacks;

/// <summary>Judges the requests that reach an app's callback address.</summary>
/// <remarks>
/// In this order: size, envelope (strict XML, no DTD, nothing twice), signature in constant time, freshness, decryption, receive id (the corp), message. Never throws for what a sender can send.
/// Thread-safe. Sources: developer centre 90930, 96238. Deduplicate by <see cref="WeComDelivery.Id"/>: the platform repeats what was not answered in 5 s, 3 times in all.
/// Counter <c>larkspur.wecom.callbacks</c> by <c>kind</c>=<c>app</c> and <c>outcome</c>.
/// </remarks>
public sealed class WeComCallbackReceiver
{
    /// <summary>Largest body.</summary>
    public const int MaxBodyBytes = CallbackVerifier.MaxBodyBytes;

    /// <summary>Elements that decide what a delivery is: each at most once.</summary>
    private static readonly string[] Deciding = ["ToUserName", "FromUserName", "CreateTime", "MsgType", "Event", "EventKey", "MsgId", "AgentID", "TaskId", "ChangeType"];

    private readonly CallbackVerifier _verifier;
    private readonly string _corpId;

    /// <summary>A receiver for an app.</summary>
    /// <param name="options">The app; Token and EncodingAesKey are needed.</param>
    /// <param name="clock">Time; null: the system's.</param>
    /// <exception cref="ArgumentException">The options are not usable for callbacks.</exception>
    public WeComCallbackReceiver(WeComOptions options, TimeProvider? clock = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (string.IsNullOrEmpty(options.Token) || string.IsNullOrEmpty(options.EncodingAesKey))
        {
            throw new ArgumentException("Callbacks need WeComOptions.Token and WeComOptions.EncodingAesKey, from the app's page under \"receive messages\".", nameof(options));
        }

        IReadOnlyList<string> problems = WeComOptionsValidation.Problems(options, nameof(WeComOptions));
        if (problems.Count > 0) throw new ArgumentException(string.Join(" ", problems), nameof(options));
        _corpId = options.CorpId;
        _verifier = new CallbackVerifier(new CallbackCipher(options.Token, options.EncodingAesKey, options.CorpId), options.CallbackWindow, clock ?? TimeProvider.System);
    }

    /// <summary>The platform's GET, which checks the address: answer with <see cref="WeComReception{T}.Echo"/> within a second.</summary>
    public WeComReception<WeComDelivery> CheckAddress(in WeComCallbackQuery query) => CallbackVerifier.Count("app", _verifier.CheckAddress<WeComDelivery>(query));

    /// <summary>The platform's POST.</summary>
    /// <param name="query">The query, decoded.</param>
    /// <param name="rawBody">The body as received.</param>
    public WeComReception<WeComDelivery> Receive(in WeComCallbackQuery query, ReadOnlySpan<byte> rawBody) => CallbackVerifier.Count("app", Judge(query, rawBody));

    /// <summary>A reply, encrypted and signed, as the body of the 200 (<c>text/xml</c>). It has to leave within 5 s of the delivery.</summary>
    /// <exception cref="WeComContentException">The reply is not what the platform would take, or does not fit the delivery.</exception>
    public byte[] Seal(WeComReply reply, WeComDelivery delivery)
    {
        ArgumentNullException.ThrowIfNull(reply);
        ArgumentNullException.ThrowIfNull(delivery);
        string timestamp = _verifier.Clock.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        string nonce = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
        string encrypted = _verifier.Cipher.Encrypt(Encoding.UTF8.GetBytes(reply.ToXml(delivery, timestamp)));
        return Encoding.UTF8.GetBytes(
            $"<xml><Encrypt><![CDATA[{encrypted}]]></Encrypt><MsgSignature><![CDATA[{_verifier.Cipher.Sign(timestamp, nonce, encrypted)}]]></MsgSignature>"
            + $"<TimeStamp>{timestamp}</TimeStamp><Nonce><![CDATA[{nonce}]]></Nonce></xml>");
    }

    private WeComReception<WeComDelivery> Judge(in WeComCallbackQuery query, ReadOnlySpan<byte> rawBody)
    {
        if (rawBody.Length > MaxBodyBytes) return Refuse(WeComRefusal.TooLarge);
        if (string.IsNullOrEmpty(query.Signature) || string.IsNullOrEmpty(query.Timestamp) || string.IsNullOrEmpty(query.Nonce)) return Refuse(WeComRefusal.MissingSignature);
        if (CallbackXml.ReadEnvelope(rawBody) is not { Length: > 0 } encrypted) return Refuse(WeComRefusal.MalformedEnvelope);
        WeComRefusal refusal = _verifier.Open(query, encrypted, out byte[] plain);
        if (refusal != WeComRefusal.None) return Refuse(refusal);
        if (CallbackXml.ReadMessage(plain) is not { } xml) return Refuse(WeComRefusal.MalformedMessage);
        if (Deciding.Any(name => xml.Elements(name).Skip(1).Any())) return Refuse(WeComRefusal.MalformedMessage);

        string type = xml.Text("MsgType"), name = xml.Text("Event");
        if (type.Length == 0 || (type == "event" ? name.Length == 0 : xml.Text("MsgId").Length == 0) || xml.Number("CreateTime") <= 0) return Refuse(WeComRefusal.MalformedMessage);
        // The ciphertext is for us already; a message inside of it that names another corp is none of the platform's.
        if (xml.Text("ToUserName") != _corpId) return Refuse(WeComRefusal.WrongReceiver);
        return WeComReception<WeComDelivery>.Delivered(new WeComDelivery
        {
            Id = type == "event" ? EventId(xml) : xml.Text("MsgId"),
            CorpId = _corpId,
            From = xml.Text("FromUserName"),
            AgentId = int.TryParse(xml.Text("AgentID"), NumberStyles.None, CultureInfo.InvariantCulture, out int agent) ? agent : null,
            MessageType = type,
            EventType = type == "event" ? name : "",
            CreatedAt = xml.Time("CreateTime"),
            Content = ReceivedReader.Read(xml),
            Xml = plain,
        });
    }

    private static string EventId(XElement xml)
    {
        string[] parts =
        [
            xml.Text("FromUserName"), xml.Text("CreateTime"), xml.Text("AgentID"), xml.Text("Event"), xml.Text("EventKey"), xml.Text("TaskId"), xml.Text("ChangeType"),
            xml.Text("UserID"), xml.Text("Id"), xml.Text("TagId"), xml.Text("OpenKfId"), xml.Text("Token"), xml.Text("JobId"), xml.Text("BatchJob/JobId"),
            xml.Text("ApprovalInfo/SpNo"), xml.Text("ApprovalInfo/ThirdNo"), xml.Text("ApprovalInfo/SpStatus"), xml.Text("ApprovalInfo/OpenSpStatus"),
            xml.Text("ApprovalInfo/StatuChangeEvent"), xml.Text("ExternalUserID"), xml.Text("ChatId"),
            xml.Find("SelectedItems")?.Value ?? "",
        ];
        // Hashed: ids are logged and stored, and some of the parts are secrets while they live.
        return "evt-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\u001f', parts))).AsSpan(0, 16));
    }

    private static WeComReception<WeComDelivery> Refuse(WeComRefusal refusal) => WeComReception<WeComDelivery>.Refused(refusal);
}
