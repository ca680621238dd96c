using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Console.Shell;
using Larkspur.Gateway.Doctor;

namespace Larkspur.Gateway.Console.Pages.CheckUps;

/// <summary>Runs the doctor for a page.</summary>
internal sealed class CheckUpPageService(DoctorRuns doctor, FeishuApps apps, AuditTrail audit)
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
