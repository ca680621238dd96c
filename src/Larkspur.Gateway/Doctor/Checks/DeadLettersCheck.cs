using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Inbox.Reading;
using Larkspur.Gateway.Queueing;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Doctor.Checks;

/// <summary>Nothing was given up and waits for somebody's decision.</summary>
internal sealed class DeadLettersCheck(IDatabase database, Overdue overdue) : IDoctorCheck
{
    public string Id => "dead_letters";

    public LocalText Title => new("死信", "Dead letters");

    public async Task<CheckResult> RunAsync(Examination of, CancellationToken cancellation)
    {
        var counts = await database.ReadAsync(sql => OverdueCounts.ReadAsync(sql, overdue.Bound), cancellation);
        var detail = new System.Text.Json.Nodes.JsonObject { ["events"] = counts.DeadEvents, ["messages"] = counts.DeadMessages };
        return counts.DeadEvents + counts.DeadMessages == 0 ? CheckResult.Ok("没有死信", "There are none", detail)
            : CheckResult.Warning(new($"{counts.DeadEvents} 个事件、{counts.DeadMessages} 条消息被放弃", $"{CheckResult.Count(counts.DeadEvents, "event")} and {CheckResult.Count(counts.DeadMessages, "message")} were given up"),
                new("用 larkspur inbox list --status dead 和 larkspur outbox list --status dead 查看，处理原因后重放或丢弃", "Look with larkspur inbox list --status dead and larkspur outbox list --status dead, mend the cause, then replay or discard them"), detail);
    }
}
