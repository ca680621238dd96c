namespace Larkspur.Dify;

/// <summary>What Dify's refusals mean for an assistant.</summary>
internal static class DifyFailures
{
    public static AssistantException Translate(Exception exception, bool began) => exception switch
    {
        DifyException refused => new AssistantException(FailureOf(refused, began), refused.Message, refused) { MidStream = refused.MidStream && began, RetryAfter = refused.RetryAfter },
        PlatformNetworkException lost => new AssistantException(began ? AssistantFailure.Interrupted : AssistantFailure.Unavailable, lost.Message, lost) { MidStream = began },
        _ => new AssistantException(AssistantFailure.Unknown, exception.Message, exception) { MidStream = began },
    };

    private static AssistantFailure FailureOf(DifyException refused, bool began) =>
        refused.IsConversationGone ? AssistantFailure.ConversationGone
        : refused.FailureKind == FailureKind.Quota ? AssistantFailure.Quota
        : DifyErrorCodes.IsMisconfigured(refused.ErrorCode) || refused.FailureKind is FailureKind.Authentication or FailureKind.Permission ? AssistantFailure.Misconfigured
        : began ? AssistantFailure.Interrupted
        : refused.FailureKind switch
        {
            FailureKind.RateLimited => AssistantFailure.Busy,
            FailureKind.Transient => AssistantFailure.Unavailable,
            FailureKind.Invalid or FailureKind.NotFound => AssistantFailure.Refused,
            _ => AssistantFailure.Unknown,
        };
}
