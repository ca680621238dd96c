using System.Collections.Frozen;

namespace Larkspur.Feishu;

/// <summary>What the codes of messages, chats, files, cards and approvals mean to a person. Judging them for a program is <see cref="FeishuErrorCodes"/>' work.</summary>
/// <remarks>Source: the error lists of im-v1, cardkit-v1, interactive/v1/card/update and approval-v4. Codes that only a programmer of this SDK could meet are left out.</remarks>
internal static class FeishuErrorTexts
{
    private static readonly FrozenDictionary<int, FeishuExplanation> Words =
        MessageErrorTexts.All.Concat(ChatErrorTexts.All).Concat(CardErrorTexts.All).Concat(ApprovalErrorTexts.All).ToFrozenDictionary(w => w.Code, w => new FeishuExplanation(w.Chinese, w.English));

    private const string FollowUps = "im.v1.message.push_follow_up";

    /// <summary>One endpoint gives two of the common codes another meaning.</summary>
    public static FeishuExplanation? Of(int code, string endpoint) => (code, endpoint) switch
    {
        (230002, FollowUps) => new("这条消息太旧：跟随气泡须在 10 分钟内添加。", "The message is too old: suggestions are added within 10 minutes."),
        (230006, FollowUps) => new("只有会话里最新的一条消息能添加跟随气泡。", "Only the newest message of the conversation takes suggestions."),
        // Five digits are shared by many APIs; these are approval's only where approval answered, or nobody says who did.
        (>= 60001 and <= 65001, { Length: > 0 }) when !endpoint.StartsWith("approval", StringComparison.Ordinal) => null,
        _ => Words.GetValueOrDefault(code),
    };
}
