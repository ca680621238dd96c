using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Larkspur.DingTalk;

/// <summary>Sends the calls of one app: token, permit, tries and errors (<see cref="RepeatedCall{T}"/>).</summary>
internal sealed class DingTalkPipeline
{
    /// <summary>Below the 10 000 calls in 20 s with which a machine's address is shut out, for all apps of one rate limiter.</summary>
    private static readonly RateLimit AddressLimit = new(450, null);

    private readonly DingTalkOptions _options;
    private readonly IRateLimiter _rateLimiter;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly Backoff _backoff;
    private readonly DingTalkTry _try;
    private readonly DingTalkTokens _tokens;

    public DingTalkPipeline(
        DingTalkOptions options, HttpClient http, IRateLimiter rateLimiter, DingTalkUsage usage, TimeProvider clock, ILogger logger, Random? random)
    {
        (_options, _rateLimiter, _clock, _logger) = (options, rateLimiter, clock, logger);
        _backoff = new Backoff(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10), random);
        _try = new DingTalkTry(options, http, usage, clock);
        _tokens = new DingTalkTokens(options, clock, FetchTokenAsync);
    }

    public ValueTask<string> AppTokenAsync(CancellationToken cancellationToken) => _tokens.GetAsync(cancellationToken);

    public Task<DingTalkResult> SendAsync(DingTalkCall call, CancellationToken cancellationToken) => new Tries(this, call).RunAsync(cancellationToken);

    private async Task<DingTalkTokenAnswer> FetchTokenAsync(DingTalkEndpoint endpoint, object body, CancellationToken cancellationToken)
    {
        var call = new DingTalkCall(endpoint, () => DingTalkHosts.Resolve(_options, DingTalkHost.Api) + endpoint.Path, body, null, [_options.ClientSecret]);
        return (await SendAsync(call, cancellationToken)).Deserialize<DingTalkTokenAnswer>(endpoint);
    }

    private (string Key, RateLimit Limit) BudgetOf(DingTalkCall call) => call.Budget
        ?? ($"dingtalk {_options.ClientId} {call.Endpoint.Id}", new RateLimit(Math.Min(call.Endpoint.PerSecond ?? int.MaxValue, _options.CallsPerSecond), null));

    private string AddressKey(DingTalkCall call)
        => $"dingtalk address {DingTalkHosts.Resolve(_options, call.Endpoint.Form == DingTalkForm.Old ? DingTalkHost.Oapi : DingTalkHost.Api)}";

    private sealed class Tries(DingTalkPipeline pipeline, DingTalkCall call)
        : RepeatedCall<DingTalkResult>(DingTalkTelemetry.Calls, pipeline._clock, pipeline._backoff, pipeline._logger)
    {
        private string? _token;

        protected override string Name => call.Endpoint.Id;

        protected override TimeSpan Timeout => call.Options?.Timeout ?? pipeline._options.CallTimeout;

        protected override int MaxAttempts => call.Options?.MaxAttempts ?? pipeline._options.MaxAttempts;

        protected override bool OnlyReads => call.Endpoint.Reads;

        protected override bool IsRepeatable => call.IsRepeatable;

        protected override bool CanRewind => call.CanRewind;

        protected override async ValueTask ReadyAsync(CancellationToken cancellationToken)
        {
            // The token first: calls that took their permits and then waited for one token would leave together, all in the same instant.
            _token = call.Endpoint.Token switch
            {
                DingTalkTokenKind.App => await pipeline._tokens.GetAsync(cancellationToken),
                DingTalkTokenKind.User => call.Options!.UserAccessToken,
                _ => null,
            };
            (string key, RateLimit limit) = pipeline.BudgetOf(call);
            TimeSpan waited = await pipeline._rateLimiter.WaitAsync(key, limit, cancellationToken);
            waited += await pipeline._rateLimiter.WaitAsync(pipeline.AddressKey(call), AddressLimit, cancellationToken);
            DingTalkTelemetry.Calls.Waited(call.Endpoint.Id, waited);
        }

        protected override Task<DingTalkResult> SendAsync(CancellationToken cancellationToken) => pipeline._try.SendAsync(call, _token, cancellationToken);

        protected override bool ForgetToken(PlatformApiException refused)
        {
            if (call.Endpoint.Token != DingTalkTokenKind.App || !DingTalkErrorCodes.IsTokenRefused(((DingTalkApiException)refused).ErrorCode)) return false;
            DingTalkLog.TokenRefused(pipeline._logger, ((DingTalkApiException)refused).ErrorCode, call.Endpoint.Id);
            pipeline._tokens.Invalidate(call.Token!);
            return true;
        }

        protected override bool PauseOthers(PlatformApiException refused, TimeSpan pause)
        {
            if (refused.LimitScope != RateLimitScope.Endpoint) return false;
            bool isBanned = ((DingTalkApiException)refused).IsAddressBanned;
            pipeline._rateLimiter.Pause(isBanned ? pipeline.AddressKey(call) : pipeline.BudgetOf(call).Key, pause);
            return true;
        }

        protected override void Refused(int attempt, PlatformApiException refused)
        {
            var answer = (DingTalkApiException)refused;
            DingTalkLog.Refused(pipeline._logger, call.Endpoint.Id, attempt, answer.ErrorCode, answer.HttpStatus, answer.LogId);
            if (answer is DingTalkQuotaExceededException) DingTalkLog.QuotaExceeded(pipeline._logger, call.Endpoint.Id);
            if (answer.IsAddressBanned) DingTalkLog.AddressBanned(pipeline._logger, call.Endpoint.Id);
        }

        protected override void Describe(Activity activity) => activity.SetTag("http.request.method", call.Endpoint.Method.Method);
    }
}
