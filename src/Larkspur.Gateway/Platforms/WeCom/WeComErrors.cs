using Larkspur.Gateway.Outbox;
using Larkspur.WeCom;
using Larkspur.WeCom.AiBots;

namespace Larkspur.Gateway.Platforms.WeCom;

/// <summary>What went wrong in a call, as the outbox takes it.</summary>
internal static class WeComErrors
{
    private static readonly TimeSpan Blocked = TimeSpan.FromMinutes(1);

    /// <summary>Whether an exception is one of the platform's or the SDK's; others are faults of ours.</summary>
    public static bool IsKnown(Exception e) => e is WeComApiException or PlatformNetworkException or WeComContentException or AiBotLimitException;

    public static ChannelException Translate(Exception e) => e switch
    {
        WeComApiException refused => new ChannelException($"{refused.FailureKind.ToString().ToLowerInvariant()}_{refused.Code}", refused.Message,
            // A secret that was reset is soon set anew: what people are owed waits for it.
            refused.IsTransient || refused.FailureKind is FailureKind.Authentication or FailureKind.RateLimited, refused)
        {
            Code = refused.Code,
            Ambiguous = refused.FailureKind == FailureKind.Transient,
            ContentRefused = refused.FailureKind == FailureKind.Invalid && refused.Code is not (81013 or 82001 or 82002 or 82003 or 60140 or 42015),
            Blame = refused.FailureKind switch
            {
                // The platform closes what was too fast for a minute: whoever comes next in that lane would meet the same.
                FailureKind.RateLimited => Blame.Receiver,
                FailureKind.Transient or FailureKind.Authentication => Blame.Platform,
                _ => Blame.Message,
            },
            RetryAfter = refused.RetryAfter ?? (refused.FailureKind == FailureKind.RateLimited ? Blocked : null),
        },
        PlatformNetworkException lost => new ChannelException(lost.TimedOut ? "timed_out" : "no_connection", lost.Message, transient: true, lost)
        {
            Ambiguous = lost.EffectUnknown, Blame = Blame.Platform,
        },
        WeComContentException content => new ChannelException("content", content.Message, transient: false, content) { ContentRefused = true },
        AiBotLimitException limit => new ChannelException("limit_" + limit.Limit.ToString().ToLowerInvariant(), limit.Message, transient: false, limit),
        _ => new ChannelException("fault", e.Message, transient: true, e) { Ambiguous = true },
    };
}
