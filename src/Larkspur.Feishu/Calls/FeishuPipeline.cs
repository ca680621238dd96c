using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Larkspur.Feishu;

/// <summary>Sends the calls of one app: token, permit, tries and errors (<see cref="RepeatedCall{T}"/>).</summary>
internal sealed class FeishuPipeline
{
    /// <summary>After a wait like this the token is looked at again.</summary>
    private static readonly TimeSpan LongWait = TimeSpan.FromSeconds(5);

    private readonly FeishuOptions _options;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly FeishuRateLimiter _rateLimiter;
    private readonly Backoff _backoff;
    private readonly FeishuTry _try;
    private readonly FeishuTokens _tokens;

    public FeishuPipeline(
        FeishuOptions options, FeishuTry once, FeishuRateLimiter rateLimiter, TimeProvider clock, IAppTicketStore tickets, ILogger logger,
        Random? random)
    {
        _options = options;
        _clock = clock;
        _logger = logger;
        _rateLimiter = rateLimiter;
        _backoff = new Backoff(TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(10), random);
        _try = once;
        _tokens = new FeishuTokens(options, clock, tickets, FetchTokenAsync);
    }

    public Task<FeishuResult> SendAsync(FeishuRequest request, FeishuCallOptions? options, CancellationToken cancellationToken)
        => RunAsync(Prepare(request, options), _try.ReadJsonAsync, cancellationToken);

    public Task<FeishuDownload> DownloadAsync(FeishuRequest request, FeishuCallOptions? options, CancellationToken cancellationToken)
        => RunAsync(Prepare(request, options), _try.ReadFileAsync, cancellationToken);

    private FeishuCall Prepare(FeishuRequest request, FeishuCallOptions? options)
    {
        ArgumentNullException.ThrowIfNull(request);
        return new FeishuCall(request, _options, _tokens.Choose(request.Endpoint, options), options);
    }

    private async Task<FeishuTokenAnswer> FetchTokenAsync(FeishuEndpoint endpoint, FeishuCredentials body, CancellationToken cancellationToken)
    {
        var call = new FeishuCall(new FeishuRequest(endpoint) { Body = body }, _options, FeishuTokenKinds.None, null) { SafeByNature = true };
        FeishuResult answer = await RunAsync(call, _try.ReadJsonAsync, cancellationToken);
        return answer.Deserialize<FeishuTokenAnswer>(call.Endpoint);
    }

    private Task<T> RunAsync<T>(
        FeishuCall call, Func<FeishuCall, HttpResponseMessage, CancellationToken, Task<T>> read, CancellationToken cancellationToken)
        => new Tries<T>(this, call, read).RunAsync(cancellationToken);

    private static bool IsAppTokenRefused(FeishuCall call, PlatformApiException refused)
        => call.TokenKind is FeishuTokenKinds.Tenant or FeishuTokenKinds.App && FeishuErrorCodes.IsAppTokenRefused(refused.Code);

    private sealed class Tries<T>(FeishuPipeline pipeline, FeishuCall call, Func<FeishuCall, HttpResponseMessage, CancellationToken, Task<T>> read)
        : RepeatedCall<T>(FeishuTelemetry.Calls, pipeline._clock, pipeline._backoff, pipeline._logger)
    {
        private bool _permitAcquired = call.CallOptions?.PermitAcquired == true;
        private string? _token;

        protected override string Name => call.Endpoint.Id;

        protected override TimeSpan Timeout => call.CallOptions?.Timeout ?? pipeline._options.CallTimeout;

        protected override int MaxAttempts => call.CallOptions?.MaxAttempts ?? pipeline._options.MaxAttempts;

        protected override bool OnlyReads => call.OnlyReads;

        protected override bool IsRepeatable => call.IsRepeatable;

        protected override bool CanRewind => call.CanRewind;

        protected override async ValueTask ReadyAsync(CancellationToken cancellationToken)
        {
            // The token first: calls that took their permits and then waited for one token would leave together, all in the same instant.
            _token = await pipeline._tokens.GetAsync(call.TokenKind, call.CallOptions, cancellationToken);
            TimeSpan waited = _permitAcquired ? TimeSpan.Zero : await pipeline._rateLimiter.TakeAsync(call, cancellationToken);
            if (waited > LongWait) _token = await pipeline._tokens.GetAsync(call.TokenKind, call.CallOptions, cancellationToken);
            _permitAcquired = false;
        }

        protected override Task<T> SendAsync(CancellationToken cancellationToken) => pipeline._try.SendAsync(call, _token, read, cancellationToken);

        protected override bool ForgetToken(PlatformApiException refused)
        {
            if (!IsAppTokenRefused(call, refused)) return false;
            FeishuLog.TokenRefused(pipeline._logger, call.TokenKind, refused.Code, call.Endpoint.Id);
            pipeline._tokens.Invalidate(call.TokenKind, call.CallOptions, call.Token!);
            return true;
        }

        protected override bool PauseOthers(PlatformApiException refused, TimeSpan pause) =>
            pipeline._rateLimiter.Refused(call, (FeishuApiException)refused, pause);

        protected override void Refused(int attempt, PlatformApiException refused)
        {
            FeishuLog.Refused(pipeline._logger, call.Endpoint.Id, attempt, refused.Code, ((FeishuApiException)refused).HttpStatus, refused.LogId);
            if (refused is FeishuQuotaExceededException) FeishuLog.QuotaExceeded(pipeline._logger, call.Endpoint.Id);
        }

        protected override void Describe(Activity activity)
        {
            activity.SetTag("http.request.method", call.Endpoint.Method.Method).SetTag("feishu.log_id", call.Trace.LogId).SetTag("feishu.attempts", call.Trace.Attempts);
            if (call.Trace.HttpStatus > 0) activity.SetTag("http.response.status_code", call.Trace.HttpStatus);
        }
    }
}
