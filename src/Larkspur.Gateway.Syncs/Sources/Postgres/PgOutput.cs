using System.Buffers.Binary;
using System.Text;

namespace Larkspur.Gateway.Syncs.Sources.Postgres;

/// <summary>
/// Reads messages of the server's plug-in <c>pgoutput</c>, version 1 (chapter "Logical Replication Message Formats" of its manual). Of them
/// only which rows of one table changed is wanted, by their key.
/// </summary>
/// <param name="keys">The key's columns.</param>
internal sealed class PgOutput(IReadOnlyList<string> keys)
{
    private readonly Dictionary<uint, int[]> _relations = []; // where a table's row has the key

    /// <summary>Keys of changed rows, as the server wrote them.</summary>
    public List<string?[]> Changed { get; } = [];

    /// <summary>Where the last transaction ended.</summary>
    public ulong End { get; private set; }

    /// <summary>Something happened that names no rows: the table was emptied, or a row came without its key.</summary>
    public bool IsGap { get; private set; }

    public void Read(ReadOnlySpan<byte> message)
    {
        var of = message[0];
        var at = message[1..];
        switch ((char)of)
        {
            case 'C':
                // Flags, the commit's place, its end, its time.
                End = BinaryPrimitives.ReadUInt64BigEndian(at[9..]);
                break;
            case 'R':
                Relation(at);
                break;
            case 'I':
                Row(_relations[Oid(ref at)], ref at);
                break;
            case 'D':
                Row(_relations[Oid(ref at)], ref at);
                break;
            case 'U':
                var relation = _relations[Oid(ref at)];
                // The old row stands in front when its key was another one.
                if ((char)at[0] is 'K' or 'O') Row(relation, ref at);
                Row(relation, ref at);
                break;
            case 'T':
                IsGap = true;
                break;
        }
    }

    private static uint Oid(ref ReadOnlySpan<byte> at)
    {
        var oid = BinaryPrimitives.ReadUInt32BigEndian(at);
        at = at[4..];
        return oid;
    }

    private void Relation(ReadOnlySpan<byte> at)
    {
        var oid = Oid(ref at);
        Text(ref at); // schema
        Text(ref at); // table
        at = at[1..]; // replica identity
        var names = new string[BinaryPrimitives.ReadUInt16BigEndian(at)];
        at = at[2..];
        for (var i = 0; i < names.Length; i++)
        {
            at = at[1..]; // flags
            names[i] = Text(ref at);
            at = at[8..]; // type and its modifier
        }

        _relations[oid] = [.. keys.Select(key => Array.IndexOf(names, key))];
    }

    private static string Text(ref ReadOnlySpan<byte> at)
    {
        var end = at.IndexOf((byte)0);
        var text = Encoding.UTF8.GetString(at[..end]);
        at = at[(end + 1)..];
        return text;
    }

    /// <summary>A row: its kind, the number of columns, and each of them with its length.</summary>
    private void Row(int[] places, ref ReadOnlySpan<byte> at)
    {
        var count = BinaryPrimitives.ReadUInt16BigEndian(at[1..]);
        at = at[3..];
        var key = new string?[places.Length];
        var found = 0;
        for (var i = 0; i < count; i++)
        {
            var state = (char)at[0];
            at = at[1..];
            if (state != 't') continue; // null, or large and not changed
            var length = BinaryPrimitives.ReadInt32BigEndian(at);
            var place = Array.IndexOf(places, i);
            if (place >= 0) (key[place], found) = (Encoding.UTF8.GetString(at.Slice(4, length)), found + 1);
            at = at[(4 + length)..];
        }

        if (found == places.Length) Changed.Add(key);
        else IsGap = true;
    }
}
