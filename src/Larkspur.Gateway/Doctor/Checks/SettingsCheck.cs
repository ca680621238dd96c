using Larkspur.Gateway.Cards;
using Larkspur.Gateway.Settings;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Doctor.Checks;

/// <summary>Every stored setting can be read: a secret whose key is gone counts as unset, and that must not stay unnoticed.</summary>
internal sealed class SettingsCheck(IDatabase database) : IDoctorCheck
{
    public string Id => "settings";

    public LocalText Title => new("设置可读", "Settings readable");

    public async Task<CheckResult> RunAsync(Examination of, CancellationToken cancellation)
    {
        var stored = await database.ReadAsync(sql => sql.QueryAsync("SELECT name FROM setting WHERE value <> ''", static row => row.GetString(0)), cancellation);
        var known = of.Settings.All.ToDictionary(v => v.Definition.Key, StringComparer.Ordinal);
        string[] unreadable = [.. stored.Where(name => known.TryGetValue(name, out var value) && value.Source == SettingSource.Default).Order(StringComparer.Ordinal)];
        if (unreadable.Length > 0)
        {
            return CheckResult.Failed(
                new($"这些密钥无法解密，视为未设置：{string.Join("、", unreadable)}", $"These secrets cannot be decrypted and count as not set: {string.Join(", ", unreadable)}"),
                new("恢复原来的 LARKSPUR_MASTER_KEY 和密钥库，或重新填写这些设置", "Bring the former LARKSPUR_MASTER_KEY and key ring back, or set them again"), new() { ["settings"] = CheckResult.List(unreadable) });
        }

        var fixedByEnvironment = of.Settings.All.Count(v => v.Source == SettingSource.Environment);
        return CheckResult.Ok($"全部设置可读：{stored.Count} 项已保存，{fixedByEnvironment} 项来自环境变量", $"All settings are readable: {stored.Count} stored, {fixedByEnvironment} from the environment");
    }
}
