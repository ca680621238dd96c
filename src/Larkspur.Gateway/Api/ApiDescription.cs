using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Larkspur.Gateway.Api.Examples;
using Larkspur.Gateway.Api.Requests;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Larkspur.Gateway.Api;

/// <summary>What all operations have in common in the description: scopes, problems, keys of repeats, limits.</summary>
internal static class ApiDescription
{
    // What can happen to every call.
    private static readonly (int Status, string Meaning)[] Everywhere =
    [
        (StatusCodes.Status400BadRequest, "Something in the request cannot be read, or there is none of its name"),
        (StatusCodes.Status401Unauthorized, "No key, or one that is not valid"),
        (StatusCodes.Status403Forbidden, "The key lacks the scope"),
        (StatusCodes.Status429TooManyRequests, "The key's calls of this minute are used up; Retry-After"),
        (StatusCodes.Status500InternalServerError, "The gateway failed"),
        (StatusCodes.Status503ServiceUnavailable, "The database is away, or there is too much at once"),
    ];

    public static void Describe(OpenApiOptions options)
    {
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
        options.AddSchemaTransformer(SchemaAsync);
        options.AddOperationTransformer(RequestBodies.DescribeAsync);
        options.AddOperationTransformer(OperationAsync);
        options.AddDocumentTransformer(DocumentAsync);
    }

    /// <summary>The route keeps the name of a call (<c>Idempotency-Key</c>), so that a repeat is no second one. For the description; the route reads it itself.</summary>
    public static TBuilder TakesIdempotencyKey<TBuilder>(this TBuilder route) where TBuilder : IEndpointConventionBuilder => route.WithMetadata(new IsRepeatable());

