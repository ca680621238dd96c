using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace Larkspur.Gateway.Common;

/// <summary>
/// A key under which an event is remembered: 16 bytes, of which the first 12 come from the platform's id alone, so that all apps' rows of one id
/// stand side by side. Two ids that share a key are one chance in 2^96 a pair.
/// </summary>
/// <param name="High">The first 8 bytes, as a number of the same order.</param>
/// <param name="Low">The last 8 bytes; the lower half of them is the owner.</param>
internal readonly record struct SeenKey(ulong High, ulong Low) : IComparable<SeenKey>
{
    /// <summary>Bytes of a stored key.</summary>
    public const int Length = 16;

    private const int OnStack = 256;

    // A handful: one for each configured app.
    private static readonly ConcurrentDictionary<(string Platform, string App), uint> Owners = new();

    /// <summary>Which app of which platform.</summary>
    public uint Owner => (uint)Low;

    public static SeenKey ForEvent(string platform, string app, string eventId) => Of('e', eventId, OwnerOf(platform, app));

    public static SeenKey ForMessage(string platform, string app, string messageId) => Of('m', messageId, OwnerOf(platform, app));

    /// <summary>The key of an event id, for an owner of which nothing else is known.</summary>
    public static SeenKey ForEvent(string eventId, uint owner) => Of('e', eventId, owner);

    /// <summary>First and last key that an event id can have, whatever the app.</summary>
    public static (byte[] First, byte[] Last) RangeOfEvent(string eventId) => (ForEvent(eventId, uint.MinValue).ToArray(), ForEvent(eventId, uint.MaxValue).ToArray());

    /// <summary>Reads a stored key.</summary>
    public static SeenKey Read(ReadOnlySpan<byte> bytes) => new(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]));

    public void Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt64BigEndian(bytes, High);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], Low);
    }

    public byte[] ToArray()
    {
        var bytes = new byte[Length];
        Write(bytes);
        return bytes;
    }

    /// <summary>The order of the stored bytes.</summary>
    public int CompareTo(SeenKey other) => High != other.High ? High.CompareTo(other.High) : Low.CompareTo(other.Low);

    /// <summary>It is a piece of SHA-256: as good a hash as any.</summary>
    public override int GetHashCode() => (int)High;

    private static SeenKey Of(char kind, string id, uint owner)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        var most = 2 + Encoding.UTF8.GetMaxByteCount(id.Length);
        var text = most <= OnStack ? stackalloc byte[OnStack] : new byte[most];
        text[0] = (byte)kind;
        text[1] = (byte)':';
        SHA256.HashData(text[..(2 + Encoding.UTF8.GetBytes(id, text[2..]))], hash);
        return new SeenKey(BinaryPrimitives.ReadUInt64BigEndian(hash), ((ulong)BinaryPrimitives.ReadUInt32BigEndian(hash[8..]) << 32) | owner);
    }

    private static uint OwnerOf(string platform, string app) => Owners.GetOrAdd((platform, app), static of =>
        BinaryPrimitives.ReadUInt32BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(of.Platform + "\n" + of.App))));
}
