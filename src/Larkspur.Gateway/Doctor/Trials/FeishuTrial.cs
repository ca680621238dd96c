using Larkspur.Feishu;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.Settings;

namespace Larkspur.Gateway.Doctor.Trials;

/// <summary>Fetches a token with Feishu's credentials, and looks at the bot, the app's version and its scopes.</summary>
internal sealed class FeishuTrial(DoctorRuns doctor) : IConnectionTrial
{
    public string Platform => PlatformNames.Feishu;

    public Task<DoctorReport> RunAsync(SettingsState settings, CancellationToken cancellation)
    {
        // Before anything is switched on, what could be switched on is what the app is meant for.
        var features = PlatformFeature.On(settings) is { Count: > 1 } on ? on : [PlatformFeature.Sending, .. PlatformFeature.Switched];
        var brand = settings.Text(FeishuIntegration.Brand) == FeishuIntegration.Lark ? FeishuBrand.Lark : FeishuBrand.Feishu;
        return doctor.TestAsync(settings.Text(FeishuIntegration.AppId)!, settings.Text(FeishuIntegration.AppSecret)!, brand, features,
            cancellation);
    }
}
