using Larkspur.Feishu;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Settings;

namespace Larkspur.Gateway.Doctor;

/// <summary>What one run looks at: an app with its settings at this moment, and what the platform says, each asked once.</summary>
internal sealed class Examination : IDisposable
{
    /// <param name="app">The app's name in the settings.</param>
    /// <param name="by">Who asked for the run.</param>
    /// <param name="configured">The app as it is in force; null: there is none, or it is only tried.</param>
    /// <param name="settings">The settings of this moment.</param>
    /// <param name="features">What is switched on.</param>
    /// <param name="platform">The platform, asked with fresh credentials; null: there is no app to ask with.</param>
    public Examination(string app, Actor by, FeishuApp? configured, SettingsState settings, IReadOnlyList<PlatformFeature> features, PlatformTalk? platform)
    {
        (App, By, Configured, Settings, Features, Platform) = (app, by, configured, settings, features, platform);
    }

    public string App { get; }

    public Actor By { get; }

    public FeishuApp? Configured { get; }

    public SettingsState Settings { get; }

    public IReadOnlyList<PlatformFeature> Features { get; }

    public PlatformTalk? Platform { get; }

    public bool Uses(string feature) => Features.Any(f => f.Id == feature);

    public void Dispose() => Platform?.Dispose();

    /// <summary>Why a question to the platform has no answer, as a result for checks that are not about that reason themselves.</summary>
    public static CheckResult Unasked(PlatformAnswerFailure why) => why.Kind switch
    {
        UnaskedKind.Credentials => CheckResult.Skipped("App ID 或 App Secret 未通过，无法询问平台", "App ID or App Secret is not accepted, so the platform cannot be asked"),
        UnaskedKind.Unreachable => CheckResult.Skipped("平台没有应答，无法判断", "The platform does not answer, so this cannot be judged"),
        _ => CheckResult.Warning(
            new($"平台拒绝了这次询问（{why.Code}：{why.Message.Chinese}）", $"The platform refused the question ({why.Code}: {why.Message.English})"),
            new("对照错误码处理后重试", "Look the code up, mend the cause and run the check again"), new() { ["code"] = why.Code, ["log_id"] = why.LogId }),
    };

    /// <summary>There is no app to ask with.</summary>
    public static CheckResult NoApp { get; } = CheckResult.Skipped("尚未配置飞书应用", "No Feishu app is configured");

    /// <summary>Options of an app once more, for a client whose token cache is empty and who does not wait long.</summary>
    public static FeishuOptions Fresh(FeishuOptions of) => new()
    {
        AppId = of.AppId, AppSecret = of.AppSecret, EncryptKey = of.EncryptKey, VerificationToken = of.VerificationToken, Kind = of.Kind, Brand = of.Brand,
        BaseUrl = of.BaseUrl, AccountsUrl = of.AccountsUrl, PassportUrl = of.PassportUrl, ApprovalUrl = of.ApprovalUrl,
        CallTimeout = TimeSpan.FromSeconds(8), AttemptTimeout = TimeSpan.FromSeconds(4), MaxAttempts = 2,
    };
}
