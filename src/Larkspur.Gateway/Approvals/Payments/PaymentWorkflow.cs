using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.Settings;

namespace Larkspur.Gateway.Approvals;

/// <summary>Whether payments go to the platform, and under which approval code.</summary>
internal sealed class PaymentWorkflow(ISettings settings)
{
    /// <summary>The app and the approval code of this moment; null: the workflow is off, or has no code.</summary>
    public (string App, string Code)? Target
    {
        get
        {
            var now = settings.Now;
            return now.IsOn(FeishuIntegration.Enabled) && now.IsOn(FeishuIntegration.PaymentWorkflow) && now.Text(FeishuIntegration.ApprovalCode) is { } code
                ? (FeishuApps.Default, code) : null;
        }
    }

    /// <summary>The approval code.</summary>
    /// <exception cref="RequestRefusedException">409: the workflow is off.</exception>
    public string Need()
    {
        var now = settings.Now;
        if (!now.IsOn(FeishuIntegration.Enabled)) throw Off("integration_off", $"The Feishu integration is off: switch {FeishuIntegration.Enabled} on.");
        if (!now.IsOn(FeishuIntegration.PaymentWorkflow)) throw Off("payment_workflow_off", $"The payment workflow is off: switch {FeishuIntegration.PaymentWorkflow} on.");
        return now.Text(FeishuIntegration.ApprovalCode) ?? throw Off("no_approval_code", $"No approval code is set: payments need {FeishuIntegration.ApprovalCode}.");
    }

    private static RequestRefusedException Off(string word, string sentence) => new(StatusCodes.Status409Conflict, word, null, sentence);
}
