using Larkspur.Feishu;
using Larkspur.Gateway.Common.Refusals;

namespace Larkspur.Gateway.Documents.Rights;

/// <summary>What a refusal of the platform means for who wants to read.</summary>
internal static class DocumentFailures
{
    /// <summary>Exceptions that are an outcome; others are defects.</summary>
    public static bool IsOutcome(Exception e) => e is PlatformApiException or PlatformNetworkException or RequestRefusedException;

    /// <summary>The outcome.</summary>
    public static DocumentOutcome Of(Exception e) => e switch
    {
        // Content size, of raw content and of blocks.
        FeishuApiException { Code: 1770033 } => DocumentOutcome.TooLarge,
        // Permission calls: no such file, deleted. Documents: not found, deleted. Wiki: parameters, not found.
        FeishuApiException { Code: 1063001 or 1063005 or 1770002 or 1770003 or 131002 or 131005 } => DocumentOutcome.NotFound,
        FeishuApiException { Code: 1063002 or 1063003 or 1063004 or 1770032 or 131006 } => DocumentOutcome.NotAllowedForApp,
        FeishuApiException { MissingScopes.Count: > 0 } => DocumentOutcome.NotAllowedForApp,
        PlatformApiException { FailureKind: FailureKind.Permission } => DocumentOutcome.NotAllowedForApp,
        PlatformApiException { FailureKind: FailureKind.NotFound or FailureKind.Invalid } => DocumentOutcome.NotFound,
        _ => DocumentOutcome.Unavailable,
    };
}
