namespace Larkspur.WeCom;

/// <summary>A file on its way. Dispose of it: that ends the connection.</summary>
public sealed class WeComDownload : IDisposable
{
    private readonly HttpResponseMessage _response;

    internal WeComDownload(Stream content, string? contentType, string? fileName, long? length, HttpResponseMessage response)
        => (Content, ContentType, FileName, Length, _response) = (content, contentType, fileName, length, response);

    /// <summary>The bytes, read as they come.</summary>
    public Stream Content { get; }

    /// <summary>As the platform names it.</summary>
    public string? ContentType { get; }

    /// <summary>As the platform names it. From outside: never a path to write to.</summary>
    public string? FileName { get; }

    /// <summary>Bytes, where the platform says so.</summary>
    public long? Length { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Content.Dispose();
        _response.Dispose();
    }
}
