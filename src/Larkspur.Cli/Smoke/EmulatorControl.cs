using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Larkspur.Cli.Smoke;

/// <summary>The emulator's control API, as far as the demo and the smoke run need it.</summary>
internal sealed class EmulatorControl(Uri address) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler()) { BaseAddress = address, Timeout = TimeSpan.FromSeconds(20) };

    /// <summary>Tells the emulator where the app receives events, and returns the verdict of the address check in words.</summary>
    public async Task<string> SetCallbackAsync(string appId, Uri callback, CancellationToken cancellation)
    {
        using var response = await _http.PutAsJsonAsync($"/_emulator/apps/{appId}/callback", new { url = callback }, cancellation);
        var answer = await response.Content.ReadAsStringAsync(cancellation);
        return response.IsSuccessStatusCode ? "verified" : $"failed: {answer}";
    }

    /// <summary>A person acts.</summary>
    public async Task<JsonObject> ActAsync(object action, CancellationToken cancellation) => await PostAsync("/_emulator/act", action, cancellation);

    /// <summary>Delivers one made event to an address.</summary>
    public async Task<JsonObject> PushAsync(object push, CancellationToken cancellation) => await PostAsync("/_emulator/push", push, cancellation);

    /// <summary>Waits until a message of the chat, new or changed after <paramref name="after"/>, contains the text; the emulator holds the request meanwhile.</summary>
    public async Task<JsonObject> WaitForMessageAsync(string chatId, string contains, string after, CancellationToken cancellation)
    {
        var url = $"/_emulator/wait?chat_id={Uri.EscapeDataString(chatId)}&contains={Uri.EscapeDataString(contains)}&after={Uri.EscapeDataString(after)}&timeout_ms=10000";
        using var response = await _http.GetAsync(url, cancellation);
        return await ReadAsync(response, cancellation);
    }

    public async Task<JsonObject> StateAsync(CancellationToken cancellation)
    {
        using var response = await _http.GetAsync("/_emulator/state", cancellation);
        return await ReadAsync(response, cancellation);
    }

    public void Dispose() => _http.Dispose();

    private async Task<JsonObject> PostAsync(string path, object body, CancellationToken cancellation)
    {
        using var response = await _http.PostAsJsonAsync(path, body, cancellation);
        return await ReadAsync(response, cancellation);
    }

    private static async Task<JsonObject> ReadAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        var text = await response.Content.ReadAsStringAsync(cancellation);
        if (!response.IsSuccessStatusCode) throw new SmokeFailure($"the emulator answered {(int)response.StatusCode}: {text}");
        try
        {
            return JsonNode.Parse(text)!.AsObject();
        }
        catch (JsonException)
        {
            throw new SmokeFailure($"the emulator answered no JSON: {text}");
        }
    }
}
