using Larkspur.Feishu;
using Larkspur.Feishu.Messaging;
using Larkspur.Gateway.Api;
using Larkspur.Gateway.Api.Requests;

namespace Larkspur.Gateway.Apps.Feishu;

/// <summary>What a platform refuses, or its SDK before the call, as an answer over REST.</summary>
internal sealed class PlatformProblems : IExceptionProblems
{
    public Problem? Of(Exception exception) => exception switch
    {
        PlatformApiException e => Refused(e),
        UploadRefusedException e => Unfit(e),
        // What the SDK finds before the call; the fields themselves were judged where they are read.
        MessageContentException e => Problem.Of(StatusCodes.Status422UnprocessableEntity, Of(e.Problem), e.Message),
        PlatformNetworkException e => Problem.Of(StatusCodes.Status504GatewayTimeout, e.TimedOut ? "platform_timed_out" : "platform_unreachable",
            e.EffectUnknown
                ? "The platform did not answer: it may have done it all the same."
                : "The platform did not answer, and nothing was done.") with { EffectUnknown = e.EffectUnknown },
        _ => null,
    };

    private static Problem Unfit(UploadRefusedException e)
    {
        var (status, word) = Of(e.Problem);
        return Problem.Of(status, word, e.Message);
    }

    private static Problem Refused(PlatformApiException e)
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
        var problem = Problem.Of(known?.Status ?? status, known?.Word ?? word, words?.English ?? sentence, words?.Chinese);
        return problem with
        {
            Code = e.Code,
            Detail = told?.Msg is { Length: > 0 } msg ? msg : null,
            LogId = e.LogId,
            MissingScopes = told?.MissingScopes is { Count: > 0 } scopes ? scopes : null,
            RetryAfter = problem.Status == StatusCodes.Status429TooManyRequests ? told?.RetryAfter : null,
        };
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
}
