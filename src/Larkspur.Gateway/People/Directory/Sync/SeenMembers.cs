namespace Larkspur.Gateway.People.Directory.Sync;

/// <summary>Which rows a run has met: a bit for each, so that a million members take 125 kB.</summary>
internal sealed class SeenMembers
{
    private readonly Lock _gate = new();
    private byte[] _bits;

    public SeenMembers(byte[]? bits = null) => _bits = bits ?? new byte[1024];

    /// <summary>Notes a row.</summary>
    /// <returns>False: it was noted before.</returns>
    public bool Add(long id)
    {
        lock (_gate)
        {
            var (place, bit) = Place(id);
            if (place >= _bits.Length) Array.Resize(ref _bits, Math.Max(place + 1, _bits.Length * 2));
            if ((_bits[place] & bit) != 0) return false;
            _bits[place] |= bit;
            return true;
        }
    }

    public bool Contains(long id)
    {
        lock (_gate)
        {
            var (place, bit) = Place(id);
            return place < _bits.Length && (_bits[place] & bit) != 0;
        }
    }

    /// <summary>All bits, to be kept.</summary>
    public byte[] ToArray()
    {
        lock (_gate) return [.. _bits];
    }

    private static (int Place, byte Bit) Place(long id) => ((int)(id >> 3), (byte)(1 << (int)(id & 7)));
}
