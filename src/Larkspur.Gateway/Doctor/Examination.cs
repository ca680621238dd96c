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
        UnaskedKind.Credentials => CheckResult.Skipped(DoctorTexts.AppIDOrAppSecretIsNot),
        UnaskedKind.Unreachable => CheckResult.Skipped(DoctorTexts.PlatformDoesNotAnswerSoThis),
        _ => CheckResult.Warning(
            DoctorTexts.PlatformRefusedQuestion(why.Code, why.Message),
            DoctorTexts.LookCodeUpMendCauseAndRun, new() { ["code"] = why.Code, ["log_id"] = why.LogId }),
    };

    /// <summary>There is no app to ask with.</summary>
    public static CheckResult NoApp { get; } = CheckResult.Skipped(DoctorTexts.NoFeishuAppIsConfigured);

    /// <summary>Options of an app once more, for a client whose token cache is empty and who does not wait long.</summary>
    public static FeishuOptions Fresh(FeishuOptions of) => new()
    {
        AppId = of.AppId, AppSecret = of.AppSecret, EncryptKey = of.EncryptKey, VerificationToken = of.VerificationToken, Kind = of.Kind, Brand = of.Brand,
        BaseUrl = of.BaseUrl, AccountsUrl = of.AccountsUrl, PassportUrl = of.PassportUrl, ApprovalUrl = of.ApprovalUrl,
        CallTimeout = TimeSpan.FromSeconds(8), AttemptTimeout = TimeSpan.FromSeconds(4), MaxAttempts = 2,
    };
}
