namespace Larkspur.Gateway.Scheduling;

/// <summary>Work that recurs by itself: <c>services.AddSchedule&lt;TJob&gt;("name", every)</c>. One instance serves all runs of a process.</summary>
/// <remarks>
/// A run happens on one process of those that share a database, never beside another run of the same job, and is not repeated when its process
/// dies: the next one goes on. So a run does a bounded piece of work and leaves the rest to the next.
/// </remarks>
internal interface IScheduledJob
{
    /// <summary>One run.</summary>
    /// <param name="cancellation">The time-out has passed, or the process stops. A job that does not listen holds up its own schedule, nothing else.</param>
    /// <returns>What was done, in a few words for the log and <c>GET /api/v1/schedules</c>; null when there was nothing to do.</returns>
    Task<string?> RunAsync(CancellationToken cancellation);
}
