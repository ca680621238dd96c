using Larkspur.Feishu.Api;
using Larkspur.Feishu.Api.Im.V1;
using FileType = Larkspur.Feishu.Api.Im.V1.FileType;

namespace Larkspur.Feishu.Messaging;

/// <summary>What an image is for.</summary>
public enum ImageUse
{
    /// <summary>To be sent in a message or shown in a card.</summary>
    Message,

    /// <summary>To be a group's or a person's avatar; at most 4096 × 4096.</summary>
    Avatar,
}

/// <summary>Uploads. Get it as <c>feishu.Uploads</c>. The keys are good for this app only.</summary>
/// <remarks>
/// What the platform would refuse is an <see cref="UploadRefusedException"/> before any call: the content is judged by its bytes, never by its name. Streams
/// are read from where they stand and not disposed; one that cannot seek is first read into memory. Limits: im-v1/image/create, im-v1/file/create.
/// </remarks>
public readonly struct FeishuUploads
{
    /// <summary>Largest image, bytes.</summary>
    public const long LargestImage = 10 << 20;

    /// <summary>Largest file, bytes.</summary>
    public const long LargestFile = 30 << 20;

    private const int LongestName = 250;

    private readonly FeishuClient _client;

    internal FeishuUploads(FeishuClient client) => _client = client;

    /// <summary>Uploads an image: JPG, PNG, WEBP, GIF, BMP, ICO, TIFF or HEIC, at most 10 MB and 12,000 × 12,000 pixels (GIF 2,000 × 2,000).</summary>
    /// <param name="content">The bytes.</param>
    /// <param name="fileName">Its name, or null: one is made.</param>
    /// <param name="use">What it is for.</param>
    /// <param name="progress">Is told how far it is; null: nobody.</param>
    /// <param name="options">What this call overrides; a slow line may need a longer <see cref="FeishuCallOptions.Timeout"/>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The image_key.</returns>
    /// <exception cref="UploadRefusedException">The platform would refuse it. Nothing was sent.</exception>
    /// <exception cref="FeishuApiException">The platform said no; see <see cref="FeishuApiException.Explanation"/>.</exception>
    public async Task<string> ImageAsync(
        Stream content,
        string? fileName = null,
        ImageUse use = ImageUse.Message,
        IProgress<UploadProgress>? progress = null,
        FeishuCallOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        FeishuClient client = _client;
        UploadSource source = await UploadSource.OpenAsync(content, LargestImage, "image", cancellationToken);
        ImageHead head = ImageHead.Read(source.Head.Span)
            ?? throw new UploadRefusedException(UploadProblem.NotAnImage, "The file is no image that Feishu takes: JPG, PNG, WEBP, GIF, BMP, ICO, TIFF and HEIC are.");
        int side = use == ImageUse.Avatar ? 4096 : head.Format == ImageFormat.Gif ? 2000 : 12_000;
        if (head.Width > side || head.Height > side)
            throw new UploadRefusedException(UploadProblem.TooManyPixels, $"The image has {head.Width} × {head.Height} pixels; the platform takes {side} × {side} for this.");
        string name = fileName is null ? "image." + head.Extension : Name(fileName);
        var uploaded = await client.Im.V1.Image.CreateAsync(
            new() { ImageType = use == ImageUse.Avatar ? ImageType.Avatar : ImageType.Message, Image = source.ToFile(name, head.ContentType, progress) }, options, cancellationToken);
        return Key(uploaded.ImageKey, "image_key", Endpoints.ImageCreate);
    }

    /// <summary>Uploads a file of any kind, at most 30 MB, to be sent as a file (not as sound or video that plays).</summary>
    /// <param name="content">The bytes.</param>
    /// <param name="fileName">Its name with its extension, which decides the icon people see.</param>
    /// <param name="progress">Is told how far it is; null: nobody.</param>
    /// <param name="options">What this call overrides; a slow line may need a longer <see cref="FeishuCallOptions.Timeout"/>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The file_key, for <see cref="MessageContent.File"/>.</returns>
    /// <exception cref="UploadRefusedException">The platform would refuse it. Nothing was sent.</exception>
    /// <exception cref="FeishuApiException">The platform said no; see <see cref="FeishuApiException.Explanation"/>.</exception>
    public async Task<string> FileAsync(
        Stream content, string fileName, IProgress<UploadProgress>? progress = null, FeishuCallOptions? options = null, CancellationToken cancellationToken = default)
    {
        FeishuClient client = _client;
        string name = Name(fileName);
        UploadSource source = await UploadSource.OpenAsync(content, LargestFile, "file", cancellationToken);
        return await SendAsync(client, source, TypeOf(name), name, duration: null, contentType: null, progress, options, cancellationToken);
    }

    /// <summary>Uploads sound that plays in the chat: Opus in an Ogg file, at most 30 MB.</summary>
    /// <param name="content">The bytes.</param>
    /// <param name="fileName">Its name.</param>
    /// <param name="duration">How long it plays; without it the client shows none.</param>
    /// <param name="progress">Is told how far it is; null: nobody.</param>
    /// <param name="options">What this call overrides.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The file_key, for <see cref="MessageContent.Audio"/>.</returns>
    /// <exception cref="UploadRefusedException">The platform would refuse it, or could not play it. Nothing was sent.</exception>
    /// <exception cref="FeishuApiException">The platform said no; see <see cref="FeishuApiException.Explanation"/>.</exception>
    public async Task<string> AudioAsync(
        Stream content, string fileName, TimeSpan? duration = null, IProgress<UploadProgress>? progress = null, FeishuCallOptions? options = null, CancellationToken cancellationToken = default)
    {
        FeishuClient client = _client;
        string name = Name(fileName);
        UploadSource source = await UploadSource.OpenAsync(content, LargestFile, "sound", cancellationToken);
        // An Ogg page header has 27 bytes and its table of segments; Opus' own header begins the first packet.
        if (!source.Head.Span.StartsWith("OggS"u8) || source.Head.Span[..Math.Min(source.Head.Length, 512)].IndexOf("OpusHead"u8) < 0)
            throw new UploadRefusedException(UploadProblem.NotOpus, "The sound is not Opus in an Ogg file, the only kind that plays in a chat. Convert it, or send it as a file.");
        return await SendAsync(client, source, FileType.Opus, name, duration, "audio/ogg", progress, options, cancellationToken);
    }

    /// <summary>Uploads a video that plays in the chat: an mp4, at most 30 MB.</summary>
    /// <param name="content">The bytes.</param>
    /// <param name="fileName">Its name.</param>
    /// <param name="duration">How long it plays; without it the client shows none.</param>
    /// <param name="progress">Is told how far it is; null: nobody.</param>
    /// <param name="options">What this call overrides.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The file_key, for <see cref="MessageContent.Media"/>.</returns>
    /// <exception cref="UploadRefusedException">The platform would refuse it, or could not play it. Nothing was sent.</exception>
    /// <exception cref="FeishuApiException">The platform said no; see <see cref="FeishuApiException.Explanation"/>.</exception>
    public async Task<string> MediaAsync(
        Stream content, string fileName, TimeSpan? duration = null, IProgress<UploadProgress>? progress = null, FeishuCallOptions? options = null, CancellationToken cancellationToken = default)
    {
        FeishuClient client = _client;
        string name = Name(fileName);
        UploadSource source = await UploadSource.OpenAsync(content, LargestFile, "video", cancellationToken);
        if (source.Head.Length < 12 || !source.Head.Span[4..8].SequenceEqual("ftyp"u8))
            throw new UploadRefusedException(UploadProblem.NotMp4, "The video is not an mp4, the only kind that plays in a chat. Convert it, or send it as a file.");
        return await SendAsync(client, source, FileType.Mp4, name, duration, "video/mp4", progress, options, cancellationToken);
    }

    private static async Task<string> SendAsync(
        FeishuClient client,
        UploadSource source,
        FileType type,
        string name,
        TimeSpan? duration,
        string? contentType,
        IProgress<UploadProgress>? progress,
        FeishuCallOptions? options,
        CancellationToken cancellationToken)
    {
        if (duration <= TimeSpan.Zero) throw new ArgumentOutOfRangeException(nameof(duration), duration, "It plays for no time.");
        var uploaded = await client.Im.V1.File.CreateAsync(
            new() { FileType = type, FileName = name, Duration = (long?)duration?.TotalMilliseconds, File = source.ToFile(name, contentType, progress) }, options, cancellationToken);
        return Key(uploaded.FileKey, "file_key", Endpoints.FileCreate);
    }

    /// <summary>Opus and mp4 are left to those who mean them: as such they can no longer be sent as a file (230055).</summary>
    private static FileType TypeOf(string name) => Path.GetExtension(name).ToLowerInvariant() switch
    {
        ".pdf" => FileType.Pdf,
        ".doc" or ".docx" => FileType.Doc,
        ".xls" or ".xlsx" => FileType.Xls,
        ".ppt" or ".pptx" => FileType.Ppt,
        _ => FileType.Stream,
    };

    private static string Name(string fileName)
    {
        if (string.IsNullOrWhiteSpace(fileName)) throw new UploadRefusedException(UploadProblem.WrongName, "The file has no name.");
        if (fileName.Length > LongestName) throw new UploadRefusedException(UploadProblem.WrongName, $"The file's name has {fileName.Length} characters; {LongestName} are enough.");
        return fileName.AsSpan().ContainsAny('/', '\\', '\0') || fileName.Any(char.IsControl)
            ? throw new UploadRefusedException(UploadProblem.WrongName, "The file's name must be a name, without folders and control characters.")
            : fileName;
    }

    private static string Key(string? key, string name, FeishuEndpoint endpoint)
        => string.IsNullOrEmpty(key) ? throw new FeishuApiException($"{endpoint.Id} succeeded without a {name}.") { HttpStatus = 200, Endpoint = endpoint.Id } : key;
}
