using System.Numerics;

namespace Larkspur.Gateway.Storage.Leases;

/// <summary>A set of the 64 partitions that work is divided into by its ordering key. 64, because the set is then one number that SQL can test too.</summary>
public readonly record struct Partitions(ulong Mask)
{
    /// <summary>How many there are. Stored rows name theirs, so this never changes.</summary>
    public const int Count = 64;

    public static readonly Partitions None;
    public static readonly Partitions All = new(ulong.MaxValue);

    /// <summary>The mask as SQL takes it: <c>(($1 >> partition) &amp; 1) = 1</c>.</summary>
    public long Value => unchecked((long)Mask);

    public int Size => BitOperations.PopCount(Mask);

    public bool IsEmpty => Mask == 0;

    public static Partitions One(int partition) => new(1UL << partition);

    public static Partitions From(IEnumerable<int> partitions) =>
        new(partitions.Aggregate(0UL, static (mask, partition) => mask | (1UL << partition)));

    public bool Contains(int partition) => (Mask & (1UL << partition)) != 0;

    public Partitions With(Partitions others) => new(Mask | others.Mask);

    public Partitions Without(Partitions others) => new(Mask & ~others.Mask);

    /// <summary>The partitions in order.</summary>
    public IEnumerable<int> Each()
    {
        for (var partition = 0; partition < Count; partition++)
        {
            if (Contains(partition)) yield return partition;
        }
    }

    /// <summary>The partition of a key of an app: FNV-1a, the same in every process and version.</summary>
    public static int Of(string app, ReadOnlySpan<char> key)
    {
        var hash = Add(Add(14695981039346656037, app), key);
        hash ^= hash >> 32; // FNV's low bits alone are weak
        hash ^= hash >> 16;
        return (int)(hash % Count);
    }

    private static ulong Add(ulong hash, ReadOnlySpan<char> text)
    {
        foreach (var c in text) hash = unchecked((hash ^ c) * 1099511628211);
        return hash;
    }
}
