using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Operations;
using Larkspur.Gateway.Operations.Endpoints;

namespace Larkspur.Gateway.Console.Pages.Schedules;

/// <summary>What the page asks of the recurring jobs.</summary>
internal sealed class SchedulePageService(RecurringJobs jobs)
{
    public Task<IReadOnlyList<ScheduleItem>> ListAsync(CancellationToken cancellation) => jobs.ListAsync(cancellation);

    public Task RunAsync(Actor who, string name, CancellationToken cancellation) => jobs.RunNowAsync(who, name, cancellation);
}
