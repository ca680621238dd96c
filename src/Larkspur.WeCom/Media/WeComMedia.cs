using System.Text.Json.Serialization;

namespace Larkspur.WeCom.Media;

/// <summary>What a file is used as.</summary>
public enum MediaKind
{
    /// <summary>JPG or PNG, 10 MB.</summary>
    Image,

    /// <summary>AMR, 2 MB, 60 s.</summary>
    Voice,

    /// <summary>MP4, 10 MB.</summary>
    Video,

    /// <summary>Anything, 20 MB.</summary>
    File,
}

/// <summary>A file that was uploaded.</summary>
/// <param name="MediaId">Good for 3 days, for all apps of the corp.</param>
/// <param name="CreatedAt">When, in seconds since 1970 (the wire has it as text).</param>
public sealed record UploadedMedia(string MediaId, long CreatedAt);

/// <summary>Files: upload before sending, download what came.</summary>
/// <remarks>Limits of page 96484 (2024-07-22) are judged before the upload. An upload is repeated after a lost answer: what it leaves behind is a file nobody sees, for 3 days.</remarks>
public sealed class WeComMedia
{
    private static readonly WeComEndpoint Upload = WeComEndpoint.Write("media.upload", "/cgi-bin/media/upload") with { IsRepeatable = true };
    private static readonly WeComEndpoint UploadImage = WeComEndpoint.Write("media.uploadimg", "/cgi-bin/media/uploadimg") with { IsRepeatable = true };
    private static readonly WeComEndpoint Get = WeComEndpoint.Get("media.get", "/cgi-bin/media/get");

    private static readonly WeComEndpoint ByUrl = WeComEndpoint.Write("media.upload_by_url", "/cgi-bin/media/upload_by_url");
    private static readonly WeComEndpoint ByUrlResult = WeComEndpoint.Read("media.get_upload_by_url_result", "/cgi-bin/media/get_upload_by_url_result");

    private readonly WeComClient _client;

    internal WeComMedia(WeComClient client) => _client = client;

    /// <summary>Uploads a file for messages.</summary>
    /// <exception cref="WeComContentException">Too large, too small, or not the kind it is to be used as; nothing was sent.</exception>
    public Task<UploadedMedia> UploadAsync(MediaKind kind, WeComFile file, CancellationToken cancellationToken = default)
    {
        MediaRules.Judge(kind, file);
        return _client.SendAsync<UploadedMedia>(new WeComRequest(Upload) { Query = [new("type", MediaRules.NameOf(kind))], File = file }, cancellationToken: cancellationToken);
    }

    /// <summary>Uploads a picture for articles; its address is permanent.</summary>
    /// <exception cref="WeComContentException">As above.</exception>
    public async Task<Uri> UploadPictureAsync(WeComFile file, CancellationToken cancellationToken = default)
    {
        MediaRules.Judge(MediaKind.Image, file);
        Picture picture = await _client.SendAsync<Picture>(new WeComRequest(UploadImage) { File = file }, cancellationToken: cancellationToken);
        return picture.Url;
    }

    /// <summary>Downloads a file, 3 days after it came at most.</summary>
    /// <exception cref="WeComApiException">40007: wrong or too old.</exception>
    public Task<WeComDownload> DownloadAsync(string mediaId, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(mediaId);
        return _client.DownloadAsync(new WeComRequest(Get) { Query = [new("media_id", mediaId)] }, cancellationToken: cancellationToken);
    }

    /// <summary>Has the platform fetch a file of up to 200 MB. It tells of the end with <c>upload_media_job_finish</c> (<see cref="Callbacks.UploadJobEnded"/>).</summary>
    /// <returns>The job's id, for <see cref="UrlUploadResultAsync"/>.</returns>
    /// <exception cref="WeComContentException">It breaks a rule; nothing was sent.</exception>
    public async Task<string> UploadByUrlAsync(UrlUpload upload, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(upload);
        return (await _client.SendAsync<Job>(new WeComRequest(ByUrl) { Body = upload.Body() }, cancellationToken: cancellationToken)).Id;
    }

    /// <summary>What came of it so far. Ask after the event, or now and then: the platform keeps no order between the two.</summary>
    public async Task<UrlUploadResult> UrlUploadResultAsync(string jobId, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(jobId);
        return (await _client.SendAsync<UrlUploadWire>(new WeComRequest(ByUrlResult) { Body = new { jobid = jobId } }, cancellationToken: cancellationToken)).ToResult();
    }

    private sealed record Job([property: JsonPropertyName("jobid"), JsonRequired] string Id);

    private sealed record Picture([property: JsonRequired] Uri Url);
}

/// <summary>Which files the platform takes.</summary>
internal static class MediaRules
{
    private const int Smallest = 6;

    public static string NameOf(MediaKind kind) => kind switch
    {
        MediaKind.Image => "image",
        MediaKind.Voice => "voice",
        MediaKind.Video => "video",
        _ => "file",
    };

    public static void Judge(MediaKind kind, WeComFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        var problems = new ContentProblems();
        problems.Required("media.filename", file.FileName);
        ReadOnlySpan<byte> content = file.Content.Span;
        int megabytes = kind switch { MediaKind.Image or MediaKind.Video => 10, MediaKind.Voice => 2, _ => 20 };
        if (content.Length < Smallest) problems.Add("media", $"has {content.Length} bytes, and more than 5 are taken");
        if (content.Length > megabytes << 20) problems.Add("media", $"has {content.Length} bytes, and at most {megabytes} MB are taken");
        if (kind == MediaKind.Image && !IsImage(content)) problems.Add("media", "is neither JPG nor PNG");
        if (kind == MediaKind.Voice && !content.StartsWith("#!AMR"u8)) problems.Add("media", "is no AMR");
        if (kind == MediaKind.Video && !(content.Length > 8 && content[4..8].SequenceEqual("ftyp"u8))) problems.Add("media", "is no MP4");
        problems.ThrowIfAny();
    }

    public static bool IsImage(ReadOnlySpan<byte> content) => content.StartsWith((ReadOnlySpan<byte>)[0xff, 0xd8, 0xff]) || content.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G']);
}
