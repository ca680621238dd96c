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

    public LocalText Title => new("审批事件订阅", "Approval subscription");

    public async Task<CheckResult> RunAsync(Examination of, CancellationToken cancellation)
    {
        if (!of.Uses(PlatformFeature.Payments)) return CheckResult.Skipped("付款审批流程没有开启", "The payment workflow is off");
        if (of.Settings.Text(FeishuIntegration.ApprovalCode) is not { } code) return CheckResult.Skipped("没有设置审批定义编码", "No approval code is set");
        if (of.Platform is not { } platform) return Examination.NoApp;
        var answer = await platform.SubscribeAsync(code);
        var detail = new System.Text.Json.Nodes.JsonObject { ["approval_code"] = code };
        switch (answer.Failure)
        {
            case null:
                await audit.AddAsync(of.By, "approval.subscribed", code, cancellation: cancellation);
                return CheckResult.Warning(new($"审批定义 {code} 之前没有订阅，审批事件不会到达；刚刚已经订阅", $"The approval definition {code} was not subscribed to, so its events did not come; it is now"),
                    new("再运行一次检查确认；此前的审批结果由对账补齐", "Run the check again to confirm; decisions made before are found by reconciliation"), detail);
            case { Code: 1390007 or 60007 }:
                return CheckResult.Ok("已订阅", "Subscribed", detail);
            case { Kind: UnaskedKind.Scope } when ingress.Evidence.LastOf(of.App, Instance) is { } at:
                return CheckResult.Ok($"最后一个审批事件在 {at:u} 到达", $"The last approval event came at {at:u}", detail);
            case { Kind: UnaskedKind.Scope }:
                return CheckResult.Skipped("订阅需要 approval:definition，平台也不提供查询；启动以来没有审批事件。临时开通该权限再检查一次即可订阅；没有订阅时，审批结果由对账发现",
                    "Subscribing needs approval:definition, and the platform tells no subscription; no approval event came since the start. Grant it for one run of this check to subscribe; without, reconciliation finds the decisions", detail)
                    with { Link = platform.GrantPage(["approval:definition"]) };
            case { Code: 1390002 or 60002 or 1390001 or 60001 or 1390016 or 1390015 }:
                return CheckResult.Skipped("审批定义不可用，见“审批定义”", "The definition cannot be used, see the approval definition", detail);
            case { } why:
                return Examination.Unasked(why);
        }
    }
}
