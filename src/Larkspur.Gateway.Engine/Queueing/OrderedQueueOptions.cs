namespace Larkspur.Gateway.Queueing;

/// <summary>Bounds of an <see cref="OrderedQueue{T}"/>.</summary>
/// <param name="Parallelism">Keys worked on at once.</param>
/// <param name="Capacity">Entries of each class held in memory.</param>
internal sealed record OrderedQueueOptions(int Parallelism, int Capacity)
{
    /// <summary>Number of classes: <see cref="IQueuedRow.Rank"/> is below it.</summary>
    public int Ranks { get; init; } = 1;

    /// <summary>Pause of a key after a fault that is not the entry's (database away).</summary>
    public TimeSpan FaultPause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Pause before open rows are read again after a failure.</summary>
    public TimeSpan LoadRetry { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How often the table is looked at although nothing was announced.</summary>
    public TimeSpan LookEvery { get; init; } = TimeSpan.FromSeconds(5);
}
