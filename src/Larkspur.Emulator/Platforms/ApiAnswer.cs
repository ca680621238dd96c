using System.Text;
using System.Text.Json.Nodes;

namespace Larkspur.Emulator.Platforms;

/// <summary>What a call is answered with: a JSON object, the bytes of a text or file, or another address.</summary>
/// <remarks>Each platform has its own envelopes.</remarks>
public sealed record ApiAnswer
{
    public int Status { get; init; } = StatusCodes.Status200OK;
    public JsonObject? Json { get; init; }
    public ReadOnlyMemory<byte> Bytes { get; init; }
    public string ContentType { get; init; } = "application/json; charset=utf-8";
    /// <summary>The bytes are a download of this name.</summary>
    public string? FileName { get; init; }
    /// <summary>Where a browser goes on: the call was for a page.</summary>
    public string? Location { get; init; }
    /// <summary>Whoever served the call has written the answer already: it is a stream.</summary>
    public bool IsSent { get; init; }
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>The code inside, where the platform has numbers for it.</summary>
    internal string? Code => (Json?["errcode"] ?? Json?["code"])?.ToString();

    internal byte[] Body() => Json is null ? Bytes.ToArray() : Encoding.UTF8.GetBytes(CanonicalJson.Write(Json));

    /// <summary>For the inspector.</summary>
    internal string Describe(byte[] body) =>
        IsSent ? $"<sent as {ContentType}>"
        : Json is not null || ContentType.StartsWith("application/xml", StringComparison.Ordinal) ? Encoding.UTF8.GetString(body)
        : $"<{body.Length} bytes {ContentType}>";

    internal async Task WriteAsync(HttpContext http, byte[] body)
    {
        if (IsSent) return;
        foreach (var (name, value) in Headers) http.Response.Headers[name] = value;
        if (Location is not null)
        {
            http.Response.Redirect(Location);
            return;
        }

        http.Response.StatusCode = Status;
        http.Response.ContentType = ContentType;
        if (FileName is not null)
        {
            http.Response.Headers.ContentDisposition = $"attachment; filename*=UTF-8''{Uri.EscapeDataString(FileName)}";
            http.Response.Headers.XContentTypeOptions = "nosniff";
        }

        http.Response.ContentLength = body.Length;
        await http.Response.Body.WriteAsync(body, http.RequestAborted);
    }
}
