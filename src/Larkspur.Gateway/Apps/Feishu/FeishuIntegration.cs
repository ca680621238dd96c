using Larkspur.Gateway.Common;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Settings;

namespace Larkspur.Gateway.Apps.Feishu;

/// <summary>The settings of the Feishu integration, by the names that administrators of the procurement system know. Everything is off until somebody switches it on.</summary>
public static class FeishuIntegration
{
    /// <summary>Notifications, approvals and payments over Feishu. Off: none of them has any effect, and nothing else changes.</summary>
    public const string Enabled = "auth.feishu.enabled";

    public const string AppId = "auth.feishu.app_id";

    public const string AppSecret = "auth.feishu.app_secret";

    public const string EncryptKey = "auth.feishu.encrypt_key";

    public const string VerificationToken = "auth.feishu.verification_token";

    /// <summary><c>webhook</c> or <c>long_connection</c>.</summary>
    public const string EventMode = "auth.feishu.event_mode";

    /// <summary><c>feishu</c> or <c>lark</c>.</summary>
    public const string Brand = "auth.feishu.brand";

    public const string NotifyOnPr = "auth.feishu.notify_on_pr";

    public const string NotifyOnApproval = "auth.feishu.notify_on_approval";

    public const string NotifyOnPo = "auth.feishu.notify_on_po";

    public const string NotifyOnPayment = "auth.feishu.notify_on_payment";

    public const string NotifyOnContractExpiry = "auth.feishu.notify_on_contract_expiry";

    /// <summary>Payments become approval instances.</summary>
    public const string PaymentWorkflow = "auth.feishu.payment_workflow";

    /// <summary>The definition that payments are approved under.</summary>
    public const string ApprovalCode = "auth.feishu.approval_code";

    /// <summary>The public address that Feishu calls, like <c>https://gateway.example.com</c>.</summary>
    public const string CallbackDomain = PublicAddress.Setting;

    /// <summary>All of them, in the order in which they are shown.</summary>
    public static IReadOnlyList<SettingDefinition> Definitions { get; } =
    [
        Flag(Enabled, FeishuAppTexts.Integration, FeishuAppTexts.IntegrationHelp),
        new(AppId, SettingKind.Text)
        {
            Variable = "FEISHU_APP_ID", Longest = 64, Title = new("App ID", "App ID"),
            Help = FeishuAppTexts.FromDeveloperConsole,
            Problem = id => id.StartsWith("cli_", StringComparison.Ordinal) ? null : FeishuAppTexts.AppIDBeginsWithCli,
        },
        Secret(AppSecret, "FEISHU_APP_SECRET", "App Secret", FeishuAppTexts.AppSecretHelp),
        Secret(EncryptKey, "FEISHU_ENCRYPT_KEY", "Encrypt Key", FeishuAppTexts.EncryptKeyHelp),
        Secret(VerificationToken, "FEISHU_VERIFICATION_TOKEN", "Verification Token", FeishuAppTexts.VerificationTokenHelp),
        new(EventMode, SettingKind.Choice)
        {
            Variable = "FEISHU_EVENT_MODE", Default = Webhook, Choices = [Webhook, LongConnection], Title = FeishuAppTexts.HowEventsArrive,
            Help = FeishuAppTexts.WithoutPublicAddressUseLong,
        },
        new(Brand, SettingKind.Choice) { Variable = "FEISHU_BRAND", Default = "feishu", Choices = ["feishu", Lark],
            Title = FeishuAppTexts.Platform },
        new(CallbackDomain, SettingKind.Text)
        {
            Variable = "LARKSPUR_BASE_URL", Title = FeishuAppTexts.CallbackDomain,
            Help = FeishuAppTexts.PublicAddressByWhichFeishu,
            Problem = text => Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri is { AbsolutePath: "/", Query: "", Fragment: "", UserInfo: "" }
                ? null : FeishuAppTexts.CompleteAddressWithoutPath,
        },
        Flag(NotifyOnPr, FeishuAppTexts.NotifyOnPr, FeishuAppTexts.NotifyOnPrHelp),
        Flag(NotifyOnApproval, FeishuAppTexts.NotifyOnApproval, FeishuAppTexts.NotifyOnApprovalHelp),
        Flag(NotifyOnPo, FeishuAppTexts.NotifyOnPo, FeishuAppTexts.NotifyOnPoHelp),
        Flag(NotifyOnPayment, FeishuAppTexts.NotifyOnPayment, FeishuAppTexts.NotifyOnPaymentHelp),
        Flag(NotifyOnContractExpiry, FeishuAppTexts.NotifyOnContractExpiry, FeishuAppTexts.NotifyOnContractExpiryHelp),
        Flag(PaymentWorkflow, FeishuAppTexts.PaymentWorkflow, FeishuAppTexts.PaymentWorkflowHelp),
        new(ApprovalCode, SettingKind.Text)
        {
            Longest = 64, Title = FeishuAppTexts.ApprovalCodeForPayments,
            Help = FeishuAppTexts.ApprovalCodeDefinitionIn,
        },
    ];

    /// <summary>What is entered to connect the app.</summary>
    internal static AppSetup Setup { get; } = new(PlatformNames.Feishu, Enabled,
        [AppId, AppSecret, EventMode, EncryptKey, VerificationToken, Brand], Needed, "/webhook/feishu")
    {
        // Feishu cannot call a gateway of which nobody has said where it is.
        Proposed = settings => settings.Text(CallbackDomain) is null
            ? new Dictionary<string, string> { [EventMode] = LongConnection } : new Dictionary<string, string>(),
    };

    /// <summary>Events by the long connection, which needs no public address.</summary>
    internal static bool IsLongConnection(SettingsState settings) => settings.Text(EventMode) == LongConnection;

    /// <summary>By webhook one of the two keys too, else nobody can tell Feishu's events from forged ones.</summary>
    private static IReadOnlyList<string> Needed(SettingsState settings) =>
        IsLongConnection(settings) || settings.Text(VerificationToken) is not null ? [AppId, AppSecret] : [AppId, AppSecret, EncryptKey];

    /// <summary>
    /// Where the environment or the configuration names the default app, it names the whole app: none of these can be changed at run time then, also those that it leaves empty.
    /// </summary>
    internal static IEnumerable<FixedSetting> FixedBy(ConfiguredFeishuApps configured)
    {
        if (!configured.Apps.TryGetValue(AppNames.Default, out var app)) return [];
        return
        [
            new(AppId, app.AppId), new(AppSecret, app.AppSecret), new(EncryptKey, app.EncryptKey ?? ""), new(VerificationToken, app.VerificationToken ?? ""),
            new(EventMode, configured.Modes.GetValueOrDefault(AppNames.Default) == Apps.Feishu.EventMode.LongConnection ? LongConnection : Webhook),
            new(Brand, app.Brand == Larkspur.Feishu.FeishuBrand.Lark ? Lark : "feishu"),
        ];
    }

    /// <summary>The event mode in which the platform calls the gateway.</summary>
    internal const string Webhook = "webhook";

    /// <summary>The event mode in which the gateway calls the platform.</summary>
    internal const string LongConnection = "long_connection";

    /// <summary>The brand outside of China.</summary>
    internal const string Lark = "lark";

    private static SettingDefinition Flag(string key, LocalText title, LocalText help) => new(key, SettingKind.Flag)
    {
        Default = "false", Title = title, Help = help,
    };

    private static SettingDefinition Secret(string key, string variable, LocalText title, LocalText help) => new(key, SettingKind.Secret)
    {
        Variable = variable, Title = title, Help = help,
    };
}
