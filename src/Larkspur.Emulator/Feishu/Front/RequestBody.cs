using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Emulator.Feishu.Catalogue;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Larkspur.Emulator.Feishu.Front;

/// <summary>The bytes of a request and what they say.</summary>
internal sealed class RequestBody
{
    public const int MostJsonBytes = 10 << 20;
    public const int MostFormBytes = 64 << 20;

    private byte[] _bytes = [];
    private string _contentType = "";

    public ReadOnlyMemory<byte> Bytes => _bytes;

    public JsonObject Json { get; private set; } = [];

    public Dictionary<string, UploadedFile> Files { get; } = [];

    public async Task ReadAsync(HttpRequest request)
    {
        _contentType = request.ContentType ?? "";
        var most = _contentType.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase) ? MostFormBytes : MostJsonBytes;
        if (request.ContentLength > most) throw TooLarge();
        using var buffer = new MemoryStream();
        var chunk = new byte[16 * 1024];
        int read;
        while ((read = await request.Body.ReadAsync(chunk, request.HttpContext.RequestAborted)) > 0)
        {
            if (buffer.Length + read > most) throw TooLarge();
            buffer.Write(chunk, 0, read);
        }

        _bytes = buffer.ToArray();
    }

    /// <summary>For the inspector.</summary>
    public string Describe() =>
        Files.Count > 0 ? string.Join('\n', Json.Select(p => $"{p.Key} = {p.Value}").Concat(Files.Select(f => $"{f.Key} = <{f.Value.FileName ?? "no filename"}, {f.Value.Bytes.Length} bytes>")))
        : _contentType.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase) ? $"<{_bytes.Length} bytes>"
        : Encoding.UTF8.GetString(_bytes.AsSpan(0, Math.Min(_bytes.Length, 64 * 1024)));

    /// <summary>Understands the bytes as the endpoint wants them. An endpoint without body fields ignores any body: the official Node client sends <c>{}</c> with GET and DELETE.</summary>
    public async Task ParseAsync(ApiEndpoint endpoint)
    {
        if (endpoint.Body.Length == 0 || _bytes.Length == 0) return;
        if (_contentType.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase))
        {
            await ParseMultipartAsync(endpoint);
        }
        else if (_contentType.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase))
        {
            foreach (var (name, value) in QueryHelpers.ParseQuery(Encoding.UTF8.GetString(_bytes))) Json[name] = value.ToString();
        }
        else
        {
            Json = ParseJson();
        }
    }

    private JsonObject ParseJson()
    {
        try
        {
            return StrictJson.Parse(_bytes) as JsonObject ?? throw NotJson("the body must be a JSON object");
        }
        catch (JsonException)
        {
            throw NotJson("the body is not valid JSON");
        }
    }

    /// <summary>A part counts as a file by the catalogue, not by its <c>filename</c>: clients that upload a buffer send none.</summary>
    private async Task ParseMultipartAsync(ApiEndpoint endpoint)
    {
        var files = endpoint.Body.Where(f => f.Type == FieldType.File).Select(f => f.Name).ToHashSet();
        try
        {
            var boundary = HeaderUtilities.RemoveQuotes(MediaTypeHeaderValue.Parse(_contentType).Boundary).Value;
            if (string.IsNullOrEmpty(boundary)) throw NotJson("the multipart body has no boundary");
            var reader = new MultipartReader(boundary, new MemoryStream(_bytes));
            while (await reader.ReadNextSectionAsync() is { } section)
            {
                if (!ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition)) continue;
                var name = HeaderUtilities.RemoveQuotes(disposition.Name).ToString();
                using var content = new MemoryStream();
                await section.Body.CopyToAsync(content);
                var fileName = disposition.FileNameStar.HasValue ? disposition.FileNameStar : HeaderUtilities.RemoveQuotes(disposition.FileName);
                if (files.Contains(name))
                {
                    Files[name] = new UploadedFile(fileName.HasValue ? fileName.ToString() : null, section.ContentType ?? "application/octet-stream", content.ToArray());
                }
                else
                {
                    Json[name] = Encoding.UTF8.GetString(content.ToArray());
                }
            }
        }
        catch (Exception broken) when (broken is IOException or InvalidDataException or FormatException)
        {
            throw NotJson("the multipart body is broken");
        }
    }

    private static ApiRefusedException NotJson(string why) => new(400, 9499, "Bad Request: " + why);

    private static ApiRefusedException TooLarge() => new(413, 9499, "Bad Request: request body too large");
}
