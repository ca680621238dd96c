using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace Larkspur.WeCom;

/// <summary>What a pipeline is made with: where, how long, how often, and who shares the budgets.</summary>
/// <param name="Host">Base address without a slash at its end.</param>
/// <param name="Owner">Who the documented limits count for (the corp; the robot's key as a hash), part of the rate limiter's keys.</param>
/// <param name="Timeout">Total time of a call.</param>
/// <param name="AttemptTimeout">Time of a try where another may follow.</param>
/// <param name="MaxAttempts">Tries at most.</param>
/// <param name="RateFactor">Parts of the documented limits.</param>
/// <param name="Secrets">What no text may repeat.</param>
internal sealed record WeComPipelineSettings(
    string Host, string Owner, TimeSpan Timeout, TimeSpan AttemptTimeout, int MaxAttempts, double RateFactor, IReadOnlyList<string> Secrets);

/// <summary>Sends the calls of one app or robot: token, permits, tries and errors (<see cref="RepeatedCall{T}"/>).</summary>
internal sealed class WeComPipeline
{
    /// <summary>Largest JSON answer read, after decompression.</summary>
    private const long MaxAnswerBytes = 32L << 20;

    private readonly WeComPipelineSettings _settings;
    private readonly HttpExchange _exchange;
    private readonly IRateLimiter _rateLimiter;
    private readonly WeComTokens? _tokens;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly Backoff _backoff;

    public WeComPipeline(
        WeComPipelineSettings settings, HttpClient http, IRateLimiter rateLimiter, WeComTokens? tokens, TimeProvider clock, ILogger logger, Random? random)
    {
        (_settings, _rateLimiter, _tokens, _clock, _logger) = (settings, rateLimiter, tokens, clock, logger);
        _exchange = new HttpExchange(http, "wecom", clock);
        _backoff = new Backoff(TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(10), random);
    }

    public async Task<T> SendAsync<T>(WeComRequest request, WeComCallOptions? options, CancellationToken cancellationToken)
    {
        byte[] json = await RunAsync(request, options, ReadJsonAsync, cancellationToken);
        try
        {
            return JsonSerializer.Deserialize<T>(json, WeComJson.Options) ?? throw new JsonException("null");
        }
        catch (JsonException exception)
        {
            throw new WeComApiException($"{request.Endpoint.Id} succeeded, but its answer does not have the shape of {typeof(T).Name}: {exception.Path ?? "$"}.", exception)
            {
                Endpoint = request.Endpoint.Id,
                HttpStatus = 200,
            };
        }
    }

    public Task SendAsync(WeComRequest request, WeComCallOptions? options, CancellationToken cancellationToken)
        => RunAsync(request, options, ReadJsonAsync, cancellationToken);

    public Task<WeComDownload> DownloadAsync(WeComRequest request, WeComCallOptions? options, CancellationToken cancellationToken)
        => RunAsync(request, options, ReadFileAsync, cancellationToken);

    private Task<T> RunAsync<T>(WeComRequest request, WeComCallOptions? options, Func<Try, HttpResponseMessage, CancellationToken, Task<T>> read, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        return new Tries<T>(this, request, options, read).RunAsync(cancellationToken);
    }

    private static async Task<byte[]> ReadJsonAsync(Try once, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        await response.Content.LoadIntoBufferAsync(MaxAnswerBytes, cancellationToken);
        byte[] json = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        Judge(once, response, json, promised: true);
        return json;
    }

    private static async Task<WeComDownload> ReadFileAsync(Try once, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        System.Net.Http.Headers.HttpContentHeaders headers = response.Content.Headers;
        // A failure is JSON, which some of the platform's servers call text/plain.
        bool maybeFailure = headers.ContentDisposition is null && headers.ContentType?.MediaType is null or "application/json" or "text/plain";
        if (!response.IsSuccessStatusCode || maybeFailure)
        {
            await response.Content.LoadIntoBufferAsync(MaxAnswerBytes, cancellationToken);
            Judge(once, response, await response.Content.ReadAsByteArrayAsync(cancellationToken), promised: false);
        }

        string? name = headers.ContentDisposition?.FileNameStar ?? headers.ContentDisposition?.FileName?.Trim('"');
        return new WeComDownload(await response.Content.ReadAsStreamAsync(cancellationToken), headers.ContentType?.ToString(), name, headers.ContentLength, response);
    }

    private static void Judge(Try once, HttpResponseMessage response, byte[] body, bool promised)
    {
        int status = (int)response.StatusCode;
        bool isJson = WeComAnswer.TryRead(body, out WeComAnswer answer);
        if (isJson && answer.Code is not (null or 0)) throw WeComAnswer.Refusal(once.Endpoint, answer.Code.Value, answer.Message, status, once.Redact);
        if (!response.IsSuccessStatusCode || (promised && (!isJson || answer.Code is null)))
        {
            throw WeComAnswer.NotJson(once.Endpoint, status, response.Content.Headers.ContentType?.MediaType);
        }
    }

