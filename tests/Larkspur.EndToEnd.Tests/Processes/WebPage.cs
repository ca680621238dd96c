using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Larkspur.EndToEnd.Tests.Processes;

/// <summary>What a page of the web chat does: it asks one process, reads the events of another, and keeps what it was told.</summary>
internal sealed class WebPage : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = Timeout.InfiniteTimeSpan };
    private readonly SortedDictionary<long, JsonObject> _messages = [];
    private readonly Lock _gate = new();

    private WebPage(string token) => _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);

    /// <summary>The id of the event that was read last.</summary>
    public string? Last { get; private set; }

    /// <summary>Pieces of answers that came while they were written.</summary>
    public int Pieces { get; private set; }

    /// <summary>What was told although it was known.</summary>
    public int Doubled { get; private set; }

    /// <summary>Answers, in their order.</summary>
    public IReadOnlyList<JsonObject> Answers
    {
        get { lock (_gate) return [.. _messages.Values.Where(m => m["kind"]!.GetValue<string>() == "answer").Select(m => m.DeepClone().AsObject())]; }
    }

    /// <summary>A session of Alice's.</summary>
    public static async Task<WebPage> OpenAsync(GatewayProcess gateway)
    {
        using var http = new HttpClient { BaseAddress = gateway.Address };
        http.DefaultRequestHeaders.Add("X-Api-Key", GatewayApp.ApiKey);
        using var made = await http.PostAsJsonAsync(new Uri("/api/v1/web-chat/sessions", UriKind.Relative), new { issuer = "https://intranet.example.com", subject = "alice", name = "Alice", locale = "en_us" });
        made.EnsureSuccessStatusCode();
        return new WebPage((await made.Content.ReadFromJsonAsync<JsonNode>())!["token"]!.GetValue<string>());
    }

    public Task AskAsync(GatewayProcess gateway, string text, string clientId = "q1") => PostAsync(gateway, "messages", new { client_id = clientId, text }, 202);

    public Task DoAsync(GatewayProcess gateway, string action) => PostAsync(gateway, "actions", new { action }, 200);

    /// <summary>Reads events until the connection ends, from where it stopped the last time. Returns once the stream has begun.</summary>
    public async Task<Task> ReadAsync(GatewayProcess gateway)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, new Uri(gateway.Address, "/chat/api/v1/events"));
        if (Last is not null) request.Headers.Add("Last-Event-ID", Last);
        var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        answer.EnsureSuccessStatusCode();
        return TakeAllAsync(answer);
    }

    public void Dispose() => _http.Dispose();

    public static string TextOf(JsonObject answer) => answer["text"]!.GetValue<string>();

    public static string StateOf(JsonObject answer) => answer["state"]?.GetValue<string>() ?? "";

    private async Task TakeAllAsync(HttpResponseMessage answer)
    {
        using (answer)
        using (var lines = new StreamReader(await answer.Content.ReadAsStreamAsync()))
        {
            try
            {
                string? id = null, name = null;
                while (await lines.ReadLineAsync() is { } line)
                {
                    if (line.StartsWith("id: ", StringComparison.Ordinal)) id = line[4..];
                    else if (line.StartsWith("event: ", StringComparison.Ordinal)) name = line[7..];
                    else if (line.StartsWith("data: ", StringComparison.Ordinal)) Take(id!, name!, JsonNode.Parse(line[6..])!.AsObject());
                }
            }
            catch (Exception e) when (e is IOException or HttpRequestException)
            {
                // The process has died.
            }
        }
    }

    private void Take(string id, string name, JsonObject data)
    {
        lock (_gate)
        {
            Last = id;
            if (name == "answer-text")
            {
                Pieces++;
                var message = _messages.Values.First(m => m["id"]!.GetValue<long>() == data["id"]!.GetValue<long>());
                var (offset, known) = (data["offset"]!.GetValue<int>(), TextOf(message));
                if (offset < known.Length) Doubled++;
                message["text"] = known[..offset] + data["text"]!.GetValue<string>();
            }
            else if (name != "reset")
            {
                var seq = data["seq"]!.GetValue<long>();
                if (_messages.TryGetValue(seq, out var before) && StateOf(before) == StateOf(data)) Doubled++;
                _messages[seq] = data;
            }
        }
    }

    private async Task PostAsync(GatewayProcess gateway, string path, object body, int expected)
    {
        using var answer = await _http.PostAsJsonAsync(new Uri(gateway.Address, "/chat/api/v1/" + path), body);
        Assert.True((int)answer.StatusCode == expected, $"{path}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
    }
}
