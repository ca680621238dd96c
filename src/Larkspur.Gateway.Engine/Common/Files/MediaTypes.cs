namespace Larkspur.Gateway.Common.Files;

/// <summary>Tells by a file's first bytes what it is: what it is called, and what is said of it, is somebody's word only.</summary>
internal static class MediaTypes
{
    /// <summary>Bytes from the beginning that are looked at.</summary>
    public const int Head = 4096;

    public const string Unknown = "application/octet-stream";

    /// <summary>Packed formats that are told apart by their names only.</summary>
    private static readonly Dictionary<string, string> Packed = new(StringComparer.OrdinalIgnoreCase)
    {
        ["docx"] = "application/vnd.openxmlformats-officedocument.wordprocessingml.document", ["xlsx"] = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ["pptx"] = "application/vnd.openxmlformats-officedocument.presentationml.presentation", ["epub"] = "application/epub+zip",
    };

    private static readonly Dictionary<string, string> Compound = new(StringComparer.OrdinalIgnoreCase)
    {
        ["doc"] = "application/msword", ["xls"] = "application/vnd.ms-excel", ["ppt"] = "application/vnd.ms-powerpoint", ["msg"] = "application/vnd.ms-outlook",
    };

    private static readonly Dictionary<string, string> Written = new(StringComparer.OrdinalIgnoreCase)
    {
        ["txt"] = "text/plain", ["log"] = "text/plain", ["md"] = "text/markdown", ["markdown"] = "text/markdown", ["csv"] = "text/csv", ["tsv"] = "text/tab-separated-values", ["json"] = "application/json",
        ["xml"] = "application/xml", ["html"] = "text/html", ["htm"] = "text/html", ["yaml"] = "application/yaml", ["yml"] = "application/yaml", ["eml"] = "message/rfc822", ["sql"] = "text/plain", ["ini"] = "text/plain",
    };

    private static readonly Dictionary<string, string[]> OtherNames = new(StringComparer.Ordinal)
    {
        ["jpg"] = ["jpeg", "jpe"], ["ogg"] = ["oga", "opus"], ["mp3"] = ["mpga"], ["tif"] = ["tiff"],
    };

    /// <summary>Formats that begin alike, as they are one container: which of them it is, only the name says.</summary>
    private static readonly MediaType[][] Alike =
    [
        [new("video/mp4", "mp4"), new("video/mp4", "m4v"), new("audio/mp4", "m4a"), new("video/quicktime", "mov"), new("video/quicktime", "qt")],
        [new("image/heic", "heic"), new("image/heif", "heif"), new("image/avif", "avif")],
        [new("video/webm", "webm"), new("video/x-matroska", "mkv")],
    ];

    /// <summary>What a file is.</summary>
    /// <param name="head">Its beginning, <see cref="Head"/> bytes or all of it.</param>
    /// <param name="name">As it is called; null: it is not.</param>
    public static MediaType Of(ReadOnlySpan<byte> head, string? name)
    {
        var extension = Path.GetExtension(name ?? "").TrimStart('.').ToLowerInvariant();
        if (ByBytes(head) is { } shown) return Named(shown, extension);
        if (head.StartsWith("PK\x03\x04"u8)) return Packed.TryGetValue(extension, out var packed) ? new(packed, extension) : new("application/zip", "zip");
        if (head.StartsWith((ReadOnlySpan<byte>)[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1])) return Compound.TryGetValue(extension, out var compound) ? new(compound, extension) : new("application/x-ole-storage", "bin");
        var isCalledText = Written.TryGetValue(extension, out var written);
        if (TextBytes.AreUtf8(head, withColours: isCalledText)) return isCalledText ? new(written!, extension) : new("text/plain", "txt");
        return isCalledText && TextBytes.AreOlder(head) ? new(written!, extension) : new(Unknown, "bin");
    }

    /// <summary>The name of a kind that comes without one, by its extension: what a file that was not read yet may be.</summary>
    public static string Guess(string name) => Path.GetExtension(name).TrimStart('.').ToLowerInvariant() switch
    {
        "jpg" or "jpeg" or "png" or "gif" or "webp" or "bmp" or "heic" or "tif" or "tiff" => "image/*",
        "mp3" or "wav" or "m4a" or "amr" or "ogg" or "opus" or "flac" or "aac" => "audio/*",
        "mp4" or "mov" or "avi" or "mkv" or "webm" or "wmv" => "video/*",
        _ => Unknown,
    };

