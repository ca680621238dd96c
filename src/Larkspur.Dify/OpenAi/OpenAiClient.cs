using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Larkspur.Dify.OpenAi;

/// <summary>Streams completions of one model. Thread-safe.</summary>
/// <remarks>
/// Read as tolerantly as services are written: <c>data:</c> lines with or without a space, comments, with and without <c>[DONE]</c>, and bare lines of JSON, as
/// Dify's plugin <c>oaicompat_dify_model</c> sends them. Source: the facts of the OpenAI-compatible services, section 9 of Dify's.
/// </remarks>
public sealed class OpenAiClient
{
    private const int LongestEvent = 4 << 20;
    private const int LongestError = 64 << 10;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    private static readonly CallMetrics Calls = new("openai");

    private readonly OpenAiOptions _options;
    private readonly HttpExchange _exchange;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly Backoff _backoff;

    /// <summary>Makes a client.</summary>
    /// <param name="options">The model.</param>
    /// <param name="http">Transport whose timeout is infinite, such as <see cref="DifyClient.CreateHttpClient"/> makes.</param>
    /// <param name="clock">Source of time; null: the system's.</param>
    /// <param name="logger">Codes only.</param>
    /// <param name="random">Jitter of pauses; null: the shared one.</param>
    /// <exception cref="ArgumentException">The options are wrong; all problems are listed.</exception>
    public OpenAiClient(OpenAiOptions options, HttpClient http, TimeProvider? clock = null, ILogger<OpenAiClient>? logger = null, Random? random = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(http);
        string[] problems = [.. options.Problems()];
        if (problems.Length > 0) throw new ArgumentException(string.Join(" ", problems), nameof(options));
        _options = options;
        _clock = clock ?? TimeProvider.System;
        _exchange = new HttpExchange(http, "openai", _clock);
        _logger = logger ?? (ILogger)NullLogger.Instance;
        _backoff = new Backoff(TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(10), random);
    }

    /// <summary>Asks. Neither the client nor the answer keeps the body any longer than until the answer begins.</summary>
    /// <param name="body">What <see cref="Body"/> made.</param>
    /// <param name="cancellationToken">Ends the asking.</param>
    /// <returns>The beginning of the answer, for <see cref="ReadAsync"/>; dispose of it.</returns>
    /// <exception cref="OpenAiException">Refused.</exception>
    /// <exception cref="PlatformNetworkException">No connection, or silence.</exception>
    internal Task<HttpResponseMessage> OpenAsync(byte[] body, CancellationToken cancellationToken) => new Tries(this, body).RunAsync(cancellationToken);

    /// <summary>Gives an answer's chunks as they come; the last one says why it ended.</summary>
    /// <param name="response">The answer.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="OpenAiException">It failed in the middle.</exception>
    /// <exception cref="PlatformNetworkException">Silence, or a stream that ended before the answer did.</exception>
    internal async IAsyncEnumerable<OpenAiChunk> ReadAsync(HttpResponseMessage response, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using Stream body = await response.Content.ReadAsStreamAsync(cancellationToken);
        await using IAsyncEnumerator<string> lines = new LineReader(body, _options.Silence, LongestEvent, _clock).ReadAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
        bool finished = false;
        while (await NextAsync(lines, finished, cancellationToken))
        {
            ReadOnlySpan<char> text = lines.Current.AsSpan().Trim();
            if (text.StartsWith("data:", StringComparison.Ordinal)) text = text[5..].Trim();
            else if (text is not ['{', ..]) continue; // comments, event names, empty lines
            if (text is "[DONE]") yield break;
            if (text.IsEmpty) continue;
            OpenAiChunk chunk = Chunk(text);
            if (chunk.Error is { } word) throw new OpenAiException($"The completion broke off with {word}.") { ErrorCode = word, HttpStatus = 200, FailureKind = FailureKind.Transient };
            finished |= chunk.Finish is not null;
            yield return chunk;
        }

        if (!finished) throw Broken("the stream ended before the answer did", timedOut: false, null);
    }

    /// <summary>The request's JSON.</summary>
    /// <param name="turns">What was said, the question last.</param>
    /// <param name="pictures">Addresses of pictures that belong to the question.</param>
    internal byte[] Body(IReadOnlyList<AssistantTurn> turns, IReadOnlyList<string> pictures)
    {
        List<object> messages = [];
        if (_options.SystemPrompt is { Length: > 0 } system) messages.Add(new { Role = "system", Content = system });
        // Only words: many services take no other form of content.
        messages.AddRange(turns.Take(turns.Count - (pictures.Count > 0 ? 1 : 0)).Select(static t => new { Role = t.ByAssistant ? "assistant" : "user", Content = t.Text }));
        if (pictures.Count > 0) messages.Add(new { Role = "user", Content = (object[])[new { Type = "text", turns[^1].Text }, .. pictures.Select(static p => new { Type = "image_url", ImageUrl = new { Url = p } })] });
        return JsonSerializer.SerializeToUtf8Bytes(new
        {
            _options.Model, Messages = messages, Stream = true, StreamOptions = new { IncludeUsage = true }, _options.Temperature, _options.MaxTokens,
        }, Json);
    }

