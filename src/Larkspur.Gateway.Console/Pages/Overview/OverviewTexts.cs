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
    public static readonly LocalText NoApps = new("还没有连接应用", "No app is connected yet");
    public static readonly LocalText NoAppsHelp = new("在向导中连接飞书、企业微信或钉钉，事件和消息就会从这里经过。",
        "Connect Feishu, WeCom or DingTalk in the wizard; events and messages then pass through here.");
    public static readonly LocalText Connect = new("连接应用", "Connect an app");
    public static readonly LocalText Started = new("启动于", "Up since");
    public static readonly LocalText Process = new("当前进程", "this process");

    public static readonly LocalText Charts = new("趋势", "Over time");
    public static readonly LocalText Window = new("时间范围", "Window");
    public static readonly LocalText Day = new("24 小时", "24 hours");
    public static readonly LocalText Week = new("7 天", "7 days");
    public static readonly LocalText EventsChart = new("事件与消息", "Events and messages");
    public static readonly LocalText AnswersChart = new("助手回答", "Answers");
    public static readonly LocalText LatencyChart = new("从收到事件到看见结果", "From an event to its effect");
    public static readonly LocalText FailuresChart = new("放弃的投递", "Given up");
    public static readonly LocalText Kinds = new("失败原因", "Failures by kind");
    public static readonly LocalText Failures = new("最近的失败", "Recent failures");
    public static readonly LocalText NoFailures = new("没有等待处理的失败。", "Nothing that failed waits for anybody.");
    public static readonly LocalText Waits = new("等待处理", "Waits for somebody");
    public static readonly LocalText NothingWaits = new("没有需要处理的事项。", "Nothing waits for anybody.");
    public static readonly LocalText Connections = new("平台连接", "Connections");

    public static LocalText Zone(string zone) => new($"时间按 {zone}", $"times in {zone}");

    public static LocalText EventsTotal(long events, long messages) => new($"{events:N0} 个事件，{messages:N0} 条消息",
        $"{events:N0} {(events == 1 ? "event" : "events")}, {messages:N0} {(messages == 1 ? "message" : "messages")}");

    public static LocalText AnswersTotal(long answers, long failed) => new($"{answers:N0} 个回答，{failed:N0} 个失败",
        $"{answers:N0} {(answers == 1 ? "answer" : "answers")}, {failed:N0} failed");

    public static LocalText LatencyTotal(double? p50, double? p99) => p50 is null
        ? NoData
        : new($"P50 {Seconds(p50)}，P99 {Seconds(p99)}", $"P50 {Seconds(p50)}, P99 {Seconds(p99)}");

    public static LocalText FailuresTotal(long dead) => new($"{dead:N0} 条", dead == 1 ? "1 delivery" : $"{dead:N0} deliveries");

    public static LocalText DeadEvents(long count) =>
        new($"{count:N0} 个事件处理失败", count == 1 ? "One event was given up" : $"{count:N0} events were given up");

    public static LocalText DeadMessages(long count) =>
        new($"{count:N0} 条消息没有送达", count == 1 ? "One message did not arrive" : $"{count:N0} messages did not arrive");

    public static LocalText KeysEnd(int count) => new($"{count} 把 API 密钥即将到期", count == 1 ? "One API key ends soon"
        : $"{count} API keys end soon");

    public static LocalText WebhooksOff(int count) =>
        new($"{count} 个 Webhook 已停用", count == 1 ? "One webhook is switched off" : $"{count} webhooks are switched off");

    public static LocalText PaymentsPending(long count) =>
        new($"{count:N0} 笔付款等待审批", count == 1 ? "One payment waits for its approval" : $"{count:N0} payments wait for their approval");

    private static string Seconds(double? seconds) => seconds is { } s ? s < 1 ? $"{s * 1000:0} ms" : $"{s:0.0} s" : "—";

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
