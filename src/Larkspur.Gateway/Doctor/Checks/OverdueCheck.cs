using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Inbox.Reading;
using Larkspur.Gateway.Queueing;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Doctor.Checks;

/// <summary>Nothing is open for longer than it should be.</summary>
internal sealed class OverdueCheck(IDatabase database, Overdue overdue) : IDoctorCheck
{
    public string Id => "overdue";

    public LocalText Title => OverdueCheckTexts.Title;

    public async Task<CheckResult> RunAsync(Examination of, CancellationToken cancellation)
    {
        var counts = await database.ReadAsync(sql => OverdueCounts.ReadAsync(sql, overdue.Bound), cancellation);
        var detail = new System.Text.Json.Nodes.JsonObject { ["events"] = counts.Events, ["messages"] = counts.Messages };
        return counts.Events + counts.Messages == 0 ? CheckResult.Ok(OverdueCheckTexts.NoEventOrMessageWaitsForToo, detail)
            : CheckResult.Warning(OverdueCheckTexts.EventAndMessageHaveWaitedFor(counts.Events, counts.Messages),
                OverdueCheckTexts.LookWithLarkspurOutboxList, detail);
    }
}
