using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Larkspur.DingTalk;

/// <summary>The way of every call (<see cref="RepeatedCall{T}"/>) with what it counts and logs.</summary>
internal sealed class DingTalkPipeline
{
    /// <summary>Below the 10 000 calls in 20 s with which a machine's address is shut out, for all apps that share the shaper.</summary>
    private static readonly RateLimit AddressLimit = new(450, null);

    private readonly DingTalkOptions _options;
    private readonly IRateShaper _shaper;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly Backoff _backoff;
    private readonly DingTalkTry _try;
    private readonly DingTalkTokens _tokens;

    public DingTalkPipeline(DingTalkOptions options, HttpClient http, IRateShaper shaper, DingTalkUsage usage, TimeProvider clock, ILogger logger, Random? random)
    {
        (_options, _shaper, _clock, _logger) = (options, shaper, clock, logger);
        _backoff = new Backoff(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10), random);
        _try = new DingTalkTry(options, http, usage, clock);
        _tokens = new DingTalkTokens(options, clock, FetchTokenAsync);
    }

    public ValueTask<string> AppTokenAsync(CancellationToken cancellationToken) => _tokens.GetAsync(cancellationToken);

    public async Task<DingTalkResult> SendAsync(DingTalkCall call, CancellationToken cancellationToken)
    {
        using Activity? activity = LarkspurTelemetry.Activities.StartActivity("dingtalk.call", ActivityKind.Client);
        activity?.SetTag("dingtalk.endpoint", call.Endpoint.Id).SetTag("http.request.method", call.Endpoint.Method.Method);
        string outcome = "ok";
        try
        {
            return await new Tries(this, call).RunAsync(cancellationToken);
        }
        catch (Exception exception)
        {
            outcome = exception switch
            {
                DingTalkApiException refused => DingTalkTelemetry.Label(refused.FailureKind),
                PlatformNetworkException => "network",
                OperationCanceledException => "cancelled",
                _ => "error",
            };
            activity?.SetStatus(ActivityStatusCode.Error, outcome);
            if (exception is DingTalkQuotaExceededException) DingTalkLog.QuotaExceeded(_logger, call.Endpoint.Id);
            if (exception is DingTalkApiException { IsAddressBanned: true }) DingTalkLog.AddressBanned(_logger, call.Endpoint.Id);
            throw;
        }
        finally
        {
            DingTalkTelemetry.Count(DingTalkTelemetry.Calls, call.Endpoint.Id, "outcome", outcome);
        }
    }

    private async Task<DingTalkTokenAnswer> FetchTokenAsync(DingTalkEndpoint endpoint, object body, CancellationToken cancellationToken)
    {
        var call = new DingTalkCall(endpoint, () => DingTalkHosts.Resolve(_options, DingTalkHost.Api) + endpoint.Path, body, null, [_options.ClientSecret]);
        return (await SendAsync(call, cancellationToken)).Deserialize<DingTalkTokenAnswer>(endpoint);
    }

    private (string Key, RateLimit Limit) TurnOf(DingTalkCall call) => call.Turn
        ?? ($"dingtalk {_options.ClientId} {call.Endpoint.Id}", new RateLimit(Math.Min(call.Endpoint.PerSecond ?? int.MaxValue, _options.CallsPerSecond), null));

    private string AddressKey(DingTalkCall call)
        => $"dingtalk address {DingTalkHosts.Resolve(_options, call.Endpoint.Form == DingTalkForm.Old ? DingTalkHost.Oapi : DingTalkHost.Api)}";

    private sealed class Tries(DingTalkPipeline pipeline, DingTalkCall call) : RepeatedCall<DingTalkResult>("dingtalk", pipeline._clock, pipeline._backoff)
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
            // The token first: calls that took their turns and then waited for one token would leave together, all in the same instant.
            _token = call.Endpoint.Token switch
            {
                DingTalkTokenKind.App => await pipeline._tokens.GetAsync(cancellationToken),
                DingTalkTokenKind.User => call.Options!.UserAccessToken,
                _ => null,
            };
            (string key, RateLimit limit) = pipeline.TurnOf(call);
            TimeSpan waited = await pipeline._shaper.WaitAsync(key, limit, cancellationToken);
            waited += await pipeline._shaper.WaitAsync(pipeline.AddressKey(call), AddressLimit, cancellationToken);
            if (waited > TimeSpan.Zero) DingTalkTelemetry.ShapingWait.Record(waited.TotalSeconds, new KeyValuePair<string, object?>("endpoint", call.Endpoint.Id));
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
            pipeline._shaper.Pause(((DingTalkApiException)refused).IsAddressBanned ? pipeline.AddressKey(call) : pipeline.TurnOf(call).Key, pause);
            return true;
        }

        protected override void Failed(int attempt, Exception why)
        {
            if (why is DingTalkApiException refused) DingTalkLog.Refused(pipeline._logger, call.Endpoint.Id, attempt, refused.ErrorCode, refused.HttpStatus, refused.LogId);
            else DingTalkLog.NoAnswer(pipeline._logger, call.Endpoint.Id, attempt, why.Message);
        }

        protected override void Retrying(TimeSpan pause, int attempt, Exception? why)
        {
            string reason = why switch { null => "token", DingTalkApiException refused => DingTalkTelemetry.Label(refused.FailureKind), _ => "network" };
            if (why is not null) DingTalkLog.Retrying(pipeline._logger, call.Endpoint.Id, pause, attempt, reason);
            DingTalkTelemetry.Count(DingTalkTelemetry.Retries, call.Endpoint.Id, "reason", reason);
        }
    }
}
