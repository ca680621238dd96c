using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Larkspur.Dify;

/// <summary>One Dify app over its service API. Thread-safe.</summary>
/// <remarks>
/// Every call names a <c>user</c>: Dify believes it, and keeps conversations, files and stops apart by it, so the same person must always have the same value.
/// Questions are always streamed, whatever the app: blocking does not work for agents, and a proxy cuts it after about 100 s of silence.
/// Refusals are <see cref="DifyException"/>, no answer is <see cref="PlatformNetworkException"/>.
/// </remarks>
public sealed class DifyClient
{
    private readonly DifyPipeline _pipeline;

    /// <summary>Makes a client.</summary>
    /// <param name="options">The app.</param>
    /// <param name="http">Transport whose <see cref="HttpClient.Timeout"/> is infinite, such as <see cref="CreateHttpClient"/> makes: streams outlive any other.</param>
    /// <param name="clock">Source of time; null: the system's.</param>
    /// <param name="logger">Ids and codes only.</param>
    /// <param name="random">Jitter of pauses; null: the shared one.</param>
    /// <exception cref="ArgumentException">The options are wrong; all problems are listed.</exception>
    public DifyClient(DifyOptions options, HttpClient http, TimeProvider? clock = null, ILogger<DifyClient>? logger = null, Random? random = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(http);
        string[] problems = [.. options.Problems()];
        if (problems.Length > 0) throw new ArgumentException(string.Join(" ", problems), nameof(options));
        _pipeline = new DifyPipeline(options, http, clock ?? TimeProvider.System, logger ?? (ILogger)NullLogger.Instance, random);
        Chat = new DifyChat(_pipeline);
        Conversations = new DifyConversations(_pipeline);
        Files = new DifyFiles(_pipeline);
        Forms = new DifyForms(_pipeline);
        Workflows = new DifyWorkflows(_pipeline);
    }

    /// <summary>Questions and answers: chat, agent, Chatflow.</summary>
    public DifyChat Chat { get; }

    /// <summary>What was said before.</summary>
    public DifyConversations Conversations { get; }

    /// <summary>Files and voices of people.</summary>
    public DifyFiles Files { get; }

    /// <summary>Forms that a run waits for.</summary>
    public DifyForms Forms { get; }

    /// <summary>Workflow and completion apps.</summary>
    public DifyWorkflows Workflows { get; }

    /// <summary>What the app is: name and mode. The cheapest way to learn whether address and key are right.</summary>
    public Task<DifyAppInfo> InfoAsync(CancellationToken cancellationToken = default) =>
        _pipeline.SendAsync<DifyAppInfo>(new DifyRequest(HttpMethod.Get, "info") { Name = "info" }, cancellationToken);

    /// <summary>What the app asks for and offers: fields of its prompt, uploads, suggested questions. Its shape grows, so it stays JSON.</summary>
    public Task<JsonElement> ParametersAsync(CancellationToken cancellationToken = default) =>
        _pipeline.SendAsync<JsonElement>(new DifyRequest(HttpMethod.Get, "parameters") { Name = "parameters" }, cancellationToken);

    /// <summary>A transport for streams: no total time, no cookies, no redirects (a key must not follow one).</summary>
    public static HttpClient CreateHttpClient() => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.All,
        ConnectTimeout = TimeSpan.FromSeconds(10),
        PooledConnectionLifetime = TimeSpan.FromMinutes(10),
    })
    { Timeout = Timeout.InfiniteTimeSpan };
}

/// <summary>What an app says of itself.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">Its maker's words.</param>
/// <param name="Mode"><c>chat</c>, <c>agent-chat</c>, <c>advanced-chat</c> (Chatflow), <c>agent</c>, <c>completion</c>, <c>workflow</c>.</param>
public sealed record DifyAppInfo(string Name, string? Description, string Mode);
