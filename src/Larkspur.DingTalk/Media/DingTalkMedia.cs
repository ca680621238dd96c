namespace Larkspur.DingTalk.Media;

/// <summary>What a file is.</summary>
public enum MediaKind
{
    /// <summary>Picture, at most 20 MB.</summary>
    Image,

    /// <summary>Audio, at most 2 MB.</summary>
    Voice,

    /// <summary>Video, at most 20 MB.</summary>
    Video,

    /// <summary>Any file, at most 20 MB.</summary>
    File,
}

/// <summary>Uploads files for messages.</summary>
public sealed class DingTalkMedia
{
    private static readonly DingTalkEndpoint Upload = new() { Id = "media.upload", Method = HttpMethod.Post, Path = "/media/upload", Form = DingTalkForm.Old };

    private readonly DingTalkClient _client;

    internal DingTalkMedia(DingTalkClient client) => _client = client;

    /// <summary>Uploads a file.</summary>
    /// <param name="kind">What it is.</param>
    /// <param name="file">Its bytes and its name, whose extension says its format.</param>
    /// <param name="options">Time and tries; a large file on a slow line needs more than the default 30 s.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The media id, <c>@…</c>. How long it is good is not stated.</returns>
    /// <exception cref="ArgumentException">The file is larger than the platform takes; nothing was sent. (Known before only of streams that can seek.)</exception>
    /// <exception cref="DingTalkApiException">Refused.</exception>
    public async Task<string> UploadAsync(MediaKind kind, DingTalkFile file, DingTalkCallOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(file);
        int megabytes = kind == MediaKind.Voice ? 2 : 20;
        if (file.Content.CanSeek && file.Content.Length - file.Content.Position > (long)megabytes << 20) throw new ArgumentException($"{kind} may have at most {megabytes} MB.", nameof(file));
        string type = kind switch { MediaKind.Image => "image", MediaKind.Voice => "voice", MediaKind.Video => "video", _ => "file" };
        var answer = await _client.SendAsync<Answer>(new DingTalkRequest(Upload) { Body = new DingTalkUpload("media", file, [new("type", type)]) }, options, cancellationToken);
        return answer.MediaId is { Length: > 0 } id ? id : throw DingTalkErrorReader.WrongShape(Upload.Id, "there is no media_id");
    }

    private sealed record Answer(string? MediaId);
}
