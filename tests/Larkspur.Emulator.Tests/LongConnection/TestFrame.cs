using System.Text;

namespace Larkspur.Emulator.Tests.LongConnection;

/// <summary>The long connection's frame as a test writes and reads it: from the facts, with nothing of the emulator's own.</summary>
internal sealed record TestFrame(ulong SeqId, ulong LogId, int Service, int Method, IReadOnlyList<(string Key, string Value)> Headers, byte[] Payload)
{
    public string? this[string key] => Headers.Where(h => h.Key == key).Select(h => h.Value).FirstOrDefault();

    public string Text => Encoding.UTF8.GetString(Payload);

    public static TestFrame Ping(int service) => new(0, 0, service, 0, [("type", "ping")], []);

    /// <summary>The same frame back, with the client's time and its answer.</summary>
    public TestFrame Answer(string json) => this with { Headers = [.. Headers, ("biz_rt", "3")], Payload = Encoding.UTF8.GetBytes(json) };

    public byte[] Bytes()
    {
        using var stream = new MemoryStream();
        Number(stream, 1, SeqId);
        Number(stream, 2, LogId);
        Number(stream, 3, unchecked((ulong)(long)Service));
        Number(stream, 4, unchecked((ulong)(long)Method));
        foreach (var (key, value) in Headers)
        {
            using var header = new MemoryStream();
            Block(header, 1, Encoding.UTF8.GetBytes(key));
            Block(header, 2, Encoding.UTF8.GetBytes(value));
            Block(stream, 5, header.ToArray());
        }

        if (Payload.Length > 0) Block(stream, 8, Payload);
        return stream.ToArray();
    }

    public static TestFrame Parse(byte[] bytes)
    {
        var numbers = new Dictionary<int, ulong>();
        var headers = new List<(string, string)>();
        byte[] payload = [];
        foreach (var (field, number, block) in Fields(bytes))
        {
            if (block is null) numbers.Add(field, number);
            else if (field == 5) headers.Add(Pair(block));
            else if (field == 8) payload = block;
        }

        return new TestFrame(numbers[1], numbers[2], unchecked((int)numbers[3]), unchecked((int)numbers[4]), headers, payload);
    }

    private static (string, string) Pair(byte[] bytes)
    {
        var texts = Fields(bytes).ToDictionary(f => f.Field, f => Encoding.UTF8.GetString(f.Block!));
        return (texts[1], texts[2]);
    }

    private static IEnumerable<(int Field, ulong Number, byte[]? Block)> Fields(byte[] bytes)
    {
        var at = 0;
        while (at < bytes.Length)
        {
            var tag = Read();
            var number = Read();
            if ((tag & 7) == 0)
            {
                yield return ((int)(tag >> 3), number, null);
                continue;
            }

            if ((tag & 7) != 2) throw new InvalidDataException($"wire type {tag & 7}");
            yield return ((int)(tag >> 3), 0, bytes[at..(at += (int)number)]);
        }

        ulong Read()
        {
            ulong value = 0;
            var shift = 0;
            byte b;
            do
            {
                b = bytes[at++];
                value |= (ulong)(b & 127) << shift;
                shift += 7;
            }
            while (b >= 128);
            return value;
        }
    }

    private static void Number(MemoryStream stream, int field, ulong value)
    {
        Varint(stream, (ulong)field * 8);
        Varint(stream, value);
    }

    private static void Block(MemoryStream stream, int field, byte[] bytes)
    {
        Varint(stream, ((ulong)field * 8) + 2);
        Varint(stream, (ulong)bytes.Length);
        stream.Write(bytes);
    }

    private static void Varint(MemoryStream stream, ulong value)
    {
        for (; value > 127; value >>= 7) stream.WriteByte((byte)((value & 127) | 128));
        stream.WriteByte((byte)value);
    }
}
