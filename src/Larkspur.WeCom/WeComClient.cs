using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Larkspur.WeCom;

/// <summary>Calls the platform for one app: token, rate limiting, retries and errors in one place.</summary>
/// <remarks>
/// Thread-safe; keep one per app and secret. The areas are its properties: <c>wecom.Messages.SendAsync(…)</c>. What has no typed method is called with
/// <see cref="SendAsync{T}"/>. Credentials travel in the address, as the platform wants it: do not log the addresses of requests.
/// </remarks>
public sealed partial class WeComClient
{
    internal const string UserAgent = "larkspur-dotnet/0.1.0";

    private readonly WeComPipeline _pipeline;

    /// <summary>A client for one app.</summary>
    /// <param name="options">The app. Read from here on; do not change it afterwards.</param>
    /// <param name="http">The transport; null: one shared by all clients. Its own time-out should be infinite: the call's deadline rules.</param>
    /// <param name="clock">Time; null: the system's.</param>
    /// <param name="logger">Ids and codes of failed tries; never bodies or tokens.</param>
    /// <param name="random">Jitter of the back-off; null: the shared one.</param>
    /// <param name="rateLimiter">Gives the permits; null: one of this client's own. All clients, or all processes, may share one:
    /// keys name corp and app.</param>
    /// <exception cref="ArgumentException">The options are not usable; the message lists every problem.</exception>
    public WeComClient(
        WeComOptions options, HttpClient? http = null, TimeProvider? clock = null, ILogger<WeComClient>? logger = null, Random? random = null,
        IRateLimiter? rateLimiter = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        IReadOnlyList<string> problems = WeComOptionsValidation.Problems(options, nameof(WeComOptions));
        if (problems.Count > 0) throw new ArgumentException(string.Join(" ", problems), nameof(options));
        Options = options;
        Clock = clock ??= TimeProvider.System;
        RateLimiter = rateLimiter ?? new RateLimiter(clock);
        ILogger log = logger ?? NullLogger<WeComClient>.Instance;
        var settings = new WeComPipelineSettings(
            WeComHosts.ApiOf(options.BaseUrl), options.CorpId, options.CallTimeout, options.AttemptTimeout, options.MaxAttempts, options.RateFactor, [options.Secret]);
        var tokens = new WeComTokens(options, clock, log, (request, ct) => _pipeline!.SendAsync<WeComTokenAnswer>(request, null, ct));
        _pipeline = new WeComPipeline(settings, http ?? PlatformHttp.Shared, RateLimiter, tokens, clock, log, random);
    }

    /// <summary>The app's options.</summary>
    public WeComOptions Options { get; }

    /// <summary>The clock that calls are timed by.</summary>
    public TimeProvider Clock { get; }

    /// <summary>Gives this client's calls their permits.</summary>
    public IRateLimiter RateLimiter { get; }

    /// <summary>Sends a call and returns its answer.</summary>
    /// <typeparam name="T">The shape of the result; <see cref="System.Text.Json.JsonElement"/> takes any.</typeparam>
    /// <exception cref="WeComApiException">The platform said no; see its kind.</exception>
    /// <exception cref="PlatformNetworkException">No answer came in time.</exception>
    public Task<T> SendAsync<T>(WeComRequest request, WeComCallOptions? options = null, CancellationToken cancellationToken = default)
        => _pipeline.SendAsync<T>(request, options, cancellationToken);

    /// <summary>Sends a call whose answer carries nothing of interest.</summary>
    /// <inheritdoc cref="SendAsync{T}" path="/exception"/>
    public Task SendAsync(WeComRequest request, WeComCallOptions? options = null, CancellationToken cancellationToken = default)
        => _pipeline.SendAsync(request, options, cancellationToken);

    /// <summary>Sends a call whose answer is a file.</summary>
    /// <remarks>The call's deadline ends when the file begins; reading it is bounded by the caller.</remarks>
    /// <inheritdoc cref="SendAsync{T}" path="/exception"/>
    public Task<WeComDownload> DownloadAsync(WeComRequest request, WeComCallOptions? options = null, CancellationToken cancellationToken = default)
        => _pipeline.DownloadAsync(request, options, cancellationToken);

    /// <inheritdoc/>
    public override string ToString() => $"WeCom corp {Options.CorpId}, agent {Options.AgentId?.ToString() ?? "none"}";
}
