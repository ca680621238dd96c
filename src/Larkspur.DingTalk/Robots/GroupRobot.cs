using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Larkspur.DingTalk.Robots;

/// <summary>A group's custom robot (自定义机器人): its webhook sends into one group and needs no app.</summary>
/// <remarks>
/// <para>The platform takes 20 messages a minute; one more and it is silent for ten minutes. So no more than 18 leave in any minute, and calls wait for a permit: who has more
/// to say joins it into fewer messages. Whether new custom robots can still be made is not sure (the platform's sources disagree); for a new installation the app's own robot
/// (<see cref="DingTalkRobot"/>) is the safer choice.</para>
/// <para>Each message goes under an id of its own (<c>msgUuid</c>), so a lost answer is asked for again without a second message. Thread-safe. Source: 02/0717, 01/0082.</para>
/// </remarks>
public sealed class GroupRobot
{
    private const int PerMinute = 18;

    private static readonly DingTalkEndpoint Send = new()
    {
        Id = "robot.webhook.send", Method = HttpMethod.Post, Path = "/robot/send", Form = DingTalkForm.Old, Token = DingTalkTokenKind.None,
    };

    private readonly string _webhook;
    private readonly string _token;
    private readonly string? _secret;
    private readonly TimeProvider _clock;
    private readonly DingTalkPipeline _pipeline;

    /// <summary>A robot by its webhook.</summary>
    /// <param name="webhook">The whole address with its <c>access_token</c>. Secret: whoever has it can write to the group.</param>
    /// <param name="secret">The signature's secret, <c>SEC…</c>; null: the robot is secured by keywords or addresses.</param>
    /// <param name="http">The transport; null: one shared by all.</param>
    /// <param name="clock">Time; null: the system's.</param>
    /// <param name="rateLimiter">Gives the permits; null: one of this object's own. All that write by the same robot have to share one.</param>
    /// <param name="observer">Is told of each message (<see cref="DingTalkUseKind.Webhook"/>); null: nobody.</param>
    /// <param name="logger">Ids and codes; never the address.</param>
    /// <param name="random">Jitter of the back-off; null: the shared one.</param>
    /// <exception cref="ArgumentException">It is no webhook; the text does not show it.</exception>
    public GroupRobot(Uri webhook, string? secret = null, HttpClient? http = null, TimeProvider? clock = null, IRateLimiter? rateLimiter = null, IDingTalkUsageObserver? observer = null,
        ILogger<GroupRobot>? logger = null, Random? random = null)
    {
        ArgumentNullException.ThrowIfNull(webhook);
        if (!webhook.IsAbsoluteUri || !(webhook.Scheme == Uri.UriSchemeHttps || (webhook.Scheme == Uri.UriSchemeHttp && webhook.IsLoopback)))
            throw new ArgumentException("A robot's webhook is an absolute https address.", nameof(webhook));
        string[] query = webhook.Query.TrimStart('?').Split('&');
        if (!webhook.AbsolutePath.EndsWith("/robot/send", StringComparison.Ordinal) || query.Length != 1 || !query[0].StartsWith("access_token=", StringComparison.Ordinal) || query[0].Length == 13)
            throw new ArgumentException("A robot's webhook ends in /robot/send?access_token=….", nameof(webhook));
        if (secret is not null && (secret.Length == 0 || secret.Trim() != secret)) throw new ArgumentException("The secret is empty, or begins or ends with white space.", nameof(secret));
        (_webhook, _token, _secret) = (webhook.AbsoluteUri, Uri.UnescapeDataString(query[0][13..]), secret);
        _clock = clock ?? TimeProvider.System;
        Name = $"group-robot-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(_token)).AsSpan(0, 6))}";
        var options = new DingTalkOptions { ClientId = Name, OapiUrl = new Uri(webhook.GetLeftPart(UriPartial.Authority)) };
        ILogger log = logger ?? NullLogger<GroupRobot>.Instance;
        Usage = new DingTalkUsage(options, _clock, observer, log);
        _pipeline = new DingTalkPipeline(options, http ?? PlatformHttp.Shared, rateLimiter ?? new RateLimiter(_clock), Usage, _clock, log, random);
    }

    /// <summary>A name for figures and logs, made from a hash of the token.</summary>
    public string Name { get; }

    /// <summary>What it has sent this month.</summary>
    public DingTalkUsage Usage { get; }

    /// <summary>Sends a message into the group.</summary>
    /// <param name="message">What to say. A robot that is secured by keywords has to use one of them.</param>
    /// <param name="msgUuid">The id that makes a repetition harmless; null: a new one.</param>
    /// <param name="options">Time and tries. The robot's permit may be up to a minute away: the default of 30 s may end before it.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="DingTalkApiException">Refused: <c>310000</c> for keywords, signature or address (see <see cref="DingTalkApiException.Msg"/>), <c>410100</c> when it is silenced for ten minutes.</exception>
    /// <exception cref="PlatformNetworkException">No answer came in time, or no permit.</exception>
    public async Task SendAsync(WebhookMessage message, string? msgUuid = null, DingTalkCallOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        string id = string.IsNullOrEmpty(msgUuid) ? Guid.NewGuid().ToString("N") : msgUuid;
        var call = new DingTalkCall(Send, Address, message.ToJson(id), id, [_token, _secret])
        {
            Options = options, Budget = ($"dingtalk {Name}", new RateLimit(null, PerMinute)), Use = DingTalkUseKind.Webhook,
        };
        await _pipeline.SendAsync(call, cancellationToken);
    }

    /// <inheritdoc/>
    public override string ToString() => Name;

    private string Address()
    {
        if (_secret is null) return _webhook;
        string timestamp = _clock.GetUtcNow().ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
        return $"{_webhook}&timestamp={timestamp}&sign={Uri.EscapeDataString(DingTalkSignatures.Robot(timestamp, _secret))}";
    }
}