    private async Task<bool> NextAsync(IAsyncEnumerator<string> lines, bool finished, CancellationToken cancellationToken)
    {
        try
        {
            return await lines.MoveNextAsync();
        }
        catch (Exception exception) when (exception is IOException or TimeoutException or InvalidDataException && !cancellationToken.IsCancellationRequested)
        {
            if (finished) return false;
            throw Broken(exception is TimeoutException ? $"nothing came for {_options.Silence}" : exception is InvalidDataException ? "an event is too long" : "the connection broke", exception is TimeoutException, exception);
        }
    }

    private static OpenAiChunk Chunk(ReadOnlySpan<char> text)
    {
        try
        {
            JsonElement json = JsonElement.Parse(text);
            return json.ValueKind == JsonValueKind.Object ? OpenAiChunk.Read(json) : throw new JsonException("not an object");
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // The latter is what half a surrogate pair in a text becomes when it is read.
            throw new OpenAiException("The completion has an event that is not JSON.", exception) { HttpStatus = 200 };
        }
    }

    private static PlatformNetworkException Broken(string problem, bool timedOut, Exception? inner) => new("openai", $"The completion broke off: {problem}.", effectUnknown: true, timedOut, inner);

    private sealed class Tries(OpenAiClient client, byte[] body) : RepeatedCall<HttpResponseMessage>(Calls, client._clock, client._backoff, client._logger)
    {
        protected override string Name => "chat/completions";

        protected override TimeSpan Timeout => client._options.Silence;

        protected override int MaxAttempts => client._options.MaxAttempts;

        protected override bool OnlyReads => false;

        protected override bool IsRepeatable => false;

        protected override ValueTask ReadyAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

        protected override Task<HttpResponseMessage> SendAsync(CancellationToken cancellationToken)
        {
            var content = new ByteArrayContent(body);
            content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            var message = new HttpRequestMessage(HttpMethod.Post, client._options.BaseUrl!.ToString().TrimEnd('/') + "/chat/completions") { Content = content };
            if (client._options.ApiKey is { Length: > 0 } key) message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
            return client._exchange.SendAsync(Name, message, onlyReads: false, client._options.Silence, ReadAsync, keeps: static _ => true, cancellationToken: cancellationToken);
        }

        protected override void Refused(int attempt, PlatformApiException refused) => DifyLog.Refused(client._logger, Name, attempt, refused.Message);

        private async Task<HttpResponseMessage> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
        {
            int status = (int)response.StatusCode;
            if (response.IsSuccessStatusCode)
            {
                // The plugin's type has no slash, so it is read as text.
                // The connection keeps its request until the answer's end, which may be minutes away: not with the pictures in it.
                if (response.RequestMessage is { } sent) sent.Content = null;
                string type = response.Content.Headers.TryGetValues("Content-Type", out IEnumerable<string>? types) ? string.Join(' ', types) : "";
                return type.Contains("event-stream", StringComparison.OrdinalIgnoreCase) ? response
                    : throw new OpenAiException($"chat/completions was answered with HTTP {status} and {(type.Length > 0 ? type : "no type")} in place of a stream.") { HttpStatus = status };
            }

            await response.Content.LoadIntoBufferAsync(LongestError, cancellationToken);
            (string word, FailureKind kind) = Judge(status, await response.Content.ReadAsByteArrayAsync(cancellationToken));
            TimeSpan? wait = response.Headers.RetryAfter?.Delta is { } delta && delta >= TimeSpan.Zero && delta <= TimeSpan.FromHours(1) ? delta : null;
            // The service's own text is left out: some repeat the question in it.
            throw new OpenAiException($"chat/completions was refused with HTTP {status}{(word.Length > 0 ? " " + word : "")}.")
            {
                ErrorCode = word, HttpStatus = status, FailureKind = kind, RetryAfter = wait, NothingHappened = kind == FailureKind.RateLimited,
            };
        }

        private static (string Word, FailureKind Kind) Judge(int status, byte[] body)
        {
            string word = "";
            try
            {
                using JsonDocument document = JsonDocument.Parse(body);
                if (document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("error", out JsonElement error) && error.ValueKind == JsonValueKind.Object)
                    word = Text(error, "code") ?? Text(error, "type") ?? "";
            }
            catch (Exception exception) when (exception is JsonException or InvalidOperationException)
            {
                word = ""; // a proxy's page, or half a surrogate pair
            }

            return (word, status switch
            {
                429 when word is "insufficient_quota" or "billing_hard_limit_reached" => FailureKind.Quota,
                429 => FailureKind.RateLimited,
                401 => FailureKind.Authentication,
                403 => FailureKind.Permission,
                404 => FailureKind.NotFound,
                >= 500 => FailureKind.Transient,
                >= 400 => FailureKind.Invalid,
                _ => FailureKind.Unknown,
            });
        }

        private static string? Text(JsonElement element, string name) => element.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
    }
}
