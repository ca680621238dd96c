using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Larkspur.Cli.Smoke;

/// <summary>The emulator's control API, as far as the demo and the smoke run need it.</summary>
internal sealed class EmulatorControl(Uri address) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = address, Timeout = TimeSpan.FromSeconds(20) };

    /// <summary>Tells the emulator where the app receives events, and returns the verdict of the address check in words.</summary>
    public async Task<string> SetCallbackAsync(string appId, Uri callback, CancellationToken cancellation)
    {
        using var response = await _http.PutAsJsonAsync($"/_emulator/apps/{appId}/callback", new { url = callback }, cancellation);
        var answer = await ReadAsync(response, cancellation);
        return answer["ok"]?.GetValue<bool>() == true ? "verified" : $"failed: {answer["error"]}";
    }

    /// <summary>A person acts.</summary>
    public async Task<JsonObject> ActAsync(object action, CancellationToken cancellation) => await PostAsync("/_emulator/act", action, cancellation);

    /// <summary>Delivers one made event to an address.</summary>
    public async Task<JsonObject> PushAsync(object push, CancellationToken cancellation) => await PostAsync("/_emulator/push", push, cancellation);

    /// <summary>Changes somebody in the emulated company: all platforms tell of it.</summary>
    public async Task ChangePersonAsync(HttpMethod method, string path, object? body, CancellationToken cancellation)
    {
        using var content = body is null ? null : JsonContent.Create(body);
        using var request = new HttpRequestMessage(method, "/_emulator/" + path) { Content = content };
        using var response = await _http.SendAsync(request, cancellation);
        if (response.IsSuccessStatusCode) return;
        var text = await response.Content.ReadAsStringAsync(cancellation);
        throw new SmokeFailure($"the emulator answered {(int)response.StatusCode}: {text}");
    }

    /// <summary>Waits until the bot has written a message that contains the text, after another one; the emulator holds the request meanwhile.</summary>
    public async Task<JsonObject> WaitForAnswerAsync(string chatId, string after, string contains, CancellationToken cancellation) =>
        await WaitAsync($"chat={Uri.EscapeDataString(chatId)}&from=app&after={Uri.EscapeDataString(after)}&contains={Uri.EscapeDataString(contains)}", contains, cancellation);

    /// <summary>Waits until the message shows the text.</summary>
    public async Task<JsonObject> WaitForChangeAsync(string messageId, string contains, CancellationToken cancellation) =>
        await WaitAsync($"message_id={Uri.EscapeDataString(messageId)}&contains={Uri.EscapeDataString(contains)}", contains, cancellation);

    /// <summary>The card as everybody sees it now.</summary>
    public async Task<JsonObject> CardAsync(string messageId, CancellationToken cancellation)
    {
        var state = await StateAsync(cancellation);
        return state["cards"]!.AsArray().Select(c => c!.AsObject()).FirstOrDefault(c => c["message_id"]!.GetValue<string>() == messageId)
            ?? throw new SmokeFailure($"the emulator shows no card {messageId}");
    }

    /// <summary>The newest push of an event type, with its plain body.</summary>
    public async Task<JsonObject> NewestPushAsync(string type, CancellationToken cancellation)
    {
        using var response = await _http.GetAsync("/_emulator/pushes?limit=50", cancellation);
        var pushes = await ReadAsync(response, cancellation);
        return pushes["pushes"]!.AsArray().Select(p => p!.AsObject()).FirstOrDefault(p => p["type"]!.GetValue<string>() == type)
            ?? throw new SmokeFailure($"the emulator pushed no {type}");
    }

    public async Task<JsonObject> StateAsync(CancellationToken cancellation)
    {
        using var response = await _http.GetAsync("/_emulator/state", cancellation);
        return await ReadAsync(response, cancellation);
    }

    public void Dispose() => _http.Dispose();

    private async Task<JsonObject> WaitAsync(string query, string contains, CancellationToken cancellation)
    {
        using var response = await _http.GetAsync($"/_emulator/wait?{query}&timeout_ms=10000", cancellation);
        var answer = await ReadAsync(response, cancellation);
        return answer["message"]?.AsObject() ?? throw new SmokeFailure($"nothing that contains \"{contains}\" appeared within 10 s");
    }

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
