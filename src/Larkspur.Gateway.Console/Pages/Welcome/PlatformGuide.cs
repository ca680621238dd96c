using Larkspur.Gateway.Apps;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Doctor;

namespace Larkspur.Gateway.Console.Pages.Welcome;

/// <summary>How an app is made in a platform's own console, step by step, with what is to be copied there.</summary>
internal static class PlatformGuide
{
    /// <param name="setup">The platform.</param>
    /// <param name="address">The gateway's public address; null: none is set.</param>
    public static IReadOnlyList<GuideStep> Of(AppSetup setup, string? address)
    {
        // Without an address there is nothing to copy that would work.
        var webhook = address is null ? null : address.TrimEnd('/') + setup.WebhookPath;
        return setup.Platform switch
        {
            PlatformNames.Feishu => Feishu(webhook),
            "wecom" => WeCom(webhook),
            "dingtalk" => DingTalk(webhook),
            _ => [],
        };
    }

    private static GuideStep[] Feishu(string? webhook) =>
    [
        new(GuideTexts.FeishuCreate) { Link = "https://open.feishu.cn/app" },
        new(GuideTexts.FeishuBot),
        new(GuideTexts.FeishuScopes) { Copy = FeishuScopes() },
        new(GuideTexts.FeishuEvents) { Copy = "im.message.receive_v1\nim.message.message_read_v1\nim.chat.member.bot.added_v1\n"
            + "im.chat.member.user.added_v1\nim.chat.access_event.bot_p2p_chat_entered_v1" },
        new(GuideTexts.FeishuCallback) { Copy = "card.action.trigger" },
        new(webhook is null ? GuideTexts.FeishuConnection : GuideTexts.FeishuAddress) { Copy = webhook },
        new(GuideTexts.FeishuPublish),
    ];

    private static GuideStep[] WeCom(string? webhook) =>
    [
        new(GuideTexts.WeComCreate) { Link = "https://work.weixin.qq.com/wework_admin/frame#apps" },
        new(GuideTexts.WeComTrusted),
        new(webhook is null ? GuideTexts.WeComNoAddress : GuideTexts.WeComAddress) { Copy = webhook },
        new(GuideTexts.WeComBot),
    ];

    private static GuideStep[] DingTalk(string? webhook) =>
    [
        new(GuideTexts.DingTalkCreate) { Link = "https://open-dev.dingtalk.com/" },
        new(GuideTexts.DingTalkRobot),
        new(GuideTexts.DingTalkPermissions) { Copy = "qyapi_robot_sendmsg\nCard.Instance.Write\nCard.Streaming.Write" },
        new(webhook is null ? GuideTexts.DingTalkStream : GuideTexts.DingTalkAddress) { Copy = webhook },
        new(GuideTexts.DingTalkPublish),
    ];

    /// <summary>The fewest scopes for notifications and for talking with the bot, in the form that the developer console imports.</summary>
    private static string FeishuScopes()
    {
        var needs = PlatformFeature.Switched.Where(f => f.Id == PlatformFeature.Notifications)
            .Append(PlatformFeature.Talking).SelectMany(f => f.Needs());
        var scopes = ScopePlan.Least(needs).Order(StringComparer.Ordinal).Select(scope => $"\"{scope}\"");
        return $"{{\"scopes\":{{\"tenant\":[{string.Join(',', scopes)}],\"user\":[]}}}}";
    }
}

/// <summary>A step.</summary>
/// <param name="Text">What to do.</param>
internal sealed record GuideStep(LocalText Text)
{
    /// <summary>What to copy there; null: nothing.</summary>
    public string? Copy { get; init; }

    /// <summary>The page where it is done; null: the one of the step before.</summary>
    public string? Link { get; init; }
}
