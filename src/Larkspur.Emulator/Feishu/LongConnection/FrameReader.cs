namespace Larkspur.Emulator.Feishu.LongConnection;

/// <summary>Bytes that are no frame.</summary>
public sealed class BadFrameException(string why) : Exception(why);

/// <summary>Reads a frame strictly: every required field, nothing cut off, text that is UTF-8. Unknown fields are passed over, as protobuf wants it.</summary>
public static class FrameReader
{
    private const int MostHeaders = 64;

    /// <exception cref="BadFrameException">The bytes are not a frame. Nothing was allocated in proportion to a length that they only claim.</exception>
    public static Frame Read(ReadOnlyMemory<byte> bytes)
    {
        var wire = new WireReader(bytes.Span);
        ulong? seqId = null, logId = null;
        int? service = null, method = null;
        string? encoding = null, type = null, logIdNew = null;
        var headers = new List<KeyValuePair<string, string>>();
        ReadOnlyMemory<byte> payload = default;
        while (!wire.AtEnd)
        {
            var (field, kind) = wire.Tag();
            switch (field, kind)
            {
                case (1, WireKind.Varint): seqId = wire.Varint(); break;
                case (2, WireKind.Varint): logId = wire.Varint(); break;
                case (3, WireKind.Varint): service = (int)wire.Varint(); break;
                case (4, WireKind.Varint): method = (int)wire.Varint(); break;
                case (5, WireKind.Bytes) when headers.Count < MostHeaders: headers.Add(Header(wire.Bytes(out _))); break;
                case (5, WireKind.Bytes): throw new BadFrameException("too many headers");
                case (6, WireKind.Bytes): encoding = wire.Text(); break;
                case (7, WireKind.Bytes): type = wire.Text(); break;
                case (8, WireKind.Bytes):
                    var length = wire.Bytes(out var at).Length;
                    payload = bytes.Slice(at, length);
                    break;
                case (9, WireKind.Bytes): logIdNew = wire.Text(); break;
                default: wire.Skip(kind); break;
            }
        }

        return new Frame
        {
            SeqId = seqId ?? throw Missing("SeqID"), LogId = logId ?? throw Missing("LogID"), Service = service ?? throw Missing("service"),
            Method = method ?? throw Missing("method"), Headers = headers, PayloadEncoding = encoding, PayloadType = type, Payload = payload, LogIdNew = logIdNew,
        };
    }

    private static KeyValuePair<string, string> Header(ReadOnlySpan<byte> bytes)
    {
        var wire = new WireReader(bytes);
        string? key = null, value = null;
        while (!wire.AtEnd)
        {
            var (field, kind) = wire.Tag();
            switch (field, kind)
            {
                case (1, WireKind.Bytes): key = wire.Text(); break;
                case (2, WireKind.Bytes): value = wire.Text(); break;
                default: wire.Skip(kind); break;
            }
        }

        return KeyValuePair.Create(key ?? throw Missing("headers.key"), value ?? throw Missing("headers.value"));
    }

    private static BadFrameException Missing(string field) => new($"required field {field} is missing");
}
