using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Ingress;

namespace Larkspur.Gateway.Doctor.Checks;

/// <summary>The definition's events are subscribed to. The platform has no question for that, so the check subscribes: what was subscribed stays so, what was not is from now on.</summary>
/// <remarks>
/// Subscribing needs <c>approval:definition</c> (or <c>approval:approval</c>), which running does not. Without it an event that came proves the subscription;
/// without an event nothing is known, and reconciliation finds the decisions.
/// </remarks>
internal sealed class ApprovalSubscriptionCheck(IngressMetrics ingress, AuditTrail audit) : IDoctorCheck
{
    private const string Instance = "approval_instance";

    public string Id => "approval_subscription";

    public LocalText Title => ApprovalSubscriptionCheckTexts.Title;

    public async Task<CheckResult> RunAsync(Examination of, CancellationToken cancellation)
    {
        if (!of.Uses(PlatformFeature.Payments)) return CheckResult.Skipped(ApprovalSubscriptionCheckTexts.PaymentWorkflowIsOff);
        if (of.Settings.Text(FeishuIntegration.ApprovalCode) is not { } code)
            return CheckResult.Skipped(ApprovalSubscriptionCheckTexts.NoApprovalCodeIsSet);
        if (of.Platform is not { } platform) return Examination.NoApp;
        var answer = await platform.SubscribeAsync(code);
        var detail = new System.Text.Json.Nodes.JsonObject { ["approval_code"] = code };
        switch (answer.Failure)
        {
            case null:
                await audit.AddAsync(of.By, "approval.subscribed", code, cancellation: cancellation);
                return CheckResult.Warning(ApprovalSubscriptionCheckTexts.ApprovalDefinitionWasNot(code),
                    ApprovalSubscriptionCheckTexts.RunCheckAgainToConfirm, detail);
            case { Code: 1390007 or 60007 }:
                return CheckResult.Ok(ApprovalSubscriptionCheckTexts.Subscribed, detail);
            case { Kind: UnaskedKind.Scope } when ingress.Evidence.LastOf(of.App, Instance) is { } at:
                return CheckResult.Ok(ApprovalSubscriptionCheckTexts.LastApprovalEventCameAt($"{at:u}"), detail);
            case { Kind: UnaskedKind.Scope }:
                return CheckResult.Skipped(ApprovalSubscriptionCheckTexts.SubscribingNeedsApproval, detail)
                    with { Link = platform.GrantPage(["approval:definition"]) };
            case { Code: 1390002 or 60002 or 1390001 or 60001 or 1390016 or 1390015 }:
                return CheckResult.Skipped(ApprovalSubscriptionCheckTexts.DefinitionCannotBeUsedSee, detail);
            case { } why:
                return Examination.Unasked(why);
        }
    }
}
