using System.Text;
using Larkspur.Gateway.Api.Requests;
using Larkspur.Gateway.Common.Files;
using Larkspur.Gateway.Common.Refusals;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Larkspur.Gateway.Messages;

/// <summary>A file as it is uploaded: the raw body, or one part of a form with small fields beside it.</summary>
internal sealed class UploadRequest : IAsyncDisposable
{
    private const int MostFields = 8;
    private const int LongestField = 1024;
    private const int LongestBoundary = 100;

    private readonly Dictionary<string, string> _fields = new(StringComparer.Ordinal);

    private UploadRequest(SpooledFile? file) => File = file!;

    public SpooledFile File { get; private set; }

    /// <summary>A field of the form or of the address; null: it is not given.</summary>
    public string? Field(string name) => _fields.GetValueOrDefault(name);

    /// <param name="request">The request.</param>
    /// <param name="part">The name of the file's part; <c>file</c> is taken as well.</param>
    /// <param name="fields">The fields that are known.</param>
    /// <param name="limit">Bytes that the file may have.</param>
    /// <param name="cancellation">The caller has gone.</param>
    public static async Task<UploadRequest> ReadAsync(HttpRequest request, string part, string[] fields, long limit, CancellationToken cancellation)
    {
        if (request.ContentLength is { } announced && announced > limit + (64 << 10)) throw SpooledFile.TooLarge(limit);
        var upload = new UploadRequest(null);
        foreach (var name in fields)
        {
            if (request.Query[name] is [{ Length: > 0 and <= LongestField } value]) upload._fields[name] = value;
        }

        try
        {
            if (MediaTypeHeaderValue.TryParse(request.ContentType, out var type) && type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase))
                await upload.ReadFormAsync(request, type, part, fields, limit, cancellation);
            else
                upload.File = await SpooledFile.ReadAsync(request.Body, upload.Field("file_name"), limit, cancellation);
            return upload;
        }
        catch
        {
            await upload.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => File is { } file ? file.DisposeAsync() : ValueTask.CompletedTask;

    private async Task ReadFormAsync(HttpRequest request, MediaTypeHeaderValue type, string part, string[] fields, long limit, CancellationToken cancellation)
    {
        var boundary = HeaderUtilities.RemoveQuotes(type.Boundary).Value;
        if (boundary is not { Length: > 0 and <= LongestBoundary }) throw RequestRefusedException.Malformed("bad_form", null, "The form has no boundary that can be read.");
        var reader = new MultipartReader(boundary, request.Body) { HeadersCountLimit = 8, HeadersLengthLimit = 4 << 10 };
        var parts = 0;
        try
        {
            while (await reader.ReadNextSectionAsync(cancellation) is { } section)
            {
                if (++parts > MostFields + 1) throw RequestRefusedException.Malformed("bad_form", null, "The form has too many parts.");
                if (!ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition)) throw RequestRefusedException.Malformed("bad_form", null, "A part of the form has no Content-Disposition.");
                var name = HeaderUtilities.RemoveQuotes(disposition.Name).Value ?? "";
                if (name == part || name == "file") await TakeFileAsync(section, disposition, name, limit, cancellation);
                else if (fields.Contains(name)) _fields[name] = await FieldAsync(section, name, cancellation);
                else throw RequestRefusedException.Malformed("unknown_field", "/" + JsonFields.Shown(name), $"There is no part \"{JsonFields.Shown(name)}\" here.");
            }
        }
        catch (Exception e) when (e is InvalidDataException || (e is IOException && e is not BadHttpRequestException))
        {
            throw RequestRefusedException.Malformed("bad_form", null, "The form cannot be read: it breaks off, or its parts have too many headers.");
        }

        if (File is null) throw RequestRefusedException.Malformed("missing", "/" + part, $"The form has no part \"{part}\" with the file.");
    }

    private async Task TakeFileAsync(MultipartSection section, ContentDispositionHeaderValue disposition, string name, long limit, CancellationToken cancellation)
    {
        if (File is not null) throw RequestRefusedException.Malformed("several_files", "/" + name, "One file is uploaded at a time.");
        var fileName = HeaderUtilities.RemoveQuotes(disposition.FileNameStar).Value is { Length: > 0 } star ? star : HeaderUtilities.RemoveQuotes(disposition.FileName).Value;
        File = await SpooledFile.ReadAsync(section.Body, fileName, limit, cancellation);
    }

    private static async Task<string> FieldAsync(MultipartSection section, string name, CancellationToken cancellation)
    {
        var bytes = new byte[LongestField + 1];
        var length = await section.Body.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellation);
        return length <= LongestField ? Encoding.UTF8.GetString(bytes, 0, length)
            : throw RequestRefusedException.Impossible("too_long", "/" + name, $"It may have {LongestField} bytes.");
    }
}
