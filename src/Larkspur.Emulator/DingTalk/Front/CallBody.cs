using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Larkspur.Emulator.DingTalk.Front;

/// <summary>The bytes of a call and what they say: JSON, a form, or parts with a file.</summary>
internal sealed class CallBody
{
    public const int MostJsonBytes = 2 << 20;
    public const int MostFormBytes = 24 << 20;

    private byte[] _bytes = [];
    private string _type = "";

    public JsonObject Json { get; private set; } = [];

    public UploadedPart? Upload { get; private set; }

    private bool IsParts => _type.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase);

    public async Task ReadAsync(HttpRequest request)
    {
        _type = request.ContentType ?? "";
        var most = IsParts ? MostFormBytes : MostJsonBytes;
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

    public async Task ParseAsync(DingTalkRoute route)
    {
        // A GET's body means nothing; some clients send one.
        if (_bytes.Length == 0 || route.Method == "GET") return;
        if (IsParts) await ParsePartsAsync(route.Upload);
        else if (_type.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase))
        {
            foreach (var (name, value) in QueryHelpers.ParseQuery(Encoding.UTF8.GetString(_bytes))) Json[name] = value.ToString();
        }
        else Json = ParseJson();
    }

    /// <summary>For the inspector.</summary>
    public string Describe() =>
        IsParts ? string.Join('\n', [.. Json.Select(p => $"{p.Key} = {p.Value}"), Upload is { } file ? $"<{file.FileName ?? "no filename"}, {file.Bytes.Length} bytes>" : $"<{_bytes.Length} bytes>"])
        : Encoding.UTF8.GetString(_bytes.AsSpan(0, Math.Min(_bytes.Length, 64 * 1024)));

    private JsonObject ParseJson()
    {
        try
        {
            return StrictJson.Parse(_bytes) as JsonObject ?? throw DingTalkRefusal.Parameter("body", "is no JSON object");
        }
        catch (JsonException)
        {
            throw DingTalkRefusal.Parameter("body", "is not valid JSON");
        }
    }

    private async Task ParsePartsAsync(string? upload)
    {
        try
        {
            var boundary = HeaderUtilities.RemoveQuotes(MediaTypeHeaderValue.Parse(_type).Boundary).Value;
            if (string.IsNullOrEmpty(boundary)) throw DingTalkRefusal.Parameter("body", "has no boundary");
            var reader = new MultipartReader(boundary, new MemoryStream(_bytes));
            while (await reader.ReadNextSectionAsync() is { } section)
            {
                if (!ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition)) continue;
                var name = HeaderUtilities.RemoveQuotes(disposition.Name).ToString();
                using var content = new MemoryStream();
                await section.Body.CopyToAsync(content);
                var fileName = disposition.FileNameStar.HasValue ? disposition.FileNameStar : HeaderUtilities.RemoveQuotes(disposition.FileName);
                if (name == upload) Upload = new UploadedPart(fileName.HasValue ? fileName.ToString() : null, section.ContentType ?? "application/octet-stream", content.ToArray());
                else Json[name] = Encoding.UTF8.GetString(content.ToArray());
            }
        }
        catch (Exception broken) when (broken is IOException or InvalidDataException or FormatException)
        {
            throw DingTalkRefusal.Parameter("body", "is broken");
        }
    }

    private static DingTalkRefusal TooLarge() => new(413, "RequestTooLarge", 40035, "request body too large") { KeepStatus = true };
}
