using System.Buffers;
using System.Text;

namespace Larkspur.Emulator.Feishu.LongConnection;

/// <summary>Writes a frame. The four required numbers are always there, also when 0.</summary>
public static class FrameWriter
{
    public static byte[] Write(Frame frame)
    {
        var wire = new ArrayBufferWriter<byte>(frame.Payload.Length + 256);
        Number(wire, 1, frame.SeqId);
        Number(wire, 2, frame.LogId);
        // A negative int32 is written as the 64 bits of its value.
        Number(wire, 3, (ulong)(long)frame.Service);
        Number(wire, 4, (ulong)(long)frame.Method);
        var header = new ArrayBufferWriter<byte>(128);
        foreach (var (key, value) in frame.Headers)
        {
            header.ResetWrittenCount();
            Text(header, 1, key);
            Text(header, 2, value);
            Bytes(wire, 5, header.WrittenSpan);
        }

        if (frame.PayloadEncoding is { } encoding) Text(wire, 6, encoding);
        if (frame.PayloadType is { } type) Text(wire, 7, type);
        if (frame.Payload.Length > 0) Bytes(wire, 8, frame.Payload.Span);
        if (frame.LogIdNew is { } logId) Text(wire, 9, logId);
        return wire.WrittenSpan.ToArray();
    }

    private static void Number(ArrayBufferWriter<byte> wire, int field, ulong value)
    {
        Tag(wire, field, WireKind.Varint);
        Varint(wire, value);
    }

    private static void Text(ArrayBufferWriter<byte> wire, int field, string text) => Bytes(wire, field, Encoding.UTF8.GetBytes(text));

    private static void Bytes(ArrayBufferWriter<byte> wire, int field, ReadOnlySpan<byte> bytes)
    {
        Tag(wire, field, WireKind.Bytes);
        Varint(wire, (ulong)bytes.Length);
        wire.Write(bytes);
    }

    private static void Tag(ArrayBufferWriter<byte> wire, int field, WireKind kind) => Varint(wire, ((ulong)field << 3) | (uint)kind);

    private static void Varint(ArrayBufferWriter<byte> wire, ulong value)
    {
        var place = wire.GetSpan(10);
        var length = 0;
        while (value >= 0x80)
        {
            place[length++] = (byte)(value | 0x80);
            value >>= 7;
        }

        place[length++] = (byte)value;
        wire.Advance(length);
    }
}
