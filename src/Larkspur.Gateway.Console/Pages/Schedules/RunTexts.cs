using System.Globalization;
using System.Text.RegularExpressions;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Operations.Endpoints;

namespace Larkspur.Gateway.Console.Pages.Schedules;

/// <summary>How a run ended, in a sentence. What jobs say in English has a Chinese sentence here; the rest is shown as it is.</summary>
internal static partial class RunTexts
{
    private const string Rest = "; the rest comes next time";

    private static readonly (Regex English, string Chinese)[] Sentences =
    [
        (Dead(), "清除 {0} 个事件、{1} 条消息、{2} 条死信"),
        (Lines(), "清除 {0} 条审计记录"),
        (Cards(), "清除 {0} 张卡片"),
        (Calls(), "清除 {0} 次命令调用"),
        (Values(), "清除 {0} 项插件数据"),
        (Documents(), "清除 {0} 条文档记录"),
        (Owners(), "清除 {0} 个文件和审批实例的归属"),
        (Keys(), "{0} 把密钥将在 {1} 天内到期"),
        (Told(), "已告诉 {0} 人命令还没有答复"),
        (Payments(), "调用 {0} 次，{1} 笔付款有新消息"),
        (Notifications(), "发送 {0} 条暂存的通知，更新 {1} 张卡片，办结 {2} 条"),
        (Gaps(), "用 {1} 次调用核对 {0} 个聊天，补收 {2} 条消息"),
        (Space(), "归还 {0} KiB 空间"),
        (Built(), "建立了索引 {0}"),
        (Removed(), "已删除 Webhook 的 {0} 条消息成为死信"),
    ];

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

    [GeneratedRegex(@"^forgot (\d+) events, (\d+) messages and (\d+) dead letters$")]
    private static partial Regex Dead();

    [GeneratedRegex(@"^forgot (\d+) lines$")]
    private static partial Regex Lines();

    [GeneratedRegex(@"^forgot (\d+) cards$")]
    private static partial Regex Cards();

    [GeneratedRegex(@"^forgot (\d+) calls of commands$")]
    private static partial Regex Calls();

    [GeneratedRegex(@"^forgot (\d+) values of plug-ins$")]
    private static partial Regex Values();

    [GeneratedRegex(@"^forgot (\d+) keys of saved documents$")]
    private static partial Regex Documents();

    [GeneratedRegex(@"^forgot the owners of (\d+) files and instances$")]
    private static partial Regex Owners();

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

    [GeneratedRegex(@"^(\d+) messages of removed webhooks became dead letters$")]
    private static partial Regex Removed();
}
