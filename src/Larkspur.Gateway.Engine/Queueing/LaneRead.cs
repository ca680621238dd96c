namespace Larkspur.Gateway.Queueing;

/// <summary>The open rows of one lane and class that a queue wants to read, oldest first.</summary>
/// <param name="Key">The lane: <see cref="IQueuedRow.Key"/>.</param>
/// <param name="Limit">So many at most.</param>
internal readonly record struct LaneWish(string Key, int Limit);

/// <summary>A read of one lane's rows that is under way, and what became of the lane meanwhile. Used under the queue's lock.</summary>
/// <param name="lane">The lane.</param>
/// <param name="limit">Rows it reads at most: those that are held already are among them.</param>
internal sealed class LaneRead<T>(Lane<T> lane, int limit) where T : class, IQueuedRow
{
    private readonly HashSet<long> _ended = [];

    public Lane<T> Lane { get; } = lane;

    public LaneWish Wish => new(Lane.Key, limit);

    /// <summary>More rows were left in the table, which this read may not have seen.</summary>
    public bool MoreCame { get; set; }

    /// <summary>A row is not held any more: what the read says of it is old.</summary>
    public void Left(long id) => _ended.Add(id);

    /// <summary>Those of what was read that are open still.</summary>
    public IEnumerable<T> Open(IReadOnlyList<T> rows) => rows.Where(row => !_ended.Contains(row.Id));

    /// <summary>The lane may have more rows than these.</summary>
    public bool LeavesMore(IReadOnlyList<T> rows) => MoreCame || rows.Count >= limit;
}
