using Larkspur.Gateway.Doctor.Checks;
using Larkspur.Gateway.Platforms.WeCom;
using Larkspur.Gateway.Settings;

namespace Larkspur.Gateway.Doctor.Trials;

/// <summary>
/// Fetches a token with the application's secret. A bot cannot be tried without using it, because each new connection ends the one before:
/// its
/// connection shows whether it works once it is switched on.
/// </summary>
internal sealed class WeComTrial(ConfiguredWeComApps configured, WeComApps apps, WeComAppFactory factory, DoctorRuns doctor)
    : IConnectionTrial
{
    public string Platform => WeComApps.Platform;

    public Task<DoctorReport> RunAsync(SettingsState settings, CancellationToken cancellation) => doctor.TryAsync("wecom", async run =>
    {
        var app = configured.StoredAppHosts is { } hosts
            ? factory.Create(WeComSettings.Default, WeComIntegration.Read(settings, hosts))
            : apps.Get(WeComSettings.Default);
        return await WeComCheck.CredentialsAsync(app, run);
    }, cancellation);
}
