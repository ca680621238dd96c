using System.Net;
using System.Net.Http;
using System.Text;
using System.Text.Json;
using Larkspur.Cli.Status;

namespace Larkspur.Cli.Operations;

/// <summary>Calls to a running gateway's REST API, and its refusals in words.</summary>
internal sealed class GatewayCalls : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private const int LargestAnswer = 16 << 20;

    private readonly HttpClient _http;
    private readonly Uri _address;

    private GatewayCalls(Uri address, string key)
    {
        _address = address;
        // A redirect would carry the key to another address.
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { Timeout = Patience, MaxResponseContentBufferSize = LargestAnswer };
        _http.DefaultRequestHeaders.TryAddWithoutValidation("X-Api-Key", key);
    }

    /// <summary>The gateway of <c>--url</c>, or the first of LARKSPUR_GATEWAY_URLS; the key of LARKSPUR_API_KEY.</summary>
    /// <exception cref="CallFailure">There is no address, or no key.</exception>
    public static GatewayCalls Open(string? url)
    {
        var listening = Environment.GetEnvironmentVariable("LARKSPUR_GATEWAY_URLS");
        var address = GatewayAddress.Find(url, listening)
            ?? throw new CallFailure(ExitCodes.Usage, $"\"{url ?? listening}\" is not an address. Write it like http://127.0.0.1:8080");
        return Environment.GetEnvironmentVariable("LARKSPUR_API_KEY") is { Length: > 0 } key
            ? new GatewayCalls(address, key)
            : throw new CallFailure(ExitCodes.NoAnswer, "set LARKSPUR_API_KEY to the gateway's REST key.");
    }

    /// <summary>The body of a good answer, parsed.</summary>
    /// <exception cref="CallFailure">The gateway refused, or there is none.</exception>
    public async Task<JsonElement> SendAsync(HttpMethod method, string path, string? json, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(method, new Uri(_address, "api/v1/" + path));
        if (json is not null) request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        try
        {
            using var answer = await _http.SendAsync(request, cancellation);
            var body = await answer.Content.ReadAsStringAsync(cancellation);
            if (answer.StatusCode == HttpStatusCode.OK) return JsonSerializer.Deserialize<JsonElement>(body);
            throw Refusal(answer.StatusCode, body);
        }
        catch (HttpRequestException e)
        {
            throw new CallFailure(ExitCodes.NoAnswer, $"the gateway at {_address} cannot be reached: {e.Message}");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new CallFailure(ExitCodes.NoAnswer, $"the gateway at {_address} did not answer within {Patience.TotalSeconds:0} s.");
        }
        catch (JsonException)
        {
            throw new CallFailure(ExitCodes.NoAnswer, $"{_address} is no Larkspur gateway: its answer is not JSON.");
        }
    }

    public void Dispose() => _http.Dispose();

    private CallFailure Refusal(HttpStatusCode status, string body)
    {
        var word = Word(body);
        return (status, word) switch
        {
            (HttpStatusCode.Unauthorized, "api_closed") => new(ExitCodes.NoAnswer, $"the gateway at {_address} has no REST key: start it with LARKSPUR_API_KEY."),
            (HttpStatusCode.Unauthorized, _) => new(ExitCodes.NoAnswer, $"the gateway at {_address} does not take this LARKSPUR_API_KEY."),
            (HttpStatusCode.ServiceUnavailable, _) => new(ExitCodes.NoAnswer, "the gateway's database is away; try again later."),
            (HttpStatusCode.NotFound, "not_found") => new(ExitCodes.Refused, "there is no such row."),
            (_, "not_replayable") => new(ExitCodes.Refused, "only dead, stale and discarded rows can be replayed; this one is none of them."),
            (_, "already_finished") => new(ExitCodes.Refused, "the row has ended already."),
            (_, "unsure_past_key_lifetime") => new(ExitCodes.Refused, "it may have arrived, and the platform no longer remembers its key: look into the chat. --force sends it again, under a new key."),
            (_, "superseded") => new(ExitCodes.Refused, "the card has a later face. --force puts this one on."),
            (HttpStatusCode.BadRequest, { } what) => new(ExitCodes.Usage, $"the gateway does not understand the question ({what})."),
            _ => new(ExitCodes.NoAnswer, $"{_address} answered {(int)status}; is it a Larkspur gateway?"),
        };
    }

    private static string? Word(string body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("error", out var error) ? error.GetString() : null;
        }
        catch (JsonException)
        {
            return null; // something else answers there
        }
    }
}

/// <summary>Exit codes of the verbs that talk to a running gateway.</summary>
internal static class ExitCodes
{
    public const int Refused = 1;
    public const int Usage = 2;
    public const int NoAnswer = 3;
}

/// <summary>A call that came to nothing, in a sentence, with the exit code that says it to scripts.</summary>
internal sealed class CallFailure(int exitCode, string message) : Exception(message)
{
    public int ExitCode { get; } = exitCode;
}
