using System.Text.Json;
using Larkspur.Gateway.Api;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Larkspur.Gateway.Hosting;

/// <summary>The description of the REST API, made of the running endpoints.</summary>
public static class LiveDescription
{
    /// <summary>Makes the OpenAPI document of a gateway that was started; it takes seconds.</summary>
    public static async Task<JsonElement> DescribeApiAsync(this WebApplication gateway, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(gateway);
        // The endpoints are made when somebody first asks for one.
        var sources = ((IEndpointRouteBuilder)gateway).DataSources;
        foreach (var late in sources.OfType<LateRoutes>()) await late.MakeAsync().WaitAsync(cancellation);
        var provider = gateway.Services.GetRequiredKeyedService<IOpenApiDocumentProvider>(DescriptionPage.Version);
        var document = await provider.GetOpenApiDocumentAsync(cancellation);
        using var json = new MemoryStream();
        await document.SerializeAsJsonAsync(json, OpenApiSpecVersion.OpenApi3_1, cancellation);
        return JsonSerializer.Deserialize<JsonElement>(json.ToArray());
    }
}
