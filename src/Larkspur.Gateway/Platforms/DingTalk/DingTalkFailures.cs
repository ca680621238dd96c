using Larkspur.DingTalk;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.Quota;

namespace Larkspur.Gateway.Platforms.DingTalk;

/// <summary>What a failed call means for the row that it was made for.</summary>
internal sealed class DingTalkFailures(DingTalkMonth month, QuotaOptions quotas)
{
    /// <summary>Ids in the platform's words that are about whom it goes to, or by whom: other words would be refused as well.</summary>
    private static readonly string[] Receivers = ["userId", "robotCode", "conversation", "SpaceId", "chatbot", "oto."];

    /// <summary>Translates what a call threw.</summary>
    public ChannelException Of(DingTalkApp app, Exception cause)
    {
        switch (cause)
        {
            case ChannelException already:
                return already;
            case DingTalkQuotaExceededException used:
                month.UsedUp(app);
                return Quota(used);
            case DingTalkApiException refused:
                return Refused(refused);
            case PlatformNetworkException lost:
                return new ChannelException(lost.TimedOut ? "timed_out" : "no_connection", lost.Message, transient: true, lost) { Ambiguous = lost.EffectUnknown, Blame = Blame.Platform };
            default:
                // The SDK refuses what the platform would: too long, nothing to say.
                return new ChannelException("refused_here", cause.Message, transient: false, cause) { ContentRefused = cause is ArgumentException };
        }
    }

    /// <summary>The month's calls are used up; one is tried now and then.</summary>
    public ChannelException Quota(Exception? cause = null) =>
        new("quota", "The organisation's API calls of this month are used up; one is tried now and then", transient: true, cause) { Blame = Blame.Message, RetryAfter = quotas.ProbeInterval };

    /// <summary>Another call would fare the same.</summary>
    public static bool IsFinal(Exception cause) => cause is DingTalkApiException { FailureKind: FailureKind.Invalid or FailureKind.NotFound or FailureKind.Permission };

    private static ChannelException Refused(DingTalkApiException e)
    {
        // A secret that was changed in the console is soon changed here too: what people are owed waits for it.
        var transient = e.IsTransient || e.FailureKind == FailureKind.Authentication;
        return new ChannelException(Word(e), e.Message, transient, e)
        {
            Ambiguous = e is { FailureKind: FailureKind.Transient or FailureKind.Unknown, NothingHappened: false },
            ContentRefused = e.FailureKind == FailureKind.Invalid && !Array.Exists(Receivers, r => e.ErrorCode.Contains(r, StringComparison.OrdinalIgnoreCase)),
            Code = e.Code,
            Blame = e.FailureKind is FailureKind.Transient or FailureKind.Authentication ? Blame.Platform : Blame.Message,
            LogId = e.LogId,
            RetryAfter = e.RetryAfter,
        };
    }

    /// <summary>The kind, and the platform's code where it is a number: its words are many and long.</summary>
    private static string Word(DingTalkApiException e) => e.Code == 0 ? e.FailureKind.ToString().ToLowerInvariant() : $"{e.FailureKind.ToString().ToLowerInvariant()}_{e.Code}";
}