    private string RateKey(WeComEndpoint endpoint) => $"wecom:{_settings.Owner}:{endpoint.Id}";

    /// <summary>One try, as far as error texts need it.</summary>
    private sealed record Try(string Endpoint, IEnumerable<string> Secrets)
    {
        public string Redact(string text)
        {
            foreach (string secret in Secrets.Where(s => s.Length > 0)) text = text.Replace(secret, "***", StringComparison.Ordinal);
            return text;
        }
    }

    private sealed class Tries<T>(WeComPipeline pipeline, WeComRequest request, WeComCallOptions? options, Func<Try, HttpResponseMessage, CancellationToken, Task<T>> read)
        : RepeatedCall<T>(WeComTelemetry.Calls, pipeline._clock, pipeline._backoff, pipeline._logger)
    {
        private readonly byte[]? _json = request.Json();
        private string? _token;

        protected override string Name => request.Endpoint.Id;

        protected override TimeSpan Timeout => options?.Timeout ?? pipeline._settings.Timeout;

        protected override int MaxAttempts => options?.MaxAttempts ?? pipeline._settings.MaxAttempts;

        protected override bool OnlyReads => request.Endpoint.OnlyReads;

        protected override bool IsRepeatable => request.IsRepeatable;

        protected override async ValueTask ReadyAsync(CancellationToken cancellationToken)
        {
            if (request.Endpoint.TakesToken) _token = await pipeline._tokens!.GetAsync(cancellationToken);
            RateLimit limit = new RateLimit(null, request.Endpoint.PerMinute).Times(pipeline._settings.RateFactor);
            TimeSpan waited = TimeSpan.Zero;
            // The budgets of receivers first: who waits for one of those does not hold a permit of the endpoint meanwhile.
            foreach (RateLimitBudget budget in request.Budgets)
            {
                RateLimit share = budget.Limit.Times(pipeline._settings.RateFactor);
                waited += await pipeline._rateLimiter.WaitAsync(budget.Key, share, cancellationToken);
            }

            waited += await pipeline._rateLimiter.WaitAsync(pipeline.RateKey(request.Endpoint), limit, cancellationToken);
            WeComTelemetry.Calls.Waited(request.Endpoint.Id, waited);
            if (waited > TimeSpan.FromSeconds(5) && request.Endpoint.TakesToken) _token = await pipeline._tokens!.GetAsync(cancellationToken);
        }

        protected override Task<T> SendAsync(CancellationToken cancellationToken)
        {
            var once = new Try(request.Endpoint.Id, [.. pipeline._settings.Secrets, .. request.Secrets, _token ?? ""]);
            bool bounded = request.IsRepeatable && request.File is null;
            return pipeline._exchange.SendAsync(request.Endpoint.Id, CreateMessage(), request.Endpoint.OnlyReads,
                bounded ? pipeline._settings.AttemptTimeout : System.Threading.Timeout.InfiniteTimeSpan,
                (response, token) => read(once, response, token),
                (response, exception) => WeComAnswer.NotJson(request.Endpoint.Id, (int)response.StatusCode, $"more than {MaxAnswerBytes >> 20} MiB"),
                static result => result is WeComDownload, cancellationToken);
        }

        protected override bool ForgetToken(PlatformApiException refused)
        {
            if (!request.Endpoint.TakesToken || !WeComErrorCodes.IsTokenRefused(refused.Code)) return false;
            WeComLog.TokenRefused(pipeline._logger, refused.Code, request.Endpoint.Id);
            pipeline._tokens!.Invalidate(_token!);
            return true;
        }

        protected override bool PauseOthers(PlatformApiException refused, TimeSpan pause)
        {
            if (refused.LimitScope != RateLimitScope.Endpoint) return false;
            pipeline._rateLimiter.Pause(request.Budget ?? pipeline.RateKey(request.Endpoint), pause);
            return true;
        }

        protected override void Refused(int attempt, PlatformApiException refused)
            => WeComLog.Refused(pipeline._logger, request.Endpoint.Id, attempt, refused.Code, ((WeComApiException)refused).HttpStatus);

        private HttpRequestMessage CreateMessage()
        {
            var address = new StringBuilder(pipeline._settings.Host).Append(request.Endpoint.Path).Append(request.RawQuery);
            char mark = '?';
            if (_token is not null) Append("access_token", _token);
            foreach ((string name, string value) in request.Query) Append(name, value);
            var message = new HttpRequestMessage(request.Endpoint.Method, address.ToString());
            if (request.File is { } file)
            {
                message.Content = MediaBody.Create(file);
            }
            else if (_json is not null)
            {
                message.Content = new ByteArrayContent(_json);
                message.Content.Headers.ContentType = new System.Net.Http.Headers.MediaTypeHeaderValue("application/json", "utf-8");
            }

            message.Headers.TryAddWithoutValidation("User-Agent", WeComClient.UserAgent);
            return message;

            void Append(string name, string value)
            {
                address.Append(mark).Append(Uri.EscapeDataString(name)).Append('=').Append(Uri.EscapeDataString(value));
                mark = '&';
            }
        }
    }
}
