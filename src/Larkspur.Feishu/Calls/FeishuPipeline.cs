using System.Diagnostics;
using System.Runtime.ExceptionServices;
using Microsoft.Extensions.Logging;

namespace Larkspur.Feishu;

/// <summary>The way of every call: turn, token, try, judgement, and another try where it is safe, all within one deadline.</summary>
/// <remarks>
/// Tried again: refusals that had no effect (limits, write conflicts, connections that were never made), always; server errors and lost answers,
/// only when the call is repeatable (<see cref="FeishuCall.IsRepeatable"/>). A body that cannot be rewound is never sent twice.
/// A refused app token is renewed once and costs no try.
/// </remarks>
internal sealed class FeishuPipeline
{
    /// <summary>After a wait like this the token is looked at again.</summary>
    private static readonly TimeSpan LongWait = TimeSpan.FromSeconds(5);

    private readonly FeishuOptions _options;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly FeishuTurns _turns;
    private readonly Backoff _backoff;
    private readonly FeishuTry _try;
    private readonly FeishuTokens _tokens;

    public FeishuPipeline(
        FeishuOptions options, FeishuTry once, FeishuTurns turns, TimeProvider clock, IAppTicketStore tickets, ILogger logger, Random? random)
    {
        _options = options;
        _clock = clock;
        _logger = logger;
        _turns = turns;
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

    private async Task<T> RunAsync<T>(
        FeishuCall call, Func<FeishuCall, HttpResponseMessage, CancellationToken, Task<T>> read, CancellationToken cancellationToken)
    {
        using Activity? activity = LarkspurTelemetry.Activities.StartActivity("feishu.call", ActivityKind.Client);
        activity?.SetTag("feishu.endpoint", call.Endpoint.Id).SetTag("http.request.method", call.Endpoint.Method.Method);
        string outcome = "ok";
        try
        {
            return await RepeatAsync(call, read, cancellationToken);
        }
        catch (Exception exception)
        {
            outcome = exception switch
            {
                FeishuApiException refused => FeishuTelemetry.Label(refused.FailureKind),
                PlatformNetworkException => "network",
                OperationCanceledException => "cancelled",
                _ => "error",
            };
            activity?.SetStatus(ActivityStatusCode.Error, outcome);
            if (exception is FeishuQuotaExceededException) FeishuLog.QuotaExceeded(_logger, call.Endpoint.Id);
            throw;
        }
        finally
        {
            activity?.SetTag("feishu.log_id", call.Trace.LogId).SetTag("feishu.attempts", call.Trace.Attempts);
            if (call.Trace.HttpStatus > 0) activity?.SetTag("http.response.status_code", call.Trace.HttpStatus);
            FeishuTelemetry.Count(FeishuTelemetry.Calls, call.Endpoint.Id, "outcome", outcome);
        }
    }

    private async Task<T> RepeatAsync<T>(
        FeishuCall call, Func<FeishuCall, HttpResponseMessage, CancellationToken, Task<T>> read, CancellationToken cancellationToken)
    {
        using var deadline = new FeishuDeadline(call.CallOptions?.Timeout ?? _options.CallTimeout, _clock, cancellationToken);
        int most = Math.Max(1, call.CallOptions?.MaxAttempts ?? _options.MaxAttempts);
        bool tokenRenewed = false;
        bool turnTaken = call.CallOptions?.TurnTaken == true;
        Exception? last = null;
        for (int attempt = 1; ; attempt++)
        {
            TimeSpan pause;
            string reason;
            bool started = false;
            try
            {
                // The token first: calls that took their turns and then waited for one token would leave together, all in the same instant.
                string? token = await _tokens.GetAsync(call.TokenKind, call.CallOptions, deadline.Token);
                TimeSpan waited = turnTaken ? TimeSpan.Zero : await _turns.TakeAsync(call, deadline.Token);
                if (waited > LongWait) token = await _tokens.GetAsync(call.TokenKind, call.CallOptions, deadline.Token);
                started = true;
                turnTaken = false;
                return await _try.SendAsync(call, token, read, deadline.Token);
            }
            catch (OperationCanceledException)
            {
                // Without the deadline's doing it is the token that did not come in the time that the cache gives to a fetch.
                cancellationToken.ThrowIfCancellationRequested();
                if (!started && last is not null) ExceptionDispatchInfo.Throw(last);
                string what = started ? "had no answer" : "was not sent (it waited for its turn under the rate limit, or for a token)";
                string limit = deadline.Token.IsCancellationRequested ? $" within {deadline.Total}" : "";
                throw new PlatformNetworkException(
                    "feishu", $"{call.Endpoint.Id} {what}{limit}.", effectUnknown: started && !call.OnlyReads, timedOut: true, last);
            }
            catch (FeishuApiException refused) when (started && !tokenRenewed && IsAppTokenRefused(call, refused))
            {
                tokenRenewed = true;
                FeishuLog.TokenRefused(_logger, call.TokenKind, refused.Code, call.Endpoint.Id);
                _tokens.Invalidate(call.TokenKind, call.CallOptions, call.Token!);
                if (!call.CanRewind) throw;
                FeishuTelemetry.Count(FeishuTelemetry.Retries, call.Endpoint.Id, "reason", "token");
                attempt--;
                continue;
            }
            catch (FeishuApiException refused) when (started)
            {
                FeishuLog.Refused(_logger, call.Endpoint.Id, attempt, refused.Code, refused.HttpStatus, refused.LogId);
                pause = refused.RetryAfter is { Ticks: > 0 } reset ? reset : _backoff.Next(attempt);
                bool included = _turns.Refused(call, refused, pause);
                bool safe = refused.NothingHappened || call.IsRepeatable;
                if (attempt >= most || !refused.IsTransient || !safe || !call.CanRewind || pause >= deadline.Remaining) throw;
                reason = FeishuTelemetry.Label(refused.FailureKind);
                if (included) pause = TimeSpan.Zero;
                last = refused;
            }
            catch (PlatformNetworkException lost) when (started)
            {
                FeishuLog.NoAnswer(_logger, call.Endpoint.Id, attempt, lost.Message);
                bool safe = !lost.EffectUnknown || call.IsRepeatable;
                pause = _backoff.Next(attempt);
                if (attempt >= most || !safe || !call.CanRewind || pause >= deadline.Remaining) throw;
                reason = "network";
                last = lost;
            }

            FeishuLog.Retrying(_logger, call.Endpoint.Id, pause, attempt + 1, reason);
            FeishuTelemetry.Count(FeishuTelemetry.Retries, call.Endpoint.Id, "reason", reason);
            if (pause > TimeSpan.Zero) await PauseAsync(pause, deadline, last, cancellationToken);
        }
    }

    private async Task PauseAsync(TimeSpan pause, FeishuDeadline deadline, Exception last, CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(pause, _clock, deadline.Token);
        }
        catch (OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            ExceptionDispatchInfo.Throw(last);
        }
    }

    private static bool IsAppTokenRefused(FeishuCall call, FeishuApiException refused)
        => call.TokenKind is FeishuTokenKinds.Tenant or FeishuTokenKinds.App && FeishuErrorCodes.IsAppTokenRefused(refused.Code);
}

/// <summary>The total time of a call, and the caller's own cancellation.</summary>
internal sealed class FeishuDeadline : IDisposable
{
    private readonly TimeProvider _clock;
    private readonly long _start;
    private readonly CancellationTokenSource _time;
    private readonly CancellationTokenSource _linked;

    public FeishuDeadline(TimeSpan total, TimeProvider clock, CancellationToken cancellationToken)
    {
        Total = total;
        _clock = clock;
        _start = clock.GetTimestamp();
        _time = new CancellationTokenSource(total, clock);
        _linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _time.Token);
    }

    public TimeSpan Total { get; }

    public CancellationToken Token => _linked.Token;

    public TimeSpan Remaining => Total == Timeout.InfiniteTimeSpan ? TimeSpan.MaxValue : Total - _clock.GetElapsedTime(_start);

    public void Dispose()
    {
        _linked.Dispose();
        _time.Dispose();
    }
}
