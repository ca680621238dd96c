using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.Outbox;

namespace Larkspur.Gateway.Quota;

/// <summary>What a Feishu app that is near the end of its month still sends: no frames in between; when nothing is left, no notifications either. Answers are tried.</summary>
/// <remarks>Of Feishu's apps alone: another platform's app of the same name has a month of its own, or none. DingTalk's channel spares its own, call by call, because a part of them costs nothing.</remarks>
internal sealed class QuotaSendPolicy(IQuota quota) : ISendPolicy
{
    public SendDecision Decide(string platform, string app, OutboxPriority priority) => (priority, platform == PlatformNames.Feishu ? quota.Mode(app) : QuotaMode.Normal) switch
    {
        (OutboxPriority.Answer, _) or (_, QuotaMode.Normal) => SendDecision.Go,
        (OutboxPriority.Frame, _) => SendDecision.Drop,
        (_, QuotaMode.Exhausted) => SendDecision.Wait,
        _ => SendDecision.Go,
    };
}
