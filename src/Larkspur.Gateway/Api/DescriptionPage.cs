using System.Security.Cryptography;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Net.Http.Headers;
using Microsoft.OpenApi;

namespace Larkspur.Gateway.Api;

/// <summary>Serves the description of the REST API to everybody. Making it costs seconds of a processor and hundreds of megabytes: it is made once, however many ask, and is the same for all.</summary>
internal sealed class DescriptionPage(IServiceProvider services) : IDisposable
{
    /// <summary>The document's name, and the API's version.</summary>
    public const string Version = "v1";

    private readonly SemaphoreSlim _single = new(1, 1);
    private volatile Made? _made;

    public async Task<IResult> ReadAsync(CancellationToken cancellation)
    {
        var made = _made ?? await MakeAsync(cancellation);
        return TypedResults.Bytes(made.Json, "application/json; charset=utf-8", entityTag: made.Tag);
    }

    public void Dispose() => _single.Dispose();

    private async Task<Made> MakeAsync(CancellationToken cancellation)
    {
        await _single.WaitAsync(cancellation);
        try
        {
            if (_made is { } before) return before;
            // Not ended by the one who happens to be the first and goes away: the others wait for the same.
            var document = await services.GetRequiredKeyedService<IOpenApiDocumentProvider>(Version).GetOpenApiDocumentAsync(CancellationToken.None);
            using var json = new MemoryStream();
            await document.SerializeAsJsonAsync(json, OpenApiSpecVersion.OpenApi3_1, CancellationToken.None);
            var bytes = json.ToArray();
            return _made = new Made(bytes, new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 16))}\""));
        }
        finally
        {
            _single.Release();
        }
    }

    private sealed record Made(byte[] Json, EntityTagHeaderValue Tag);
}
