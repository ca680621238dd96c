using Microsoft.OpenApi;

namespace Larkspur.Gateway.Api.Requests;

/// <summary>The body of a route that reads it itself, for its description.</summary>
internal static class RequestBodies
{
    /// <summary>
    /// Describes the body. Not as metadata that routing sees: that would pass a request with another content type on to the page that says
    /// "not found".
    /// </summary>
    public static RouteHandlerBuilder Takes<T>(this RouteHandlerBuilder route) => Describe<T>(route, required: true);

    /// <summary>As <see cref="Takes"/>; the call goes without a body too.</summary>
    public static RouteHandlerBuilder MayTake<T>(this RouteHandlerBuilder route) => Describe<T>(route, required: false);

    private static RouteHandlerBuilder Describe<T>(RouteHandlerBuilder route, bool required) =>
        route.AddOpenApiOperationTransformer(async (operation, context, cancellation) =>
        {
            var schema = await context.GetOrCreateSchemaAsync(typeof(T), null, cancellation);
            IOpenApiSchema described = schema;
            if (context.Document is { } document)
            {
                document.AddComponent(typeof(T).Name, schema);
                described = new OpenApiSchemaReference(typeof(T).Name, document);
            }

            operation.RequestBody = new OpenApiRequestBody
            {
                Required = required,
                Content = new Dictionary<string, OpenApiMediaType> { ["application/json"] = new() { Schema = described } },
            };
        });
}
