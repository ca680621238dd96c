using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Settings;

namespace Larkspur.Gateway.Doctor.Checks;

/// <summary>Every stored setting can be read: a secret whose key is gone counts as unset, and that must not stay unnoticed.</summary>
internal sealed class SettingsCheck : IDoctorCheck
{
    public string Id => "settings";

    public LocalText Title => SettingsCheckTexts.Title;

    public Task<CheckResult> RunAsync(Examination of, CancellationToken cancellation) => Task.FromResult(Judge(of.Settings));

    private static CheckResult Judge(SettingsState settings)
    {
        string[] unreadable = [.. settings.All.Where(v => v.IsUnreadable).Select(v => v.Definition.Key).Order(StringComparer.Ordinal)];
        if (unreadable.Length > 0)
        {
            return CheckResult.Failed(
                SettingsCheckTexts.TheseSecretsCannotBe(LocalText.List(unreadable)),
                SettingsCheckTexts.BringFormerLARKSPURMASTERKEY, new() { ["settings"] = CheckResult.List(unreadable) });
        }

        var (stored, environment) = (settings.All.Count(v => v.Source == SettingSource.Stored), settings.All.Count(v => v.Source == SettingSource.Environment));
        return CheckResult.Ok(SettingsCheckTexts.AllSettingsAreReadableStored(stored, environment));
    }
}
