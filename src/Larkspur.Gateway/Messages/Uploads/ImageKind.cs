namespace Larkspur.Gateway.Messages;

/// <summary>Images by their first bytes. A name or a content type says nothing about what a file is.</summary>
/// <remarks>Source: im/v1/images: JPG, JPEG, PNG, WEBP, GIF, BMP, ICO, TIFF, HEIC.</remarks>
internal static class ImageKind
{
    /// <summary>Bytes that are enough to tell.</summary>
    public const int HeadLength = 16;

    /// <summary>The image's kind as a file extension; null: the platform takes none like it.</summary>
    public static string? Of(ReadOnlySpan<byte> head) => head switch
    {
        [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => "png",
        [0xFF, 0xD8, 0xFF, ..] => "jpg",
        [(byte)'G', (byte)'I', (byte)'F', (byte)'8', (byte)'7' or (byte)'9', (byte)'a', ..] => "gif",
        [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'E', (byte)'B', (byte)'P', ..] => "webp",
        [(byte)'B', (byte)'M', ..] => "bmp",
        [0, 0, 1, 0, ..] => "ico",
        [(byte)'I', (byte)'I', 0x2A, 0, ..] or [(byte)'M', (byte)'M', 0, 0x2A, ..] => "tiff",
        [_, _, _, _, (byte)'f', (byte)'t', (byte)'y', (byte)'p', .. var brand] when IsHeic(brand) => "heic",
        _ => null,
    };

    private static bool IsHeic(ReadOnlySpan<byte> brand) =>
        brand.StartsWith("heic"u8) || brand.StartsWith("heix"u8) || brand.StartsWith("heim"u8) || brand.StartsWith("heis"u8)
        || brand.StartsWith("hevc"u8) || brand.StartsWith("hevx"u8) || brand.StartsWith("mif1"u8) || brand.StartsWith("msf1"u8);
}