    /// <summary>What is left out while it is null is not required, though its record needs it to be made.</summary>
    private static Task SchemaAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellation)
    {
        foreach (var property in context.JsonTypeInfo.Properties)
        {
            if (property.AttributeProvider?.GetCustomAttributes(typeof(JsonIgnoreAttribute), true) is [JsonIgnoreAttribute { Condition: JsonIgnoreCondition.WhenWritingNull }]) schema.Required?.Remove(property.Name);
        }

        RequestBodies.Bound(schema, context.JsonTypeInfo);
        return Task.CompletedTask;
    }

    private static Task OperationAsync(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellation)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        if (!metadata.OfType<NeedsApiKey>().Any()) return Task.CompletedTask;
        var notes = new StringBuilder(operation.Description);
        if (metadata.OfType<NeedsScope>().LastOrDefault() is { Scope: var scope } needs)
        {
            operation.Extensions ??= new Dictionary<string, IOpenApiExtension>();
            operation.Extensions["x-scope"] = new JsonNodeExtension(JsonValue.Create(scope));
            if (needs.Also is { } second) operation.Extensions["x-scope-also"] = new JsonNodeExtension(JsonValue.Create(second));
            notes.Append(notes.Length > 0 ? "\n\n" : "").Append(CultureInfo.InvariantCulture, $"Scope: `{scope}`{(needs.Also is { } also ? $" and `{also}`" : "")}.");
        }

        if (metadata.OfType<IsRepeatable>().Any() && operation.Parameters?.Any(p => p.Name == "Idempotency-Key") != true)
        {
            operation.Parameters ??= [];
            operation.Parameters.Add(new OpenApiParameter
            {
                Name = "Idempotency-Key", In = ParameterLocation.Header, Description = "The caller's name for this call, up to 200 characters: a repeat under it is answered the same and done once; another body under it is 409 key_in_use.",
                Schema = new OpenApiSchema { Type = JsonSchemaType.String, MaxLength = 200 },
            });
        }

        var body = metadata.OfType<BodyDescription>().FirstOrDefault();
        if (body?.Largest is { } largest)
        {
            notes.Append(notes.Length > 0 ? "\n\n" : "").Append(CultureInfo.InvariantCulture, $"Body: up to {largest >> 10} KB.");
        }
        else if (body is null && operation.RequestBody is not null)
        {
            var most = metadata.OfType<RequestSizeLimitAttribute>().LastOrDefault() is Microsoft.AspNetCore.Http.Metadata.IRequestSizeLimitMetadata { MaxRequestBodySize: { } bytes } ? bytes : 1 << 20;
            notes.Append(notes.Length > 0 ? "\n\n" : "").Append(CultureInfo.InvariantCulture, $"Body: up to {(most >= 1 << 20 ? $"{most >> 20} MB" : $"{most >> 10} KB")} in any case; where a call takes less, 413 says how much.");
        }

        operation.Description = notes.Length > 0 ? notes.ToString() : null;
        operation.OperationId ??= NameOf(context.Description.HttpMethod ?? "GET", context.Description.RelativePath ?? "");
        AddProblems(operation, context.Document);
        return Task.CompletedTask;
    }

    private static void AddProblems(OpenApiOperation operation, OpenApiDocument? document)
    {
        operation.Responses ??= [];
        foreach (var (status, meaning) in Everywhere)
        {
            operation.Responses.TryAdd(status.ToString(CultureInfo.InvariantCulture), new OpenApiResponse
            {
                Description = meaning,
                Content = new Dictionary<string, OpenApiMediaType>
                {
                    [Problem.ContentType] = new() { Schema = new OpenApiSchemaReference(nameof(Problem), document) },
                },
            });
        }
    }

    private static Task DocumentAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellation)
    {
        document.Info.Title = "Larkspur gateway";
        document.Info.Version = "v1";
        document.Info.Description = "Every call carries a key: Authorization: Bearer KEY, or X-Api-Key: KEY. The key of LARKSPUR_API_KEY may do everything; others hold scopes, and each operation names the one it needs (x-scope). "
            + "Refusals are problems (RFC 9457): type, title, status and detail, a word for programs in error, and in pointer the field that is meant. "
            + "Lists come in pages: limit and cursor, whose next value is the answer's next; the platform's own lists have page_size and page_token.";
        // Where it runs is not the API's matter, and would be another text in every copy of the description.
        document.Servers = null;
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            ["bearer"] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer" },
            ["apiKey"] = new OpenApiSecurityScheme { Type = SecuritySchemeType.ApiKey, In = ParameterLocation.Header, Name = "X-Api-Key" },
        };
        document.Security =
        [
            new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference("bearer", document)] = [] },
            new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference("apiKey", document)] = [] },
        ];
        ApiTags.Set(document);
        ApiExamples.Set(document);
        ProblemExamples.Set(document);
        Sort(document);
        return Task.CompletedTask;
    }

    /// <summary>In the order of names: the description is compared with the one that clients are made from.</summary>
    private static void Sort(OpenApiDocument document)
    {
        var paths = new OpenApiPaths();
        foreach (var (path, item) in document.Paths.OrderBy(p => p.Key, StringComparer.Ordinal)) paths[path] = item;
        document.Paths = paths;
        if (document.Components?.Schemas is { } schemas)
            document.Components.Schemas = schemas.OrderBy(s => s.Key, StringComparer.Ordinal).ToDictionary(s => s.Key, s => s.Value);
        foreach (var operation in paths.Values.SelectMany(p => p.Operations is { } operations ? operations.Values.AsEnumerable() : []))
        {
            if (operation.Responses is not { } answers) continue;
            var sorted = new OpenApiResponses();
            foreach (var (status, answer) in answers.OrderBy(a => a.Key, StringComparer.Ordinal)) sorted[status] = answer;
            operation.Responses = sorted;
        }
    }

    /// <summary>For routes without a name of their own: <c>GET /api/v1/a/{b}/c</c> is GetAC.</summary>
    private static string NameOf(string method, string path)
    {
        var name = new StringBuilder().Append(method[0]).Append(method[1..].ToLowerInvariant());
        foreach (var step in path.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(s => s[0] != '{' && s is not ("api" or "v1")))
        {
            foreach (var word in step.Split('-', '_')) name.Append(char.ToUpperInvariant(word[0])).Append(word[1..]);
        }

        return name.ToString();
    }

    private sealed class IsRepeatable;
}
