using System.Net.Http.Headers;
using System.Text.Json;
using Larkspur.Gateway.Common.Egress;
using Larkspur.Gateway.Common.Text;
using Larkspur.Gateway.Redaction;
using Larkspur.Gateway.Webhooks;

namespace Larkspur.Gateway.People.SignIn.Providers.Protocol;

/// <summary>Calls providers: bounded in time and size, to addresses that the gateway may call alone; redirects are not followed.</summary>
internal sealed class ProviderCalls : IDisposable
{
    /// <summary>A call takes no longer, with its answer: somebody waits before a page.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    /// <summary>Bytes of an answer. A document of discovery has 5 KB, a set of keys 20, a token with many groups 100.</summary>
    public const int LargestAnswer = 512 << 10;

    private const int LongestDetail = 300;
    private static readonly JsonDocumentOptions Shape = new() { MaxDepth = 16, AllowDuplicateProperties = false };

    private readonly HttpMessageInvoker _http;
    private readonly ConfiguredWebhooks _settings;
    private readonly SecretRegistry _secrets;
    private readonly TimeProvider _clock;

    public ProviderCalls(ConfiguredWebhooks settings, HostLookup lookup, SecretRegistry secrets, TimeProvider clock)
    {
        (_settings, _secrets, _clock) = (settings, secrets, clock);
        _http = GuardedCalls.Open(lookup, (request, addresses, _) => ValueTask.FromResult(
            ProviderAddresses.Problem(request.RequestUri!, addresses, _settings.PrivateReach)), TimeSpan.FromSeconds(5), perServer: 16);
    }

    /// <summary>Asks for a document.</summary>
    /// <param name="at">Where it is; what discovery named is judged here.</param>
    /// <param name="bearer">The access token; null: none.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="ProviderException">There is no such answer.</exception>
    public async Task<JsonElement> GetAsync(Uri at, string? bearer, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, at);
        if (bearer is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
        var (status, json) = await SendAsync(request, cancellation);
        if (status is < 200 or > 299) throw Failed(at, status, json);
        return json ?? throw new ProviderException("bad_answer", $"{at.IdnHost} answered with something that is not JSON");
    }

    /// <summary>Sends a form.</summary>
    /// <returns>The status and the answer, whichever it is; null: it is no JSON.</returns>
    /// <exception cref="ProviderException">There is no answer, or none that is read.</exception>
    public async Task<(int Status, JsonElement? Json)> PostAsync(
        Uri at, IEnumerable<KeyValuePair<string, string>> form, string? basic, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, at) { Content = new FormUrlEncodedContent(form) };
        if (basic is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Basic", basic);
        return await SendAsync(request, cancellation);
    }

    /// <summary>What a provider answered in place of a success.</summary>
    public ProviderException Failed(Uri at, int status, JsonElement? json)
    {
        var said = json is { } body ? Plain($"{Claims.Text(body, "error")} {Claims.Text(body, "error_description")}".Trim()) : "";
        return new ProviderException(status is >= 300 and < 400 ? "redirected" : status is 429 or >= 500 ? "failed" : "refused",
            $"{at.IdnHost} answered {status}{(said.Length > 0 ? ": " + said : "")}");
    }

    /// <summary>What somebody outside said, for people to read.</summary>
    public string Plain(string text) => VisibleText.Of(_secrets.Hide(text), LongestDetail);

    public void Dispose() => _http.Dispose();

    private async Task<(int Status, JsonElement? Json)> SendAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        if (ProviderAddresses.Problem(request.RequestUri!.OriginalString, _settings.PrivateReach, out _) is { } problem)
            throw new ProviderException("address_refused", problem);
        using var deadline = new CancellationTokenSource(Longest, _clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellation);
        request.Headers.UserAgent.Add(WebhookChannel.Agent);
        request.Headers.Accept.ParseAdd("application/json");
        try
        {
            using var response = await _http.SendAsync(request, both.Token);
            return ((int)response.StatusCode, Parsed(await GuardedCalls.ReadAsync(response, LargestAnswer, both.Token)
                ?? throw new ProviderException("too_large")));
        }
        catch (OperationCanceledException e) when (deadline.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            throw new ProviderException("timed_out", request.RequestUri.IdnHost, e);
        }
        catch (HttpRequestException e) when (e.InnerException is AddressRefusedException refused)
        {
            throw new ProviderException("address_refused", Plain(refused.Message), e);
        }
        catch (HttpRequestException e)
        {
            throw new ProviderException(e.HttpRequestError == HttpRequestError.SecureConnectionError ? "tls_failed" : "unreachable",
                Plain(e.Message), e);
        }
        catch (IOException e)
        {
            throw new ProviderException("unreachable", Plain(e.Message), e);
        }
    }

    private static JsonElement? Parsed(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            using var document = JsonDocument.Parse(bytes, Shape);
            return document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.Clone() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
