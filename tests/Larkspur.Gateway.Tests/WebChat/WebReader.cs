using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;

namespace Larkspur.Gateway.Tests.WebChat;

/// <summary>What a page does: it holds a token, asks, and reads events.</summary>
internal sealed class WebReader(Uri gateway, string token) : IDisposable
{
    private readonly HttpClient _http = new() { BaseAddress = gateway, Timeout = Timeout.InfiniteTimeSpan };

    public string Token { get; } = token;

    public async Task<(int Status, JsonNode? Json)> CallAsync(HttpMethod method, string path, object? body = null, Action<HttpRequestMessage>? change = null)
    {
        using var request = new HttpRequestMessage(method, "/chat/api/v1/" + path) { Content = body is null ? null : JsonContent.Create(body) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        change?.Invoke(request);
        using var answer = await _http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        return ((int)answer.StatusCode, text.Length == 0 ? null : JsonNode.Parse(text));
    }

    public Task<(int Status, JsonNode? Json)> AskAsync(string text, string? clientId = null) => CallAsync(HttpMethod.Post, "messages", new { client_id = clientId ?? Guid.NewGuid().ToString("N"), text });

    public async Task<JsonArray> HistoryAsync(string query = "") => (await CallAsync(HttpMethod.Get, "messages" + query)).Json!["items"]!.AsArray();

    public Task<(int Status, JsonNode? Json)> DoAsync(string action) => CallAsync(HttpMethod.Post, "actions", new { action });

    /// <summary>Opens the stream of events, and returns once it has begun.</summary>
    public async Task<WebEvents> EventsAsync(string? lastEventId = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/chat/api/v1/events");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        if (lastEventId is not null) request.Headers.Add("Last-Event-ID", lastEventId);
        var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        answer.EnsureSuccessStatusCode();
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType!.MediaType);
        return new WebEvents(answer, new StreamReader(await answer.Content.ReadAsStreamAsync(), Encoding.UTF8));
    }

    public void Dispose() => _http.Dispose();
}

/// <summary>One event.</summary>
internal sealed record WebEvent(string Id, string Name, JsonNode Data);

/// <summary>A stream of events as it is read.</summary>
internal sealed class WebEvents(HttpResponseMessage answer, StreamReader lines) : IDisposable
{
    public List<WebEvent> Read { get; } = [];

    /// <summary>Reads up to an event that fits.</summary>
    public async Task<WebEvent> UntilAsync(Func<WebEvent, bool> fits)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        try
        {
            while (true)
            {
                var one = await NextAsync(deadline.Token) ?? throw new InvalidOperationException($"The stream ended. Read: {Text()}");
                if (fits(one)) return one;
            }
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"It did not come. Read: {Text()}");
        }
    }

    /// <summary>Reads until the stream ends.</summary>
    public async Task EndsAsync()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (await NextAsync(deadline.Token) is not null) continue;
    }

    public Task<WebEvent> UntilAsync(string name) => UntilAsync(e => e.Name == name);

    public void Dispose()
    {
        lines.Dispose();
        answer.Dispose();
    }

    private async Task<WebEvent?> NextAsync(CancellationToken cancellation)
    {
        string? id = null, name = null, data = null;
        while (await lines.ReadLineAsync(cancellation) is { } line)
        {
            if (line.StartsWith("id: ", StringComparison.Ordinal)) id = line[4..];
            else if (line.StartsWith("event: ", StringComparison.Ordinal)) name = line[7..];
            else if (line.StartsWith("data: ", StringComparison.Ordinal)) data = line[6..];
            else if (line.Length == 0 && data is not null)
            {
                Read.Add(new WebEvent(id!, name!, JsonNode.Parse(data)!));
                return Read[^1];
            }
        }

        return null;
    }

    private string Text() => string.Join('\n', Read.Select(e => $"{e.Id} {e.Name} {e.Data.ToJsonString()}"));
}

/// <summary>Keeps messages as a page would, from events and nothing else.</summary>
internal sealed class WebView
{
    private readonly SortedDictionary<long, (long Id, string Kind, string Text, string? State)> _messages = [];

    public IReadOnlyList<(long Id, string Kind, string Text, string? State)> Messages => [.. _messages.Values];

    /// <summary>What was told although it was known.</summary>
    public int Doubled { get; private set; }

    public void Take(IEnumerable<WebEvent> events)
    {
        foreach (var one in events) Take(one);
    }

    private void Take(WebEvent one)
    {
        if (one.Name == "answer-text")
        {
            var id = one.Data["id"]!.GetValue<long>();
            var (seq, known) = _messages.First(m => m.Value.Id == id);
            var offset = one.Data["offset"]!.GetValue<int>();
            if (offset < known.Text.Length) Doubled++;
            _messages[seq] = known with { Text = known.Text[..offset] + one.Data["text"]!.GetValue<string>() };
            return;
        }

        if (one.Name == "reset") return;
        var (place, state) = (one.Data["seq"]!.GetValue<long>(), one.Data["state"]?.GetValue<string>());
        if (_messages.TryGetValue(place, out var before) && before.State == state) Doubled++;
        _messages[place] = (one.Data["id"]!.GetValue<long>(), one.Data["kind"]!.GetValue<string>(), one.Data["text"]!.GetValue<string>(), state);
    }
}
