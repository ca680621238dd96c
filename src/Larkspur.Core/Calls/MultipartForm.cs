using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Larkspur;

/// <summary>A file in a form.</summary>
/// <param name="Field">Name of its field.</param>
/// <param name="Content">Read from its position on, not disposed.</param>
/// <param name="FileName">Its name, in any language.</param>
/// <param name="ContentType">Null: <c>application/octet-stream</c>.</param>
public sealed record MultipartFile(string Field, Stream Content, string FileName, string? ContentType);

/// <summary>Writes <c>multipart/form-data</c> the way the platforms' upload endpoints read it.</summary>
/// <remarks>
/// They want quoted names and a file name on every file. .NET's own form writer leaves names bare and turns a Chinese file name into a MIME
/// encoded-word that the platforms show as it stands; here it goes as quoted ASCII plus <c>filename*</c> (RFC 5987).
/// </remarks>
public static class MultipartForm
{
    /// <summary>The body: text fields, then files, in order.</summary>
    public static HttpContent Create(IEnumerable<KeyValuePair<string, string>> fields, IEnumerable<MultipartFile> files)
    {
        ArgumentNullException.ThrowIfNull(fields);
        ArgumentNullException.ThrowIfNull(files);
        string boundary = $"larkspur-{Guid.NewGuid():N}";
        var body = new MultipartContent("form-data", boundary);
        // Without the quotes that .NET puts around the boundary; some servers take them for part of it.
        body.Headers.Remove("Content-Type");
        body.Headers.TryAddWithoutValidation("Content-Type", $"multipart/form-data; boundary={boundary}");
        foreach ((string name, string value) in fields)
        {
            var text = new ByteArrayContent(Encoding.UTF8.GetBytes(value));
            text.Headers.TryAddWithoutValidation("Content-Disposition", $"form-data; name=\"{Ascii(name)}\"");
            body.Add(text);
        }

        foreach (MultipartFile file in files)
        {
            var content = new BorrowedStreamContent(file.Content);
            content.Headers.TryAddWithoutValidation("Content-Disposition", Disposition(file.Field, file.FileName));
            content.Headers.ContentType = MediaTypeHeaderValue.Parse(file.ContentType ?? "application/octet-stream");
            body.Add(content);
        }

        return body;
    }

    private static string Disposition(string name, string fileName)
    {
        string ascii = Ascii(fileName);
        string disposition = $"form-data; name=\"{Ascii(name)}\"; filename=\"{ascii}\"";
        return ascii == fileName ? disposition : $"{disposition}; filename*=UTF-8''{Uri.EscapeDataString(fileName)}";
    }

    /// <summary>Printable ASCII that cannot leave its quotes.</summary>
    private static string Ascii(string text)
        => string.Create(text.Length, text, static (span, source) =>
        {
            for (int i = 0; i < span.Length; i++) span[i] = source[i] is >= ' ' and <= '~' and not '"' and not '\\' ? source[i] : '_';
        });

    /// <summary>A caller's stream: read, not disposed.</summary>
    private sealed class BorrowedStreamContent(Stream stream) : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream target, TransportContext? context) => stream.CopyToAsync(target);

        protected override Task SerializeToStreamAsync(Stream target, TransportContext? context, CancellationToken cancellationToken)
            => stream.CopyToAsync(target, cancellationToken);

        protected override bool TryComputeLength(out long length)
        {
            length = stream.CanSeek ? stream.Length - stream.Position : 0;
            return stream.CanSeek;
        }
    }
}
