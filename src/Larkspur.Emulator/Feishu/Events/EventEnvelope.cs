using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Larkspur.Emulator.Feishu.Events;

/// <summary>Builds, encrypts and signs what is pushed.</summary>
public static class EventEnvelope
{
    public static JsonObject V2(BotApp app, string eventId, string type, JsonObject body, DateTimeOffset now) => new()
    {
        ["schema"] = "2.0",
        ["header"] = new JsonObject
        {
            ["event_id"] = eventId,
            ["token"] = app.VerificationToken,
            // Card callbacks carry microseconds, events milliseconds.
            ["create_time"] = type == "card.action.trigger" ? (now.UtcTicks - DateTimeOffset.UnixEpoch.Ticks).ToString()[..^1] : now.ToUnixTimeMilliseconds().ToString(),
            ["event_type"] = type,
            ["tenant_key"] = app.TenantKey,
            ["app_id"] = app.AppId,
        },
        ["event"] = body.DeepClone(),
    };

    public static JsonObject V1(BotApp app, string eventId, string type, JsonObject body, DateTimeOffset now)
    {
        var inner = (JsonObject)body.DeepClone();
        inner["type"] ??= type;
        inner["app_id"] ??= app.AppId;
        if (type != "app_ticket") inner["tenant_key"] ??= app.TenantKey;
        return new JsonObject
        {
            ["ts"] = (now.ToUnixTimeMilliseconds() / 1000.0).ToString("F6", CultureInfo.InvariantCulture),
            ["uuid"] = eventId,
            ["token"] = app.VerificationToken,
            ["type"] = "event_callback",
            ["event"] = inner,
        };
    }

    public static JsonObject UrlVerification(BotApp app, string challenge) =>
        new() { ["challenge"] = challenge, ["token"] = app.VerificationToken, ["type"] = "url_verification" };

    /// <summary><c>base64(iv + AES-256-CBC(SHA-256(key), plain))</c> inside <c>{"encrypt":…}</c>.</summary>
    public static string Encrypt(string encryptKey, string plain, ReadOnlySpan<byte> iv)
    {
        using var aes = Aes.Create();
        aes.Key = SHA256.HashData(Encoding.UTF8.GetBytes(encryptKey));
        var cipher = aes.EncryptCbc(Encoding.UTF8.GetBytes(plain), iv, PaddingMode.PKCS7);
        return $$"""{"encrypt":"{{Convert.ToBase64String([.. iv, .. cipher])}}"}""";
    }

    /// <summary>Lower-case hex of SHA-256 over time stamp, nonce, encrypt key (may be empty) and the bytes on the wire.</summary>
    public static string Sign(string timestamp, string nonce, string encryptKey, string body) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(timestamp + nonce + encryptKey + body)));

    /// <summary>The legacy card callback's own rule: SHA-1 with the verification token.</summary>
    public static string SignLegacyCard(string timestamp, string nonce, string verificationToken, string body) =>
        Convert.ToHexStringLower(SHA1.HashData(Encoding.UTF8.GetBytes(timestamp + nonce + verificationToken + body)));
}
