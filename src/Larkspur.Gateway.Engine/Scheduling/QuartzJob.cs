using Quartz;
using Quartz.Extensibility;

namespace Larkspur.Gateway.Scheduling;

/// <summary>Every schedule's job as Quartz sees it. Its type's name is stored in the database: it stays.</summary>
[DisallowConcurrentExecution]
internal sealed class QuartzJob(ScheduleRuns runs) : IJob
{
    /// <summary>Jobs and their regular triggers.</summary>
    public const string Group = "larkspur";

    /// <summary>Triggers of runs that somebody asked for.</summary>
    public const string AskedGroup = "asked";

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) => await runs.RunAsync(context.JobDetail.Key.Name,
        context.ScheduledFireTimeUtc ?? context.FireTimeUtc, context.Trigger.Key.Group == AskedGroup, cancellationToken);
}

/// <inheritdoc cref="QuartzJob"/>
internal sealed class QuartzJobFactory(ScheduleRuns runs) : IJobFactory
{
    public ValueTask<JobScope> CreateJob(TriggerFiredBundle bundle, IScheduler scheduler, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(new JobScope(new QuartzJob(runs)));

    public ValueTask ReturnJob(JobScope scope, CancellationToken cancellationToken = default) => ValueTask.CompletedTask;
}
