using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Larkspur.Gateway.Api.Requests;

/// <summary>The bodies of routes, for their description.</summary>
internal static class RequestBodies
{
    /// <summary>
    /// Describes the body of a route that reads it by a grammar of its own. Not as metadata that routing knows: that would pass a request
    /// with another content type on to the page that says "not found".
    /// </summary>
    public static RouteHandlerBuilder Takes<T>(this RouteHandlerBuilder route) => route.WithMetadata(new BodyDescription(typeof(T), null));

    /// <summary>The call goes without a body too.</summary>
    public static RouteHandlerBuilder GoesWithoutBody(this RouteHandlerBuilder route) => route.WithMetadata(new IsOptional());

    /// <summary>Describes the body that the route takes.</summary>
    public static async Task DescribeAsync(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellation)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        if (metadata.OfType<BodyDescription>().FirstOrDefault() is not { } body) return;
        var schema = await context.GetOrCreateSchemaAsync(body.Type, null, cancellation);
        IOpenApiSchema described = schema;
        if (context.Document is { } document)
        {
            document.AddComponent(body.Type.Name, schema);
            described = new OpenApiSchemaReference(body.Type.Name, document);
        }

        operation.RequestBody = new OpenApiRequestBody
        {
            Required = !metadata.OfType<IsOptional>().Any(),
            Content = new Dictionary<string, OpenApiMediaType> { ["application/json"] = new() { Schema = described } },
        };
    }

    /// <summary>What <see cref="BodyShape"/> demands and the framework does not describe by itself: nothing undeclared, nothing
    /// empty.</summary>
    public static void Bound(OpenApiSchema schema, JsonTypeInfo contract)
    {
        if (!contract.Type.IsAssignableTo(typeof(IRequestPart))) return;
        schema.AdditionalPropertiesAllowed = false;
        foreach (var property in contract.Properties)
        {
            if (property.AttributeProvider is not { } declared || schema.Properties?[property.Name] is not OpenApiSchema member) continue;
            if (declared.IsDefined(typeof(DescribedAsTextAttribute), true)) member.Type = JsonSchemaType.String | JsonSchemaType.Null;
            if (member.Items is OpenApiSchema item)
            {
                member.MinItems = declared.IsDefined(typeof(MayBeEmptyAttribute), true) ? null : 1;
                if (declared.GetCustomAttributes(typeof(MaxItemLengthAttribute), true) is not [MaxItemLengthAttribute longest]) continue;
                (item.MinLength, item.MaxLength) = (1, longest.Length);
            }
            else if (declared.IsDefined(typeof(MaxLengthAttribute), true))
            {
                member.MinLength = 1;
            }
        }
    }

    private sealed class IsOptional;
}

/// <summary>What a route's body is, for its description.</summary>
/// <param name="Type">The record.</param>
/// <param name="Largest">Bytes that are taken; null: the route says how many when it refuses more.</param>
internal sealed record BodyDescription(Type Type, int? Largest);
