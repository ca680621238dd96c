using System.Text.Json;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Common.Localisation;

namespace Larkspur.Gateway.Doctor.Checks;

/// <summary>The definition that payments are approved under exists, and is in use.</summary>
internal sealed class ApprovalCodeCheck : IDoctorCheck
{
    public string Id => "approval_code";

    public LocalText Title => new("审批定义", "Approval definition");

    public async Task<CheckResult> RunAsync(Examination of, CancellationToken cancellation)
    {
        if (!of.Uses(PlatformFeature.Payments)) return CheckResult.Skipped("付款审批流程没有开启", "The payment workflow is off");
        var fix = new LocalText("从飞书管理后台的审批定义地址中复制 definitionCode，填入“付款审批定义编码”", "Copy definitionCode from the definition's address in the approval admin console to \"Approval code for payments\"");
        if (of.Settings.Text(FeishuIntegration.ApprovalCode) is not { } code) return CheckResult.Failed(new("付款审批流程已开启，但没有设置审批定义编码", "The payment workflow is on, and no approval code is set"), fix);
        if (of.Platform is not { } platform) return Examination.NoApp;
        var answer = await platform.ApprovalAsync(code);
        var detail = new System.Text.Json.Nodes.JsonObject { ["approval_code"] = code };
        switch (answer.Failure)
        {
            case { Kind: UnaskedKind.Scope }:
                return CheckResult.Skipped("缺少读取审批定义的权限，见“所需权限”", "The scope that reads definitions is missing, see the needed scopes", detail);
            case { Code: 1390002 or 60002 or 1390016 } unknown:
                return CheckResult.Failed(new($"平台没有审批定义 {code}（{unknown.Code}）", $"The platform has no approval definition {code} ({unknown.Code})"), fix, detail);
            case { Code: 1390001 or 60001 or 99992402 } malformed:
                return CheckResult.Failed(new($"{code} 不是审批定义编码（{malformed.Code}）", $"{code} is no approval code ({malformed.Code})"), fix, detail);
            case { Code: 1390015 }:
                return CheckResult.Failed(new($"审批定义 {code} 未启用", $"The approval definition {code} is not in use"), new("在审批管理后台启用它", "Enable it in the approval admin console"), detail);
            case { } why:
                return Examination.Unasked(why);
        }

        var name = answer.Value.TryGetProperty("approval_name", out var named) ? named.GetString() : "";
        var status = answer.Value.TryGetProperty("status", out var told) && told.ValueKind == JsonValueKind.String ? told.GetString() : "";
        detail["status"] = status;
        return status is "ACTIVE" or "" ? CheckResult.Ok($"“{name}”，已启用", $"\"{name}\", in use", detail)
            : CheckResult.Failed(new($"审批定义“{name}”未启用（{status}）", $"The approval definition \"{name}\" is not in use ({status})"), new("在审批管理后台启用它", "Enable it in the approval admin console"), detail);
    }
}
