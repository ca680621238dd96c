using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using Larkspur.Cli.Calls;
using Larkspur.Cli.Output;
using Larkspur.Feishu.Messaging;

namespace Larkspur.Cli.Uploads;

/// <summary>A file on this machine that was judged and can be uploaded.</summary>
internal sealed class UploadFile
{
    /// <summary>As much of an image as says what it is.</summary>
    private const int Head = 64 << 10;

    private static readonly string[] ImageExtensions = [".jpg", ".jpeg", ".png", ".webp", ".gif", ".bmp", ".ico", ".tif", ".tiff", ".heic"];

    private readonly string _path;

    private UploadFile(string path, UploadKind kind, long size) => (_path, Kind, Size) = (path, kind, size);

    public UploadKind Kind { get; }

    public long Size { get; }

    public string Name => Path.GetFileName(_path);

    /// <summary>It is the key of something that was uploaded, and no file of that name is here.</summary>
    public static bool IsKey(string value, UploadKind kind) => value.StartsWith(kind == UploadKind.Image ? "img_" : "file_", StringComparison.Ordinal) && !File.Exists(value);

    /// <summary>What a file is taken for by its name.</summary>
    public static UploadKind KindOf(string path) => Path.GetExtension(path).ToLowerInvariant() switch
    {
        ".opus" => UploadKind.Audio,
        ".mp4" => UploadKind.Video,
        var extension when ImageExtensions.Contains(extension) => UploadKind.Image,
        _ => UploadKind.File,
    };

    /// <summary>Judges a file by its size and first bytes. Nobody is called.</summary>
    /// <exception cref="CallFailure">It cannot be read (2), or the platform would not take it (1).</exception>
    public static UploadFile Open(string path, UploadKind kind)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            var (most, what) = kind == UploadKind.Image ? (FeishuUploads.LargestImage, "an image") : (FeishuUploads.LargestFile, "a file");
            if (stream.Length == 0) throw Refused("is empty; the platform takes no empty files.");
            if (stream.Length > most) throw Refused(string.Create(CultureInfo.InvariantCulture, $"has {stream.Length:#,0} bytes; {what} may have {most >> 20} MB ({most:#,0})."));
            var head = new byte[Head];
            var bytes = head.AsSpan(0, stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false));
            var fits = kind switch
            {
                UploadKind.Image => ImageHead.Read(bytes, bytes.Length == stream.Length) is not null,
                UploadKind.Audio => bytes.StartsWith("OggS"u8),
                UploadKind.Video => bytes.Length >= 12 && bytes[4..8].SequenceEqual("ftyp"u8),
                _ => true,
            };
            return fits ? new UploadFile(path, kind, stream.Length) : throw Refused(kind switch
            {
                UploadKind.Image => "is no image that Feishu takes: JPG, PNG, WEBP, GIF, BMP, ICO, TIFF and HEIC are.",
                UploadKind.Audio => "is not Opus in an Ogg file, the only sound that plays in a chat. Convert it, or send it as a file.",
                _ => "is not an mp4, the only video that plays in a chat. Convert it, or send it as a file.",
            });
        }
        catch (UploadRefusedException e)
        {
            throw Refused("is damaged: " + e.Message);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw InputFile.Unreadable(path, e);
        }

        CallFailure Refused(string why) => new(ExitCodes.Refused, $"{path} {why}");
    }

    /// <summary>Uploads it, with a bar on a terminal.</summary>
    /// <returns>The gateway's answer, with the key.</returns>
    /// <exception cref="CallFailure">It was refused, or there is no answer.</exception>
    public async Task<JsonElement> SendAsync(GatewayCalls gateway, string? app, TimeSpan? duration, CancellationToken cancellation)
    {
        List<(string Name, string? Value)> query = [("app", app)];
        if (Kind != UploadKind.Image)
        {
            query.Add(("file_name", Name));
            query.Add(("as", Kind switch { UploadKind.Audio => "audio", UploadKind.Video => "media", _ => "file" }));
            query.Add(("duration", duration is { } time ? ((long)time.TotalMilliseconds).ToString(CultureInfo.InvariantCulture) : null));
        }

        var address = $"uploads/{(Kind == UploadKind.Image ? "images" : "files")}?{string.Join('&', query.Where(p => p.Value is not null).Select(p => $"{p.Name}={Uri.EscapeDataString(p.Value!)}"))}";
        return await ProgressBar.RunAsync(Name, Size, async progress =>
        {
            await using var stream = new FileStream(_path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var content = new StreamContent(new CountedStream(stream, progress), 64 << 10);
            content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
            return await gateway.UploadAsync(address, content, cancellation);
        });
    }
}
