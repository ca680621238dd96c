using Larkspur.Gateway.Api.Requests;
using Microsoft.OpenApi;

namespace Larkspur.Gateway.Messages;

/// <summary>Uploads in the API's description.</summary>
internal static class UploadDescription
{
    /// <summary>A file as the raw body, with its fields in the address; or as a part of a form, with its fields beside it.</summary>
    public static RouteHandlerBuilder TakesFile(this RouteHandlerBuilder route, string part, params (string Name, string Meaning)[] fields) =>
        route.WithMetadata(new QueryNames([.. fields.Select(field => field.Name)])).AddOpenApiOperationTransformer((operation, _, _) =>
    {
        var form = new OpenApiSchema { Type = JsonSchemaType.Object, Properties = new Dictionary<string, IOpenApiSchema> { [part] = Bytes() }, Required = new HashSet<string> { part } };
        operation.Parameters ??= [];
        foreach (var (name, meaning) in fields)
        {
            form.Properties[name] = new OpenApiSchema { Type = JsonSchemaType.String, Description = meaning };
            operation.Parameters.Add(new OpenApiParameter { Name = name, In = ParameterLocation.Query, Description = meaning, Schema = new OpenApiSchema { Type = JsonSchemaType.String } });
        }

        operation.RequestBody = new OpenApiRequestBody
        {
            Required = true, Content = new Dictionary<string, OpenApiMediaType> { ["application/octet-stream"] = new() { Schema = Bytes() }, ["multipart/form-data"] = new() { Schema = form } },
        };
        return Task.CompletedTask;
    });

    private static OpenApiSchema Bytes() => new() { Type = JsonSchemaType.String, Format = "binary" };
}
