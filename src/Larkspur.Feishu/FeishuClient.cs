using Larkspur.Feishu.SignIn;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Larkspur.Feishu;

/// <summary>Calls the platform for one app: tokens, rate limiting, retries and errors in one place.</summary>
/// <remarks>Thread-safe; keep one per app. Typed endpoints come with <c>Larkspur.Feishu.Api</c> as extension members: <c>feishu.Im.V1.Message.CreateAsync(…)</c>.</remarks>
public sealed class FeishuClient
{
    internal const string UserAgent = "larkspur-dotnet/0.1.0";

    private readonly FeishuPipeline _pipeline;
    private readonly FeishuBudgets _budgets;

    /// <summary>A client for a self-built app on Feishu.</summary>
    /// <exception cref="ArgumentException">A value is missing.</exception>
    public FeishuClient(string appId, string appSecret) : this(new FeishuOptions { AppId = appId, AppSecret = appSecret })
    {
    }

    /// <summary>A client for one app.</summary>
    /// <param name="options">The app. Read from here on; do not change it afterwards.</param>
    /// <param name="http">The transport; null: one shared by all clients. Its own time-out should be infinite: the call's deadline rules.</param>
    /// <param name="clock">Time; null: the system's.</param>
    /// <param name="tickets">Store apps: where the <c>app_ticket</c> is kept; null: in memory.</param>
    /// <param name="logger">Ids and codes of failed tries; never bodies or tokens.</param>
    /// <param name="random">Jitter of the back-off; null: the shared one.</param>
    /// <param name="rateLimiter">Gives the permits; null: one of this client's own. All clients, or all processes, may share one: keys name
    /// the app.</param>
    /// <param name="observer">Is told of every request; null: nobody.</param>
    /// <exception cref="ArgumentException">The options are not usable; the message lists every problem.</exception>
    public FeishuClient(
        FeishuOptions options,
        HttpClient? http = null,
        TimeProvider? clock = null,
        IAppTicketStore? tickets = null,
        ILogger<FeishuClient>? logger = null,
        Random? random = null,
        IRateLimiter? rateLimiter = null,
        IFeishuCallObserver? observer = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        IReadOnlyList<string> problems = FeishuOptionsValidation.Problems(options, nameof(FeishuOptions));
        if (problems.Count > 0) throw new ArgumentException(string.Join(" ", problems), nameof(options));
        Options = options;
        AppTickets = tickets ?? new InMemoryAppTicketStore();
        Clock = clock ??= TimeProvider.System;
        logger ??= NullLogger<FeishuClient>.Instance;
        RateLimiter = rateLimiter ?? new RateLimiter(clock);
        _budgets = new FeishuBudgets(options, clock);
        var once = new FeishuTry(options, http ?? PlatformHttp.Shared, clock, observer, logger);
        _pipeline = new FeishuPipeline(options, once, new FeishuRateLimiter(RateLimiter, _budgets), clock, AppTickets, logger, random);
    }

    /// <summary>The app's options.</summary>
    public FeishuOptions Options { get; }

    /// <summary>Store apps: where the tickets of <c>app_ticket</c> events are kept.</summary>
    public IAppTicketStore AppTickets { get; }

    /// <summary>The clock that calls are timed by; what is built on a client uses the same one.</summary>
    public TimeProvider Clock { get; }

    /// <summary>Gives this client's calls their permits.</summary>
    public IRateLimiter RateLimiter { get; }

    /// <summary>Sign-in of people, and their tokens.</summary>
    public FeishuSignIn SignIn => field ??= new FeishuSignIn(this);

    /// <summary>
    /// What a call takes its permit from at this moment (endpoint, app and tenant), for a caller who acquires the permit (<see cref="FeishuCallOptions.PermitAcquired"/>).
    /// </summary>
    /// <param name="endpoint">What will be called.</param>
    /// <param name="tenantKey">Store apps: the tenant to act in.</param>
    public RateLimitBudget BudgetOf(FeishuEndpoint endpoint, string? tenantKey = null)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        return _budgets.Of(endpoint, tenantKey);
    }

    /// <summary>Sends a call and returns its <c>data</c> (or the whole object, see <see cref="FeishuEndpoint.Answer"/>).</summary>
    /// <typeparam name="T">The shape of the result; <see cref="System.Text.Json.JsonElement"/> takes any.</typeparam>
    /// <exception cref="FeishuApiException">The platform said no; see its kind.</exception>
    /// <exception cref="FeishuQuotaExceededException">The month's quota is used up.</exception>
    /// <exception cref="FeishuUserTokenException">The person's token was refused.</exception>
    /// <exception cref="PlatformNetworkException">No answer came in time.</exception>
    /// <exception cref="InvalidOperationException">The endpoint takes no token that is at hand; nothing was sent.</exception>
    /// <exception cref="ArgumentException">A path value is missing; nothing was sent.</exception>
    public async Task<T> SendAsync<T>(FeishuRequest request, FeishuCallOptions? options = null, CancellationToken cancellationToken = default)
    {
        FeishuResult result = await _pipeline.SendAsync(request, options, cancellationToken);
        return result.Deserialize<T>(request.Endpoint);
    }

    /// <summary>Sends a call whose answer carries nothing of interest.</summary>
    /// <inheritdoc cref="SendAsync{T}" path="/exception"/>
    public Task SendAsync(FeishuRequest request, FeishuCallOptions? options = null, CancellationToken cancellationToken = default)
        => _pipeline.SendAsync(request, options, cancellationToken);

    /// <summary>Sends a call whose answer is a file.</summary>
    /// <remarks>The call's deadline ends when the file begins; reading it is bounded by the caller.</remarks>
    /// <inheritdoc cref="SendAsync{T}" path="/exception"/>
    public Task<FeishuDownload> DownloadAsync(FeishuRequest request, FeishuCallOptions? options = null, CancellationToken cancellationToken = default)
        => _pipeline.DownloadAsync(request, options, cancellationToken);

    /// <inheritdoc/>
    public override string ToString() => $"Feishu app {Options.AppId}";
}
