using System.Text.Json.Nodes;
using Larkspur.Emulator.Feishu.Catalogue;

namespace Larkspur.Emulator.Feishu.Front;

/// <summary>The bytes of a request and what they say.</summary>
internal sealed class RequestBody
{
    public const int MostJsonBytes = 10 << 20;
    public const int MostFormBytes = 64 << 20;

    private readonly ReceivedBody _received = new();

    public ReadOnlyMemory<byte> Bytes => _received.Bytes;

    public JsonObject Json { get; private set; } = [];

    public Dictionary<string, UploadedFile> Files { get; } = [];

    public async Task ReadAsync(HttpRequest request)
    {
        try
        {
            await _received.ReadAsync(request, MostJsonBytes, MostFormBytes);
        }
        catch (BadBodyException bad)
        {
            throw Refused(bad);
        }
    }

    /// <summary>For the inspector.</summary>
    public string Describe() =>
        Files.Count > 0 ? string.Join('\n', Json.Select(p => $"{p.Key} = {p.Value}").Concat(Files.Select(f => $"{f.Key} = <{f.Value.FileName ?? "no filename"}, {f.Value.Bytes.Length} bytes>")))
        : _received.Shown;

    /// <summary>Understands the bytes as the endpoint wants them. An endpoint without body fields ignores any body: the official Node client sends <c>{}</c> with GET and DELETE.</summary>
    public async Task ParseAsync(ApiEndpoint endpoint)
    {
        if (endpoint.Body.Length == 0 || Bytes.IsEmpty) return;
        try
        {
            if (_received.IsParts) await ParsePartsAsync(endpoint);
            else Json = _received.IsForm ? _received.Form() : _received.Json();
        }
        catch (BadBodyException bad)
        {
            throw Refused(bad);
        }
    }

    /// <summary>A part counts as a file by the catalogue, not by its <c>filename</c>: clients that upload a buffer send none.</summary>
    private async Task ParsePartsAsync(ApiEndpoint endpoint)
    {
        var files = endpoint.Body.Where(f => f.Type == FieldType.File).Select(f => f.Name).ToHashSet();
        foreach (var part in await _received.PartsAsync())
        {
            if (files.Contains(part.Name)) Files[part.Name] = new UploadedFile(part.FileName, part.ContentType, part.Bytes);
            else Json[part.Name] = part.Text;
        }
    }

    private static ApiRefusedException Refused(BadBodyException bad) => bad.What == BadBody.TooLarge
        ? new ApiRefusedException(413, 9499, "Bad Request: request body too large")
        : new ApiRefusedException(400, 9499, "Bad Request: " + bad.What switch
        {
            BadBody.NotJson => "the body is not valid JSON",
            BadBody.NoObject => "the body must be a JSON object",
            BadBody.NoBoundary => "the multipart body has no boundary",
            _ => "the multipart body is broken",
        });
}
