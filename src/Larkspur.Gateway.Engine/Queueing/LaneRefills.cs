namespace Larkspur.Gateway.Queueing;

/// <summary>
/// The lanes of one class that go on in the table and are about to run dry: each is read by itself, in the order in which they asked. A lane
/// with a million rows costs no more for each of them than one with a thousand. Used under the queue's lock.
/// </summary>
/// <param name="rank">The class.</param>
/// <param name="share">Rows that a lane holds of it at most.</param>
internal sealed class LaneRefills<T>(int rank, int share) where T : class, IQueuedRow
{
    private const int LanesAtOnce = 16;

    private readonly Queue<Lane<T>> _asking = new();

    /// <summary>No lane asks.</summary>
    public bool IsEmpty => _asking.Count == 0;

    /// <summary>A lane asks for its next rows, if it has some and is to get them now.</summary>
    /// <returns>True: somebody has to be woken who reads.</returns>
    public bool Ask(Lane<T> lane)
    {
        if (!Wants(lane) || lane.IsAsking(rank)) return false;
        lane.SetAsking(rank, true);
        _asking.Enqueue(lane);
        return true;
    }

    /// <summary>Reads to begin now.</summary>
    /// <param name="room">Rows that may join in all.</param>
    public IReadOnlyList<LaneRead<T>> Begin(int room)
    {
        var lanes = new List<Lane<T>>();
        while (lanes.Count < LanesAtOnce && _asking.TryDequeue(out var lane))
        {
            lane.SetAsking(rank, false);
            if (Wants(lane)) lanes.Add(lane);
        }

        return [.. lanes.Select(lane => lane.BeginRead(rank, Math.Clamp(room / lanes.Count, 1, share)))];
    }

    /// <summary>What is more urgent in a lane comes first; what was put back until a time waits for it.</summary>
    private bool Wants(Lane<T> lane) =>
        lane.FirstWithMore == rank && !lane.IsParked(rank) && lane.ReadOf(rank) is null && lane.CountOf(rank) <= share / 2;
}
