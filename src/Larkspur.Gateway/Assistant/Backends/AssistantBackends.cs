using System.Diagnostics.Metrics;
using Larkspur.Dify;
using Larkspur.Dify.OpenAi;
using Polly;
using Polly.CircuitBreaker;

namespace Larkspur.Gateway.Assistant.Backends;

/// <summary>The configured backends, each with its own circuit breaker.</summary>
internal sealed class AssistantBackends : IDisposable
{
    /// <summary>Failures are counted over this long.</summary>
    private static readonly TimeSpan Sampling = TimeSpan.FromSeconds(30);

    private readonly Dictionary<string, GuardedBackend> _backends = new(StringComparer.OrdinalIgnoreCase);
    private readonly HttpClient _http = DifyClient.CreateHttpClient();

    public AssistantBackends(AssistantOptions options, TimeProvider clock, Random random, Meter meter, ILoggerFactory loggers)
    {
        foreach (var (name, backend) in options.Backends)
        {
            var breaker = new CircuitBreakerStateProvider();
            var pipeline = new ResiliencePipelineBuilder { TimeProvider = clock }.AddCircuitBreaker(new CircuitBreakerStrategyOptions
            {
                // A backend that answers some and fails others is used on: broken is one of which most fails.
                FailureRatio = 0.6, MinimumThroughput = options.BreakerFailures, SamplingDuration = Sampling, BreakDuration = options.BreakerPause, StateProvider = breaker,
                ShouldHandle = static outcome => ValueTask.FromResult(outcome.Outcome.Exception is AssistantException { Failure: AssistantFailure.Unavailable or AssistantFailure.Interrupted or AssistantFailure.Unknown }),
            }).Build();
            _backends[name] = new GuardedBackend(name, Create(backend, clock, random, loggers), backend, pipeline, breaker);
        }

        meter.CreateObservableGauge("larkspur_assistant_breaker_open", () => _backends.Values.Select(b => new Measurement<int>(b.IsOpen ? 1 : 0, new KeyValuePair<string, object?>("backend", b.Name))),
            description: "1 while a backend is left alone because it failed again and again.");
    }

    public IEnumerable<GuardedBackend> All => _backends.Values;

    /// <summary>A backend and those that stand in for it, in their order.</summary>
    public IReadOnlyList<GuardedBackend> Chain(string name)
    {
        var chain = new List<GuardedBackend>();
        for (var next = name; next is { Length: > 0 } && _backends.TryGetValue(next, out var backend) && !chain.Contains(backend); next = backend.Options.Fallback) chain.Add(backend);
        return chain;
    }

    public GuardedBackend? Find(string name) => _backends.GetValueOrDefault(name);

    public void Dispose() => _http.Dispose();

    private IAssistantBackend Create(BackendOptions options, TimeProvider clock, Random random, ILoggerFactory loggers)
    {
        if (options.Kind == "openai")
        {
            var openAi = new OpenAiOptions { BaseUrl = new Uri(options.BaseUrl), ApiKey = options.ApiKey is { Length: > 0 } key ? key : null, Model = options.Model, SystemPrompt = options.SystemPrompt, Sees = options.Sees, Silence = options.Silence };
            return new OpenAiBackend(new OpenAiClient(openAi, _http, clock, loggers.CreateLogger<OpenAiClient>(), random), openAi);
        }

        var dify = new DifyOptions { BaseUrl = new Uri(options.BaseUrl), ApiKey = options.ApiKey, Silence = options.Silence };
        return new DifyBackend(new DifyClient(dify, _http, clock, loggers.CreateLogger<DifyClient>(), random), clock);
    }
}

/// <summary>A backend that is left alone while it is broken.</summary>
internal sealed class GuardedBackend(string name, IAssistantBackend backend, BackendOptions options, ResiliencePipeline pipeline, CircuitBreakerStateProvider breaker)
{
    public string Name { get; } = name;

    public IAssistantBackend Backend { get; } = backend;

    public BackendOptions Options { get; } = options;

    /// <summary>It is left alone now.</summary>
    public bool IsOpen => breaker.CircuitState is CircuitState.Open or CircuitState.Isolated;

    /// <summary>Asks, and takes what comes to <paramref name="take"/>, one after another.</summary>
    /// <exception cref="AssistantException">There is no answer, or it broke off.</exception>
    public async Task AskAsync(AssistantQuestion question, Func<AssistantEvent, ValueTask> take, CancellationToken cancellation)
    {
        try
        {
            await using var told = Backend.AskAsync(question, cancellation).GetAsyncEnumerator(cancellation);
            // The first word only: while one call tries whether a broken backend is back, all others wait for its end, and an answer takes minutes.
            var more = await pipeline.ExecuteAsync(async _ => await told.MoveNextAsync(), cancellation);
            while (more)
            {
                await take(told.Current);
                more = await NextAsync(told);
            }
        }
        catch (BrokenCircuitException e)
        {
            throw new AssistantException(AssistantFailure.Unavailable, $"The backend {Name} has failed again and again and is left alone for a while.", e) { RetryAfter = e.RetryAfter };
        }
    }

    /// <summary>What breaks off in the middle counts as a failure too.</summary>
    private async ValueTask<bool> NextAsync(IAsyncEnumerator<AssistantEvent> told)
    {
        try
        {
            return await told.MoveNextAsync();
        }
        catch (AssistantException e)
        {
            await CountAsync(e);
            throw;
        }
    }

    private async ValueTask CountAsync(AssistantException failure)
    {
        var context = ResilienceContextPool.Shared.Get(CancellationToken.None);
        await pipeline.ExecuteOutcomeAsync(static (_, cause) => ValueTask.FromResult(Outcome.FromException<bool>(cause)), context, failure);
        ResilienceContextPool.Shared.Return(context);
    }
}
