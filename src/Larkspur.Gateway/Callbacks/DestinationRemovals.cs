using Larkspur.Gateway.Schedules;

namespace Larkspur.Gateway.Callbacks;

/// <summary>
/// Goes on with removals of destinations whose process died or whose caller went away before the last waiting callback was a dead letter.
/// </summary>
internal sealed class DestinationRemovals(StoredDestinations stored) : IScheduledJob
{
    /// <summary>Time between two looks.</summary>
    internal static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    /// <inheritdoc/>
    public async Task<string?> RunAsync(CancellationToken cancellation) =>
        await stored.EndRemovalsAsync(cancellation) is > 0 and var dead ? $"ended {dead} callbacks of removed destinations" : null;
}
