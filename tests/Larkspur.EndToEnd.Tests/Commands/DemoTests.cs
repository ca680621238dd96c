using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Larkspur.EndToEnd.Tests.Processes;

namespace Larkspur.EndToEnd.Tests.Commands;

/// <summary>A newcomer's first minute: what <c>larkspur demo</c> prints works as it stands.</summary>
public sealed partial class DemoTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly string _folder = Directory.CreateTempSubdirectory("larkspur-demo-").FullName;

    [Fact]
    public async Task The_printed_calls_work_when_they_are_pasted()
    {
        var gateway = GatewayProcess.FreeAddress();
        await using var demo = LarkspurProcess.Start("demo", _folder, new Dictionary<string, string>
        {
            ["LARKSPUR_GATEWAY_URLS"] = gateway.ToString(),
            ["LARKSPUR_EMULATOR_URLS"] = GatewayProcess.FreeAddress().ToString(),
            ["LARKSPUR_API_KEY"] = GatewayApp.ApiKey,
            ["LARKSPUR_DATA"] = "",
            ["LARKSPUR_DB"] = "",
        });
        await UntilAsync(() => Task.FromResult(demo.Output.Contains("Ctrl+C stops.", StringComparison.Ordinal)), () => demo.Output);
        Assert.Matches(@"Console log-in +admin / \w{16}", demo.Output);

        var calls = Pasted().Matches(demo.Output);
        Assert.Equal(["notifications", "payments"], calls.Select(c => c.Groups["path"].Value));
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = gateway };
        http.DefaultRequestHeaders.Add("X-Api-Key", GatewayApp.ApiKey);
        foreach (Match call in calls)
        {
            // What a shell makes of the line, without depending on a curl of this machine.
            var path = "/api/v1/" + call.Groups["path"].Value;
            using var request = new HttpRequestMessage(HttpMethod.Parse(call.Groups["method"].Value), path)
            {
                Content = new StringContent(call.Groups["body"].Value, System.Text.Encoding.UTF8, "application/json"),
            };
            request.Headers.Add("Idempotency-Key", call.Groups["key"].Value);
            using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
            var made = await answer.Content.ReadFromJsonAsync<JsonObject>(TestContext.Current.CancellationToken);
            Assert.True(answer.IsSuccessStatusCode, $"{path} answered {(int)answer.StatusCode}: {made}");
            JsonObject? now = null;
            await UntilAsync(
                async () =>
                {
                    now = await http.GetFromJsonAsync<JsonObject>($"{path}/{made!["id"]}", TestContext.Current.CancellationToken);
                    return (now!["deliveries"]?[0]?["state"] ?? now["state"])!.GetValue<string>() is "sent" or "read" or "pending";
                },
                () => now?.ToJsonString() ?? "no answer");
        }

        Assert.Equal(0, await demo.SignalAsync("INT"));
    }

    [Fact]
    public async Task With_data_of_somebodys_own_nothing_is_switched_on_and_the_call_that_does_is_printed()
    {
        var gateway = GatewayProcess.FreeAddress();
        await using var demo = LarkspurProcess.Start("demo", _folder, new Dictionary<string, string>
        {
            ["LARKSPUR_GATEWAY_URLS"] = gateway.ToString(),
            ["LARKSPUR_EMULATOR_URLS"] = GatewayProcess.FreeAddress().ToString(),
            ["LARKSPUR_API_KEY"] = GatewayApp.ApiKey,
            ["LARKSPUR_DATA"] = Path.Combine(_folder, "data"),
            ["LARKSPUR_DB"] = "",
        });
        await UntilAsync(() => Task.FromResult(demo.Output.Contains("Ctrl+C stops.", StringComparison.Ordinal)), () => demo.Output);
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = gateway };
        http.DefaultRequestHeaders.Add("X-Api-Key", GatewayApp.ApiKey);
        Assert.False(await IsOnAsync(http));

        var call = Assert.Single(Pasted().Matches(demo.Output), c => c.Groups["path"].Value == "settings");
        using var body = new StringContent(call.Groups["body"].Value, System.Text.Encoding.UTF8, "application/json");
        using var answer = await http.PatchAsync("/api/v1/settings", body, TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode, $"the printed PATCH was answered {(int)answer.StatusCode}");
        Assert.True(await IsOnAsync(http));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static async Task<bool> IsOnAsync(HttpClient http)
    {
        var settings = await http.GetFromJsonAsync<JsonObject>("/api/v1/settings", TestContext.Current.CancellationToken);
        return settings!["groups"]!.AsArray().SelectMany(g => g!["settings"]!.AsArray()).Single(s => s!["key"]!.GetValue<string>() == "auth.feishu.enabled")!["value"]!.GetValue<bool>();
    }

    private static async Task UntilAsync(Func<Task<bool>> holds, Func<string> seen)
    {
        using var deadline = new CancellationTokenSource(Patience);
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        try
        {
            while (!await holds()) await ticks.WaitForNextTickAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"It did not happen within {Patience.TotalSeconds} s; last seen: {seen()}");
        }
    }

    [GeneratedRegex("""^  curl -X (?<method>[A-Z]+) -H 'X-Api-Key: [^']+' -H 'Content-Type: application/json'( -H 'Idempotency-Key: (?<key>[^']+)')? http://\S+/api/v1/(?<path>\S+) -d '(?<body>[^']+)'\r?$""", RegexOptions.Multiline)]
    private static partial Regex Pasted();
}
