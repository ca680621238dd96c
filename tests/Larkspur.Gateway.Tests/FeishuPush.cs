using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Larkspur.Testing;

namespace Larkspur.Gateway.Tests;

/// <summary>Pushes as Feishu makes them: encrypted, signed, fresh. Written from the platform's page, without the SDK's code.</summary>
public sealed class FeishuPush
{
    private static int s_ids;

    public string EncryptKey { get; init; } = GatewayApp.EncryptKey;

    public string Token { get; init; } = GatewayApp.VerificationToken;

    public string AppId { get; init; } = GatewayApp.AppId;

    public string Path { get; init; } = "/webhook/feishu";

    /// <summary>When the platform says it made its events; null: now.</summary>
    public DateTimeOffset? CreatedAt { get; set; }

    public static string NewId(string prefix) => $"{prefix}{Interlocked.Increment(ref s_ids)}_{Guid.NewGuid():N}"[..24];

    /// <summary>The envelope around an event.</summary>
    public string Envelope(string type, string eventJson, string eventId) =>
        $$$"""{"schema":"2.0","header":{"event_id":"{{{eventId}}}","token":"{{{Token}}}","create_time":"{{{(CreatedAt ?? DateTimeOffset.UtcNow).ToUnixTimeMilliseconds()}}}","event_type":"{{{type}}}","tenant_key":"tk","app_id":"{{{AppId}}}"},"event":{{{eventJson}}}}""";

    public string Encrypt(string plain)
    {
        using var aes = Aes.Create();
        aes.Key = SHA256.HashData(Encoding.UTF8.GetBytes(EncryptKey));
        var iv = RandomNumberGenerator.GetBytes(16);
        byte[] bytes = [.. iv, .. aes.EncryptCbc(Encoding.UTF8.GetBytes(plain), iv)];
        return $$"""{"encrypt":"{{Convert.ToBase64String(bytes)}}"}""";
    }

    public string Sign(string timestamp, string nonce, byte[] body)
    {
        byte[] signed = [.. Encoding.UTF8.GetBytes(timestamp + nonce + EncryptKey), .. body];
        return Convert.ToHexStringLower(SHA256.HashData(signed));
    }

    /// <summary>A valid request with this body.</summary>
    public HttpRequestMessage Request(byte[] body, DateTimeOffset? at = null)
    {
        var timestamp = (at ?? DateTimeOffset.UtcNow).ToUnixTimeSeconds().ToString();
        var request = new HttpRequestMessage(HttpMethod.Post, Path) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json", "utf-8");
        request.Headers.Add("X-Lark-Request-Timestamp", timestamp);
        request.Headers.Add("X-Lark-Request-Nonce", "nonce-1");
        request.Headers.Add("X-Lark-Signature", Sign(timestamp, "nonce-1", body));
        return request;
    }

    /// <summary>Pushes an event and returns the answer.</summary>
    public async Task<(int Status, JsonElement Body)> SendAsync(GatewayApp gateway, string type, string eventJson, string? eventId = null)
    {
        using var request = Request(Encoding.UTF8.GetBytes(Encrypt(Envelope(type, eventJson, eventId ?? NewId("ev_")))));
        using var response = await gateway.Http.SendAsync(request);
        return ((int)response.StatusCode, JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync()));
    }

    /// <summary>A text message of a person.</summary>
    public static string Message(string text, string chatId = "oc_p2p", string? messageId = null, string from = "ou_alice", string chatType = "p2p", string mentions = "[]") =>
        $$$"""
        {"sender":{"sender_id":{"open_id":"{{{from}}}","user_id":"u","union_id":"on"},"sender_type":"user","tenant_key":"tk"},
         "message":{"message_id":"{{{messageId ?? NewId("om_")}}}","create_time":"1700000000000","chat_id":"{{{chatId}}}","chat_type":"{{{chatType}}}",
         "message_type":"text","content":{{{JsonSerializer.Serialize(JsonSerializer.Serialize(new { text }))}}},"mentions":{{{mentions}}}}}
        """;

    /// <summary>A click on a button.</summary>
    public static string Click(JsonElement value, string messageId, string by = "ou_bob") =>
        $$$"""
        {"operator":{"tenant_key":"tk","open_id":"{{{by}}}","user_id":"u","union_id":"on"},"token":"c-1","action":{"value":{{{value.GetRawText()}}},"tag":"button","timezone":"Asia/Shanghai"},
         "host":"im_message","context":{"open_message_id":"{{{messageId}}}","open_chat_id":"oc_p2p"}}
        """;
}
