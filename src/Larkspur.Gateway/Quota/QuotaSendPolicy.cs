using Larkspur.Gateway.Outbox;

namespace Larkspur.Gateway.Quota;

/// <summary>What an app that is near the end of its month still sends: no frames in between; when nothing is left, no notices either. Answers are tried.</summary>
internal sealed class QuotaSendPolicy(IQuota quota) : ISendPolicy
{
    public SendDecision Decide(string app, OutboxPriority priority) => (priority, quota.Mode(app)) switch
    {
        (OutboxPriority.Answer, _) or (_, QuotaMode.Normal) => SendDecision.Go,
        (OutboxPriority.Frame, _) => SendDecision.Drop,
        (_, QuotaMode.Exhausted) => SendDecision.Wait,
        _ => SendDecision.Go,
    };
}
