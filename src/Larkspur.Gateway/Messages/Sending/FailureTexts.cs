using System.Globalization;
using Larkspur.Feishu;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.Robots;

namespace Larkspur.Gateway.Messages;

/// <summary>The reasons of outbox rows in plain words.</summary>
internal static partial class FailureTexts
{
    /// <summary>The platform's code in a reason like <c>invalid_230099</c>, or null.</summary>
    public static int? CodeOf(string reason) =>
        reason.LastIndexOf('_') is >= 0 and var at && int.TryParse(reason.AsSpan(at + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var code) ? code : null;

    public static MessageFailure Of(string reason, string? detail) => Of(PlatformNames.Feishu, reason, detail);

    public static MessageFailure Of(string platform, string reason, string? detail)
    {
        var text = SentenceOf(platform, reason);
        return new MessageFailure(reason, CodeOf(reason), text.English, text.Chinese, detail);
    }

    /// <summary>A reason in words.</summary>
    public static LocalText TextOf(string reason) => SentenceOf(PlatformNames.Feishu, reason);

    /// <summary>The same for a platform whose codes may be other ones than Feishu's.</summary>
    public static LocalText SentenceOf(string platform, string reason) =>
        platform == PlatformNames.Feishu && CodeOf(reason) is { } code && FeishuExplanation.Of(code) is { } explained
            ? new LocalText(explained.Chinese, explained.English)
            : platform == OutboxScope.RobotPlatform && RobotFailures.Find(reason) is { } said ? said
            : FindReason(reason) ?? FindReason(reason.Split('_')[0]) ?? NotSent;
}
