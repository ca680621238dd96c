using System.Text;
using Larkspur.WeCom.Callbacks;

namespace Larkspur.WeCom.Tests.Callbacks;

/// <summary>Requests as the platform makes them.</summary>
internal static class CallbackRequests
{
    public const string CorpId = StubWeCom.CorpId;
    public const string Token = "larkToken";
    public const string Key = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";
    public const string Nonce = "nonce42";

    /// <summary>The instant of the published vectors.</summary>
    public static DateTimeOffset Now { get; } = DateTimeOffset.FromUnixTimeSeconds(1700000000);

    public static CallbackCipher Cipher(string receiveId = CorpId) => new(Token, Key, receiveId);

    public static WeComCallbackReceiver Receiver(TimeProvider? clock = null) => new(
        new WeComOptions { CorpId = CorpId, Secret = "s", Token = Token, EncodingAesKey = Key }, clock ?? new ManualTimeProvider(Now));

    public static WeComCallbackQuery Query(string encrypted, long timestamp = 1700000000, string? echo = null)
        => new(Cipher().Sign(timestamp.ToString(), Nonce, encrypted), timestamp.ToString(), Nonce, echo);

    public static (WeComCallbackQuery Query, byte[] Body) Message(string inner, string receiveId = CorpId)
    {
        string encrypted = Cipher(receiveId).Encrypt(Encoding.UTF8.GetBytes(inner));
        return (Query(encrypted), Envelope(encrypted));
    }

    public static byte[] Envelope(string encrypted) => Encoding.UTF8.GetBytes(
        $"<xml><ToUserName><![CDATA[{CorpId}]]></ToUserName><AgentID><![CDATA[1000002]]></AgentID><Encrypt><![CDATA[{encrypted}]]></Encrypt></xml>");

    public static WeComDelivery Deliver(string inner)
    {
        (WeComCallbackQuery query, byte[] body) = Message(inner);
        WeComReception<WeComDelivery> reception = Receiver().Receive(query, body);
        Assert.Equal(WeComRefusal.None, reception.Refusal);
        return reception.Delivery!;
    }

    public static string Xml(string type, string rest, string from = "alice")
        => $"<xml><ToUserName><![CDATA[{CorpId}]]></ToUserName><FromUserName><![CDATA[{from}]]></FromUserName><CreateTime>1700000000</CreateTime>"
           + $"<MsgType><![CDATA[{type}]]></MsgType>{rest}<AgentID>1000002</AgentID></xml>";

    public static string Text(string content, string id = "1234567890123456789") => Xml("text", $"<Content><![CDATA[{content}]]></Content><MsgId>{id}</MsgId>");

    public static string Event(string name, string rest, string from = "alice") => Xml("event", $"<Event><![CDATA[{name}]]></Event>{rest}", from);
}
