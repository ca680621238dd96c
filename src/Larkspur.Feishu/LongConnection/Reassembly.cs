using Larkspur.Feishu.Events;
using Larkspur.Feishu.LongConnection.Wire;

namespace Larkspur.Feishu.LongConnection;

/// <summary>Joins payloads that come in several frames (<c>sum</c>, <c>seq</c>, under one <c>message_id</c>), within bounds.</summary>
/// <remarks>Used by the reading loop alone. Nothing is allocated in proportion to what a frame merely claims.</remarks>
internal sealed class Reassembly(TimeProvider clock)
{
    /// <summary>
    /// An incomplete payload is dropped after this long (the official clients': 5 s and 10 s). Nothing was acknowledged, so it comes again.
    /// </summary>
    public static readonly TimeSpan LongestAge = TimeSpan.FromSeconds(10);

    private const int MostParts = 1024;
    private const int MostSets = 64;
    private const int LongestId = 256;
    private const long MostBytes = 8L << 20;

    private readonly Dictionary<string, Parts> _sets = new(StringComparer.Ordinal);
    private long _bytes;

    /// <summary>Payloads that are waiting for a part.</summary>
    public int Count => _sets.Count;

    /// <summary>Takes a frame's payload.</summary>
    /// <param name="frame">A data frame.</param>
    /// <param name="payload">The whole payload, when this frame completes it.</param>
    public Reassembled Take(Frame frame, out ReadOnlyMemory<byte> payload)
    {
        payload = frame.Payload.Memory;
        if (FrameHeaders.Number(frame, FrameHeaders.Sum, absent: 1) is not { } sum || FrameHeaders.Number(frame, FrameHeaders.Seq, absent: 0) is not { } seq) return Reassembled.Malformed;
        if (sum <= 1) return seq == 0 ? Reassembled.Whole : Reassembled.Malformed;
        if (sum > MostParts || seq >= sum || FrameHeaders.Find(frame, FrameHeaders.MessageId) is not { Length: > 0 and <= LongestId } id) return Reassembled.Malformed;

        Expire();
        if (!_sets.TryGetValue(id, out Parts? parts)) _sets.Add(id, parts = new Parts(sum, clock.GetTimestamp()));
        else if (parts.Sum != sum) return Drop(id, parts, Reassembled.Malformed);

        long grown = parts.Put(seq, payload);
        _bytes += grown;
        if (parts.Bytes > FeishuEventReceiver.MaxBodyBytes) return Drop(id, parts, Reassembled.TooLarge);
        if (parts.IsComplete)
        {
            payload = parts.Join();
            return Drop(id, parts, Reassembled.Whole);
        }

        // The oldest makes room: it is the one whose other parts are least likely to come.
        while ((_sets.Count > MostSets || _bytes > MostBytes) && _sets.Count > 1) DropOldest();
        return Reassembled.Waiting;
    }

    /// <summary>Forgets what has waited too long.</summary>
    public void Expire()
    {
        if (_sets.Count == 0) return;
        foreach ((string id, Parts parts) in _sets.Where(s => clock.GetElapsedTime(s.Value.Since) >= LongestAge).ToArray()) Drop(id, parts, Reassembled.Waiting);
    }

    private void DropOldest()
    {
        (string id, Parts parts) = _sets.MinBy(s => s.Value.Since);
        Drop(id, parts, Reassembled.Waiting);
    }

    private Reassembled Drop(string id, Parts parts, Reassembled result)
    {
        _sets.Remove(id);
        _bytes -= parts.Bytes;
        return result;
    }

    private sealed class Parts(int sum, long since)
    {
        private readonly Dictionary<int, ReadOnlyMemory<byte>> _parts = [];

        public int Sum { get; } = sum;

        public long Since { get; } = since;

        public long Bytes { get; private set; }

        public bool IsComplete => _parts.Count == Sum;

        /// <summary>A part that comes twice counts as it came last: the platform has begun anew.</summary>
        public long Put(int seq, ReadOnlyMemory<byte> part)
        {
            long grown = part.Length - (_parts.TryGetValue(seq, out ReadOnlyMemory<byte> before) ? before.Length : 0);
            _parts[seq] = part;
            Bytes += grown;
            return grown;
        }

        public ReadOnlyMemory<byte> Join()
        {
            var whole = new byte[Bytes];
            int at = 0;
            for (int i = 0; i < Sum; i++)
            {
                _parts[i].CopyTo(whole.AsMemory(at));
                at += _parts[i].Length;
            }

            return whole;
        }
    }
}

/// <summary>What became of a frame's payload.</summary>
internal enum Reassembled
{
    /// <summary>It is complete.</summary>
    Whole,

    /// <summary>Other parts have to come.</summary>
    Waiting,

    /// <summary>Its headers are none.</summary>
    Malformed,

    /// <summary>Together it is larger than any event.</summary>
    TooLarge,
}
