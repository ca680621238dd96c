using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Gateway.Api;

namespace Larkspur.Gateway.People.Scim;

/// <summary>A resource or a list as <c>application/scim+json</c>.</summary>
internal sealed class ScimAnswer(int status, JsonObject body) : IResult
{
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(body, Json);
        httpContext.Response.StatusCode = status;
        httpContext.Response.ContentType = ScimError.ContentType;
        httpContext.Response.ContentLength = bytes.Length;
        if (status == StatusCodes.Status201Created && body["meta"]?["location"]?.GetValue<string>() is { } location)
            httpContext.Response.Headers.Location = location;
        if (!HttpMethods.IsHead(httpContext.Request.Method)) await httpContext.Response.Body.WriteAsync(bytes, httpContext.RequestAborted);
    }

    public static ScimAnswer Of(HttpRequest request, int status, JsonObject resource) =>
        new(status, ScimSelection.Of(request).Apply(resource));

    /// <summary>A page of a list.</summary>
    public static ScimAnswer List(HttpRequest request, ScimQuery query, long total, IReadOnlyList<JsonObject> resources)
    {
        var selection = ScimSelection.Of(request);
        return new(StatusCodes.Status200OK, new JsonObject
        {
            ["schemas"] = new JsonArray(ScimSchemas.List), ["totalResults"] = total, ["startIndex"] = query.Start,
            ["itemsPerPage"] = resources.Count, ["Resources"] = new JsonArray([.. resources.Select(r => (JsonNode?)selection.Apply(r))]),
        });
    }

    /// <summary>Gives a resource its <c>meta</c>: the version changes with what stands in it.</summary>
    public static JsonObject WithMeta(JsonObject resource, string type, Uri address, DateTimeOffset? created, DateTimeOffset? changed)
    {
        var meta = new JsonObject { ["resourceType"] = type };
        if (created is { } at) meta["created"] = Time(at);
        if (changed is { } last) meta["lastModified"] = Time(last);
        meta["location"] = address.ToString();
        meta["version"] = $"W/\"{Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(resource, Json)))[..16]}\"";
        resource["meta"] = meta;
        return resource;
    }

    /// <summary>Where SCIM is, as the caller knows this gateway.</summary>
    public static Uri Address(HttpRequest request, string below) =>
        new($"{request.Scheme}://{request.Host.Value}{ApiPaths.Scim}/v2/{below}", UriKind.Absolute);

    private static string Time(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture);
}
