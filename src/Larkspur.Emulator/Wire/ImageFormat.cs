using System.Buffers.Binary;

namespace Larkspur.Emulator.Wire;

/// <summary>Recognises images by their first bytes.</summary>
internal static class ImageFormat
{
    /// <returns>The media type, or <see langword="null"/> when it is no known image.</returns>
    public static string? Recognise(ReadOnlySpan<byte> bytes) =>
        bytes is [0x89, 0x50, 0x4E, 0x47, ..] ? "image/png"
        : bytes is [0xFF, 0xD8, 0xFF, ..] ? "image/jpeg"
        : bytes.StartsWith("GIF8"u8) ? "image/gif"
        : bytes.Length > 12 && bytes.StartsWith("RIFF"u8) && bytes[8..12].SequenceEqual("WEBP"u8) ? "image/webp"
        : bytes.StartsWith("BM"u8) ? "image/bmp"
        : bytes is [0, 0, 1, 0, ..] ? "image/x-icon"
        : bytes is [0x49, 0x49, 0x2A, 0, ..] or [0x4D, 0x4D, 0, 0x2A, ..] ? "image/tiff"
        : bytes.Length > 12 && bytes[4..8].SequenceEqual("ftyp"u8) && (bytes[8..12].SequenceEqual("heic"u8) || bytes[8..12].SequenceEqual("mif1"u8)) ? "image/heic"
        : null;

    /// <summary>Width and height where the format tells them at once (PNG, GIF, BMP).</summary>
    public static (int Width, int Height)? Size(ReadOnlySpan<byte> bytes, string type) => type switch
    {
        "image/png" when bytes.Length >= 24 => (BinaryPrimitives.ReadInt32BigEndian(bytes[16..]), BinaryPrimitives.ReadInt32BigEndian(bytes[20..])),
        "image/gif" when bytes.Length >= 10 => (BinaryPrimitives.ReadUInt16LittleEndian(bytes[6..]), BinaryPrimitives.ReadUInt16LittleEndian(bytes[8..])),
        "image/bmp" when bytes.Length >= 26 => (BinaryPrimitives.ReadInt32LittleEndian(bytes[18..]), Math.Abs(BinaryPrimitives.ReadInt32LittleEndian(bytes[22..]))),
        _ => null,
    };
}
