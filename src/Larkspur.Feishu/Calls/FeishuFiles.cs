namespace Larkspur.Feishu;

/// <summary>A file to upload. The stream is read once, from where it stands, and not disposed.</summary>
/// <param name="Content">The bytes. A call with a stream that cannot seek is never retried after its first byte was sent.</param>
/// <param name="FileName">The name the platform shows; it must not be empty.</param>
/// <param name="ContentType">MIME type, or null for <c>application/octet-stream</c>.</param>
public sealed record FeishuFile(Stream Content, string FileName, string? ContentType = null);

/// <summary>A form body: fields and files, sent as multipart when there is a file (or the endpoint wants it), else url-encoded.</summary>
public sealed class FeishuForm
{
    private readonly List<KeyValuePair<string, string>> _fields = [];
    private readonly List<KeyValuePair<string, FeishuFile>> _files = [];

    /// <summary>True: <c>multipart/form-data</c> even without a file.</summary>
    public bool Multipart { get; init; } = true;

    /// <summary>Text fields in order.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Fields => _fields;

    /// <summary>Files in order.</summary>
    public IReadOnlyList<KeyValuePair<string, FeishuFile>> Files => _files;

    /// <summary>Adds a text field; null is left out.</summary>
    public FeishuForm With(string name, string? value)
    {
        if (value is not null) _fields.Add(new(name, value));
        return this;
    }

    /// <summary>Adds a file; null is left out.</summary>
    public FeishuForm With(string name, FeishuFile? file)
    {
        if (file is not null) _files.Add(new(name, file));
        return this;
    }
}

/// <summary>A download in progress. Dispose it to free the connection.</summary>
public sealed class FeishuDownload(Stream content, string? contentType, string? fileName, long? length, IDisposable owner) : IAsyncDisposable
{
    /// <summary>The bytes, streamed from the network.</summary>
    public Stream Content { get; } = content;

    /// <summary>MIME type as sent.</summary>
    public string? ContentType { get; } = contentType;

    /// <summary>
    /// Name from Content-Disposition, or null. It is the sender's: it may hold <c>..</c>, separators or control characters, so it is no path. Whoever keeps the
    /// file under it takes <see cref="Path.GetFileName(string)"/> of it at least, or better a name of their own.
    /// </summary>
    public string? FileName { get; } = fileName;

    /// <summary>Length in bytes when the platform says it.</summary>
    public long? Length { get; } = length;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Content.DisposeAsync();
        owner.Dispose();
    }
}
