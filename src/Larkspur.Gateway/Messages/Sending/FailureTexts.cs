using System.Globalization;
using Larkspur.Feishu;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.Common.Localisation;

namespace Larkspur.Gateway.Messages;

/// <summary>The reasons of outbox rows in plain words.</summary>
internal static class FailureTexts
{
    /// <summary>The platform's code in a reason like <c>invalid_230099</c>, or null.</summary>
    public static int? CodeOf(string reason) =>
        reason.LastIndexOf('_') is >= 0 and var at && int.TryParse(reason.AsSpan(at + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var code) ? code : null;

    public static MessageFailure Of(string reason, string? detail)
    {
        var code = CodeOf(reason);
        var (chinese, english) = (code is { } known ? FeishuExplanation.Of(known) : null) ?? Explain(reason);
        return new MessageFailure(reason, code, english, chinese, detail);
    }

    /// <summary>The reason alone, for a platform whose codes may be other ones than Feishu's.</summary>
    public static LocalText SentenceOf(string platform, string reason)
    {
        var (chinese, english) = (platform == PlatformNames.Feishu && CodeOf(reason) is { } code ? FeishuExplanation.Of(code) : null)
            ?? Explain(reason);
        return new LocalText(chinese, english);
    }

    private static FeishuExplanation Explain(string reason) => reason.Split('_')[0] switch
    {
        "timed" => new("平台没有及时应答。", "The platform did not answer in time."),
        "no" when reason == "no_connection" => new("连接不到平台。", "The platform could not be reached."),
        "expired" => new("平台长时间没有接收，已放弃发送。", "The platform did not take it for too long; it was given up."),
        "unsure" => new("可能已经送达：应答丢失，平台也不再记得是否收到过。没有重复发送。", "It may have arrived: the answer was lost, and the platform no longer remembers whether. It was not sent twice."),
        "quota" => new("应用本月的调用次数已用完。", "The app's calls of this month are used up."),
        "app" => new("应用已不在配置中。", "The app is not configured any more."),
        "bot" => new("机器人已被移出群聊。", "The bot was removed from the chat."),
        "chat" => new("群聊已解散。", "The chat was disbanded."),
        "ratelimited" => new("平台暂时不再接收，请稍后。", "The platform takes no more for now."),
        "transient" => new("平台自身出现故障。", "The platform has trouble of its own."),
        "authentication" => new("平台不接受应用的凭证。", "The platform does not accept the app's credentials."),
        "permission" => new("应用或用户缺少权限。", "The app or the person may not: a permission is missing."),
        "notfound" => new("接收者或消息不存在。", "The receiver or the message does not exist."),
        "invalid" => new("平台拒绝了请求的内容。", "The platform refused what was asked for."),
        _ => new("没有发送成功。", "It could not be sent."),
    };
}
