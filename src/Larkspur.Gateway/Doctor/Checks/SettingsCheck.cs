using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Settings;

namespace Larkspur.Gateway.Doctor.Checks;

/// <summary>Every stored setting can be read: a secret whose key is gone counts as unset, and that must not stay unnoticed.</summary>
internal sealed class SettingsCheck : IDoctorCheck
{
    public string Id => "settings";

    public LocalText Title => new("设置可读", "Settings readable");

    public Task<CheckResult> RunAsync(Examination of, CancellationToken cancellation) => Task.FromResult(Judge(of.Settings));

    private static CheckResult Judge(SettingsState settings)
    {
        string[] unreadable = [.. settings.All.Where(v => v.IsUnreadable).Select(v => v.Definition.Key).Order(StringComparer.Ordinal)];
        if (unreadable.Length > 0)
        {
            return CheckResult.Failed(
                new($"这些密钥无法解密，视为未设置：{string.Join("、", unreadable)}", $"These secrets cannot be decrypted and count as not set: {string.Join(", ", unreadable)}"),
                new("恢复原来的 LARKSPUR_MASTER_KEY 和密钥库，或重新填写这些设置", "Bring the former LARKSPUR_MASTER_KEY and key ring back, or set them again"), new() { ["settings"] = CheckResult.List(unreadable) });
        }

        var (stored, environment) = (settings.All.Count(v => v.Source == SettingSource.Stored), settings.All.Count(v => v.Source == SettingSource.Environment));
        return CheckResult.Ok($"全部设置可读：{stored} 项已保存，{environment} 项来自环境变量", $"All settings are readable: {stored} stored, {environment} from the environment");
    }
}
