using System.Globalization;
using Larkspur.Gateway.Common.Refusals;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.OpenApi;

namespace Larkspur.Gateway.Api.Requests;

/// <summary>Answers refusals: one shape for what we find wrong and for what the platform does.</summary>
internal sealed class MessageProblems : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return await next(context);
        }
        catch (RequestRefusedException e)
        {
            return Answer(e.Status, new MessageProblem { Error = e.Word, Message = e.Message, Pointer = e.Pointer, Findings = e.Findings });
        }
        catch (Exception e) when (Known(context.HttpContext, e) is { } known)
        {
            if (known.RetryAfter is { } after)
                context.HttpContext.Response.Headers.RetryAfter = ((int)Math.Ceiling(after.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
            return Answer(known.Status, known.Problem);
        }
    }

    private static ExceptionProblem? Known(HttpContext http, Exception exception) =>
        http.RequestServices.GetServices<IExceptionProblems>().Select(all => all.Of(exception)).FirstOrDefault(problem => problem is not null);

    private static JsonHttpResult<MessageProblem> Answer(int status, MessageProblem problem) => TypedResults.Json(problem, statusCode: status);
}

/// <summary>The refusals of a route, for its description.</summary>
internal static class MessageProblemMetadata
{
    public static RouteHandlerBuilder Refuses(this RouteHandlerBuilder route, params ReadOnlySpan<int> statuses)
    {
        route.Produces<Api.ApiError>(StatusCodes.Status401Unauthorized);
        foreach (var status in statuses) route.Produces<MessageProblem>(status);
        return route;
    }

    /// <summary>
    /// Describes the body, which the endpoint reads itself. Not as metadata that routing sees: that would pass a request with another content type on to
    /// the page that says "not found".
    /// </summary>
    public static RouteHandlerBuilder Takes<T>(this RouteHandlerBuilder route) => Describe<T>(route, required: true);

    /// <summary>As <see cref="Takes"/>; the call goes without a body too.</summary>
    public static RouteHandlerBuilder MayTake<T>(this RouteHandlerBuilder route) => Describe<T>(route, required: false);

    private static RouteHandlerBuilder Describe<T>(RouteHandlerBuilder route, bool required) => route.AddOpenApiOperationTransformer(async (operation, context, cancellation) =>
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
            Required = required, Content = new Dictionary<string, OpenApiMediaType> { ["application/json"] = new() { Schema = described } },
        };
    });

    /// <summary>What every call that goes to the platform at once can be answered.</summary>
    public static RouteHandlerBuilder CallsPlatform(this RouteHandlerBuilder route) =>
        MessageProblemMetadata.Refuses(route, 400, 403, 404, 409, 422, 429, 502, 503, 504);
}
