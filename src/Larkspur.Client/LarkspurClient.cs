using System.Net.Http.Headers;
using System.Text.Json;

namespace Larkspur.Client;

/// <summary>A gateway's REST API. Its calls are grouped by the first step of their paths: <c>client.Messages.SendAsync(…)</c>.</summary>
/// <remarks>Safe to share between threads. It repeats nothing by itself: give an idempotency key, and repeat the call under it.</remarks>
public sealed partial class LarkspurClient
{
    private readonly HttpClient _http;
    private readonly Uri _address;
    private readonly string _key;

    /// <summary>Calls by <paramref name="http"/>, which the caller owns; its time-outs and redirects are his. A handler that follows redirects hands the key to another address.</summary>
    /// <param name="http">Sends the calls.</param>
    /// <param name="address">The gateway, as in <c>http://127.0.0.1:8080</c>; a path before <c>/api/v1</c> is kept.</param>
    /// <param name="key">An API key.</param>
    public LarkspurClient(HttpClient http, Uri address, string key)
    {
        ArgumentNullException.ThrowIfNull(http);
        ArgumentNullException.ThrowIfNull(address);
        ArgumentException.ThrowIfNullOrWhiteSpace(key);
        if (!address.IsAbsoluteUri || address.Scheme is not ("http" or "https")) throw new ArgumentException("It must be an address of http or https.", nameof(address));
        _http = http;
        _address = new Uri(address.GetLeftPart(UriPartial.Path).TrimEnd('/') + "/");
        _key = key;
        CreateGroups();
    }

    internal static JsonSerializerOptions Options { get; } = new() { DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull };

    internal async Task<T> CallAsync<T>(LarkspurCall call, CancellationToken cancellation)
    {
        using var answer = await SendAsync(call, cancellation).ConfigureAwait(false);
        try
        {
            var content = await answer.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
            return await JsonSerializer.DeserializeAsync<T>(content, Options, cancellation).ConfigureAwait(false) ?? throw new JsonException("The answer is null.");
        }
        catch (JsonException e)
        {
            throw new LarkspurProblemException(answer.StatusCode, null, null, "The answer is not that of a Larkspur gateway of this version.", e);
        }
    }

    internal async Task CallAsync(LarkspurCall call, CancellationToken cancellation) => (await SendAsync(call, cancellation).ConfigureAwait(false)).Dispose();

    private partial void CreateGroups();

    private async Task<HttpResponseMessage> SendAsync(LarkspurCall call, CancellationToken cancellation)
    {
        using var request = call.Request(_address);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _key);
        var answer = await _http.SendAsync(request, cancellation).ConfigureAwait(false);
        if (answer.IsSuccessStatusCode) return answer;
        using (answer) throw await LarkspurProblemException.OfAsync(answer, cancellation).ConfigureAwait(false);
    }
}
