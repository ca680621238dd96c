using System.Net;
using System.Net.Http;
using System.Text;
using System.Text.Json;
using Larkspur.Cli.Hosting;
using Larkspur.Client;

namespace Larkspur.Cli.Calls;

/// <summary>Calls to a running gateway's REST API, and its refusals in words.</summary>
internal sealed class GatewayCalls : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan UploadPatience = TimeSpan.FromMinutes(10);
    private const int LargestAnswer = 16 << 20;

    private readonly HttpClient _http;
    private readonly Uri _address;
    private readonly LarkspurClient _client;

    private GatewayCalls(Uri address, string key)
    {
        _address = address;
        // A redirect would carry the key to another address.
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { Timeout = Timeout.InfiniteTimeSpan, MaxResponseContentBufferSize = LargestAnswer };
        _http.DefaultRequestHeaders.TryAddWithoutValidation("X-Api-Key", key);
        _client = new LarkspurClient(_http, address, key);
    }

    public Uri Address => _address;

    /// <summary>The gateway of <c>--url</c>, or the first of LARKSPUR_GATEWAY_URLS; the key of LARKSPUR_API_KEY.</summary>
    /// <exception cref="CallFailure">There is no address, or no key.</exception>
    public static GatewayCalls Open(string? url)
    {
        var listening = Environment.GetEnvironmentVariable("LARKSPUR_GATEWAY_URLS");
        var address = GatewayAddress.Find(url, listening)
            ?? throw new CallFailure(ExitCodes.Usage, $"\"{url ?? listening}\" is not an address. Write it like http://127.0.0.1:8080");
        return Key() is { } key ? new GatewayCalls(address, key) : throw new CallFailure(ExitCodes.NoAnswer, "set LARKSPUR_API_KEY to the gateway's REST key.");
    }

    private static string? Key()
    {
        try
        {
            return SecretVariable.Read("LARKSPUR_API_KEY");
        }
        catch (IOException e)
        {
            throw new CallFailure(ExitCodes.Usage, $"{e.Message}.");
        }
    }

    /// <summary>An answer as it came. For what is handed on as it is (rows with their histories, events), where a record would drop what a later gateway tells besides.</summary>
    /// <exception cref="CallFailure">The gateway refused, or there is none.</exception>
    public Task<JsonElement> GetAsync(string path, CancellationToken cancellation) => SendAsync(HttpMethod.Get, path, null, null, Patience, cancellation);

    /// <summary>Asks through the typed client.</summary>
    /// <exception cref="CallFailure">The gateway refused, or there is none.</exception>
    public Task<T> AskAsync<T>(Func<LarkspurClient, CancellationToken, Task<T>> ask, CancellationToken cancellation) => AnsweredAsync(async limit =>
    {
        try
        {
            return await ask(_client, limit);
        }
        catch (LarkspurProblemException e) when ((int)e.StatusCode < 300)
        {
            throw new JsonException(e.Message, e);
        }
        catch (LarkspurProblemException e)
        {
            throw Refusals.Of(_address, e.StatusCode, e.Problem is { } problem ? JsonSerializer.Serialize(problem) : "");
        }
    }, Patience, cancellation);

    /// <summary>A body as somebody wrote it, under a key of its own; the answer as the typed client would give it.</summary>
    /// <exception cref="CallFailure">The gateway refused, or there is none.</exception>
    public async Task<T> SendAsync<T>(HttpMethod method, string path, string json, string? key, CancellationToken cancellation)
    {
        var answer = await SendAsync(method, path, new StringContent(json, Encoding.UTF8, "application/json"), key, Patience, cancellation);
        try
        {
            return answer.Deserialize<T>()!;
        }
        catch (JsonException)
        {
            throw new CallFailure(ExitCodes.NoAnswer, $"{_address} is no Larkspur gateway of this version.");
        }
    }

    /// <summary>A large body: it may take ten minutes. Past the typed client, which has no upload that tells how far it is.</summary>
    /// <exception cref="CallFailure">The gateway refused, or there is none.</exception>
    public Task<JsonElement> UploadAsync(string path, HttpContent content, CancellationToken cancellation) => SendAsync(HttpMethod.Post, path, content, null, UploadPatience, cancellation);

    public void Dispose() => _http.Dispose();

    private Task<JsonElement> SendAsync(HttpMethod method, string path, HttpContent? content, string? key, TimeSpan patience, CancellationToken cancellation) => AnsweredAsync(async limit =>
    {
        using var request = new HttpRequestMessage(method, new Uri(_address, "api/v1/" + path)) { Content = content };
        if (key is not null) request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        using var answer = await _http.SendAsync(request, limit);
        var body = await answer.Content.ReadAsStringAsync(limit);
        return answer.IsSuccessStatusCode ? JsonSerializer.Deserialize<JsonElement>(body) : throw Refusals.Of(_address, answer.StatusCode, body);
    }, patience, cancellation);

    private async Task<T> AnsweredAsync<T>(Func<CancellationToken, Task<T>> ask, TimeSpan patience, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(patience);
        try
        {
            return await ask(limit.Token);
        }
        catch (HttpRequestException e)
        {
            throw new CallFailure(ExitCodes.NoAnswer, $"the gateway at {_address} cannot be reached: {e.Message}") { MayPass = true };
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new CallFailure(ExitCodes.NoAnswer, $"the gateway at {_address} did not answer within {patience.TotalSeconds:0} s.") { MayPass = true };
        }
        catch (JsonException)
        {
            throw new CallFailure(ExitCodes.NoAnswer, $"{_address} is no Larkspur gateway: its answer is not JSON.");
        }
    }
}
