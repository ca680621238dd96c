using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Larkspur.Cli.Hosting;
using Spectre.Console;

namespace Larkspur.Cli.Smoke;

/// <summary>After a failed step: what went over the wire last and what the gateway recorded of it, so that nobody has to guess where it broke.</summary>
internal static class SmokeTrace
{
    public static async Task PrintAsync(LocalStack stack, CancellationToken cancellation)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(5) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", stack.ApiKey);
        AnsiConsole.WriteLine();
        var ready = await ReadAsync(new Uri(stack.Gateway, "/health/ready"));
        AnsiConsole.WriteLine($"Gateway: {ready?.ToJsonString() ?? "no answer"}");

        var pushes = List(await ReadAsync(new Uri(stack.Emulator, "/_emulator/pushes?limit=3")), "pushes");
        AnsiConsole.WriteLine(pushes.Length == 0 ? "Events pushed: none" : "Events pushed, newest first:");
        foreach (var push in pushes)
        {
            AnsiConsole.WriteLine($"  {push["type"]} {push["event_id"]}: answered {push["status"]} {push["response_body"]} ({push["verdict"]})");
            var record = List(await ReadAsync(new Uri(stack.Gateway, $"/api/v1/inbox?event_id={push["event_id"]}")), "items").FirstOrDefault();
            if (record is not null) AnsiConsole.WriteLine($"    recorded: {record["status"]}, {record["outcome"] ?? "no outcome yet"}, reference {record["reference"]}, attempts {record["attempts"]}");
        }

        var calls = List(await ReadAsync(new Uri(stack.Emulator, "/_emulator/calls?limit=5")), "calls");
        AnsiConsole.WriteLine(calls.Length == 0 ? "API calls of the gateway: none" : "API calls of the gateway, newest first:");
        foreach (var call in calls) AnsiConsole.WriteLine($"  {call["method"]} {call["path"]}: {call["status"]}, code {call["code"]} ({call["verdict"]})");
        AnsiConsole.WriteLine("For more: Logging__LogLevel__Default=Information ./larkspur smoke, or ./larkspur demo and the inspector of its web client.");

        async Task<JsonNode?> ReadAsync(Uri address)
        {
            try
            {
                using var response = await http.GetAsync(address, cancellation);
                return JsonNode.Parse(await response.Content.ReadAsStringAsync(cancellation));
            }
            catch (Exception error) when (error is HttpRequestException or TaskCanceledException or System.Text.Json.JsonException)
            {
                return null;
            }
        }
    }

    private static JsonNode[] List(JsonNode? answer, string name) => answer?[name] is JsonArray list ? [.. list.Where(i => i is not null).Select(i => i!)] : [];
}
