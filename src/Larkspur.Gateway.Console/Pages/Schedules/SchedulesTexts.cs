using System.Globalization;
using Larkspur.Gateway.Common.Localisation;

namespace Larkspur.Gateway.Console.Pages.Schedules;

/// <summary>What the page of schedules says.</summary>
internal static class SchedulesTexts
{
    public static readonly LocalText Title = new("定时任务", "Schedules");
    public static readonly LocalText About = new(
        "网关按时自动执行的任务。多个进程共用一个数据库时，每次只由其中一个执行。",
        "Jobs that the gateway runs by itself. Of several processes on one database, one runs each of them.");
    public static readonly LocalText None = new("没有定时任务", "No job is scheduled");
    public static readonly LocalText NoneHelp = new(
        "网关启动后会登记自己的任务，插件也可以添加。", "The gateway declares its jobs when it starts.");
    public static readonly LocalText Away = new(
        "数据库暂时不可用，以下是上次读到的状态。", "The database is away; this is what was read last.");
    public static readonly LocalText Off = new(
        "当前进程没有执行定时任务：可能刚刚启动，也可能已关闭", "This process runs no jobs: it has just started, or they are off:");
    public static readonly LocalText Job = new("任务", "Job");
    public static readonly LocalText Rule = new("周期", "Runs");
    public static readonly LocalText Last = new("上次执行", "Last run");
    public static readonly LocalText Outcome = new("结果", "Outcome");
    public static readonly LocalText Next = new("下次执行", "Next run");
    public static readonly LocalText NotYet = new("尚未执行", "Has not run yet");
    public static readonly LocalText Run = new("立即执行", "Run now");
    public static readonly LocalText Soon = new("即将执行", "In a moment");
    public static readonly LocalText Asked = new("已安排，马上执行", "It runs in a moment");

    public static LocalText RunNamed(string job) => new($"立即执行：{Name(job).Chinese}", $"Run now: {Name(job).English}");

    public static string KindOf(string outcome) => outcome switch
    {
        "ok" => "good",
        "running" => "busy",
        "stopped" => "off",
        "timed_out" or "lost" => "warn",
        _ => "bad",
    };

    public static LocalText Of(string outcome) => outcome switch
    {
        "ok" => new("成功", "Done"),
        "running" => new("执行中", "Running"),
        "failed" => new("失败", "Failed"),
        "timed_out" => new("超时", "Timed out"),
        "stopped" => new("已中断", "Stopped"),
        "lost" => new("无结果", "Lost"),
        _ => LocalText.From(outcome),
    };

    public static LocalText Took(TimeSpan time) => time switch
    {
        { TotalSeconds: < 1 } => new($"用时 {Number(time.TotalMilliseconds)} 毫秒", $"took {Number(time.TotalMilliseconds)} ms"),
        { TotalMinutes: < 2 } => new($"用时 {Number(time.TotalSeconds)} 秒", $"took {Number(time.TotalSeconds)} s"),
        _ => new($"用时 {Number(time.TotalMinutes)} 分钟", $"took {Number(time.TotalMinutes)} min"),
    };

    /// <summary>A rule in words: <c>every 00:15:00</c>, or a cron expression with its time zone.</summary>
    public static LocalText OfRule(string rule)
    {
        if (!rule.StartsWith("every ", StringComparison.Ordinal)) return LocalText.From(rule);
        return TimeSpan.TryParseExact(rule[6..], "c", CultureInfo.InvariantCulture, out var every) ? Every(every) : LocalText.From(rule);
    }

    /// <summary>A job's name for people; one that is not the gateway's own is shown as it is.</summary>
    public static LocalText Name(string job) => job switch
    {
        "audit-head" => new("记录审计日志末尾", "Audit log head"),
        "command-reminders" => new("命令超时提示", "Late command answers"),
        "gap-filling" => new("补收漏掉的消息", "Missed messages"),
        "key-expiry" => new("密钥到期提醒", "API key expiry"),
        "notifications" => new("通知维护", "Notifications"),
        "payments" => new("付款对账", "Payment reconciliation"),
        "retention" => new("清理过期数据", "Retention"),
        "upkeep" => new("数据库维护", "Database upkeep"),
        "webhook-removals" => new("完成 Webhook 删除", "Webhook removals"),
        _ => LocalText.From(job),
    };

    /// <summary>What a job is for.</summary>
    public static LocalText Purpose(string job) => job switch
    {
        "audit-head" => new("把审计日志的最新位置写入日志，供日后核对", "Writes where the audit log ends into the log, to compare later"),
        "command-reminders" => new("业务系统迟迟没有答复时告诉使用者", "Tells people that a business system has not answered yet"),
        "gap-filling" => new("与平台核对，补收没有送达的消息", "Asks the platform for messages that never arrived"),
        "key-expiry" => new("在日志里列出即将到期的 API 密钥", "Names API keys that end soon in the log"),
        "notifications" => new("发送暂存的通知，更新和办结卡片", "Sends notifications that waited, updates and resolves cards"),
        "payments" => new("向平台查询没有新消息的付款", "Looks up payments that had no news"),
        "retention" => new("清除超过保留期的数据", "Deletes what is past its retention: events, messages, cards, turns and the rest"),
        "upkeep" => new("归还空闲空间，检查表和索引", "Gives free space back, checks tables and indexes"),
        "webhook-removals" => new("继续完成中断的 Webhook 删除", "Finishes removals that were interrupted"),
        _ => new("插件或扩展的任务", "A job of an extension"),
    };

    private static LocalText Every(TimeSpan every)
    {
        var (count, zh, one, many) = every switch
        {
            _ when every.Ticks % TimeSpan.TicksPerDay == 0 => (every.TotalDays, "天", "day", "days"),
            _ when every.Ticks % TimeSpan.TicksPerHour == 0 => (every.TotalHours, "小时", "hour", "hours"),
            _ when every.Ticks % TimeSpan.TicksPerMinute == 0 => (every.TotalMinutes, "分钟", "minute", "minutes"),
            _ => (every.TotalSeconds, "秒", "second", "seconds"),
        };
        var each = zh is "天" or "分钟" && count is 1 ? $"每{zh}" : $"每 {Number(count)} {zh}";
        return new(each, count is 1 ? $"every {one}" : $"every {Number(count)} {many}");
    }

    private static string Number(double number) => number.ToString("0.#", CultureInfo.InvariantCulture);
}
