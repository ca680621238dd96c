using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Feishu.Cards;
using Larkspur.Feishu.Messaging;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Cards;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.Robots;

namespace Larkspur.Gateway.Platforms.Feishu.Robots;

/// <summary>Custom bots of Feishu and Lark: text with mentions, and cards. Facts: ukTMukTMukTM/ucTM5YjL3ETO24yNxkjN.</summary>
internal sealed class FeishuRobots(ConfiguredFeishuApps configured, RobotCards cards, TimeProvider clock)
    : IRobotPlatform
{
    private const string Text = "text";
    private const string Card = "interactive";

    /// <summary>The platform takes 20 KB with the signature and what stands around the content.</summary>
    private const int Largest = (20 << 10) - 512;

    /// <summary>Nothing says for how long the platform is closed to who was too fast; minutes are what it counts in.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(30);

    public string Platform => PlatformNames.Feishu;

    public RobotPlace Place { get; } = new("https://open.feishu.cn/open-apis/bot/v2/hook/…",
        [new("https://open.feishu.cn"), new("https://open.larksuite.com"), .. configured.Apps.Values.Select(a => a.BaseUrl),
            configured.StoredAppHosts?.BaseUrl],
        "/open-apis/bot/v2/hook/", null);

    public bool Signs => true;

    public RateLimit Limit => new(PerSecond: 5, PerMinute: 100);

    public CompiledMessage Compile(GroupMessage message)
    {
        var content = message switch
        {
            { Card: { } card } => Drawn(card, message.Pointer),
            { Markdown: { } markdown } => new CompiledMessage(Card, new CardBuilder().Markdown(SafeMarkdown.Of(markdown)).ToJson(), []),
            _ => new CompiledMessage(Text, new JsonObject { ["text"] = message.Text }.ToJsonString(RobotRows.Json), []),
        };
        message.DemandSize(content.Content, Largest);
        return content;
    }

    public async Task SendAsync(Robot robot, OutboxEntry entry, CancellationToken cancellation)
    {
        var bot = new FeishuCustomBot(robot.Address!, new CustomBotOptions
        {
            Secret = robot.Secret, MaxAttempts = 1, Timeout = TimeSpan.FromSeconds(15), Clock = clock,
                RateLimiter = PermittedCalls.Instance,
        });
        try
        {
            var content = ContentOf(entry.Message);
            CallGate.Pass();
            await bot.SendAsync(content, cancellation);
        }
        catch (CustomBotException e)
        {
            throw Of(e);
        }
        catch (MessageContentException e)
        {
            throw RobotFailures.BadContent(e);
        }
        catch (PlatformNetworkException e)
        {
            throw RobotFailures.Lost(e);
        }
    }

    private CompiledMessage Drawn(CardMessage card, string pointer)
    {
        var compiled = cards.Compile(Platform, card, pointer);
        return new CompiledMessage(Card, compiled.Content, compiled.Notes);
    }

    private static MessageContent ContentOf(OutboxMessage message)
    {
        try
        {
            return message.MessageType switch
            {
                Card => MessageContent.Card(message.Content),
                Text => MessageContent.TextMarkup(JsonNode.Parse(message.Content)?["text"]?.GetValue<string>() ??
                    throw RobotFailures.Unreadable()),
                _ => throw RobotFailures.Unreadable(),
            };
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw RobotFailures.Unreadable(e);
        }
    }

    private static ChannelException Of(CustomBotException e) => e.Reason switch
    {
        CustomBotRefusal.SignatureRejected => RobotFailures.Final(RobotFailures.Sign, e),
        CustomBotRefusal.AddressNotAllowed => RobotFailures.Final(RobotFailures.AddressNotListed, e),
        CustomBotRefusal.KeywordMissing => RobotFailures.Final(RobotFailures.Keyword, e),
        CustomBotRefusal.UnknownHook => RobotFailures.Final(RobotFailures.Removed, e),
        CustomBotRefusal.BadRequest or CustomBotRefusal.TooLarge => RobotFailures.Final(RobotFailures.Content, e),
        CustomBotRefusal.TooFast => RobotFailures.Fast(e, Quiet),
        CustomBotRefusal.PlatformFailed => RobotFailures.Trouble(e),
        _ => RobotFailures.Final(RobotFailures.Refused, e),
    };
}
