using System.Text.Json;
using Larkspur.DingTalk;
using Larkspur.DingTalk.Robots;
using Larkspur.Gateway.Cards;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.Robots;

namespace Larkspur.Gateway.Platforms.DingTalk.Robots;

/// <summary>
/// Custom robots of DingTalk groups: text with mentions, Markdown, and cards whose buttons are links. Source: 02/0717, 01/0082.
/// </summary>
internal sealed class DingTalkRobots(ConfiguredDingTalkApps configured, RobotCards cards, TimeProvider clock,
    ILogger<GroupRobot> logger) : IRobotPlatform
{
    private const string Text = "text";
    private const string Markdown = "markdown";
    private const string ActionCard = "action_card";
    private const string Everybody = "@all";
    private const int MostMentioned = 50;

    /// <summary>
    /// Most of a message. That the platform takes as much is UNVERIFIED; its documentation names no bound for custom robots.
    /// </summary>
    private const int Largest = 20_000;

    /// <summary>
    /// Each attempt goes under the row's key (<c>msgUuid</c>), so a lost answer is asked for again at once without a second message.
    /// </summary>
    private static readonly DingTalkCallOptions Call = new() { MaxAttempts = 1, Timeout = TimeSpan.FromSeconds(10) };
    private const int Tries = 2;

    /// <summary>Who was too fast is not heard for ten minutes.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromMinutes(10) + TimeSpan.FromSeconds(5);


    public string Platform => DingTalkApps.Platform;

    public RobotPlace Place { get; } = new("https://oapi.dingtalk.com/robot/send?access_token=…",
        [new("https://oapi.dingtalk.com"), .. configured.Apps.Values.Select(a => a.Options.OapiUrl ?? a.Options.BaseUrl),
            RobotPlace.HostOf(configured.StoredAppHosts)],
        "/robot/send", "access_token");

    public bool Signs => true;

    /// <summary>The platform takes 20; one more costs ten minutes of silence.</summary>
    public RateLimit Limit => new(PerSecond: null, PerMinute: 18);

    public CompiledMessage Compile(GroupMessage message)
    {
        var (type, said, notes) = message switch
        {
            { Card: { } card } => Drawn(card, message.Pointer),
            { Markdown: { } markdown } =>
                (Markdown, new Said(DingTalkMarkdown.ForMessage(markdown)) { Title = DingTalkMarkdown.Preview(markdown) },
                    Array.Empty<LocalText>()),
            _ => (Text, Spoken(message), Array.Empty<LocalText>()),
        };
        message.DemandSize(said.Text, Largest);
        return new CompiledMessage(type, JsonSerializer.Serialize(said, RobotRows.Json), notes);
    }

    public async Task SendAsync(Robot robot, OutboxEntry entry, CancellationToken cancellation)
    {
        var message = MessageOf(entry.Message);
        var speaker = new GroupRobot(robot.Address!, robot.Secret, clock: clock, rateLimiter: PermittedCalls.Instance, logger: logger);
        PlatformNetworkException? unsure = null;
        for (var tried = 1; ; tried++)
        {
            try
            {
                await speaker.SendAsync(message, entry.IdempotencyKey, Call, cancellation);
                return;
            }
            catch (PlatformNetworkException e) when (e.EffectUnknown && tried < Tries)
            {
                // The same key: what has arrived is recognised.
                unsure = e;
            }
            catch (PlatformNetworkException e)
            {
                throw RobotFailures.Lost(unsure ?? e);
            }
            catch (CallStoppedException) when (unsure is not null)
            {
                // What an earlier try left open stays open.
                throw RobotFailures.Lost(unsure);
            }
            catch (DingTalkApiException e)
            {
                var failure = Of(e);
                throw unsure is not null && failure.Transient ? RobotFailures.Lost(unsure) : failure;
            }
        }
    }

    private static Said Spoken(GroupMessage message)
    {
        var read = RobotMentions.Of(message.Text!, static id => "@" + id, "");
        if (read.People.Count > MostMentioned)
            throw GroupMessage.Refused(message.Pointer,
                $"A message of this platform's robots calls at most {MostMentioned} people by name.");
        return new Said(read.WordsOr(Everybody)) { All = read.All, People = read.People };
    }

    private (string Type, Said Said, IReadOnlyList<LocalText> Notes) Drawn(CardMessage message, string pointer)
    {
        // Its links become buttons.
        var compiled = cards.Compile(Platform, message with { Actions = [] }, pointer);
        var card = MarkdownCard.Read(compiled);
        var title = card.Title ?? DingTalkMarkdown.Preview(card.Text);
        var parts = new[] { $"### {title}", card.Text, card.Note is { } note ? $"> {note}"
            : null }.Where(part => !string.IsNullOrEmpty(part));
        var said = new Said(DingTalkMarkdown.ForMessage(string.Join("\n\n", parts)))
        {
            Title = title, Buttons = [.. message.Actions.Select(a => new Link(a.Label.Chinese, a.Url!))],
        };
        return (said.Buttons.Count > 0 ? ActionCard : Markdown, said, compiled.Notes);
    }

    private static WebhookMessage MessageOf(OutboxMessage message)
    {
        try
        {
            var said = JsonSerializer.Deserialize<Said>(message.Content, RobotRows.Json) ?? throw RobotFailures.Unreadable();
            return message.MessageType switch
            {
                Text => WebhookMessage.Text(said.Text, said.All || said.People.Count > 0 ? new At { All = said.All, UserIds = said.People }
                    : null),
                Markdown => WebhookMessage.Markdown(said.Title ?? "…", said.Text),
                ActionCard => WebhookMessage.ActionCard(said.Title ?? "…", said.Text,
                    [.. said.Buttons.Select(b => new LinkButton(b.Title, b.Url))]),
                _ => throw RobotFailures.Unreadable(),
            };
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            throw RobotFailures.Unreadable(e);
        }
    }

    private static ChannelException Of(DingTalkApiException e) => e.ErrorCode switch
    {
        "310000" when e.Msg.Contains("keyword", StringComparison.OrdinalIgnoreCase) => RobotFailures.Final(RobotFailures.Keyword, e),
        "310000" when e.Msg.Contains("whitelist", StringComparison.OrdinalIgnoreCase) =>
            RobotFailures.Final(RobotFailures.AddressNotListed, e),
        // sign not match, invalid timestamp
        "310000" => RobotFailures.Final(RobotFailures.Sign, e),
        "400101" or "400106" => RobotFailures.Final(RobotFailures.Removed, e),
        "400102" => RobotFailures.Final(RobotFailures.SwitchedOff, e),
        "400013" => RobotFailures.Final(RobotFailures.GroupGone, e),
        "410100" or "130101" => RobotFailures.Fast(e, Silence),
        "400105" or "430101" or "430102" or "430103" or "430104" or "40035" or "43004" => RobotFailures.Final(RobotFailures.Content, e),
        _ => e.FailureKind switch
        {
            FailureKind.RateLimited => RobotFailures.Fast(e, e.RetryAfter ?? Silence),
            FailureKind.Transient => RobotFailures.Trouble(e),
            _ => RobotFailures.Final(RobotFailures.Refused, e),
        },
    };

    /// <summary>What a row keeps.</summary>
    private sealed record Said(string Text)
    {
        public string? Title { get; init; }

        public bool All { get; init; }

        public IReadOnlyList<string> People { get; init; } = [];

        public IReadOnlyList<Link> Buttons { get; init; } = [];
    }

    private sealed record Link(string Title, string Url);
}
