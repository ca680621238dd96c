using System.Text;

namespace Larkspur.Emulator.Feishu.LongConnection;

/// <summary>How a protobuf field's bytes are laid out: the low three bits of its tag.</summary>
internal enum WireKind
{
    Varint = 0,
    Fixed64 = 1,
    Bytes = 2,
    Fixed32 = 5,
}

/// <summary>Walks over the fields of one protobuf message.</summary>
internal ref struct WireReader(ReadOnlySpan<byte> bytes)
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private int _at;

    public readonly bool AtEnd => _at == _bytes.Length;

    public (int Field, WireKind Kind) Tag()
    {
        var tag = Varint();
        if (tag > uint.MaxValue || tag >> 3 == 0) throw new BadFrameException("a field number is out of range");
        // Groups (3 and 4) are no part of this message and of no writer of today.
        if ((WireKind)(tag & 7) is not (WireKind.Varint or WireKind.Fixed64 or WireKind.Bytes or WireKind.Fixed32) and var kind) throw new BadFrameException($"wire type {(int)kind} is unknown");
        return ((int)(tag >> 3), (WireKind)(tag & 7));
    }

    /// <summary>Seven bits a byte, lowest first; ten bytes at most, of which the last holds one bit.</summary>
    public ulong Varint()
    {
        ulong value = 0;
        for (var shift = 0; shift < 70; shift += 7)
        {
            if (_at == _bytes.Length) throw Cut();
            var b = _bytes[_at++];
            if (shift == 63 && b > 1) break;
            value |= (ulong)(b & 0x7f) << shift;
            if (b < 0x80) return value;
        }

        throw new BadFrameException("a number is longer than 64 bits");
    }

    /// <param name="at">Where the bytes begin in the whole message.</param>
    public ReadOnlySpan<byte> Bytes(out int at)
    {
        var length = Varint();
        if (length > (ulong)(_bytes.Length - _at)) throw Cut();
        at = _at;
        _at += (int)length;
        return _bytes.Slice(at, (int)length);
    }

    public string Text()
    {
        try
        {
            return Utf8.GetString(Bytes(out _));
        }
        catch (DecoderFallbackException)
        {
            throw new BadFrameException("a text is not UTF-8");
        }
    }

    public void Skip(WireKind kind)
    {
        switch (kind)
        {
            case WireKind.Varint: Varint(); break;
            case WireKind.Bytes: Bytes(out _); break;
            default:
                var width = kind == WireKind.Fixed64 ? sizeof(ulong) : sizeof(uint);
                if (_bytes.Length - _at < width) throw Cut();
                _at += width;
                break;
        }
    }

    private static BadFrameException Cut() => new("the frame is cut off");
}
