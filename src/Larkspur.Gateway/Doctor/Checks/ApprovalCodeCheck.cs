using System.Text.Json;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Common.Localisation;

namespace Larkspur.Gateway.Doctor.Checks;

/// <summary>The definition that payments are approved under exists, and is in use.</summary>
internal sealed class ApprovalCodeCheck : IDoctorCheck
{
    public string Id => "approval_code";

    public LocalText Title => ApprovalCodeCheckTexts.Title;

    public async Task<CheckResult> RunAsync(Examination of, CancellationToken cancellation)
    {
        if (!of.Uses(PlatformFeature.Payments)) return CheckResult.Skipped(ApprovalCodeCheckTexts.PaymentWorkflowIsOff);
        var fix = ApprovalCodeCheckTexts.CopyDefinitionCodeFrom;
        if (of.Settings.Text(FeishuIntegration.ApprovalCode) is not { } code)
            return CheckResult.Failed(ApprovalCodeCheckTexts.PaymentWorkflowIsOnAndNo, fix);
        if (of.Platform is not { } platform) return Examination.NoApp;
        var answer = await platform.ApprovalAsync(code);
        var detail = new System.Text.Json.Nodes.JsonObject { ["approval_code"] = code };
        switch (answer.Failure)
        {
            case { Kind: UnaskedKind.Scope }:
                return CheckResult.Skipped(ApprovalCodeCheckTexts.ScopeReadsDefinitionsIs, detail);
            case { Code: 1390002 or 60002 or 1390016 } unknown:
                return CheckResult.Failed(ApprovalCodeCheckTexts.PlatformHasNoApproval(code, unknown.Code), fix, detail);
            case { Code: 1390001 or 60001 or 99992402 } malformed:
                return CheckResult.Failed(ApprovalCodeCheckTexts.IsNoApprovalCode(code, malformed.Code), fix, detail);
            case { Code: 1390015 }:
                return CheckResult.Failed(ApprovalCodeCheckTexts.ApprovalDefinitionHasStatus(code),
                    ApprovalCodeCheckTexts.EnableItInApprovalAdmin, detail);
            case { } why:
                return Examination.Unasked(why);
        }

        var name = answer.Value.TryGetProperty("approval_name", out var named) ? named.GetString() : "";
        var status = answer.Value.TryGetProperty("status", out var told) && told.ValueKind == JsonValueKind.String ? told.GetString() : "";
        detail["status"] = status;
        return status is "ACTIVE" or "" ? CheckResult.Ok(ApprovalCodeCheckTexts.InUse(name), detail)
            : CheckResult.Failed(ApprovalCodeCheckTexts.ApprovalDefinitionIsNotInUse(name, status),
                ApprovalCodeCheckTexts.EnableItInApprovalAdmin, detail);
    }
}
