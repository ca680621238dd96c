using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Larkspur.Emulator.Tests;

/// <summary>An app's web server: keeps what was pushed and answers as told. Decrypts with code of its own.</summary>
internal sealed class EventReceiver : IAsyncDisposable
{
    private HookServer<Delivery> _server = null!;

    public string Url => _server.Url;

    /// <summary>How each delivery is answered: status and body. A negative status never answers.</summary>
    public Func<Delivery, (int Status, string Body)> Answer { get; set; } = _ => (200, "{}");

    public static async Task<EventReceiver> StartAsync()
    {
        var receiver = new EventReceiver();
        receiver._server = await HookServer.StartAsync((request, raw) =>
        {
            var body = JsonNode.Parse(raw)!.AsObject();
            var plain = body["encrypt"] is { } encrypted ? Decrypt(EmulatorSettings.DefaultEncryptKey, encrypted.GetValue<string>()) : raw;
            var delivery = new Delivery(raw, plain, JsonNode.Parse(plain)!.AsObject(), request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase), request.ContentType ?? "");
            var (status, answer) = receiver.Answer(delivery);
            return (delivery, status, answer);
        });
        return receiver;
    }

    public async Task<Delivery> NextAsync(string? type = null)
    {
        while (true)
        {
            var delivery = await _server.NextAsync();
            if (type is null || delivery.Type == type) return delivery;
        }
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    public static string Decrypt(string key, string base64)
    {
        var bytes = Convert.FromBase64String(base64);
        using var aes = Aes.Create();
        aes.Key = SHA256.HashData(Encoding.UTF8.GetBytes(key));
        aes.IV = bytes[..16];
        aes.Mode = CipherMode.CBC;
        using var decryptor = aes.CreateDecryptor();
        return Encoding.UTF8.GetString(decryptor.TransformFinalBlock(bytes, 16, bytes.Length - 16));
    }
}

internal sealed record Delivery(string Raw, string Plain, JsonObject Json, IReadOnlyDictionary<string, string> Headers, string ContentType)
{
    public string? Type => (Json["header"]?["event_type"] ?? Json["event"]?["type"] ?? Json["type"])?.GetValue<string>();

    public string? EventId => (Json["header"]?["event_id"] ?? Json["uuid"])?.GetValue<string>();

    public JsonNode Event => Json["event"]!;
}
