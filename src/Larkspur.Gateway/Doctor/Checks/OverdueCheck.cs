using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Inbox.Reading;
using Larkspur.Gateway.Queueing;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Doctor.Checks;

/// <summary>Nothing is open for longer than it should be.</summary>
internal sealed class OverdueCheck(IDatabase database, Overdue overdue) : IDoctorCheck
{
    public string Id => "overdue";

    public LocalText Title => new("滞留", "Overdue rows");

    public async Task<CheckResult> RunAsync(Examination of, CancellationToken cancellation)
    {
        var counts = await database.ReadAsync(sql => OverdueCounts.ReadAsync(sql, overdue.Bound), cancellation);
        var detail = new System.Text.Json.Nodes.JsonObject { ["events"] = counts.Events, ["messages"] = counts.Messages };
        return counts.Events + counts.Messages == 0 ? CheckResult.Ok("没有滞留的事件或消息", "No event or message waits for too long", detail)
            : CheckResult.Warning(new($"{counts.Events} 个事件、{counts.Messages} 条消息等待过久", $"{CheckResult.Count(counts.Events, "event")} and {CheckResult.Count(counts.Messages, "message")} have waited for too long"),
                new("用 larkspur outbox list --status overdue 查看原因：额度、限流或目标没有应答", "Look with larkspur outbox list --status overdue: quota, rate limits, or a webhook that is away"), detail);
    }
}
