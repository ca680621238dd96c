using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Quota;

namespace Larkspur.Gateway.Console.Pages.Quota;

/// <summary>What the page of the quota says.</summary>
internal static class QuotaTexts
{
    public static readonly LocalText Title = new("额度", "Quota");
    public static readonly LocalText About = new(
        "每个应用本月调用平台接口的次数、按目前速度月底会到多少，以及哪些接口用得最多。",
        "How many platform calls each app has made this month, where the month will end at this pace, and which APIs take most of them.");
    public static readonly LocalText None = new("还没有连接应用", "No app is connected yet");
    public static readonly LocalText NoneHelp = new(
        "连接飞书或钉钉应用后，网关会从第一次调用起逐次计数。",
        "Once a Feishu or DingTalk app is connected, every call is counted from the first one on.");
    public static readonly LocalText ToConnections = new("查看连接", "See the connections");
    public static readonly LocalText Away = new(
        "数据库暂时不可用，以下是上次读到的数字。", "The database is away; the figures are those that were read last.");
    public static readonly LocalText Quota = new("月额度", "Quota of the month");
    public static readonly LocalText Used = new("已用额度", "Used");
    public static readonly LocalText Forecast = new("月底预计", "Forecast for the month");
    public static readonly LocalText Calls = new("全部请求", "Requests");
    public static readonly LocalText Counted = new("计入额度", "Counted");
    public static readonly LocalText RefusedColumn = new("被拒绝", "Refused");
    public static readonly LocalText Today = new("今天", "Today");
    public static readonly LocalText Api = new("接口", "API");
    public static readonly LocalText Day = new("日期", "Day");
    public static readonly LocalText ByApi = new("按接口查看", "By API");
    public static readonly LocalText ByDay = new("按日查看", "By day");
    public static readonly LocalText NoQuota = new("未设置月额度", "No quota is set");
    public static readonly LocalText NoQuotaHelp = new(
        "未设置月额度时只计数，不节省、不告警。请在平台管理后台查到套餐额度后设置：",
        "Without a quota calls are only counted; none is spared, no level is told. Look yours up in the platform's admin console, and set");
    public static readonly LocalText NoCalls = new("本月还没有调用。发出第一条消息后，这里会出现图表。",
        "No call was made this month. The picture begins with the first message that is sent.");
    public static readonly LocalText KeyDay = new("当日", "That day");
    public static readonly LocalText KeyBefore = new("此前累计", "The days before");
    public static readonly LocalText KeyExpected = new("预计", "Expected");
    public static readonly LocalText QuotaFarAbove = new("月额度远高于图中范围", "The quota lies far above the picture");
    public static readonly LocalText Alarms = new("告警", "Alarms");
    public static readonly LocalText Told = new("发送给", "They are told to");
    public static readonly LocalText NotTold = new(
        "目前只写入日志。要发到飞书，请设置", "They are in the log alone. To have them sent to somebody on Feishu, set");
    public static readonly LocalText NotReached = new("未达到", "Not reached");
    public static readonly LocalText Raised = new("已告警", "Told");
    public static readonly LocalText Refused = new("平台告知本月额度已用完：", "The platform said that the month is used up:");
    public static readonly LocalText Reset = new("恢复调用", "Let it call again");
    public static readonly LocalText ResetDone = new("已恢复调用", "It may call again");
    public static readonly LocalText Missing = new("没有这个应用", "There is no such app");

    /// <summary>An app by its platform and its name in the settings.</summary>
    public static LocalText App(string app) => app.StartsWith("dingtalk:", StringComparison.Ordinal)
        ? new($"钉钉 · {app[9..]}", $"DingTalk · {app[9..]}") : new($"飞书 · {app}", $"Feishu · {app}");

    public static LocalText OfMode(string mode) => mode switch
    {
        "normal" => new("正常", "Normal"),
        "economy" => new("节省中", "Economy"),
        "exhausted" => new("已用完", "Used up"),
        _ => LocalText.From(mode),
    };

    public static string KindOf(string mode) => mode switch
    {
        "normal" => "good",
        "economy" => "warn",
        _ => "bad",
    };

