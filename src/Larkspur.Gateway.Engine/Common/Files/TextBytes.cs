using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Larkspur.Gateway.Common.Files;

/// <summary>Tells by a file's beginning whether it is text. A character that the beginning cuts is whole behind it.</summary>
internal static class TextBytes
{
    private const int Escape = 0x1b;

    /// <summary>UTF-8 without control characters.</summary>
    /// <param name="head">The beginning.</param>
    /// <param name="withColours">Escapes are taken too: logs have a terminal's colours.</param>
    public static bool AreUtf8(ReadOnlySpan<byte> head, bool withColours)
    {
        if (head.IsEmpty) return false;
        while (!head.IsEmpty)
        {
            var status = Rune.DecodeFromUtf8(head, out var rune, out var used);
            if (status == OperationStatus.NeedMoreData) return true;
            if (status != OperationStatus.Done || (IsControl(rune.Value) && !(withColours && rune.Value == Escape))) return false;
            head = head[used..];
        }

        return true;
    }

    /// <summary>What programs for Chinese Windows write instead: UTF-16 with its mark, or GB18030 (and so GBK). Many other bytes look like these; only what is called a text is taken for it.</summary>
    public static bool AreOlder(ReadOnlySpan<byte> head) => head switch
    {
        [0xff, 0xfe, ..] => AreUtf16(head[2..], isBig: false),
        [0xfe, 0xff, ..] => AreUtf16(head[2..], isBig: true),
        _ => !head.IsEmpty && AreGb18030(head),
    };

    private static bool AreUtf16(ReadOnlySpan<byte> units, bool isBig)
    {
        if (units.Length < 2) return false;
        for (; units.Length >= 2; units = units[2..])
        {
            var unit = isBig ? BinaryPrimitives.ReadUInt16BigEndian(units) : BinaryPrimitives.ReadUInt16LittleEndian(units);
            if (unit is >= 0xfffe || (IsControl(unit) && unit != Escape)) return false;
        }

        return true;
    }

    private static bool AreGb18030(ReadOnlySpan<byte> head)
    {
        var isCut = head.Length >= MediaTypes.Head;
        for (; !head.IsEmpty; head = head[(head[0] < 0x80 ? 1 : head[1] < 0x40 ? 4 : 2)..])
        {
            if (head[0] < 0x80 ? IsControl(head[0]) && head[0] != Escape : head[0] is 0x80 or 0xff) return false;
            if (head[0] < 0x80) continue;
            if (head.Length < 2) return isCut;
            if (head[1] is >= 0x30 and <= 0x39)
            {
                if (head.Length < 4) return isCut;
                if (head[2] is < 0x81 or 0xff || head[3] is < 0x30 or > 0x39) return false;
            }
            else if (head[1] is < 0x40 or 0x7f or 0xff)
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsControl(int value) => (value < ' ' && value is not ('\t' or '\n' or '\r' or '\f')) || value == 0x7f;
}
