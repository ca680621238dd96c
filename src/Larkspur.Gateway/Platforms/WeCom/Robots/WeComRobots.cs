using System.Text.Json;
using Larkspur.Gateway.Cards;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.Robots;
using Larkspur.WeCom;
using Larkspur.WeCom.GroupRobots;

namespace Larkspur.Gateway.Platforms.WeCom.Robots;

/// <summary>
/// Group robots of WeCom (消息推送): text with mentions, and Markdown, of which a card is made too. Source: developer centre 99110.
/// </summary>
internal sealed class WeComRobots(ConfiguredWeComApps configured, RobotCards cards, TimeProvider clock,
    ILogger<GroupRobot> logger) : IRobotPlatform
{
    private const string Text = "text";
    private const string Markdown = "markdown";
    private const string Everybody = "@all";
    private const int LargestText = 2048;
    private const int LargestMarkdown = 4096;

    private static readonly WeComCallOptions Once = new() { MaxAttempts = 1, Timeout = TimeSpan.FromSeconds(15) };

    public string Platform => WeComApps.Platform;

    public RobotPlace Place { get; } = new("https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=…",
        [new("https://qyapi.weixin.qq.com"), .. configured.Apps.Values.Select(a => a.Application?.BaseUrl),
            RobotPlace.HostOf(configured.StoredAppHosts)],
        "/cgi-bin/webhook/send", "key");

    public bool Signs => false;

    public RateLimit Limit => new(PerSecond: null, PerMinute: 20);

    public CompiledMessage Compile(GroupMessage message)
    {
        if (message.Text is { } text)
        {
            var read = RobotMentions.Of(text, static id => $"<@{id}>", "");
            var words = read.WordsOr(Everybody);
            message.DemandSize(words, LargestText);
            return Content(Text, new Said(words, read.All ? [Everybody] : null), []);
        }

        var (markdown, notes) = message.Card is { } card ? Drawn(card, message.Pointer) : (WeComMarkdown.Reduce(message.Markdown!), []);
        message.DemandSize(markdown, LargestMarkdown);
        return Content(Markdown, new Said(markdown, null), notes);
    }

    public async Task SendAsync(Robot robot, OutboxEntry entry, CancellationToken cancellation)
    {
        var said = Read(entry.Message);
        try
        {
            var speaker = new GroupRobot(robot.Address!, clock: clock, logger: logger, rateLimiter: PermittedCalls.Instance);
            await speaker.SendAsync(Spoken(entry.Message.MessageType, said), Once, cancellation);
        }
        catch (WeComApiException e)
        {
            throw Of(e);
        }
        catch (WeComContentException e)
        {
            throw RobotFailures.BadContent(e);
        }
        catch (PlatformNetworkException e)
        {
            throw RobotFailures.Lost(e);
        }
    }

    private (string Markdown, IReadOnlyList<LocalText> Notes) Drawn(CardMessage message, string pointer)
    {
        var compiled = cards.Compile(Platform, message, pointer);
        var card = MarkdownCard.Read(compiled);
        var body = card.IsPlain ? card.Text : WeComMarkdown.Reduce(card.Text);
        var note = card.Note is { } small ? $"\n<font color=\"comment\">{small}</font>" : "";
        return ($"### {card.Title}\n{body}{note}", compiled.Notes);
    }

    private static RobotContent Spoken(string type, Said said) => type switch
    {
        Text => new RobotText(said.Content, said.Mentioned),
        Markdown => new RobotMarkdown(said.Content),
        _ => throw RobotFailures.Unreadable(),
    };

    private static CompiledMessage Content(string type, Said said, IReadOnlyList<LocalText> notes) =>
        new(type, JsonSerializer.Serialize(said, RobotRows.Json), notes);

    private static Said Read(OutboxMessage message)
    {
        try
        {
            return JsonSerializer.Deserialize<Said>(message.Content, RobotRows.Json) is { Content.Length: > 0 } said ? said :
                throw RobotFailures.Unreadable();
        }
        catch (JsonException e)
        {
            throw RobotFailures.Unreadable(e);
        }
    }

    private static ChannelException Of(WeComApiException e) => e.Code switch
    {
        93000 => RobotFailures.Final(RobotFailures.Removed, e),
        93004 => RobotFailures.Final(RobotFailures.SwitchedOff, e),
        93008 => RobotFailures.Final(RobotFailures.GroupGone, e),
        _ => e.FailureKind switch
        {
            FailureKind.RateLimited => RobotFailures.Fast(e, e.RetryAfter ?? TimeSpan.FromMinutes(1)),
            FailureKind.Transient => RobotFailures.Trouble(e),
            FailureKind.Invalid => RobotFailures.Final(RobotFailures.Content, e),
            _ => RobotFailures.Final(RobotFailures.Refused, e),
        },
    };

    /// <summary>What a row keeps.</summary>
    /// <param name="Content">The words.</param>
    /// <param name="Mentioned">Who is called beside those that the words name; null: nobody.</param>
    private sealed record Said(string Content, IReadOnlyList<string>? Mentioned);
}
