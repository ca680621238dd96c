using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Gateway.Common.Egress;
using Larkspur.Gateway.Common.Text;
using Larkspur.Gateway.Redaction;
using Larkspur.Gateway.Webhooks;

namespace Larkspur.Gateway.People.ScimTargets.Calls;

/// <summary>Calls targets: bounded in time and size, to addresses that the gateway may call alone, and redirects are not followed, for
/// they would carry the token elsewhere.</summary>
internal sealed class TargetCalls : IDisposable
{
    /// <summary>A call takes no longer, with its answer.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(20);

    private const int LargestAnswer = 4 << 20;
    private const int LongestDetail = 300;

    /// <summary>Tokens of JSON in an answer: each is an object in memory, many times as large as in the answer.</summary>
    private const int MostTokens = 200_000;

    private static readonly TimeSpan LongestWish = TimeSpan.FromHours(1);
    private static readonly MediaTypeHeaderValue Scim = new("application/scim+json") { CharSet = "utf-8" };
    private static readonly JsonDocumentOptions Shape = new() { MaxDepth = 32, AllowDuplicateProperties = false };

    private readonly HttpMessageInvoker _http;
    private readonly ConfiguredWebhooks _settings;
    private readonly SecretRegistry _secrets;
    private readonly TimeProvider _clock;

    public TargetCalls(ConfiguredWebhooks settings, HostLookup lookup, SecretRegistry secrets, TimeProvider clock)
    {
        (_settings, _secrets, _clock) = (settings, secrets, clock);
        _http = GuardedCalls.Open(lookup, (request, addresses, _) => ValueTask.FromResult(
            TargetAddresses.Problem(request.RequestUri!, addresses, _settings.PrivateReach)), TimeSpan.FromSeconds(10), perServer: 8);
    }

    /// <summary>Calls a target.</summary>
    /// <param name="at">Which, and with which token.</param>
    /// <param name="method">GET, POST, PUT, PATCH.</param>
    /// <param name="path">Below its address.</param>
    /// <param name="body">What is sent; null: nothing.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>What it answered; null: a success without a body.</returns>
    /// <exception cref="ScimCallException">It did not answer, or not with a success.</exception>
    public async Task<JsonNode?> SendAsync(TargetAccess at, HttpMethod method, string path, JsonObject? body,
        CancellationToken cancellation)
    {
        using var deadline = new CancellationTokenSource(Longest, _clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellation);
        using var request = new HttpRequestMessage(method, new Uri(at.Url + path));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", at.Token);
        request.Headers.UserAgent.Add(WebhookChannel.Agent);
        request.Headers.Accept.ParseAdd("application/scim+json, application/json;q=0.9");
        if (body is not null) request.Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(
            body)) { Headers = { ContentType = Scim } };
        try
        {
            CallGate.Pass();
            using var response = await _http.SendAsync(request, both.Token);
            var bytes = await GuardedCalls.ReadAsync(response, LargestAnswer, both.Token)
                ?? throw new ScimCallException("too_large", (int)response.StatusCode);
            if (!response.IsSuccessStatusCode) throw Refused(at, response, bytes);
            if (bytes.Length == 0 || response.StatusCode == HttpStatusCode.NoContent) return null;
            if (HasTooMany(bytes.Span)) throw new ScimCallException("too_large", (int)response.StatusCode);
            return Parsed(bytes) ?? throw new ScimCallException("bad_answer", (int)response.StatusCode);
        }
        catch (OperationCanceledException e) when (deadline.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            throw new ScimCallException("timed_out", null, e);
        }
        catch (HttpRequestException e) when (e.InnerException is AddressRefusedException refused)
        {
            throw new ScimCallException("address_refused", null, e) { Detail = Plain(at, refused.Message) };
        }
        catch (HttpRequestException e)
        {
            var reason = e.HttpRequestError == HttpRequestError.SecureConnectionError ? "tls_failed" : "unreachable";
            throw new ScimCallException(reason, null, e) { Detail = Plain(at, e.Message) };
        }
        catch (IOException e)
        {
            throw new ScimCallException("unreachable", null, e) { Detail = Plain(at, e.Message) };
        }
    }

    public void Dispose() => _http.Dispose();

    private ScimCallException Refused(TargetAccess at, HttpResponseMessage response, ReadOnlyMemory<byte> bytes)
    {
        var error = Parsed(bytes);
        var status = (int)response.StatusCode;
        var reason = status switch
        {
            >= 300 and < 400 => "redirected",
            401 => "unauthorized",
            403 => "forbidden",
            404 => "not_found",
            409 => "conflict",
            429 => "too_fast",
            503 when response.Headers.RetryAfter is not null => "too_fast",
            405 or 501 => "not_supported",
            >= 500 => "failed",
            _ => "refused",
        };
        return new ScimCallException(reason, status)
        {
            ScimType = Mapping.ScimBodies.Text(error, "scimType") is { } type ? Plain(at, type) : null,
            Detail = (Mapping.ScimBodies.Text(error, "detail") ?? Mapping.ScimBodies.Text(error, "message")) is { } detail
                ? Plain(at, detail) : null,
            RetryAfter = WishOf(response),
        };
    }

    private TimeSpan? WishOf(HttpResponseMessage response)
    {
        var wish = response.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - _clock.GetUtcNow(),
            _ => TimeSpan.Zero,
        };
        return wish <= TimeSpan.Zero ? null : wish < LongestWish ? wish : LongestWish;
    }

    /// <summary>What a target said, for people to read.</summary>
    private string Plain(TargetAccess at, string text) =>
        VisibleText.Of(_secrets.Hide(text.Replace(at.Token, SecretRegistry.Hidden, StringComparison.Ordinal)), LongestDetail);

    /// <summary>Each text can be read.</summary>
    /// <exception cref="InvalidOperationException">One is half a surrogate pair, which is JSON and no text.</exception>
    private static void Demand(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject members:
                foreach (var (_, value) in members) Demand(value);
                break;
            case JsonArray items:
                foreach (var item in items) Demand(item);
                break;
            case JsonValue value:
                _ = value.TryGetValue<string>(out _);
                break;
        }
    }

    private static bool HasTooMany(ReadOnlySpan<byte> bytes)
    {
        try
        {
            var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { MaxDepth = Shape.MaxDepth });
            var tokens = 0;
            while (reader.Read())
            {
                if (++tokens > MostTokens) return true;
            }

            return false;
        }
        catch (JsonException)
        {
            // Whoever reads it finds that out too.
            return false;
        }
    }

    private static JsonNode? Parsed(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            if (bytes.Length == 0 || HasTooMany(bytes.Span)) return null;
            var node = JsonNode.Parse(bytes.Span, null, Shape);
            Demand(node);
            return node as JsonObject;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}

/// <summary>A target's address and token. Not a record: its text would show the token.</summary>
internal sealed class TargetAccess(string url, string token)
{
    public string Url { get; } = url;

    public string Token { get; } = token;
}
