using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Larkspur.WeCom.Media;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Larkspur.WeCom.GroupRobots;

/// <summary>Writes to one group through its robot's webhook. One-way: nobody can answer it.</summary>
/// <remarks>
/// The key in the address is the only secret. 20 messages a minute; calls wait for a permit. There is no way to recognise a repetition,
/// so a lost answer is never followed by another try.
/// Thread-safe; keep one per key. Source: developer centre 99110 (2025-08-07).
/// </remarks>
public sealed class GroupRobot
{
    private static readonly WeComEndpoint Send = WeComEndpoint.Write("webhook.send", "/cgi-bin/webhook/send") with { TakesToken = false, PerMinute = 20 };
    private static readonly WeComEndpoint Upload = WeComEndpoint.Write("webhook.upload_media", "/cgi-bin/webhook/upload_media") with { TakesToken = false, PerMinute = null, IsRepeatable = true };

    private readonly WeComPipeline _pipeline;
    private readonly string _key;
    private readonly string _name;

    /// <summary>A robot by the address that the group shows.</summary>
    /// <param name="address"><c>https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=…</c>; another host is called there. Without TLS on loopback only: the key travels in the address.</param>
    /// <param name="http">The transport; null: one shared by all clients.</param>
    /// <param name="clock">Time; null: the system's.</param>
    /// <param name="logger">Ids and codes of failed tries; never bodies or the key.</param>
    /// <param name="random">Jitter of the back-off; null: the shared one.</param>
    /// <param name="rateLimiter">Gives the permits; null: one of its own. All processes that write with one key should share one.</param>
    /// <exception cref="ArgumentException">The address is not one of a group robot. The text does not repeat it.</exception>
    public GroupRobot(
        Uri address, HttpClient? http = null, TimeProvider? clock = null, ILogger<GroupRobot>? logger = null, Random? random = null,
        IRateLimiter? rateLimiter = null)
    {
        ArgumentNullException.ThrowIfNull(address);
        const string Path = "/cgi-bin/webhook/send";
        if (!address.IsAbsoluteUri || !WeComHosts.KeepsSecrets(address) || !address.AbsolutePath.EndsWith(Path, StringComparison.Ordinal) || KeyOf(address) is not { Length: > 0 } key)
        {
            throw new ArgumentException("The address is not https://…/cgi-bin/webhook/send?key=…, which the group shows.", nameof(address));
        }

        clock ??= TimeProvider.System;
        _key = key;
        _name = "robot-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)).AsSpan(0, 6));
        string host = address.GetLeftPart(UriPartial.Authority) + address.AbsolutePath[..^Path.Length];
        var settings = new WeComPipelineSettings(host, _name, TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(10), 4, 1, [key]);
        _pipeline = new WeComPipeline(
            settings, http ?? PlatformHttp.Shared, rateLimiter ?? new RateLimiter(clock), null, clock, logger ?? (ILogger)NullLogger.Instance, random);
    }

    /// <summary>Writes.</summary>
    /// <exception cref="WeComContentException">A rule is broken; nothing was sent.</exception>
    /// <exception cref="WeComApiException">93000: the robot was removed or the key is wrong; 93004: it is switched off; 45009: too fast.</exception>
    /// <exception cref="PlatformNetworkException">No answer came in time, or no permit.</exception>
    public Task SendAsync(RobotContent content, WeComCallOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(content);
        var problems = new ContentProblems();
        content.Judge(problems);
        problems.ThrowIfAny();
        return _pipeline.SendAsync(new WeComRequest(Send)
        {
            Query = [new("key", _key)],
            Body = new JsonObject { ["msgtype"] = content.Type, [content.Type] = content.Body() },
        }, options, cancellationToken);
    }

    /// <summary>Uploads a file (20 MB) or a voice message (2 MB, AMR); good for 3 days and for this robot only.</summary>
    /// <exception cref="WeComContentException">Too large, too small, or not of its kind; nothing was sent.</exception>
    public Task<UploadedMedia> UploadAsync(MediaKind kind, WeComFile file, CancellationToken cancellationToken = default)
    {
        if (kind is not (MediaKind.File or MediaKind.Voice)) throw new WeComContentException(["A group robot takes files and voice messages; pictures travel in the message."]);
        MediaRules.Judge(kind, file);
        return _pipeline.SendAsync<UploadedMedia>(
            new WeComRequest(Upload) { Query = [new("key", _key), new("type", MediaRules.NameOf(kind))], File = file }, null, cancellationToken);
    }

    /// <summary>A name that does not show the key.</summary>
    public override string ToString() => _name;

    private static string? KeyOf(Uri address)
    {
        foreach (string pair in address.Query.TrimStart('?').Split('&'))
        {
            if (pair.StartsWith("key=", StringComparison.Ordinal)) return Uri.UnescapeDataString(pair[4..]);
        }

        return null;
    }
}
