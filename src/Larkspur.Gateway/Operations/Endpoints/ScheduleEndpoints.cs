using System.ComponentModel;
using Larkspur.Gateway.Api;
using Larkspur.Gateway.Api.Keys;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Larkspur.Gateway.Operations.Endpoints;

/// <summary>The recurring jobs: when they ran, when they will, and one run now.</summary>
internal static class ScheduleEndpoints
{
    public static void MapSchedules(this IEndpointRouteBuilder api)
    {
        api.MapGet("/schedules", ListAsync)
            .WithName("ListSchedules").Needs(ApiScopes.StatusRead)
            .WithSummary("The recurring jobs with their last and next runs")
            .WithDescription("Of all processes on the database. While this process has not started its schedules, or runs none, next_at is missing.")
            .Produces<ScheduleList>()
            .Refuses(503);
        api.MapPost("/schedules/{name}/run", RunAsync)
            .WithName("RunSchedule").Needs(ApiScopes.SettingsWrite)
            .WithSummary("Run a recurring job once, now")
            .WithDescription("It runs on any process of the database, after a regular run that is under way. The answer does not wait for it: see its last run. 409: one that was asked for before has not ended yet.")
            .Produces<ScheduleRunAccepted>(StatusCodes.Status202Accepted)
            .Refuses(404, 409, 503);
    }

    private static async Task<Ok<ScheduleList>> ListAsync(RecurringJobs jobs, CancellationToken cancellation) =>
        TypedResults.Ok(new ScheduleList(await jobs.ListAsync(cancellation)));

    private static async Task<Accepted<ScheduleRunAccepted>> RunAsync(
        KeyGrant by, [Description("The schedule's name")] string name, RecurringJobs jobs, CancellationToken cancellation)
    {
        await jobs.RunNowAsync(by.Who, name, cancellation);
        return TypedResults.Accepted("/api/v1/schedules", new ScheduleRunAccepted(name));
    }
}

/// <summary>The recurring jobs.</summary>
/// <param name="Items">By name.</param>
internal sealed record ScheduleList(IReadOnlyList<ScheduleItem> Items);

/// <summary>A recurring job.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Rule">When it runs, in words: a distance, or a cron expression with its time zone.</param>
/// <param name="TimeoutSeconds">Time a run has.</param>
/// <param name="NextAt">When it runs next; null while this process runs no schedules.</param>
/// <param name="Runs">Runs begun since the schedule exists.</param>
/// <param name="Last">The last run; null before the first.</param>
internal sealed record ScheduleItem(string Name, string Rule, long TimeoutSeconds, DateTimeOffset? NextAt, long Runs, ScheduleRun? Last);

/// <summary>A run.</summary>
/// <param name="StartedAt">Its beginning.</param>
/// <param name="FinishedAt">Its end; null while it runs.</param>
/// <param name="Outcome">running, ok, failed, timed_out, stopped (with its process), or lost: its process died.</param>
/// <param name="Detail">What was done, or why it failed.</param>
/// <param name="Node">The process.</param>
internal sealed record ScheduleRun(DateTimeOffset StartedAt, DateTimeOffset? FinishedAt, string Outcome, string? Detail, string? Node);

/// <summary>A run will come.</summary>
/// <param name="Name">The schedule.</param>
internal sealed record ScheduleRunAccepted(string Name);
