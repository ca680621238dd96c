using System.Globalization;
using System.Text.RegularExpressions;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Operations.Endpoints;

namespace Larkspur.Gateway.Console.Pages.Schedules;

/// <summary>How a run ended, in a sentence. What jobs say in English has a Chinese sentence here; the rest is shown as it is.</summary>
internal static partial class RunTexts
{
    private const string Forgot = "forgot ";
    private const string Rest = "; the rest comes next time";

    private static readonly (Regex English, string Chinese)[] Sentences =
    [
        (Keys(), "{0} 把密钥将在 {1} 天内到期"),
        (Told(), "已告诉 {0} 人命令还没有答复"),
        (Payments(), "调用 {0} 次，{1} 笔付款有新消息"),
        (Notifications(), "发送 {0} 条暂存的通知，更新 {1} 张卡片，办结 {2} 条"),
        (Gaps(), "用 {1} 次调用核对 {0} 个聊天，补收 {2} 条消息"),
        (Space(), "归还 {0} KiB 空间"),
        (Built(), "建立了索引 {0}"),
        (SwitchedOff(), "持续失败，已停用 Webhook：{0}"),
        (Removed(), "已删除 Webhook 的 {0} 条消息成为死信"),
    ];

    /// <summary>Kinds of what retention forgets, as the rules are named, with their measure words.</summary>
    private static readonly Dictionary<string, string> Kinds = new(StringComparer.Ordinal)
    {
        ["events"] = "{0} 个事件", ["messages"] = "{0} 条消息", ["dead letters of the inbox"] = "{0} 条收件死信",
        ["dead letters of the outbox"] = "{0} 条发件死信", ["lines of the audit log"] = "{0} 条审计记录", ["counts of calls"] = "{0} 条调用计数",
        ["owners of files and instances"] = "{0} 条文件和审批实例的归属", ["cards"] = "{0} 张卡片", ["deliveries of cards"] = "{0} 条卡片投递",
        ["keys of saved documents"] = "{0} 条文档记录", ["streams"] = "{0} 个流式卡片", ["values of plug-ins"] = "{0} 项插件数据",
        ["calls of commands"] = "{0} 次命令调用", ["requests for approvals"] = "{0} 个审批请求", ["payments"] = "{0} 笔付款",
        ["notifications"] = "{0} 条通知", ["early reads"] = "{0} 条提前的已读", ["turns"] = "{0} 轮对话", ["conversations"] = "{0} 个会话",
        ["answers of WeCom's bots"] = "{0} 条企业微信机器人的回答", ["response addresses of WeCom's bots"] = "{0} 个企业微信机器人的回复地址",
        ["web messages"] = "{0} 条网页消息", ["web files"] = "{0} 个网页文件", ["unsent web files"] = "{0} 个未发送的网页文件",
        ["attempts of webhooks"] = "{0} 条 Webhook 投递记录", ["web sessions"] = "{0} 个网页会话",
    };

    public static LocalText Of(ScheduleRun run) => run.Outcome switch
    {
        "ok" => run.Detail is { } detail ? Said(detail) : new("没有需要处理的内容", "Nothing to do"),
        "running" => new("尚未结束", "Not through yet"),
        "stopped" => new("进程停止时中断，下次继续", "Its process stopped; the next run goes on"),
        "lost" => new("执行它的进程已中断，下次继续", "Its process died; the next run goes on"),
        "timed_out" => new("没有在限定时间内完成，下次继续", "Not through in its time; the next run goes on"),
        _ => run.Detail switch
        {
            "the database is away" => new("数据库暂时不可用", "The database was away"),
            { } kind => new($"出错：{kind}，详情见日志", $"{kind}; the log has more"),
            null => new("出错，详情见日志", "It failed; the log has more"),
        },
    };

    private static LocalText Said(string detail)
    {
        var whole = !detail.EndsWith(Rest, StringComparison.Ordinal);
        var said = whole ? detail : detail[..^Rest.Length];
        if (said.StartsWith(Forgot, StringComparison.Ordinal))
        {
            var forgotten = string.Join('、', Forgotten().Matches(said[Forgot.Length..]).Select(part =>
            {
                var (count, kind) = (part.Groups[1].Value, part.Groups[2].Value);
                return string.Format(CultureInfo.InvariantCulture, Kinds.GetValueOrDefault(kind, "{0} " + kind), count);
            }));
            return new LocalText($"清除 {forgotten}{(whole ? "" : "；其余下次处理")}", Capital(detail));
        }

        foreach (var (english, chinese) in Sentences)
        {
            if (english.Match(said) is not { Success: true } match) continue;
            object[] parts = [.. match.Groups.Values.Skip(1).Select(g => (object)g.Value)];
            var words = string.Format(CultureInfo.InvariantCulture, chinese, parts);
            return new LocalText(whole ? words : words + "；其余下次处理", Capital(detail));
        }

        return LocalText.From(Capital(detail));
    }

    private static string Capital(string text) => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..];

    [GeneratedRegex(@"(\d+) (.+?)(?=(?:, | and )\d|$)")]
    private static partial Regex Forgotten();

    [GeneratedRegex(@"^(\d+) keys end within (\d+) days$")]
    private static partial Regex Keys();

    [GeneratedRegex(@"^told (\d+) people that their command has no answer yet$")]
    private static partial Regex Told();

    [GeneratedRegex(@"^(\d+) calls: (\d+) payments had news$")]
    private static partial Regex Payments();

    [GeneratedRegex(@"^sent (\d+) that waited, turned (\d+), resolved (\d+)$")]
    private static partial Regex Notifications();

    [GeneratedRegex(@"^compared (\d+) chats with (\d+) calls: (\d+) messages had not arrived$")]
    private static partial Regex Gaps();

    [GeneratedRegex(@"^gave back (\d+) KiB$")]
    private static partial Regex Space();

    [GeneratedRegex(@"^built (.+)$")]
    private static partial Regex Built();

    [GeneratedRegex("^switched off (.+): every attempt failed$", RegexOptions.CultureInvariant)]
    private static partial Regex SwitchedOff();

    [GeneratedRegex(@"^(\d+) messages of removed webhooks became dead letters$")]
    private static partial Regex Removed();
}
