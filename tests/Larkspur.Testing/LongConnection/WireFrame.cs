using System.Text;

namespace Larkspur.Testing;

/// <summary>A frame of Feishu's long connection, put together and taken apart by hand: byte for byte as the format's description has it, without a library.</summary>
public sealed record WireFrame(ulong SeqId, ulong LogId, int Service, int Method, IReadOnlyList<KeyValuePair<string, string>> Headers, byte[] Payload)
{
    public string? PayloadEncoding { get; init; }

    public string? PayloadType { get; init; }

    public string? LogIdNew { get; init; }

    public string Text => Encoding.UTF8.GetString(Payload);

    public string? Header(string key) => Headers.Where(h => h.Key == key).Select(h => h.Value).FirstOrDefault();

    public byte[] ToBytes()
    {
        var bytes = new List<byte>();
        Number(1, SeqId);
        Number(2, LogId);
        Number(3, (ulong)Service);
        Number(4, (ulong)Method);
        foreach (var (key, value) in Headers)
        {
            var header = new List<byte>();
            Bytes(header, 1, Encoding.UTF8.GetBytes(key));
            Bytes(header, 2, Encoding.UTF8.GetBytes(value));
            Bytes(bytes, 5, [.. header]);
        }

        if (PayloadEncoding is not null) Bytes(bytes, 6, Encoding.UTF8.GetBytes(PayloadEncoding));
        if (PayloadType is not null) Bytes(bytes, 7, Encoding.UTF8.GetBytes(PayloadType));
        Bytes(bytes, 8, Payload);
        if (LogIdNew is not null) Bytes(bytes, 9, Encoding.UTF8.GetBytes(LogIdNew));
        return [.. bytes];

        void Number(int field, ulong value)
        {
            Varint(bytes, (ulong)(field << 3));
            Varint(bytes, value);
        }
    }

    /// <exception cref="FormatException">No frame, or one without a required field.</exception>
    public static WireFrame Read(ReadOnlySpan<byte> bytes)
    {
        ulong? seq = null, log = null, service = null, method = null;
        var headers = new List<KeyValuePair<string, string>>();
        byte[] payload = [];
        string? encoding = null, type = null, logNew = null;
        while (bytes.Length > 0)
        {
            var tag = Varint(ref bytes);
            switch ((tag >> 3, tag & 7))
            {
                case (1, 0): seq = Varint(ref bytes); break;
                case (2, 0): log = Varint(ref bytes); break;
                case (3, 0): service = Varint(ref bytes); break;
                case (4, 0): method = Varint(ref bytes); break;
                case (5, 2): headers.Add(ReadHeader(Chunk(ref bytes))); break;
                case (6, 2): encoding = Encoding.UTF8.GetString(Chunk(ref bytes)); break;
                case (7, 2): type = Encoding.UTF8.GetString(Chunk(ref bytes)); break;
                case (8, 2): payload = Chunk(ref bytes).ToArray(); break;
                case (9, 2): logNew = Encoding.UTF8.GetString(Chunk(ref bytes)); break;
                default: throw new FormatException($"field {tag >> 3} of wire type {tag & 7}");
            }
        }

        if (seq is null || log is null || service is null || method is null) throw new FormatException("a required field is missing");
        return new WireFrame(seq.Value, log.Value, (int)service.Value, (int)method.Value, headers, payload) { PayloadEncoding = encoding, PayloadType = type, LogIdNew = logNew };
    }

    private static KeyValuePair<string, string> ReadHeader(ReadOnlySpan<byte> bytes)
    {
        string? key = null, value = null;
        while (bytes.Length > 0)
        {
            var tag = Varint(ref bytes);
            if (tag == 10) key = Encoding.UTF8.GetString(Chunk(ref bytes));
            else if (tag == 18) value = Encoding.UTF8.GetString(Chunk(ref bytes));
            else throw new FormatException("a header has a third field");
        }

        return new KeyValuePair<string, string>(key ?? throw new FormatException("a header without key"), value ?? throw new FormatException("a header without value"));
    }

    private static ReadOnlySpan<byte> Chunk(ref ReadOnlySpan<byte> bytes)
    {
        var length = (int)Varint(ref bytes);
        var chunk = bytes[..length];
        bytes = bytes[length..];
        return chunk;
    }

    private static ulong Varint(ref ReadOnlySpan<byte> bytes)
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            if (bytes.Length == 0 || shift > 63) throw new FormatException("a number does not end");
            var b = bytes[0];
            bytes = bytes[1..];
            value |= (ulong)(b & 0x7f) << shift;
            if (b < 0x80) return value;
        }
    }

    private static void Bytes(List<byte> into, int field, byte[] value)
    {
        Varint(into, (ulong)((field << 3) | 2));
        Varint(into, (ulong)value.Length);
        into.AddRange(value);
    }

    private static void Varint(List<byte> into, ulong value)
    {
        for (; value >= 0x80; value >>= 7) into.Add((byte)(value | 0x80));
        into.Add((byte)value);
    }
}
