using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.Http;

namespace Larkspur.Emulator.Tests.WeCom;

/// <summary>The web server of an application or AI bot: opens what the platform sends with code of its own, and answers as told.</summary>
internal sealed class WeComReceiver : IAsyncDisposable
{
    private HookServer<WeComRequest> _server = null!;

    public string Url => _server.Url;

    public string Token { get; init; } = new Emulator.WeCom.WeComSettings().Token;

    public string Key { get; init; } = new Emulator.WeCom.WeComSettings().EncodingAesKey;

    /// <summary>Status and body of each answer. A negative status never answers.</summary>
    public Func<WeComRequest, (int Status, string Body)> Answer { get; set; } = _ => (200, "");

    public static async Task<WeComReceiver> StartAsync()
    {
        var receiver = new WeComReceiver();
        receiver._server = await HookServer.StartAsync(receiver.Receive, contentType: null);
        return receiver;
    }

    public Task<WeComRequest> NextAsync() => _server.NextAsync();

    public bool Idle => _server.Idle;

    public string Sign(string timestamp, string nonce, string encrypted) =>
        Convert.ToHexStringLower(SHA1.HashData(Encoding.UTF8.GetBytes(string.Concat(new[] { Token, timestamp, nonce, encrypted }.Order(StringComparer.Ordinal)))));

    /// <summary>An application's reply; every part can be bent.</summary>
    public string Reply(string xml, string receiver = "wwa1b2c3d4e5f60718", string? token = null)
    {
        var encrypted = Encrypt(xml, receiver);
        var signature = new WeComReceiver { Token = token ?? Token }.Sign("1700000000", "n1", encrypted);
        return $"<xml><Encrypt><![CDATA[{encrypted}]]></Encrypt><MsgSignature><![CDATA[{signature}]]></MsgSignature><TimeStamp>1700000000</TimeStamp><Nonce><![CDATA[n1]]></Nonce></xml>";
    }

    /// <summary>An AI bot's reply.</summary>
    public string JsonReply(string json)
    {
        var encrypted = Encrypt(json, "");
        return $$"""{"encrypt":"{{encrypted}}","msgsignature":"{{Sign("1700000000", "n1", encrypted)}}","timestamp":1700000000,"nonce":"n1"}""";
    }

    public static string PassiveText(string to, string text) =>
        $"<xml><ToUserName><![CDATA[{to}]]></ToUserName><FromUserName><![CDATA[wwa1b2c3d4e5f60718]]></FromUserName><CreateTime>1700000000</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[{text.Replace("]]>", "]]]]><![CDATA[>", StringComparison.Ordinal)}]]></Content></xml>";

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private string Encrypt(string text, string receiver)
    {
        var message = Encoding.UTF8.GetBytes(text);
        byte[] plain = [.. new byte[16], (byte)(message.Length >> 24), (byte)(message.Length >> 16), (byte)(message.Length >> 8), (byte)message.Length, .. message, .. Encoding.UTF8.GetBytes(receiver)];
        var pad = 32 - (plain.Length % 32);
        using var aes = Aes.Create();
        aes.Key = Convert.FromBase64String(Key + "=");
        byte[] padded = [.. plain, .. Enumerable.Repeat((byte)pad, pad)];
        return Convert.ToBase64String(aes.EncryptCbc(padded, aes.Key[..16], PaddingMode.None));
    }

    private (string Text, string Receiver) Decrypt(string base64)
    {
        using var aes = Aes.Create();
        aes.Key = Convert.FromBase64String(Key + "=");
        var plain = aes.DecryptCbc(Convert.FromBase64String(base64), aes.Key[..16], PaddingMode.None);
        var length = (plain[16] << 24) | (plain[17] << 16) | (plain[18] << 8) | plain[19];
        return (Encoding.UTF8.GetString(plain, 20, length), Encoding.UTF8.GetString(plain, 20 + length, plain.Length - 20 - length - plain[^1]));
    }

    private (WeComRequest Kept, int Status, string Body) Receive(HttpRequest asked, string raw)
    {
        string Asked(string name) => asked.Query[name].ToString();
        var echo = Asked("echostr");
        var encrypted = echo.Length > 0 ? echo : raw.StartsWith('<') ? XElement.Parse(raw).Element("Encrypt")?.Value ?? "" : System.Text.Json.Nodes.JsonNode.Parse(raw)?["encrypt"]?.GetValue<string>() ?? "";
        var signed = encrypted.Length > 0 && Asked("msg_signature") == Sign(Asked("timestamp"), Asked("nonce"), encrypted);
        var (text, receiver) = encrypted.Length > 0 ? Decrypt(encrypted) : (raw, "");
        var request = new WeComRequest(asked.Method, raw, text, receiver, signed, asked.ContentType ?? "");
        var (status, body) = echo.Length > 0 && Answer(request) is (200, "") ? (200, text) : Answer(request);
        return (request, status, body);
    }
}

/// <param name="Text">Decrypted.</param>
/// <param name="Receiver">What stood behind the text.</param>
/// <param name="Signed">The signature is right.</param>
internal sealed record WeComRequest(string Method, string Raw, string Text, string Receiver, bool Signed, string ContentType)
{
    public string Element(string name) => XElement.Parse(Text).Descendants(name).FirstOrDefault()?.Value ?? "";

    public System.Text.Json.Nodes.JsonObject Json => System.Text.Json.Nodes.JsonNode.Parse(Text)!.AsObject();
}
