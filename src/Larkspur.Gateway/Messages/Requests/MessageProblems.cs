using System.Globalization;
using Larkspur.Feishu;
using Larkspur.Feishu.Messaging;
using Larkspur.Gateway.Channels;
using Larkspur.Gateway.Channels.Feishu;
using Larkspur.Gateway.Outbox;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.OpenApi;

namespace Larkspur.Gateway.Messages;

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
        catch (PlatformApiException e)
        {
            var (status, problem) = Of(e);
            if (status == StatusCodes.Status429TooManyRequests && e is FeishuApiException { RetryAfter: { } after })
                context.HttpContext.Response.Headers.RetryAfter = ((int)Math.Ceiling(after.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
            return Answer(status, problem);
        }
        catch (UploadRefusedException e)
        {
            var (status, word) = Of(e.Problem);
            return Answer(status, new MessageProblem { Error = word, Message = e.Message });
        }
        catch (MessageContentException e)
        {
            // What the SDK finds before the call; the fields themselves were judged where they are read.
            return Answer(StatusCodes.Status422UnprocessableEntity, new MessageProblem { Error = Of(e.Problem), Message = e.Message });
        }
        catch (PlatformNetworkException e)
        {
            return Answer(StatusCodes.Status504GatewayTimeout, new MessageProblem
            {
                Error = e.TimedOut ? "platform_timed_out" : "platform_unreachable",
                Message = e.EffectUnknown ? "The platform did not answer: it may have done it all the same." : "The platform did not answer, and nothing was done.",
                EffectUnknown = e.EffectUnknown,
            });
        }
    }

    private static (int Status, MessageProblem Problem) Of(PlatformApiException e)
    {
        var known = MessageRefusals.Find(e.Code);
        var (status, word, sentence) = e.FailureKind switch
        {
            FailureKind.NotFound => (StatusCodes.Status404NotFound, "not_found_there", "The platform knows nothing of this name."),
            FailureKind.Permission => (StatusCodes.Status403Forbidden, "not_permitted", "The app or its bot may not do it."),
            FailureKind.Invalid => (StatusCodes.Status422UnprocessableEntity, "refused", "The platform refused what was asked for."),
            FailureKind.RateLimited => (StatusCodes.Status429TooManyRequests, "rate_limited", "The platform takes no more calls for now."),
            FailureKind.Conflict => (StatusCodes.Status409Conflict, "conflict", "Somebody else is changing the same thing."),
            FailureKind.Quota => (StatusCodes.Status503ServiceUnavailable, "quota", "The app's calls of this month are used up."),
            FailureKind.Authentication => (StatusCodes.Status502BadGateway, "app_credentials", "The platform does not accept the app's credentials."),
            _ => (StatusCodes.Status502BadGateway, "platform_failed", "The platform could not do it."),
        };
        var told = e as FeishuApiException;
        var words = told?.Explanation;
        return (known?.Status ?? status, new MessageProblem
        {
            Error = known?.Word ?? word,
            Message = words?.English ?? sentence,
            MessageZh = words?.Chinese,
            Code = e.Code,
            Detail = told?.Msg is { Length: > 0 } msg ? msg : null,
            LogId = e.LogId,
            MissingScopes = told?.MissingScopes is { Count: > 0 } scopes ? scopes : null,
        });
    }

    private static string Of(MessageContentProblem problem) => problem switch
    {
        MessageContentProblem.NotJson => "content_not_json",
        MessageContentProblem.TooLarge => "content_too_large",
        _ => "refused",
    };

    private static (int Status, string Word) Of(UploadProblem problem) => problem switch
    {
        UploadProblem.Empty => (StatusCodes.Status422UnprocessableEntity, "empty_file"),
        UploadProblem.TooLarge => (StatusCodes.Status413PayloadTooLarge, "file_too_large"),
        UploadProblem.NotAnImage or UploadProblem.BrokenImage => (StatusCodes.Status422UnprocessableEntity, "bad_image"),
        UploadProblem.TooManyPixels => (StatusCodes.Status422UnprocessableEntity, "image_resolution"),
        UploadProblem.NotOpus => (StatusCodes.Status422UnprocessableEntity, "not_opus"),
        UploadProblem.NotMp4 => (StatusCodes.Status422UnprocessableEntity, "not_mp4"),
        _ => (StatusCodes.Status422UnprocessableEntity, "bad_file_name"),
    };

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
