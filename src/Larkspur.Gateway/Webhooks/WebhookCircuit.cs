using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.Queueing;
using Polly;
using Polly.CircuitBreaker;

namespace Larkspur.Gateway.Webhooks;

/// <summary>Notices that a webhook is away, keeps its messages waiting meanwhile, and lets one of them find out when it is back.</summary>
internal sealed class WebhookCircuit
{
    private const int FirstBreakSeconds = 30;
    private const int LongestBreakSeconds = 600;

    /// <summary>Until the one that finds out has come back, the others look again this often.</summary>
    private static readonly TimeSpan ProbePause = TimeSpan.FromSeconds(1);

    /// <summary>A receiver's wish for quiet concerns all its messages, but so long only: it may be a mistake.</summary>
    private static readonly TimeSpan LongestQuiet = TimeSpan.FromMinutes(10);

    private readonly Lock _gate = new();
    private readonly TimeProvider _clock;
    private readonly TimeSpan _probeTime;
    private readonly CircuitBreakerStateProvider _state = new();
    private readonly CircuitBreakerManualControl _control = new();
    private readonly ResiliencePipeline _breaker;
    private DateTimeOffset _openUntil;
    private DateTimeOffset _probeUntil;
    private DateTimeOffset _quietUntil;
    private volatile bool _off;

    /// <param name="attemptTime">How long an attempt may take.</param>
    /// <param name="clock">For its pauses.</param>
    /// <param name="opened">Told when it opens, with the pause.</param>
    /// <param name="closed">Told when messages flow again.</param>
    public WebhookCircuit(TimeSpan attemptTime, TimeProvider clock, Action<TimeSpan> opened, Action closed)
    {
        // Polly measures breaks by the time of day too.
        _clock = new SteadyClock(clock);
        _probeTime = attemptTime + TimeSpan.FromSeconds(5);
        _breaker = new ResiliencePipelineBuilder { TimeProvider = _clock }.AddCircuitBreaker(new CircuitBreakerStrategyOptions
        {
            // Five attempts in a minute of which half fail: one message on its own schedule never opens it, and need not.
            MinimumThroughput = 5,
            FailureRatio = 0.5,
            SamplingDuration = TimeSpan.FromMinutes(1),
            ShouldHandle = args => new(args.Outcome.Exception is ChannelException e && IsSickness(e)),
            BreakDurationGenerator = args => new(Open(args.HalfOpenAttempts)),
            OnOpened = args =>
            {
                opened(args.BreakDuration);
                return default;
            },
            OnClosed = _ =>
            {
                lock (_gate) _probeUntil = default;
                closed();
                return default;
            },
            StateProvider = _state,
            ManualControl = _control,
        }).Build();
    }

    public CircuitState State => _off ? CircuitState.Off : _state.CircuitState switch
    {
        Polly.CircuitBreaker.CircuitState.Closed => CircuitState.Closed,
        Polly.CircuitBreaker.CircuitState.HalfOpen => CircuitState.HalfOpen,
        _ => CircuitState.Open,
    };

    /// <summary>True: it answered 410, and gets nothing more until it is configured anew.</summary>
    public bool IsOff => _off;

    public void SwitchOff() => _off = true;

    /// <summary>The receiver asked for quiet.</summary>
    public void Quiet(TimeSpan time)
    {
        lock (_gate) _quietUntil = _clock.GetUtcNow() + (time < LongestQuiet ? time : LongestQuiet);
    }

    /// <summary>Time to wait, or null: the caller goes now. While it is away, one caller at a time is let through to find out.</summary>
    public TimeSpan? HoldBack()
    {
        lock (_gate)
        {
            var now = _clock.GetUtcNow();
            // What is switched off is not waited for: its messages become dead letters.
            if (_off) return null;
            if (_quietUntil > now) return _quietUntil - now;
            if (_state.CircuitState == Polly.CircuitBreaker.CircuitState.Closed) return null;
            if (_openUntil > now) return _openUntil - now;
            if (_probeUntil > now) return ProbePause;
            _probeUntil = now + _probeTime;
            return null;
        }
    }

    /// <summary>Runs an attempt and learns from it.</summary>
    /// <exception cref="ChannelException">The attempt's own, or one that says that nothing was tried.</exception>
    public async ValueTask RunAsync(Func<CancellationToken, ValueTask> attempt, CancellationToken cancellation)
    {
        try
        {
            await _breaker.ExecuteAsync(attempt, cancellation);
        }
        catch (BrokenCircuitException e)
        {
            // It opened between the question and the attempt.
            throw new ChannelException("circuit_open", "The webhook is away; its messages wait.", transient: true, e) { NotTried = true, RetryAfter = HoldBack() ?? ProbePause };
        }
    }

    /// <summary>Runs an attempt that somebody asked for, whether or not the webhook is away: it finds out.
    /// Taken, messages flow again at once; failed, nothing changes.</summary>
    /// <exception cref="ChannelException">The attempt's own.</exception>
    public async ValueTask TestAsync(Func<CancellationToken, ValueTask> attempt, CancellationToken cancellation)
    {
        await attempt(cancellation);
        lock (_gate) (_openUntil, _quietUntil) = (default, default);
        if (_state.CircuitState != Polly.CircuitBreaker.CircuitState.Closed) await _control.CloseAsync(cancellation);
    }

    /// <summary>A refusal of one body says nothing about the next; everything else that fails is likely to fail again.</summary>
    private static bool IsSickness(ChannelException e) => e.Reason is not ("http_400" or "http_409" or "http_413" or "http_415" or "http_422" or "gone");

    private TimeSpan Open(int failedProbes)
    {
        var pause = TimeSpan.FromSeconds(Math.Min(FirstBreakSeconds * Math.Pow(2, Math.Min(failedProbes, 10)), LongestBreakSeconds));
        lock (_gate)
        {
            _openUntil = _clock.GetUtcNow() + pause;
            _probeUntil = default;
        }

        return pause;
    }
}
