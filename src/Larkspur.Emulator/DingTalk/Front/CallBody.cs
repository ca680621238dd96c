using System.Text.Json.Nodes;

namespace Larkspur.Emulator.DingTalk.Front;

/// <summary>The bytes of a call and what they say: JSON, a form, or parts with a file.</summary>
internal sealed class CallBody
{
    public const int MostJsonBytes = 2 << 20;
    public const int MostFormBytes = 24 << 20;

    private readonly ReceivedBody _received = new();

    public JsonObject Json { get; private set; } = [];

    public UploadedPart? Upload { get; private set; }

    public async Task ReadAsync(HttpRequest request)
    {
        try
        {
            await _received.ReadAsync(request, MostJsonBytes, MostFormBytes);
        }
        catch (BadBodyException)
        {
            throw new DingTalkRefusal(413, "RequestTooLarge", 40035, "request body too large") { KeepStatus = true };
        }
    }

    public async Task ParseAsync(DingTalkRoute route)
    {
        // A GET's body means nothing; some clients send one.
        if (_received.Bytes.IsEmpty || route.Method == "GET") return;
        try
        {
            if (_received.IsParts) await ParsePartsAsync(route.Upload);
            else Json = _received.IsForm ? _received.Form() : _received.Json();
        }
        catch (BadBodyException bad)
        {
            throw DingTalkRefusal.Parameter("body", bad.What switch
            {
                BadBody.NotJson => "is not valid JSON",
                BadBody.NoObject => "is no JSON object",
                BadBody.NoBoundary => "has no boundary",
                _ => "is broken",
            });
        }
    }

    /// <summary>For the inspector.</summary>
    public string Describe() =>
        _received.IsParts ? string.Join('\n', [.. Json.Select(p => $"{p.Key} = {p.Value}"), Upload is { } file ? $"<{file.FileName ?? "no filename"}, {file.Bytes.Length} bytes>" : _received.Shown])
        : _received.Shown;

    private async Task ParsePartsAsync(string? upload)
    {
        foreach (var part in await _received.PartsAsync())
        {
            if (part.Name == upload) Upload = new UploadedPart(part.FileName, part.ContentType, part.Bytes);
            else Json[part.Name] = part.Text;
        }
    }
}
