using Larkspur.Feishu;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Console.Shell;
using Larkspur.Gateway.Doctor;
using Larkspur.Gateway.Settings;

namespace Larkspur.Gateway.Console.Pages.CheckUps;

/// <summary>Runs the doctor for a page.</summary>
internal sealed class CheckUpPageService(DoctorRuns doctor, FeishuApps apps, ISettings settings, AuditTrail audit)
{
    /// <summary>The apps that can be examined; <c>default</c> also when there is none yet.</summary>
    public IReadOnlyList<string> Apps => [.. apps.States.Select(s => s.Name).Prepend(FeishuApps.Default).Distinct(StringComparer.Ordinal)];

    /// <summary>The last whole run of this process; null: none yet.</summary>
    public CheckUp? Last(string app) => doctor.Last(app) is { } report ? new CheckUp(report) : null;

    /// <summary>Examines the installation; takes at most 20 s.</summary>
    /// <exception cref="ActionRefusedException">Too many runs wait.</exception>
    public async Task<CheckUp> RunAsync(Actor who, string app, CancellationToken cancellation)
    {
        await audit.AddAsync(who, "doctor.run", app, cancellation: cancellation);
        return await BusyAsync(() => doctor.RunAsync(app, who, null, cancellation));
    }

    /// <summary>Tries the credentials that are in the settings, whether the integration is switched on or not.</summary>
    /// <exception cref="ActionRefusedException">There are none yet, or too many runs wait.</exception>
    public async Task<CheckUp> TryConnectionAsync(Actor who, CancellationToken cancellation)
    {
        var now = settings.Now;
        if (now.Text(FeishuIntegration.AppId) is not { } id || now.Text(FeishuIntegration.AppSecret) is not { } secret) throw new ActionRefusedException(CheckUpTexts.NoCredentials);
        await audit.AddAsync(who, "connection.tested", id, cancellation: cancellation);
        // Before anything is switched on, what could be switched on is what the app is meant for.
        var features = PlatformFeature.On(now) is { Count: > 0 } on ? on : PlatformFeature.Switched;
        var brand = now.Text(FeishuIntegration.Brand) == FeishuIntegration.Lark ? FeishuBrand.Lark : FeishuBrand.Feishu;
        return await BusyAsync(() => doctor.TestAsync(id, secret, brand, features, cancellation));
    }

    private static async Task<CheckUp> BusyAsync(Func<Task<DoctorReport>> run)
    {
        try
        {
            return new CheckUp(await run());
        }
        catch (DoctorBusyException)
        {
            throw new ActionRefusedException(CheckUpTexts.Busy);
        }
    }
}