    /// <summary>Whether a file is what its name says. A name that says nothing known is right.</summary>
    public static bool IsNamedRight(MediaType type, string name)
    {
        var extension = Path.GetExtension(name).TrimStart('.').ToLowerInvariant();
        var isTold = Guess(name) != Unknown || extension is "pdf" or "zip" || Packed.ContainsKey(extension) || Compound.ContainsKey(extension) || Written.ContainsKey(extension);
        return !isTold || type.Extension == extension;
    }

    private static MediaType Named(MediaType shown, string extension)
    {
        foreach (var kin in Alike)
        {
            if (Array.Exists(kin, k => k.Extension == shown.Extension)) return Array.Find(kin, k => k.Extension == extension) is { Extension: not null } named ? named : shown;
        }

        return OtherNames.TryGetValue(shown.Extension, out var others) && others.Contains(extension) ? shown with { Extension = extension } : shown;
    }

    private static MediaType? ByBytes(ReadOnlySpan<byte> head) => head switch
    {
        [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0d, 0x0a, 0x1a, 0x0a, ..] => new("image/png", "png"),
        [0xff, 0xd8, 0xff, ..] => new("image/jpeg", "jpg"),
        [(byte)'G', (byte)'I', (byte)'F', (byte)'8', (byte)'7' or (byte)'9', (byte)'a', ..] => new("image/gif", "gif"),
        [(byte)'B', (byte)'M', _, _, _, _, 0, 0, 0, 0, ..] => new("image/bmp", "bmp"),
        [(byte)'I', (byte)'I', 0x2a, 0, ..] or [(byte)'M', (byte)'M', 0, 0x2a, ..] => new("image/tiff", "tif"),
        [(byte)'%', (byte)'P', (byte)'D', (byte)'F', (byte)'-', ..] => new("application/pdf", "pdf"),
        [(byte)'#', (byte)'!', (byte)'A', (byte)'M', (byte)'R', ..] => new("audio/amr", "amr"),
        [(byte)'O', (byte)'g', (byte)'g', (byte)'S', ..] => new("audio/ogg", "ogg"),
        [(byte)'f', (byte)'L', (byte)'a', (byte)'C', ..] => new("audio/flac", "flac"),
        [(byte)'I', (byte)'D', (byte)'3', ..] or [0xff, 0xfb or 0xf3 or 0xf2, ..] => new("audio/mpeg", "mp3"),
        [0x1a, 0x45, 0xdf, 0xa3, ..] => new("video/webm", "webm"),
        [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'E', (byte)'B', (byte)'P', ..] => new("image/webp", "webp"),
        [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'A', (byte)'V', (byte)'E', ..] => new("audio/wav", "wav"),
        [_, _, _, _, (byte)'f', (byte)'t', (byte)'y', (byte)'p', (byte)'M', (byte)'4', (byte)'A', ..] => new("audio/mp4", "m4a"),
        [_, _, _, _, (byte)'f', (byte)'t', (byte)'y', (byte)'p', (byte)'h', (byte)'e', (byte)'i' or (byte)'v', ..] or [_, _, _, _, (byte)'f', (byte)'t', (byte)'y', (byte)'p', (byte)'m', (byte)'i', (byte)'f', ..] => new("image/heic", "heic"),
        [_, _, _, _, (byte)'f', (byte)'t', (byte)'y', (byte)'p', (byte)'a', (byte)'v', (byte)'i', ..] => new("image/avif", "avif"),
        [_, _, _, _, (byte)'f', (byte)'t', (byte)'y', (byte)'p', (byte)'q', (byte)'t', ..] => new("video/quicktime", "mov"),
        [_, _, _, _, (byte)'f', (byte)'t', (byte)'y', (byte)'p', ..] => new("video/mp4", "mp4"),
        _ => null,
    };
}

/// <summary>What a file is.</summary>
/// <param name="ContentType">Media type.</param>
/// <param name="Extension">That goes with it, without the dot.</param>
internal readonly record struct MediaType(string ContentType, string Extension)
{
    /// <summary><c>image</c>, <c>audio</c>, <c>video</c>, <c>file</c>: kinds of a <see cref="UnifiedAttachment"/>.</summary>
    public string Kind => ContentType.Split('/')[0] switch { "image" => "image", "audio" => "audio", "video" => "video", _ => "file" };
}
