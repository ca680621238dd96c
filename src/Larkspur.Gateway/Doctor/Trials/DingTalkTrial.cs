using Larkspur.Gateway.Doctor.Checks;
using Larkspur.Gateway.Platforms.DingTalk;
using Larkspur.Gateway.Settings;

namespace Larkspur.Gateway.Doctor.Trials;

/// <summary>Fetches a token with the app's secret, and has the RobotCode judged; it costs one of the month's calls.</summary>
internal sealed class DingTalkTrial(ConfiguredDingTalkApps configured, DingTalkApps apps, DingTalkAppFactory factory, DoctorRuns doctor)
    : IConnectionTrial
{
    public string Platform => DingTalkApps.Platform;

    public Task<DoctorReport> RunAsync(SettingsState settings, CancellationToken cancellation) => doctor.TryAsync("dingtalk", async run =>
    {
        var app = configured.StoredAppHosts is { } hosts
            ? factory.CreateForTrial(DingTalkSettings.Default, DingTalkIntegration.Read(settings, hosts))
            : apps.Get(DingTalkSettings.Default);
        return await DingTalkCheck.CredentialsAsync(app, run) ?? await DingTalkCheck.RobotAsync(app, run);
    }, cancellation);
}
