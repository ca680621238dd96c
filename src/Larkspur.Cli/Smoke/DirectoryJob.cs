using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Larkspur.Cli.Hosting;
using static Larkspur.Cli.Smoke.SmokeSteps;

namespace Larkspur.Cli.Smoke;

/// <summary>What a company's directory does to the people in it: who joins is known, who moves is in the new department, and what a leaver
/// could do ends.</summary>
internal sealed class DirectoryJob(LocalStack stack) : IDisposable
{
    private readonly EmulatorControl _emulator = new(stack.Emulator);
    private readonly HttpClient _gateway = new(new SocketsHttpHandler { UseProxy = false })
    {
        BaseAddress = new Uri(stack.Gateway, "/api/v1/"),
        Timeout = TimeSpan.FromSeconds(20),
        DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", stack.ApiKey) },
    };

    private string _dave = "";
    private string _key = "";

    public IEnumerable<(string Name, Func<CancellationToken, Task> Step)> Steps() =>
    [
        ("Feishu's directory is read, departments and people", ReadAsync),
        ("Dave joins: the event makes him known, and a key is made for him", JoinAsync),
        ("Carol moves to finance: the event moves her", MoveAsync),
        ("Dave leaves: his key opens nothing and nothing is permitted to him any more; the key stands in what is handed over", LeaveAsync),
    ];

    public void Dispose()
    {
        _emulator.Dispose();
        _gateway.Dispose();
    }

    private async Task ReadAsync(CancellationToken cancellation)
    {
        await _emulator.ChangePersonAsync(
            HttpMethod.Patch, "people/carol", new { departments = (string[])["purchasing"], silent = true }, cancellation);
        var asked = await SendAsync(HttpMethod.Post, "directory/sync", new { platform = "feishu" }, cancellation);
        var run = asked["runs"]![0]!["id"]!.GetValue<long>();
        var ended = await UntilAsync(() => GetAsync($"directory/runs/{run}", cancellation),
            r => Text(r, "state") is not ("queued" or "running"), "the run did not end", cancellation);
        Expect(Text(ended, "state") == "complete", $"the run is {ended.ToJsonString()}");
    }

    private async Task JoinAsync(CancellationToken cancellation)
    {
        await _emulator.ChangePersonAsync(HttpMethod.Post, "people",
            new
            {
                user_id = "dave", name = "Dave Li", email = "dave@mica.example", employee_no = "M2001",
                departments = (string[])["purchasing"],
            }, cancellation);
        _dave = Text((await PersonAsync("dave@mica.example", "active", cancellation))!, "id");
        var made = await SendAsync(HttpMethod.Post, "api-keys",
            new { name = "dave-reports", scopes = (string[])["people:read"], holder = _dave }, cancellation);
        _key = Text(made, "secret");
        Expect(await OpensAsync(cancellation) is null, "the new key is refused");
        Expect((await MayAskAsync(cancellation))["allowed"]!.GetValue<bool>(), "Dave may not ask the assistant");
    }

    private async Task MoveAsync(CancellationToken cancellation)
    {
        var finance = (await GetAsync("departments?platform=feishu&limit=200", cancellation))["items"]!.AsArray()
            .Single(d => d!["custom_id"]?.GetValue<string>() == "finance")!["id"]!.GetValue<long>();
        var before = await GetAsync($"people?department={finance}&limit=200", cancellation);
        Expect(!before.ToJsonString().Contains("carol@", StringComparison.Ordinal), "Carol is in finance before she moved");
        await _emulator.ChangePersonAsync(HttpMethod.Patch, "people/carol", new { departments = (string[])["finance"] }, cancellation);
        await UntilAsync(() => GetAsync($"people?department={finance}&limit=200", cancellation),
            p => p.ToJsonString().Contains("carol@", StringComparison.Ordinal), "Carol is not in finance", cancellation);
    }

    private async Task LeaveAsync(CancellationToken cancellation)
    {
        await _emulator.ChangePersonAsync(HttpMethod.Delete, "people/dave", null, cancellation);
        await UntilAsync(async () => JsonValue.Create(await OpensAsync(cancellation) ?? "")!,
            a => a.GetValue<string>() == "api_key_holder_left", "the leaver's key still opens", cancellation);
        var person = await GetAsync("people/" + _dave, cancellation);
        Expect(Text(person, "state") == "left" && person["disabled"]!.GetValue<bool>(), $"Dave is {person.ToJsonString()}");
        var asks = await MayAskAsync(cancellation);
        Expect(!asks["allowed"]!.GetValue<bool>() && Text(asks, "reason") == "disabled", $"Dave may still ask: {asks.ToJsonString()}");
        var handover = await GetAsync($"people/{_dave}/handover", cancellation);
        Expect(handover["items"]!.AsArray().Any(i => Text(i!, "kind") == "api_key" && Text(i!, "state") == "holder_left"),
            $"the handover is {handover.ToJsonString()}");
    }

    /// <summary>The one person of an address, once they are in a state.</summary>
    private async Task<JsonNode?> PersonAsync(string email, string state, CancellationToken cancellation) =>
        (await UntilAsync(() => GetAsync($"people?q={email}&state={state}", cancellation), p => p["items"]!.AsArray().Count == 1,
            $"nobody with {email} is {state}", cancellation))["items"]![0];

    private Task<JsonNode> MayAskAsync(CancellationToken cancellation) =>
        SendAsync(HttpMethod.Post, "permissions/check", new { feature = "assistant", person = _dave, platform = "feishu" }, cancellation);

    /// <summary>Why the key is refused; null: it is taken.</summary>
    private async Task<string?> OpensAsync(CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_gateway.BaseAddress!, "people?limit=1"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _key);
        using var response = await _gateway.SendAsync(request, cancellation);
        return response.IsSuccessStatusCode ? null : Text((await response.Content.ReadFromJsonAsync<JsonNode>(cancellation))!, "error");
    }

    private Task<JsonNode> GetAsync(string path, CancellationToken cancellation) => SendAsync(HttpMethod.Get, path, null, cancellation);

    private async Task<JsonNode> SendAsync(HttpMethod method, string path, object? body, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        using var response = await _gateway.SendAsync(request, cancellation);
        var text = await response.Content.ReadAsStringAsync(cancellation);
        Expect(response.IsSuccessStatusCode, $"{method} {path} was answered {(int)response.StatusCode}: {text}");
        return JsonNode.Parse(text)!;
    }
}
