using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.Settings;

namespace Larkspur.Gateway.Notifications;

/// <summary>While the Feishu integration is off nothing is sent, changed or decided.</summary>
internal sealed class IntegrationGuard(ISettings settings)
{
    public bool IsOpen => settings.Now.IsOn(FeishuIntegration.Enabled);

    /// <exception cref="RequestRefusedException">It is off.</exception>
    public void Demand()
    {
        if (!IsOpen) throw new RequestRefusedException(StatusCodes.Status409Conflict, "feishu_disabled", null,
            $"The Feishu integration is switched off. Switch it on in the console under Settings, or with PATCH /api/v1/settings: {FeishuIntegration.Enabled} = true.");
    }
}