    /// <summary>What follows from the mode; null: nothing.</summary>
    public static LocalText? ModeNote(AppQuotaAnswer now, int economyFrom) => now switch
    {
        { Lifted: true, Mode: not "exhausted" } => new("管理员已恢复调用，本月内网关不再按月额度限制。",
            "An administrator let it call again: the gateway's own quota holds nothing for the rest of this month."),
        { Mode: "economy" } => new(
            $"已用到额度的 {economyFrom}%：可省的调用先省去，如卡片的中间帧和轮询。",
            $"{economyFrom} % of the quota is used: calls that can be left out are, such as a growing card's frames and polling."),
        { Mode: "exhausted" } => new(
            "可以等的消息先保留，有人在等的仍会尝试。额度提高后，管理员可以恢复调用。",
            "What can wait is held; what somebody waits for is tried. Once the plan is raised, an administrator lets it call again."),
        _ => null,
    };

    public static LocalText OfQuota(AppQuotaAnswer now) => now.Cap is { } cap
        ? new($"月额度 {cap:N0}，已用 {Percent(now.Used, cap)}%", $"of {cap:N0}, {Percent(now.Used, cap)} %") : NoQuota;

    /// <summary>Whether the quota lasts.</summary>
    public static LocalText Ends(AppQuotaAnswer now, string? runsOutOn) => now switch
    {
        { Cap: null } => new("按目前速度", "at the present pace"),
        { Cap: { } cap } when now.Used >= cap => new("额度已用完", "the quota is used up"),
        _ when runsOutOn is not null => new($"预计 {runsOutOn} 用完", $"runs out on {runsOutOn}"),
        _ => new("额度够用到月底", "the quota lasts"),
    };

    public static LocalText RefusedCalls(long refused) => new($"其中 {refused:N0} 次被拒绝", $"{refused:N0} of them refused");

    public static LocalText DailyCap(long cap) => new($"每日上限 {cap:N0} 次", $"at most {cap:N0} a day");

    public static LocalText ResetQuestion(string app) => new(
        $"{App(app).Chinese} 的套餐额度已经提高？恢复后网关不再理会平台此前的拒绝，本月内也不按自己的月额度限制；计数保留。",
        $"Has the plan of {App(app).English} been raised? The platform's refusal is forgotten, and for the rest of the month "
            + "the gateway's own quota holds nothing. Counts stay.");

    /// <summary>What the picture shows, in words.</summary>
    public static LocalText Summary(AppMonth month)
    {
        var (now, most) = (month.Now, month.Days.MaxBy(d => d.Counted));
        var busiest = most is { Counted: > 0 } ? $"{most.Day / 100 % 100:00}-{most.Day % 100:00}" : null;
        var quota = now.Cap is { } cap ? new LocalText($"，月额度 {cap:N0}", $", of a quota of {cap:N0}") : LocalText.From("");
        var busy = busiest is null ? LocalText.From("") : new LocalText(
            $"；用得最多的一天是 {busiest}，{most!.Counted:N0} 次", $"; the busiest day was {busiest} with {most.Counted:N0}");
        return new LocalText($"截至 {month.Today} 已用 {now.Used:N0} 次", $"{now.Used:N0} used by {month.Today}") + quota
            + new LocalText($"；月底预计 {now.Forecast:N0} 次", $"; {now.Forecast:N0} expected by the end of the month") + busy;
    }

    /// <summary>What raised an alarm: <c>80</c>, <c>refused-1</c>, <c>day-20261121-im.v1.message.create-100</c>.</summary>
    public static LocalText Occasion(string occasion)
    {
        if (occasion.StartsWith("refused-", StringComparison.Ordinal))
            return new("平台拒绝：本月额度已用完", "The platform refused: the month is used up");
        if (occasion.Split('-', 3) is ["day", { Length: 8 } day, var rest] && rest.LastIndexOf('-') is > 0 and var dash)
        {
            var (on, api, percent) = ($"{day[4..6]}-{day[6..]}", rest[..dash], rest[(dash + 1)..]);
            return new($"{on}：接口 {api} 用到每日上限的 {percent}%", $"{percent} % of the day's cap of {api} on {on}");
        }

        return new($"用到月额度的 {occasion}%", $"{occasion} % of the quota");
    }

    private static string Percent(long used, long cap) =>
        ((decimal)used * 100 / cap).ToString(used * 10m < cap ? "0.#" : "0", System.Globalization.CultureInfo.InvariantCulture);
}
