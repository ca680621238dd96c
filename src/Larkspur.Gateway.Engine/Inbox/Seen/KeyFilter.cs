using Larkspur.Gateway.Common;

namespace Larkspur.Gateway.Inbox.Seen;

/// <summary>
/// Says of a key that it is surely not among those added, or that it may be: a Bloom filter whose bits for one key lie in one cache line.
/// At 12 bits a key about one stranger in a hundred passes for known.
/// </summary>
/// <remarks>Adding and asking may happen at once. A key whose adding has ended is never denied.</remarks>
internal sealed class KeyFilter
{
    private const int BitsPerKey = 12;
    private const int WordsPerBlock = 8;
    private const int BitsPerBlock = 64 * WordsPerBlock;
    private const int Probes = 7;
    private const int BitsPerProbe = 9;

    /// <summary>64 MiB, enough for 44 million keys; with more of them strangers pass more often, and the table is asked.</summary>
    private const long MostBits = 64L << 23;

    private readonly ulong[] _words;
    private readonly uint _blocks;
    private long _count;

    /// <param name="capacity">Keys that it is made for.</param>
    public KeyFilter(long capacity)
    {
        Capacity = capacity;
        _blocks = (uint)Math.Max(1, Math.Min(capacity * BitsPerKey, MostBits) / BitsPerBlock);
        _words = new ulong[_blocks * WordsPerBlock];
    }

    /// <summary>Keys that it is made for.</summary>
    public long Capacity { get; }

    /// <summary>Keys added.</summary>
    public long Count => Volatile.Read(ref _count);

    /// <summary>Memory that it takes.</summary>
    public long Bytes => 8L * _words.Length;

    public void Add(in SeenKey key)
    {
        var block = BlockOf(key);
        var bits = BitsOf(key);
        for (var probe = 0; probe < Probes; probe++, bits >>= BitsPerProbe)
        {
            Interlocked.Or(ref _words[block + (int)(bits & (BitsPerBlock - 1)) / 64], 1UL << (int)(bits & 63));
        }

        Interlocked.Increment(ref _count);
    }

    public bool MayHave(in SeenKey key)
    {
        var block = BlockOf(key);
        var bits = BitsOf(key);
        for (var probe = 0; probe < Probes; probe++, bits >>= BitsPerProbe)
        {
            if ((Volatile.Read(ref _words[block + (int)(bits & (BitsPerBlock - 1)) / 64]) & (1UL << (int)(bits & 63))) == 0) return false;
        }

        return true;
    }

    private int BlockOf(in SeenKey key) => (int)(((key.High >> 32) * _blocks) >> 32) * WordsPerBlock;

    /// <summary>Other bits than those that chose the block: the rest of the first word, and of the second what is not the owner's.</summary>
    private static ulong BitsOf(in SeenKey key) => (key.High << 32) | (key.Low >> 32);
}
