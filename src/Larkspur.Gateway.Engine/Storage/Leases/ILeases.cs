namespace Larkspur.Gateway.Storage.Leases;

/// <summary>Which partitions this process works on. On SQLite all of them; on PostgreSQL the processes divide them among themselves.</summary>
internal interface ILeases
{
    /// <summary>This process among those on the database; another one after every start.</summary>
    string Node { get; }

    /// <summary>Other processes live on this database, as far as this one knows.</summary>
    /// <remarks>One that has just begun is known with the next round of the leases only; what must not happen before that asks <see cref="MayBeShared"/>.</remarks>
    bool IsShared { get; }

    /// <summary>Another process can write into this database at any time, known to this one or not.</summary>
    bool MayBeShared { get; }

    /// <summary>Why this process must not work, or null.</summary>
    string? Problem { get; }

    /// <summary>What is held now.</summary>
    Partitions Held { get; }

    /// <summary>The fence of a held partition; null when it is not held (any more), or when this process was not heard of for so long that
    /// others may have taken it: a process that stood still finds that out here, before it does anything.</summary>
    Fence? FenceOf(int partition);

    /// <summary>Tells a worker what is held, now and whenever it changes.</summary>
    void Register(ILeaseHolder holder);
}

/// <summary>Names the lease under which a piece of work was begun. A write that names an outdated one changes nothing.</summary>
/// <param name="Partition">The partition.</param>
/// <param name="Token">Grows whenever the partition changes hands.</param>
internal readonly record struct Fence(int Partition, long Token)
{
    /// <summary>The condition of a write whose values $2 and $3 are the fence: it counts only while the lease is the one it was begun under.</summary>
    internal const string Condition = "EXISTS (SELECT 1 FROM lease WHERE lease.partition = $2 AND lease.token = $3)";
}

/// <summary>A worker on partitions.</summary>
internal interface ILeaseHolder
{
    /// <summary>Work on these too.</summary>
    void Gained(Partitions partitions);

    /// <summary>Start nothing more of these; the task ends when nothing of them runs.</summary>
    Task LoseAsync(Partitions partitions);
}
