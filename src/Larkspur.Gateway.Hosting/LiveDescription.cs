using System.Text.Json;
using Larkspur.Gateway.Api;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Larkspur.Gateway.Hosting;

/// <summary>The description of the REST API, made of the running endpoints.</summary>
public static class LiveDescription
{
    /// <summary>Makes the OpenAPI document of a gateway that was started; it takes seconds.</summary>
    /// <exception cref="HttpRequestException">The gateway does not answer under its own address.</exception>
    public static async Task<JsonElement> DescribeApiAsync(this WebApplication gateway, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(gateway);
        // The endpoints are made when somebody first asks for one.
        using (var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri(gateway.Urls.First()) })
            (await http.GetAsync(new Uri(RestApi.Root + "/v1", UriKind.Relative), cancellation)).Dispose();
        var provider = gateway.Services.GetRequiredKeyedService<IOpenApiDocumentProvider>(DescriptionPage.Version);
        var document = await provider.GetOpenApiDocumentAsync(cancellation);
        using var json = new MemoryStream();
        await document.SerializeAsJsonAsync(json, OpenApiSpecVersion.OpenApi3_1, cancellation);
        return JsonSerializer.Deserialize<JsonElement>(json.ToArray());
    }
}
