using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Larkspur.Emulator.WeCom.Front;

/// <summary>The bytes of a call and what they say. <c>Content-Type</c> only tells a form from JSON.</summary>
internal sealed class WeComBody
{
    public const int MostJsonBytes = 8 << 20;
    public const int MostFormBytes = 24 << 20;

    private readonly Dictionary<string, WeComUpload> _files = [];
    private byte[] _bytes = [];
    private string _contentType = "";

    public IReadOnlyDictionary<string, WeComUpload> Files => _files;

    private bool IsForm => _contentType.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase);

    public async Task ReadAsync(HttpRequest request)
    {
        _contentType = request.ContentType ?? "";
        var most = IsForm ? MostFormBytes : MostJsonBytes;
        if (request.ContentLength > most) throw new WeComRefusal(40206, "request body too large");
        using var buffer = new MemoryStream();
        var chunk = new byte[16 * 1024];
        try
        {
            int read;
            while ((read = await request.Body.ReadAsync(chunk, request.HttpContext.RequestAborted)) > 0)
            {
                if (buffer.Length + read > most) throw new WeComRefusal(40206, "request body too large");
                buffer.Write(chunk, 0, read);
            }
        }
        catch (BadHttpRequestException)
        {
            throw WeComRefusal.Parameter("the body cannot be read");
        }

        _bytes = buffer.ToArray();
    }

    /// <exception cref="WeComRefusal">40058: neither a JSON object nor a readable form.</exception>
    public async Task<JsonObject> ParseAsync()
    {
        if (IsForm)
        {
            await ParseFormAsync();
            return [];
        }

        if (_bytes.Length == 0) return [];
        try
        {
            return StrictJson.Parse(_bytes) as JsonObject ?? throw WeComRefusal.Parameter("the body is no JSON object. Warning: wrong json format.");
        }
        catch (JsonException)
        {
            throw WeComRefusal.Parameter("the body is not JSON. Warning: wrong json format.");
        }
    }

    /// <summary>For the inspector.</summary>
    public string Describe() =>
        _files.Count > 0 ? string.Join('\n', _files.Select(f => $"{f.Key} = <{f.Value.FileName ?? "no filename"}, {f.Value.Bytes.Length} bytes>"))
        : IsForm ? $"<{_bytes.Length} bytes>"
        : Encoding.UTF8.GetString(_bytes.AsSpan(0, Math.Min(_bytes.Length, 64 * 1024)));

    private async Task ParseFormAsync()
    {
        try
        {
            var boundary = HeaderUtilities.RemoveQuotes(MediaTypeHeaderValue.Parse(_contentType).Boundary).Value;
            if (string.IsNullOrEmpty(boundary)) throw WeComRefusal.Parameter("the form has no boundary");
            var reader = new MultipartReader(boundary, new MemoryStream(_bytes));
            while (await reader.ReadNextSectionAsync() is { } section)
            {
                if (!ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition)) continue;
                using var content = new MemoryStream();
                await section.Body.CopyToAsync(content);
                var fileName = disposition.FileNameStar.HasValue ? disposition.FileNameStar : HeaderUtilities.RemoveQuotes(disposition.FileName);
                _files[HeaderUtilities.RemoveQuotes(disposition.Name).ToString()] =
                    new WeComUpload(fileName.HasValue ? fileName.ToString() : null, section.ContentType ?? "application/octet-stream", content.ToArray());
            }
        }
        catch (Exception broken) when (broken is IOException or InvalidDataException or FormatException)
        {
            throw WeComRefusal.Parameter("the form cannot be read");
        }
    }
}
