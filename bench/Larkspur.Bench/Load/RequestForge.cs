using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Larkspur.Bench.Load;

/// <summary>
/// Makes the bytes of signed and encrypted pushes beforehand, so that sending them costs next to nothing. Written from the platform's rules, not with
/// the SDK that is measured: AES-256-CBC under SHA-256 of the Encrypt Key, IV first, base64; signature SHA-256(timestamp + nonce + key + body).
/// </summary>
internal sealed class RequestForge(LoadPlan plan)
{
    public const string AppId = "cli_a1b2c3d4e5f60718";
    public const string AppSecret = "bench-app-secret";
    public const string EncryptKey = "bench-encrypt-key";
    public const string VerificationToken = "bench-verification-token";
    public const string Path = "/webhook/feishu";

    private const int Chats = 200;
    private const int People = 500;

    private readonly byte[] _key = SHA256.HashData(Encoding.UTF8.GetBytes(EncryptKey));
    private readonly string _timestamp = DateTimeOffset.UtcNow.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);

    /// <summary>All requests of the plan, each a whole HTTP message.</summary>
    public byte[][] Make()
    {
        var requests = new byte[plan.Events][];
        Parallel.For(0, requests.Length, i => requests[i] = Request(i));
        return requests;
    }

    /// <summary>The plain envelope: a text message of ordinary length (some 850 bytes) in one of 200 chats.</summary>
    public string Envelope(int number)
    {
        var unique = Id($"{plan.Run}/{(plan.Kind == RequestKind.Duplicate ? 0 : number)}");
        var chat = Id($"chat {number % Chats}");
        var person = Id($"person {number % People}");
        var token = plan.Kind == RequestKind.WrongToken ? "someone-elses-token" : VerificationToken;
        const string Tenant = "736588c9260f175d";
        var header = $$"""
            {"event_id":"{{unique}}","token":"{{token}}","create_time":"{{_timestamp}}123","event_type":"{{plan.EventType}}","tenant_key":"{{Tenant}}","app_id":"{{AppId}}"}
            """;
        var message = $$"""
            {"chat_id":"oc_{{chat}}","chat_type":"group","content":"{\"text\":\"the delivery for order 4711 is late again, please tell the customer about it, move the date to Thursday and let me know here as soon as that is done\"}",
            """ + $$"""
            "create_time":"{{_timestamp}}120","message_id":"om_{{unique}}","message_type":"text","update_time":"{{_timestamp}}120"}
            """;
        var sender = $$"""
            {"sender_id":{"open_id":"ou_{{person}}","union_id":"on_{{person}}","user_id":"u{{number % People}}"},"sender_type":"user","tenant_key":"{{Tenant}}"}
            """;
        return $$"""{"schema":"2.0","header":{{header}},"event":{"message":{{message}},"sender":{{sender}}}""" + "}";
    }

    /// <summary>The encrypted body of one envelope.</summary>
    public byte[] Body(int number)
    {
        using var aes = Aes.Create();
        aes.Key = _key;
        var iv = RandomNumberGenerator.GetBytes(16);
        byte[] sealedBytes = [.. iv, .. aes.EncryptCbc(Encoding.UTF8.GetBytes(Envelope(number)), iv)];
        return Encoding.ASCII.GetBytes($$"""{"encrypt":"{{Convert.ToBase64String(sealedBytes)}}"}""");
    }

    /// <summary>Timestamp, nonce and signature of a body.</summary>
    public (string Timestamp, string Nonce, string Signature) Sign(ReadOnlySpan<byte> body)
    {
        var nonce = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
        byte[] signed = [.. Encoding.UTF8.GetBytes(_timestamp + nonce + EncryptKey), .. body];
        var signature = SHA256.HashData(signed);
        if (plan.Kind == RequestKind.WrongSignature) signature[0] ^= 1;
        return (_timestamp, nonce, Convert.ToHexStringLower(signature));
    }

    private static string Id(string name) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 16));

    private byte[] Request(int number)
    {
        var body = Body(number);
        var (timestamp, nonce, signature) = Sign(body);
        var head = $"POST {Path} HTTP/1.1\r\nHost: 127.0.0.1:{plan.Port}\r\nContent-Type: application/json;charset=utf-8\r\nContent-Length: {body.Length}\r\n"
            + $"X-Lark-Request-Timestamp: {timestamp}\r\nX-Lark-Request-Nonce: {nonce}\r\nX-Lark-Signature: {signature}\r\nUser-Agent: Go-http-client/1.1\r\n\r\n";
        return [.. Encoding.ASCII.GetBytes(head), .. body];
    }
}
