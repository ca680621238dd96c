using System.CommandLine;
using System.Net;
using System.Net.Http;
using System.Text.Json;
using Spectre.Console;

namespace Larkspur.Cli.Status;

/// <summary><c>larkspur status</c>: asks a running gateway how it does. Exit codes: 0 all is well, 1 it is not, 2 not reachable, wrong key or no gateway.</summary>
internal static class StatusCommand
{
    private const int Unhealthy = 1;
    private const int NoAnswer = 2;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static Command Create()
    {
        var url = new Option<string?>("--url") { Description = "The gateway's address; default: the first of LARKSPUR_GATEWAY_URLS, or http://127.0.0.1:8080." };
        var json = new Option<bool>("--json") { Description = "Print the answer of GET /api/v1/status as it is." };
        var command = new Command("status", "Ask a running gateway how it does (with the key in LARKSPUR_API_KEY); exit 0 well, 1 unhealthy, 2 not reachable or wrong key.") { url, json };
        command.SetAction((parsed, cancellation) => RunAsync(parsed.GetValue(url), parsed.GetValue(json), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(string? url, bool asJson, CancellationToken cancellation)
    {
        if (GatewayAddress.Find(url, Environment.GetEnvironmentVariable("LARKSPUR_GATEWAY_URLS")) is not { } address)
            return Fail($"\"{url ?? Environment.GetEnvironmentVariable("LARKSPUR_GATEWAY_URLS")}\" is not an address. Write it like http://127.0.0.1:8080");
        if (Environment.GetEnvironmentVariable("LARKSPUR_API_KEY") is not { Length: > 0 } key)
            return Fail("set LARKSPUR_API_KEY to the gateway's REST key.");

        // A redirect would carry the key to another address.
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { Timeout = Patience, MaxResponseContentBufferSize = 1 << 20 };
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(address, "api/v1/status"));
        request.Headers.TryAddWithoutValidation("X-Api-Key", key);
        try
        {
            using var answer = await http.SendAsync(request, cancellation);
            var body = await answer.Content.ReadAsStringAsync(cancellation);
            if (answer.StatusCode == HttpStatusCode.Unauthorized)
            {
                return Fail(body.Contains("api_closed", StringComparison.Ordinal)
                    ? $"the gateway at {address} has no REST key: start it with LARKSPUR_API_KEY."
                    : $"the gateway at {address} does not take this LARKSPUR_API_KEY.");
            }

            if (answer.StatusCode != HttpStatusCode.OK) return Fail($"{address} answered {(int)answer.StatusCode}; is it a Larkspur gateway?");
            using var document = JsonDocument.Parse(body);
            if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty("status", out var status)) return Fail($"{address} is no Larkspur gateway.");
            if (asJson) Console.Out.WriteLine(body);
            else StatusView.Print(address, document.RootElement);
            return status.GetString() == "ok" ? 0 : Unhealthy;
        }
        catch (HttpRequestException e)
        {
            return Fail($"the gateway at {address} cannot be reached: {e.Message}");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return Fail($"the gateway at {address} did not answer within {Patience.TotalSeconds:0} s.");
        }
        catch (JsonException)
        {
            return Fail($"{address} is no Larkspur gateway: its answer is not JSON.");
        }
    }

    private static int Fail(string sentence)
    {
        Console.Error.WriteLine("larkspur: " + sentence);
        return NoAnswer;
    }
}
