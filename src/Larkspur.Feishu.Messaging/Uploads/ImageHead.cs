using System.Buffers.Binary;

namespace Larkspur.Feishu.Messaging;

/// <summary>What the first bytes of an image say: its format and, where they stand at a known place, its sizes.</summary>
internal readonly record struct ImageHead(ImageFormat Format, int? Width, int? Height)
{
    private static readonly string[] HeicBrands = ["heic", "heix", "hevc", "hevx", "heim", "heis", "mif1", "msf1"];

    /// <summary>Null: the bytes begin like none of the formats. The name of the file is not asked: it proves nothing.</summary>
    /// <exception cref="UploadRefusedException">They begin like a format and then break it.</exception>
    public static ImageHead? Read(ReadOnlySpan<byte> head) => head switch
    {
        _ when head.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]) => Png(head),
        _ when head.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]) => Jpeg(head),
        _ when head.StartsWith("GIF87a"u8) || head.StartsWith("GIF89a"u8) => head.Length >= 13
            ? new(ImageFormat.Gif, BinaryPrimitives.ReadUInt16LittleEndian(head[6..]), BinaryPrimitives.ReadUInt16LittleEndian(head[8..])) : throw Broken("GIF"),
        _ when head.StartsWith("RIFF"u8) && head.Length >= 12 && head[8..12].SequenceEqual("WEBP"u8) => Webp(head),
        _ when head.StartsWith("BM"u8) && head.Length >= 26 && BinaryPrimitives.ReadUInt32LittleEndian(head[14..]) is >= 12 and <= 256 => Bmp(head),
        _ when head.StartsWith((ReadOnlySpan<byte>)[0, 0, 1, 0]) && head.Length >= 22 && (head[4] | head[5]) != 0 => new(ImageFormat.Ico, null, null),
        _ when head.StartsWith("II*\0"u8) || head.StartsWith((ReadOnlySpan<byte>)[(byte)'M', (byte)'M', 0, 42]) => new(ImageFormat.Tiff, null, null),
        _ when head.Length >= 12 && head[4..8].SequenceEqual("ftyp"u8) && HeicBrands.Contains(System.Text.Encoding.ASCII.GetString(head[8..12])) => new(ImageFormat.Heic, null, null),
        _ => null,
    };

    public string ContentType => Format switch
    {
        ImageFormat.Ico => "image/x-icon",
        _ => $"image/{Format.ToString().ToLowerInvariant()}",
    };

    public string Extension => Format switch
    {
        ImageFormat.Jpeg => "jpg",
        _ => Format.ToString().ToLowerInvariant(),
    };

    /// <summary>The signature alone proves nothing: the first chunk must be IHDR, 13 bytes long, with sizes and a right checksum.</summary>
    private static ImageHead Png(ReadOnlySpan<byte> head)
    {
        if (head.Length < 33 || BinaryPrimitives.ReadUInt32BigEndian(head[8..]) != 13 || !head[12..16].SequenceEqual("IHDR"u8)) throw Broken("PNG");
        if (BinaryPrimitives.ReadUInt32BigEndian(head[29..]) != Crc32(head[12..29])) throw Broken("PNG");
        uint width = BinaryPrimitives.ReadUInt32BigEndian(head[16..]), height = BinaryPrimitives.ReadUInt32BigEndian(head[20..]);
        return width is > 0 and <= int.MaxValue && height is > 0 and <= int.MaxValue ? new(ImageFormat.Png, (int)width, (int)height) : throw Broken("PNG");
    }

    /// <summary>Walks the segments up to the frame header. One that lies beyond what is looked at (large metadata) leaves the sizes unknown.</summary>
    private static ImageHead Jpeg(ReadOnlySpan<byte> head)
    {
        for (int at = 2; at + 9 < head.Length;)
        {
            if (head[at] != 0xFF) throw Broken("JPEG");
            byte marker = head[at + 1];
            if (marker == 0xFF)
            {
                at++; // fill bytes
                continue;
            }

            if (marker is 0x01 or (>= 0xD0 and <= 0xD8))
            {
                at += 2;
                continue;
            }

            int length = BinaryPrimitives.ReadUInt16BigEndian(head[(at + 2)..]);
            if (length < 2) throw Broken("JPEG");
            if (marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC))
                return new(ImageFormat.Jpeg, BinaryPrimitives.ReadUInt16BigEndian(head[(at + 7)..]), BinaryPrimitives.ReadUInt16BigEndian(head[(at + 5)..]));
            if (marker is 0xD9 or 0xDA) throw Broken("JPEG"); // the picture begins, or ends, before it was described
            at += 2 + length;
        }

        return new(ImageFormat.Jpeg, null, null);
    }

    private static ImageHead Webp(ReadOnlySpan<byte> head)
    {
        if (head.Length < 30) throw Broken("WEBP");
        ReadOnlySpan<byte> kind = head[12..16];
        if (kind.SequenceEqual("VP8X"u8)) return new(ImageFormat.Webp, 1 + UInt24(head[24..]), 1 + UInt24(head[27..]));
        if (kind.SequenceEqual("VP8L"u8))
        {
            uint bits = BinaryPrimitives.ReadUInt32LittleEndian(head[21..]);
            return head[20] == 0x2F ? new(ImageFormat.Webp, 1 + (int)(bits & 0x3FFF), 1 + (int)(bits >> 14 & 0x3FFF)) : throw Broken("WEBP");
        }

        return kind.SequenceEqual("VP8 "u8)
            ? new(ImageFormat.Webp, BinaryPrimitives.ReadUInt16LittleEndian(head[26..]) & 0x3FFF, BinaryPrimitives.ReadUInt16LittleEndian(head[28..]) & 0x3FFF)
            : throw Broken("WEBP");
    }

    private static ImageHead Bmp(ReadOnlySpan<byte> head)
    {
        // The oldest header has 16-bit sizes; a negative height says that the rows stand top down.
        if (BinaryPrimitives.ReadUInt32LittleEndian(head[14..]) == 12)
            return new(ImageFormat.Bmp, BinaryPrimitives.ReadUInt16LittleEndian(head[18..]), BinaryPrimitives.ReadUInt16LittleEndian(head[20..]));
        int width = BinaryPrimitives.ReadInt32LittleEndian(head[18..]), height = BinaryPrimitives.ReadInt32LittleEndian(head[22..]);
        return width > 0 && height is not (0 or int.MinValue) ? new(ImageFormat.Bmp, width, Math.Abs(height)) : throw Broken("BMP");
    }

    private static int UInt24(ReadOnlySpan<byte> bytes) => bytes[0] | bytes[1] << 8 | bytes[2] << 16;

    private static uint Crc32(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte b in bytes)
        {
            crc ^= b;
            for (int bit = 0; bit < 8; bit++) crc = (crc & 1) == 0 ? crc >> 1 : crc >> 1 ^ 0xEDB88320;
        }

        return ~crc;
    }

    private static UploadRefusedException Broken(string format)
        => new(UploadProblem.BrokenImage, $"The image begins like a {format} but is not one: its header is cut off or damaged.");
}
