using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Logging;

namespace Larkspur.Dify;

/// <summary>Sends the calls of one app: token, permit, tries and errors (<see cref="RepeatedCall{T}"/>).</summary>
internal sealed class DifyPipeline(DifyOptions options, HttpClient http, TimeProvider clock, ILogger logger, Random? random)
{
    /// <summary>Largest answer that is no stream.</summary>
    private const int MaxAnswerMegabytes = 16;

    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        NumberHandling = JsonNumberHandling.AllowReadingFromString,
    };

    private static readonly CallMetrics Calls = new("dify");

    private readonly HttpExchange _exchange = new(http, "dify", clock);
    private readonly Backoff _backoff = new(TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(10), random);

    public DifyOptions Options => options;

    public TimeProvider Clock => clock;

    public Task<T> SendAsync<T>(DifyRequest request, CancellationToken cancellationToken) =>
        new Tries<T>(this, request, System.Threading.Timeout.InfiniteTimeSpan, async (response, cancellation) =>
        {
            byte[] body = await BodyAsync(response, cancellation);
            try
            {
                return JsonSerializer.Deserialize<T>(body.Length == 0 ? "{}"u8 : body, Json) ?? throw new JsonException("null");
            }
            catch (JsonException exception)
            {
                throw DifyErrorReader.NotPromised(request, (int)response.StatusCode, $"not the JSON of {typeof(T).Name} ({exception.Path ?? "$"})", exception);
            }
        }, keeps: null).RunAsync(cancellationToken);

    /// <summary>An answer that comes piece by piece; the caller disposes of it.</summary>
    public Task<HttpResponseMessage> OpenAsync(DifyRequest request, CancellationToken cancellationToken) =>
        new Tries<HttpResponseMessage>(this, request with { Timeout = options.Silence }, options.Silence, (response, _) =>
        {
            string type = response.Content.Headers.ContentType?.MediaType ?? "nothing";
            return type == "text/event-stream"
                ? Task.FromResult(response)
                : throw DifyErrorReader.NotPromised(request, (int)response.StatusCode, $"{type} in place of a stream");
        }, keeps: static _ => true).RunAsync(cancellationToken);

    private static async Task<byte[]> BodyAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        await response.Content.LoadIntoBufferAsync((long)MaxAnswerMegabytes << 20, cancellationToken);
        return await response.Content.ReadAsByteArrayAsync(cancellationToken);
    }

    private HttpRequestMessage Message(DifyRequest request)
    {
        HttpContent? content = request.Form?.Invoke();
        if (request.Body is { } body)
        {
            content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body, body.GetType(), Json));
            content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        var message = new HttpRequestMessage(request.Method, options.BaseUrl.ToString().TrimEnd('/') + "/" + request.Path) { Content = content };
        message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", options.ApiKey);
        return message;
    }

    private sealed class Tries<T>(DifyPipeline pipeline, DifyRequest request, TimeSpan patience, Func<HttpResponseMessage, CancellationToken, Task<T>> read, Func<T, bool>? keeps)
        : RepeatedCall<T>(Calls, pipeline.Clock, pipeline._backoff, pipeline.Logger)
    {
        protected override string Name => request.Name;

        protected override TimeSpan Timeout => request.Timeout ?? pipeline.Options.CallTimeout;

        protected override int MaxAttempts => pipeline.Options.MaxAttempts;

        protected override bool OnlyReads => request.Method == HttpMethod.Get;

        protected override bool IsRepeatable => OnlyReads || request.IsRepeatable;

        protected override bool CanRewind => request.CanRewind;

        protected override ValueTask ReadyAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

        protected override Task<T> SendAsync(CancellationToken cancellationToken) =>
            pipeline._exchange.SendAsync(request.Name, pipeline.Message(request), OnlyReads, patience, ReadAsync,
                (response, exception) => DifyErrorReader.NotPromised(request, (int)response.StatusCode, $"more than {MaxAnswerMegabytes} MiB", exception), keeps, cancellationToken);

        protected override void Refused(int attempt, PlatformApiException refused) => DifyLog.Refused(pipeline.Logger, request.Name, attempt, refused.Message);

        private async Task<T> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
        {
            if (response.IsSuccessStatusCode) return await read(response, cancellationToken);
            TimeSpan? wait = response.Headers.RetryAfter?.Delta is { } delta && delta >= TimeSpan.Zero && delta <= TimeSpan.FromHours(1) ? delta : null;
            throw DifyErrorReader.Read(request, (int)response.StatusCode, await BodyAsync(response, cancellationToken), wait, pipeline.Options.ApiKey);
        }
    }

    private ILogger Logger => logger;
}

/// <summary>What is logged: calls and codes, never questions, answers or keys.</summary>
internal static partial class DifyLog
{
    [LoggerMessage(301, LogLevel.Debug, "{Call} attempt {Attempt} was refused: {Problem}")]
    public static partial void Refused(ILogger logger, string call, int attempt, string problem);
}
