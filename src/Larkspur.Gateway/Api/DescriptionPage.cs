using System.IO.Compression;
using System.Reflection;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Net.Http.Headers;

namespace Larkspur.Gateway.Api;

/// <summary>
/// Serves the description of the REST API to everybody. Making it costs seconds of a processor and hundreds of megabytes, so the one that was
/// made of this build is served (<c>larkspur openapi</c> makes it anew, and tests hold the two together).
/// </summary>
internal static class DescriptionPage
{
    /// <summary>The document's name, and the API's version.</summary>
    public const string Version = "v1";

    private static readonly Lazy<Made> Description = new(Make);

    public static async Task WriteAsync(HttpContext http)
    {
        var made = Description.Value;
        var headers = http.Response.GetTypedHeaders();
        headers.ETag = made.Tag;
        http.Response.Headers.Vary = HeaderNames.AcceptEncoding;
        // It changes with the version alone; whoever has it asks with its tag.
        http.Response.Headers.CacheControl = "no-cache";
        if (http.Request.GetTypedHeaders().IfNoneMatch.Any(tag => tag.Compare(made.Tag, useStrongComparison: false)))
        {
            http.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        var takesGzip = http.Request.GetTypedHeaders().AcceptEncoding.Any(e => e.Value.Equals("gzip", StringComparison.OrdinalIgnoreCase)
            && e.Quality is null or > 0);
        var bytes = takesGzip ? made.Gzip : made.Json;
        if (takesGzip) http.Response.Headers.ContentEncoding = "gzip";
        http.Response.ContentType = "application/json; charset=utf-8";
        http.Response.ContentLength = bytes.Length;
        if (!HttpMethods.IsHead(http.Request.Method)) await http.Response.Body.WriteAsync(bytes, http.RequestAborted);
    }

    private static Made Make()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("Larkspur.Gateway.Api.openapi.json")!;
        // As it is kept it has a line for each member, for its readers in a diff.
        var json = JsonSerializer.SerializeToUtf8Bytes(JsonSerializer.Deserialize<JsonElement>(stream));
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal)) gzip.Write(json);
        return new Made(json, packed.ToArray(),
            new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(json).AsSpan(0, 16))}\"", isWeak: true));
    }

    private sealed record Made(byte[] Json, byte[] Gzip, EntityTagHeaderValue Tag);
}
