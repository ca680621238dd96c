using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Larkspur.Testing.Chaos.Loads;

/// <summary>A business system's calls to the gateways' REST API: asked again until a gateway takes them.</summary>
/// <param name="gateway">The one address of all.</param>
/// <param name="patience">After which a call that nobody takes is a fault of the gateways.</param>
internal sealed class GatewayCalls(Uri gateway, TimeSpan patience) : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    // One that stands still does not answer; the next connection goes to another.
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, PooledConnectionLifetime = TimeSpan.Zero })
    {
        BaseAddress = gateway, Timeout = TimeSpan.FromSeconds(4), DefaultRequestHeaders = { { "X-Api-Key", GatewayApp.ApiKey } },
    };

    public Uri Address { get; } = gateway;

    public void Dispose() => _http.Dispose();

    /// <summary>One try.</summary>
    /// <returns>Null: no gateway answered, or it could not take it now.</returns>
    /// <exception cref="InvalidOperationException">A gateway says that the call itself is wrong.</exception>
    public async Task<JsonNode?> TryAsync(HttpMethod method, string path, object? body, string? key, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(method, "/api/v1/" + path) { Content = body is null ? null : JsonContent.Create(body) };
        if (key is not null) request.Headers.Add("Idempotency-Key", key);
        try
        {
            using var answer = await _http.SendAsync(request, cancellation);
            var text = await answer.Content.ReadAsStringAsync(cancellation);
            if (answer.IsSuccessStatusCode) return JsonNode.Parse(text)!;
            var status = (int)answer.StatusCode;
            if (status is 408 or 429 or >= 500) return null;
            throw new InvalidOperationException($"{method} {path} was answered {status}: {text}");
        }
        catch (Exception e) when (e is HttpRequestException || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return null; // killed, or it stands still
        }
    }

    /// <summary>Asks until a gateway takes it.</summary>
    /// <exception cref="TimeoutException">No gateway took it.</exception>
    /// <exception cref="InvalidOperationException">A gateway says that the call itself is wrong.</exception>
    public async Task<JsonNode> AskAsync(HttpMethod method, string path, object? body = null, string? key = null,
        CancellationToken cancellation = default)
    {
        JsonNode? answer = null;
        await UntilAsync($"{method} {path} to be taken",
            async () => (answer = await TryAsync(method, path, body, key, cancellation)) is not null, cancellation);
        return answer!;
    }

    /// <summary>Waits for something that a gateway is to bring about.</summary>
    /// <exception cref="TimeoutException">It did not come.</exception>
    public async Task UntilAsync(string what, Func<Task<bool>> holds, CancellationToken cancellation)
    {
        var since = Stopwatch.GetTimestamp();
        using var ticks = new PeriodicTimer(Pause);
        while (!await holds())
        {
            if (Stopwatch.GetElapsedTime(since) > patience) throw new TimeoutException($"Waited {patience.TotalSeconds:0} s in vain for {what}");
            await ticks.WaitForNextTickAsync(cancellation);
        }
    }
}
