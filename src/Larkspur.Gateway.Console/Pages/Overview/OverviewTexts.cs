using Larkspur.Gateway.Common.Localisation;

namespace Larkspur.Gateway.Console.Pages.Overview;

/// <summary>What the overview says.</summary>
internal static class OverviewTexts
{
    public static readonly LocalText Title = new("概览", "Overview");
    public static readonly LocalText Well = new("一切正常", "All is well");
    public static readonly LocalText Problems = new("需要处理", "Needs attention");
    public static readonly LocalText ApiCalls = new("平台接口成功率", "Platform calls that succeed");
    public static readonly LocalText Latency = new("事件处理时延（P99）", "Event handling time (P99)");
    public static readonly LocalText Tokens = new("令牌缓存命中率", "Token cache hits");
    public static readonly LocalText Cards = new("卡片接受率", "Cards accepted");
    public static readonly LocalText Target = new("目标", "Target");
    public static readonly LocalText FiveMinutes = new("最近 5 分钟", "Last 5 minutes");
    public static readonly LocalText SinceStart = new("启动以来", "Since start");
    public static readonly LocalText NoData = new("暂无数据", "No data");
    public static readonly LocalText TooFew = new("样本太少", "Too few");
    public static readonly LocalText Met = new("达标", "Met");
    public static readonly LocalText Missed = new("未达标", "Missed");
    public static readonly LocalText Work = new("待处理与失败", "Waiting and failed");
    public static readonly LocalText Events = new("收到的事件", "Events in");
    public static readonly LocalText Messages = new("发出的消息", "Messages out");
    public static readonly LocalText Open = new("待处理", "Waiting");
    public static readonly LocalText Oldest = new("最久等待", "Longest wait");
    public static readonly LocalText Dead = new("死信", "Dead letters");
    public static readonly LocalText Flow = new("流量", "Traffic");
    public static readonly LocalText Accepted = new("新事件", "New events");
    public static readonly LocalText Duplicates = new("去重", "Duplicates absorbed");
    public static readonly LocalText Sent = new("已发送", "Sent");
    public static readonly LocalText Retried = new("重试", "Retried");
    public static readonly LocalText Apps = new("应用", "Apps");
    public static readonly LocalText NoApps = new("还没有连接应用", "No app is connected yet");
    public static readonly LocalText NoAppsHelp = new("填写飞书应用的 App ID 和 App Secret，事件和消息就会从这里经过。", "Enter a Feishu app's App ID and App Secret; its events and messages then pass through here.");
    public static readonly LocalText Connect = new("连接应用", "Connect an app");
    public static readonly LocalText BotReached = new("机器人在线", "Bot online");
    public static readonly LocalText BotUnknown = new("尚未连通", "Not reached yet");
    public static readonly LocalText Webhook = new("请求地址", "Webhook");
    public static readonly LocalText LongConnection = new("长连接", "Long connection");
    public static readonly LocalText Started = new("启动于", "Up since");
    public static readonly LocalText Process = new("当前进程", "this process");

    public static LocalText Samples(long count) => new($"{count:N0} 个样本", count == 1 ? "1 sample" : $"{count:N0} samples");

    public static LocalText DeadLetters(long count) => new($"{count:N0} 条死信等待处理", count == 1 ? "One dead letter waits for somebody" : $"{count:N0} dead letters wait for somebody");

    public static LocalText MissedTargets(int count) => new($"{count} 项指标未达标", count == 1 ? "One figure misses its target" : $"{count} figures miss their target");

    public static LocalText Of(OverviewProblem problem) => problem.What switch
    {
        "database" => new("数据库无法写入", "The database cannot be written to"),
        "warm_up" => new("网关还在启动", "The gateway is still starting"),
        "leases" => new("没有取得分区租约，本进程不处理事件", "This process holds no partitions and handles nothing"),
        "feishu" => new("还没有配置飞书应用", "No Feishu app is configured"),
        "late:inbox" => new("有事件等待过久", "Events have waited too long"),
        "late:outbox" => new("有消息等待过久", "Messages have waited too long"),
        var what when what.StartsWith("long_connection:", StringComparison.Ordinal) => new($"应用 {what[16..]} 的长连接异常", $"The long connection of app {what[16..]} has a problem"),
        var what => LocalText.From(what),
    };
}
