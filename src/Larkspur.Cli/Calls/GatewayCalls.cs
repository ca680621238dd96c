using System.Net;
using System.Net.Http;
using System.Text;
using System.Text.Json;
using Larkspur.Cli.Contexts;
using Larkspur.Cli.Output;
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

    private readonly string _keyFrom;

    private GatewayCalls(Uri address, string key, string keyFrom)
    {
        (_address, _keyFrom) = (address, keyFrom);
        // A redirect would carry the key to another address.
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { Timeout = Timeout.InfiniteTimeSpan, MaxResponseContentBufferSize = LargestAnswer };
        _http.DefaultRequestHeaders.TryAddWithoutValidation("X-Api-Key", key);
        _client = new LarkspurClient(_http, address, key);
    }

    public Uri Address => _address;

    /// <exception cref="CallFailure">There is no key.</exception>
    public static GatewayCalls Open(Access access) => access.Key is { } key
        ? new GatewayCalls(access.Address, key, access.KeyFrom!)
        : throw new CallFailure(ExitCodes.NoAnswer, Words.Of(
            $"there is no key for {access.Address}: larkspur login keeps one, or set {Access.KeyVariable} to the gateway's REST key.",
            $"没有 {access.Address} 的密钥：请运行 larkspur login，或将 {Access.KeyVariable} 设为网关的 REST 密钥。"));

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
            throw Refusals.Of(_address, _keyFrom, e.StatusCode, e.Problem is { } problem ? JsonSerializer.Serialize(problem) : "");
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

    /// <summary>A call whose answer is handed on as it came; undefined where there is none.</summary>
    /// <param name="method">What is done.</param>
    /// <param name="path">Below /api/v1, escaped.</param>
    /// <param name="json">The body; null: none.</param>
    /// <param name="cancellation">Ctrl+C.</param>
    /// <exception cref="CallFailure">The gateway refused, or there is none.</exception>
    public Task<JsonElement> CallAsync(HttpMethod method, string path, string? json, CancellationToken cancellation) =>
        SendAsync(method, path, json is null ? null : new StringContent(json, Encoding.UTF8, "application/json"), null, Patience,
            cancellation);

    /// <summary>A large body: it may take ten minutes. Past the typed client, which has no upload that tells how far it is.</summary>
    /// <exception cref="CallFailure">The gateway refused, or there is none.</exception>
    public Task<JsonElement> UploadAsync(string path, HttpContent content, CancellationToken cancellation) => SendAsync(HttpMethod.Post, path, content, null, UploadPatience, cancellation);

    /// <summary>A file, written as it comes.</summary>
    /// <param name="path">Below /api/v1, escaped.</param>
    /// <param name="open">Where it goes; opened once the gateway gives it.</param>
    /// <param name="cancellation">Ctrl+C.</param>
    /// <returns>How many bytes it has.</returns>
    /// <exception cref="CallFailure">The gateway refused, or there is none.</exception>
    public Task<long> DownloadAsync(string path, Func<Stream> open, CancellationToken cancellation) => AnsweredAsync(async limit =>
    {
        using var answer = await _http.GetAsync(new Uri(_address, "api/v1/" + path), HttpCompletionOption.ResponseHeadersRead, limit);
        if (!answer.IsSuccessStatusCode) throw Refusals.Of(_address, _keyFrom, answer.StatusCode,
            await answer.Content.ReadAsStringAsync(limit));
        await using var target = open();
        await answer.Content.CopyToAsync(target, limit);
        return target.Length;
    }, UploadPatience, cancellation);

    public void Dispose() => _http.Dispose();

    private Task<JsonElement> SendAsync(HttpMethod method, string path, HttpContent? content, string? key, TimeSpan patience, CancellationToken cancellation) => AnsweredAsync(async limit =>
    {
        using var request = new HttpRequestMessage(method, new Uri(_address, "api/v1/" + path)) { Content = content };
        if (key is not null) request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        using var answer = await _http.SendAsync(request, limit);
        var body = await answer.Content.ReadAsStringAsync(limit);
        if (answer.StatusCode == HttpStatusCode.NoContent) return default;
        return answer.IsSuccessStatusCode ? JsonSerializer.Deserialize<JsonElement>(body)
            : throw Refusals.Of(_address, _keyFrom, answer.StatusCode, body);
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
