using System.Diagnostics.CodeAnalysis;
using Larkspur.Emulator.WeCom.ApiPipeline;

namespace Larkspur.Emulator.WeCom.Media;

/// <summary>What may be uploaded: kind, size and form of the bytes.</summary>
internal static class MediaRules
{
    public const int Least = 5;
    private const int Mega = 1 << 20;
    private const int LongestVoiceMs = 60_000;
    private const int FrameMs = 20;
    /// <summary>Bytes of an AMR-NB frame by its mode.</summary>
    private static ReadOnlySpan<byte> FrameBytes => [13, 14, 16, 18, 20, 21, 27, 32, 6, 1, 1, 1, 1, 1, 1, 1];

    public static bool IsKind(string kind) => kind is "image" or "voice" or "video" or "file";

    /// <summary>In bytes.</summary>
    public static int Most(string kind) => kind switch { "voice" => 2 * Mega, "file" => 20 * Mega, _ => 10 * Mega };

    /// <exception cref="WeComRefusal">40005 kind, 44001 nothing, 40006 size, 40009 image size, 40011 video size, 40004 form, 40123 no image, 45007 voice too long.</exception>
    public static void Check(string kind, [NotNull] string? name, byte[] bytes)
    {
        if (!IsKind(kind)) throw new WeComRefusal(40005, "invalid type parameter");
        if (string.IsNullOrEmpty(name)) throw new WeComRefusal(44001, "empty media data: the form part has no filename");
        if (bytes.Length <= Least) throw new WeComRefusal(40006, "invalid media size");
        if (bytes.Length > Most(kind)) throw new WeComRefusal(kind switch { "image" => 40009, "video" => 40011, _ => 40006 }, "invalid media size");
        switch (kind)
        {
            case "image" when !IsImage(bytes):
                throw new WeComRefusal(40123, "invalid image: JPG or PNG is wanted");
            case "voice" when !IsAmr(bytes):
                throw new WeComRefusal(40004, "invalid media type: AMR is wanted");
            case "voice" when VoiceMs(bytes) > LongestVoiceMs:
                throw new WeComRefusal(45007, "voice longer than 60 seconds");
            case "video" when !(bytes.Length > 12 && bytes.AsSpan(4, 4).SequenceEqual("ftyp"u8)):
                throw new WeComRefusal(40004, "invalid media type: MP4 is wanted");
        }
    }

    public static bool IsImage(ReadOnlySpan<byte> bytes) => IsJpeg(bytes) || IsPng(bytes);

    public static string ContentType(string kind, ReadOnlySpan<byte> bytes) => kind switch
    {
        "image" => IsPng(bytes) ? "image/png" : "image/jpeg",
        "voice" => "audio/amr",
        "video" => "video/mp4",
        _ => "application/octet-stream",
    };

    private static bool IsJpeg(ReadOnlySpan<byte> bytes) => bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]);

    private static bool IsPng(ReadOnlySpan<byte> bytes) => bytes.StartsWith((ReadOnlySpan<byte>)[0x89, 0x50, 0x4E, 0x47]);

    private static bool IsAmr(ReadOnlySpan<byte> bytes) => bytes.StartsWith("#!AMR"u8);

    private static int VoiceMs(ReadOnlySpan<byte> bytes)
    {
        var (ms, at) = (0, "#!AMR\n".Length);
        for (; at < bytes.Length; at += FrameBytes[(bytes[at] >> 3) & 0xF]) ms += FrameMs;
        return ms;
    }
}
