using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Inbox.Reading;
using Larkspur.Gateway.Queueing;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Doctor.Checks;

/// <summary>Nothing was given up and waits for somebody's decision.</summary>
internal sealed class DeadLettersCheck(IDatabase database, Overdue overdue) : IDoctorCheck
{
    public string Id => "dead_letters";

    public LocalText Title => DeadLettersCheckTexts.Title;

    public async Task<CheckResult> RunAsync(Examination of, CancellationToken cancellation)
    {
        var counts = await database.ReadAsync(sql => OverdueCounts.ReadAsync(sql, overdue.Bound), cancellation);
        var detail = new System.Text.Json.Nodes.JsonObject { ["events"] = counts.DeadEvents, ["messages"] = counts.DeadMessages };
        return counts.DeadEvents + counts.DeadMessages == 0 ? CheckResult.Ok(DeadLettersCheckTexts.ThereAreNone, detail)
            : CheckResult.Warning(DeadLettersCheckTexts.EventAndMessageWereGivenUp(counts.DeadEvents, counts.DeadMessages),
                DeadLettersCheckTexts.LookWithLarkspurInboxList, detail);
    }
}
