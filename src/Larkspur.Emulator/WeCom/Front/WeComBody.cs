using System.Text.Json.Nodes;

namespace Larkspur.Emulator.WeCom.Front;

/// <summary>The bytes of a call and what they say. <c>Content-Type</c> only tells a form from JSON.</summary>
internal sealed class WeComBody
{
    public const int MostJsonBytes = 8 << 20;
    public const int MostFormBytes = 24 << 20;

    private readonly Dictionary<string, WeComUpload> _files = [];
    private readonly ReceivedBody _received = new();

    public IReadOnlyDictionary<string, WeComUpload> Files => _files;

    public async Task ReadAsync(HttpRequest request)
    {
        try
        {
            await _received.ReadAsync(request, MostJsonBytes, MostFormBytes);
        }
        catch (BadBodyException)
        {
            throw new WeComRefusal(40206, "request body too large");
        }
        catch (BadHttpRequestException)
        {
            throw WeComRefusal.Parameter("the body cannot be read");
        }
    }

    /// <exception cref="WeComRefusal">40058: neither a JSON object nor a readable form.</exception>
    public async Task<JsonObject> ParseAsync()
    {
        try
        {
            if (!_received.IsParts) return _received.Bytes.IsEmpty ? [] : _received.Json();
            foreach (var part in await _received.PartsAsync()) _files[part.Name] = new WeComUpload(part.FileName, part.ContentType, part.Bytes);
            return [];
        }
        catch (BadBodyException bad)
        {
            throw WeComRefusal.Parameter(bad.What switch
            {
                BadBody.NotJson => "the body is not JSON. Warning: wrong json format.",
                BadBody.NoObject => "the body is no JSON object. Warning: wrong json format.",
                BadBody.NoBoundary => "the form has no boundary",
                _ => "the form cannot be read",
            });
        }
    }

    /// <summary>For the inspector.</summary>
    public string Describe() => _files.Count > 0 ? string.Join('\n', _files.Select(f => $"{f.Key} = <{f.Value.FileName ?? "no filename"}, {f.Value.Bytes.Length} bytes>")) : _received.Shown;
}
