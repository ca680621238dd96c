using System.Net.Http.Headers;
using System.Text.Json.Serialization;

namespace Larkspur.Dify;

/// <summary>Files and voices of people.</summary>
public sealed class DifyFiles
{
    private readonly DifyPipeline _pipeline;

    internal DifyFiles(DifyPipeline pipeline) => _pipeline = pipeline;

    /// <summary>Uploads a file for a question of the same user; nobody else can use it.</summary>
    /// <param name="name">With its extension, by which Dify judges it.</param>
    /// <param name="contentType">Media type.</param>
    /// <param name="content">Read from its position; sent again only when it can seek.</param>
    /// <param name="user">Who asks.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <remarks>Dify's own limits by default: images 10 MB, audio 50 MB, video 100 MB, others 15 MB.</remarks>
    /// <exception cref="DifyException">Among others <c>file_too_large</c>, <c>unsupported_file_type</c>.</exception>
    public Task<DifyUploadedFile> UploadAsync(string name, string contentType, Stream content, string user, CancellationToken cancellationToken = default) =>
        _pipeline.SendAsync<DifyUploadedFile>(Request("files/upload", name, contentType, content, user), cancellationToken);

    /// <summary>What is said in a recording (mp3, m4a, wav, amr, mpga; up to 30 MB).</summary>
    /// <exception cref="DifyException">Among others <c>speech_to_text_disabled</c>, <c>audio_too_large</c>.</exception>
    public async Task<string> TranscribeAsync(string name, string contentType, Stream content, string user, CancellationToken cancellationToken = default) =>
        (await _pipeline.SendAsync<Transcript>(Request("audio-to-text", name, contentType, content, user), cancellationToken)).Text ?? "";

    internal static IReadOnlyList<WireFile> Wire(IReadOnlyList<DifyFileRef> files) => [.. files.Select(static file =>
        file.UploadFileId is null == file.Url is null
            ? throw new ArgumentException("A file names either an upload or an address.", nameof(files))
            : new WireFile(file.Type, file.Url is null ? "local_file" : "remote_url", file.Url?.AbsoluteUri, file.UploadFileId))];

    private DifyRequest Request(string path, string name, string contentType, Stream content, string user)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentException.ThrowIfNullOrWhiteSpace(user);
        ArgumentNullException.ThrowIfNull(content);
        var type = MediaTypeHeaderValue.Parse(contentType);
        long start = content.CanSeek ? content.Position : -1;
        return new DifyRequest(HttpMethod.Post, path)
        {
            Name = path,
            // An upload that may have arrived leaves at worst a file that nobody uses.
            IsRepeatable = true,
            CanRewind = start >= 0,
            Timeout = _pipeline.Options.UploadTimeout,
            Form = () =>
            {
                if (start >= 0) content.Position = start;
                var file = new StreamContent(new UndisposedStream(content));
                file.Headers.ContentType = type;
                return new MultipartFormDataContent { { file, "file", name }, { new StringContent(user), "user" } };
            },
        };
    }

    internal sealed record WireFile(string Type, string TransferMethod, string? Url, string? UploadFileId);

    private sealed record Transcript([property: JsonPropertyName("text")] string? Text);

    /// <summary>The caller's stream outlives the form of each try.</summary>
    private sealed class UndisposedStream(Stream inner) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => inner.CanSeek;

        public override bool CanWrite => false;

        public override long Length => inner.Length;

        public override long Position { get => inner.Position; set => inner.Position = value; }

        public override int Read(byte[] buffer, int offset, int count) => inner.Read(buffer, offset, count);

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => inner.ReadAsync(buffer, cancellationToken);

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => inner.ReadAsync(buffer, offset, count, cancellationToken);

        public override long Seek(long offset, SeekOrigin origin) => inner.Seek(offset, origin);

        public override void Flush()
        {
        }

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}

/// <summary>A file that was uploaded.</summary>
public sealed record DifyUploadedFile(string Id, string Name, long Size, string? Extension, string? MimeType);
