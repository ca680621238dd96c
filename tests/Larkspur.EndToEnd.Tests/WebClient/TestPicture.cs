using System.Buffers.Binary;
using System.IO.Compression;
using Larkspur.Emulator.State;

namespace Larkspur.EndToEnd.Tests.WebClient;

/// <summary>A small landscape, made on the spot.</summary>
internal static class TestPicture
{
    private const int Width = 320;
    private const int Height = 160;

    public static StoredFile Stored(string key) => new()
    {
        Key = key, IsImage = true, Name = "picture.png", Type = "message", ContentType = "image/png", Bytes = Png(), OwnerId = "alice",
    };

    public static byte[] Png()
    {
        var rows = new byte[Height * (Width * 3 + 1)];
        for (var y = 0; y < Height; y++)
        {
            for (var x = 0; x < Width; x++)
            {
                var at = y * (Width * 3 + 1) + 1 + x * 3;
                var ground = y > Height * (0.62 + 0.12 * Math.Sin(x / 40.0));
                (rows[at], rows[at + 1], rows[at + 2]) = ground ? ((byte)70, (byte)(130 + x / 6), (byte)90) : ((byte)(150 + y / 3), (byte)(190 + y / 5), (byte)240);
            }
        }

        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true)) zlib.Write(rows);

        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, Width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), Height);
        (header[8], header[9]) = (8, 2);

        using var png = new MemoryStream();
        png.Write([137, 80, 78, 71, 13, 10, 26, 10]);
        Chunk(png, "IHDR"u8, header);
        Chunk(png, "IDAT"u8, packed.ToArray());
        Chunk(png, "IEND"u8, []);
        return png.ToArray();
    }

    private static void Chunk(Stream png, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        png.Write(number);
        byte[] body = [.. type, .. data];
        png.Write(body);
        var crc = uint.MaxValue;
        foreach (var b in body)
        {
            crc ^= b;
            for (var bit = 0; bit < 8; bit++) crc = (crc & 1) != 0 ? 0xedb88320 ^ (crc >> 1) : crc >> 1;
        }

        BinaryPrimitives.WriteUInt32BigEndian(number, ~crc);
        png.Write(number);
    }
}
