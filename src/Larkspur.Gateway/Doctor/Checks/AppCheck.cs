using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Common.Localisation;

namespace Larkspur.Gateway.Doctor.Checks;

/// <summary>There is an app, and what is switched on has one to work with.</summary>
internal sealed class AppCheck(FeishuApps apps) : IDoctorCheck
{
    public string Id => "app";

    public LocalText Title => AppCheckTexts.Title;

    public Task<CheckResult> RunAsync(Examination of, CancellationToken cancellation) => Task.FromResult(Judge(of));

    private CheckResult Judge(Examination of)
    {
        var on = of.Settings.IsOn(FeishuIntegration.Enabled);
        if (of.Configured is not { } app)
        {
            // Of an app that the settings know and that cannot work, they say why.
            var why = apps.Away(of.App)?.Reason is { } reason ? AppCheckTexts.Because(reason) : LocalText.From("");
            return on
                ? CheckResult.Failed(AppCheckTexts.FeishuIntegrationIsSwitched(of.App, why),
                    AppCheckTexts.SetAppIDAppSecretAndEncrypt)
                : CheckResult.Warning(AppCheckTexts.ThereIsNoApp(of.App),
                    AppCheckTexts.FillInAppIDAndAppSecretUnder);
        }

        var id = app.Client.Options.AppId;
        var features = LocalText.List(of.Features.Select(f => f.Title));
        return of.Features.Count == 0 ? CheckResult.Ok(AppCheckTexts.FeishuIntegrationIsOff(id))
            : CheckResult.Ok(AppCheckTexts.SwitchedOn(id, features));
    }
}
