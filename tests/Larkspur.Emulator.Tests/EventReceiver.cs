using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Larkspur.Emulator.Tests;

/// <summary>An app's web server: keeps what was pushed and answers as told. Decrypts with code of its own.</summary>
internal sealed class EventReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Channel<Delivery> _deliveries = Channel.CreateUnbounded<Delivery>();

    private EventReceiver(WebApplication app) => _app = app;

    public string Url => _app.Urls.Single() + "/hook";

    /// <summary>How each delivery is answered: status and body. A negative status never answers.</summary>
    public Func<Delivery, (int Status, string Body)> Answer { get; set; } = _ => (200, "{}");

    public static async Task<EventReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var receiver = new EventReceiver(app);
        app.MapPost("/hook", receiver.ReceiveAsync);
        await app.StartAsync();
        return receiver;
    }

    public async Task<Delivery> NextAsync(string? type = null)
    {
        using var timer = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            var delivery = await _deliveries.Reader.ReadAsync(timer.Token);
            if (type is null || delivery.Type == type) return delivery;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

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

    private async Task ReceiveAsync(HttpContext http)
    {
        using var reader = new StreamReader(http.Request.Body);
        var raw = await reader.ReadToEndAsync();
        var body = JsonNode.Parse(raw)!.AsObject();
        var plain = body["encrypt"] is { } encrypted ? Decrypt(EmulatorSettings.DefaultEncryptKey, encrypted.GetValue<string>()) : raw;
        var delivery = new Delivery(raw, plain, JsonNode.Parse(plain)!.AsObject(), http.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase), http.Request.ContentType ?? "");
        var (status, answer) = Answer(delivery);
        _deliveries.Writer.TryWrite(delivery);
        if (status < 0)
        {
            await new TaskCompletionSource().Task.WaitAsync(http.RequestAborted);
        }

        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        await http.Response.WriteAsync(answer);
    }
}

internal sealed record Delivery(string Raw, string Plain, JsonObject Json, IReadOnlyDictionary<string, string> Headers, string ContentType)
{
    public string? Type => (Json["header"]?["event_type"] ?? Json["event"]?["type"] ?? Json["type"])?.GetValue<string>();

    public string? EventId => (Json["header"]?["event_id"] ?? Json["uuid"])?.GetValue<string>();

    public JsonNode Event => Json["event"]!;
}
