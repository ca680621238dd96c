using System.Text;
using System.Text.Json;
using Larkspur.DingTalk.Cards;
using Larkspur.DingTalk.Contacts;
using Larkspur.DingTalk.Media;
using Larkspur.DingTalk.Robots;
using Larkspur.DingTalk.SignIn;
using Larkspur.DingTalk.Workflow;
using Larkspur.DingTalk.WorkNotices;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Larkspur.DingTalk;

/// <summary>Calls DingTalk for one app: tokens, rate limiting, retries, errors and the count of the month in one place.</summary>
/// <remarks>Thread-safe; keep one per app.</remarks>
public sealed class DingTalkClient
{
    internal const string UserAgent = "larkspur-dotnet/0.1.0";

    private readonly DingTalkPipeline _pipeline;

    /// <summary>A client for an app with DingTalk's own hosts.</summary>
    /// <exception cref="ArgumentException">A value is missing.</exception>
    public DingTalkClient(string clientId, string clientSecret, string? robotCode = null)
        : this(new DingTalkOptions { ClientId = clientId, ClientSecret = clientSecret, RobotCode = robotCode })
    {
    }

    /// <summary>A client for one app.</summary>
    /// <param name="options">The app. Read from here on; do not change it afterwards.</param>
    /// <param name="http">The transport; null: one shared by all clients. Its own time-out should be infinite: the call's deadline rules.</param>
    /// <param name="clock">Time; null: the system's.</param>
    /// <param name="logger">Ids and codes of failed tries; never bodies, addresses or tokens.</param>
    /// <param name="random">Jitter of the back-off; null: the shared one.</param>
    /// <param name="rateLimiter">Gives the permits; null: one of this client's own.
    /// Clients of one machine should share one: the limit of its address is common to them.</param>
    /// <param name="observer">Is told of each use that counts against the month; null: nobody.</param>
    /// <exception cref="ArgumentException">The options are not usable; the message lists every problem.</exception>
    public DingTalkClient(DingTalkOptions options, HttpClient? http = null, TimeProvider? clock = null, ILogger<DingTalkClient>? logger = null, Random? random = null,
        IRateLimiter? rateLimiter = null, IDingTalkUsageObserver? observer = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        IReadOnlyList<string> problems = DingTalkOptionsValidation.Problems(options, nameof(DingTalkOptions));
        if (problems.Count > 0) throw new ArgumentException(string.Join(" ", problems), nameof(options));
        Options = options;
        Http = http ?? PlatformHttp.Shared;
        Clock = clock ?? TimeProvider.System;
        RateLimiter = rateLimiter ?? new RateLimiter(Clock);
        Logger = logger ?? NullLogger<DingTalkClient>.Instance;
        Usage = new DingTalkUsage(options, Clock, observer, Logger);
        _pipeline = new DingTalkPipeline(options, Http, RateLimiter, Usage, Clock, Logger, random);
        JsapiTickets = new JsapiTickets(this);
    }

    /// <summary>The app's options.</summary>
    public DingTalkOptions Options { get; }

    /// <summary>The clock that calls are timed by; what is built on a client uses the same one.</summary>
    public TimeProvider Clock { get; }

    /// <summary>Gives this client's calls their permits.</summary>
    public IRateLimiter RateLimiter { get; }

    /// <summary>What this app has used of its organisation's month.</summary>
    public DingTalkUsage Usage { get; }

    /// <summary>The app's robot.</summary>
    public DingTalkRobot Robot => new(this);

    /// <summary>Uploads of files.</summary>
    public DingTalkMedia Media => new(this);

    /// <summary>Interactive cards and AI cards.</summary>
    public DingTalkCards Cards => new(this);

    /// <summary>Work notices.</summary>
    public DingTalkWorkNotices WorkNotices => new(this);

    /// <summary>Approvals.</summary>
    public DingTalkWorkflow Workflow => new(this);

    /// <summary>People and departments.</summary>
    public DingTalkContacts Contacts => new(this);

    /// <summary>Sign-in of people, and the signature of pages inside the client.</summary>
    public DingTalkSignIn SignIn => new(this);

    internal HttpClient Http { get; }

    internal ILogger Logger { get; }

    internal JsapiTickets JsapiTickets { get; }

    /// <summary>Sends a call and reads its whole answer.</summary>
    /// <typeparam name="T">The shape of the answer; <see cref="JsonElement"/> takes any.</typeparam>
    /// <exception cref="DingTalkApiException">The platform said no; see its kind.</exception>
    /// <exception cref="DingTalkQuotaExceededException">The organisation's calls of the month are used up.</exception>
    /// <exception cref="DingTalkUserTokenException">The person's token was refused.</exception>
    /// <exception cref="PlatformNetworkException">No answer came in time.</exception>
    /// <exception cref="InvalidOperationException">The call is made as a person and no token of hers was given; nothing was sent.</exception>
    public async Task<T> SendAsync<T>(DingTalkRequest request, DingTalkCallOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return (await SendAsync(Prepare(request, options), cancellationToken)).Deserialize<T>(request.Endpoint);
    }

    /// <summary>Sends a call whose answer carries nothing of interest.</summary>
    /// <inheritdoc cref="SendAsync{T}" path="/exception"/>
    public Task SendAsync(DingTalkRequest request, DingTalkCallOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return SendAsync(Prepare(request, options), cancellationToken);
    }

    /// <inheritdoc/>
    public override string ToString() => $"DingTalk app {Options.ClientId}";

    internal Task<DingTalkResult> SendAsync(DingTalkCall call, CancellationToken cancellationToken) => _pipeline.SendAsync(call, cancellationToken);

    /// <summary>The robot's code, which sending needs.</summary>
    internal string RobotCode => Options.RobotCode is { Length: > 0 } code
        ? code : throw new InvalidOperationException("DingTalkOptions.RobotCode is not set: the code from the robot's page in the developer console.");

    private DingTalkCall Prepare(DingTalkRequest request, DingTalkCallOptions? options)
    {
        DingTalkEndpoint endpoint = request.Endpoint;
        string? person = options?.UserAccessToken;
        if (endpoint.Token == DingTalkTokenKind.User)
        {
            if (string.IsNullOrEmpty(person)) throw new InvalidOperationException($"{endpoint.Id} is made as a person: give DingTalkCallOptions.UserAccessToken.");
            if (person.AsSpan().ContainsAnyExceptInRange('!', '~')) throw new InvalidOperationException("DingTalkCallOptions.UserAccessToken has characters that no token has.");
        }

        var address = new StringBuilder(DingTalkHosts.Resolve(Options, endpoint.Form == DingTalkForm.Old ? DingTalkHost.Oapi : DingTalkHost.Api)).Append(endpoint.Path);
        char mark = '?';
        foreach ((string name, string value) in request.Query)
        {
            address.Append(mark).Append(Uri.EscapeDataString(name)).Append('=').Append(Uri.EscapeDataString(value));
            mark = '&';
        }

        string text = address.ToString();
        return new DingTalkCall(endpoint, () => text, request.Body, request.IdempotencyKey, [Options.ClientSecret, person, .. request.Secrets]) { Options = options };
    }
}
