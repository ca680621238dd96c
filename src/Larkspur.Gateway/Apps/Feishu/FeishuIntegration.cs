using Larkspur.Gateway.Common;
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
        Flag(Enabled, "启用飞书集成", "Feishu integration", "关闭时，通知、审批和付款流程都不生效，其他功能不受影响", "While it is off, notifications, approvals and payments have no effect; everything else works as before"),
        new(AppId, SettingKind.Text)
        {
            Variable = "FEISHU_APP_ID", Longest = 64, Title = new("App ID", "App ID"),
            Help = new("开发者后台“凭证与基础信息”中的 App ID，形如 cli_…", "From the developer console, Credentials & Basic Info; it begins with cli_"),
            Problem = id => id.StartsWith("cli_", StringComparison.Ordinal) ? null : new("App ID 以 cli_ 开头", "An App ID begins with cli_"),
        },
        Secret(AppSecret, "FEISHU_APP_SECRET", "App Secret", "App Secret", "与 App ID 在同一页面；保存后不再显示", "On the same page as the App ID; never shown again once saved"),
        Secret(EncryptKey, "FEISHU_ENCRYPT_KEY", "Encrypt Key", "Encrypt Key", "“事件与回调”的“加密策略”中的 Encrypt Key", "From Events & Callbacks, Encryption Strategy"),
        Secret(VerificationToken, "FEISHU_VERIFICATION_TOKEN", "Verification Token", "Verification Token", "“事件与回调”的“加密策略”中的 Verification Token", "From Events & Callbacks, Encryption Strategy"),
        new(EventMode, SettingKind.Choice)
        {
            Variable = "FEISHU_EVENT_MODE", Default = Webhook, Choices = [Webhook, LongConnection], Title = new("事件接收方式", "How events arrive"),
            Help = new("没有公网地址时用长连接", "Without a public address, use the long connection"),
        },
        new(Brand, SettingKind.Choice) { Variable = "FEISHU_BRAND", Default = "feishu", Choices = ["feishu", Lark], Title = new("平台", "Platform") },
        new(CallbackDomain, SettingKind.Text)
        {
            Variable = "LARKSPUR_BASE_URL", Title = new("回调域名", "Callback domain"),
            Help = new("飞书访问本网关的公网地址，如 https://gateway.example.com", "The public address by which Feishu reaches this gateway, like https://gateway.example.com"),
            Problem = text => Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri is { AbsolutePath: "/", Query: "", Fragment: "", UserInfo: "" }
                ? null : new("需要完整地址，不带路径，如 https://gateway.example.com", "A complete address without a path, like https://gateway.example.com"),
        },
        Flag(NotifyOnPr, "采购申请提交时通知", "Notify when a requisition is submitted", "给审批人发送可直接审批的卡片", "The approver gets a card to decide on"),
        Flag(NotifyOnApproval, "审批结果通知", "Notify when an approval is decided", "把审批结果告诉申请人", "The applicant learns the decision"),
        Flag(NotifyOnPo, "采购订单创建时通知", "Notify when an order is created", "把新订单告诉采购员", "The buyer learns of the new order"),
        Flag(NotifyOnPayment, "付款待审批时通知", "Notify when a payment is pending", "提醒处理付款的人", "Whoever deals with payments is told"),
        Flag(NotifyOnContractExpiry, "合同即将到期时通知", "Notify when a contract is about to expire", "提醒合同负责人", "The contract's owner is reminded"),
        Flag(PaymentWorkflow, "付款审批流程", "Payment workflow", "付款申请转为飞书审批实例", "Payments become Feishu approval instances"),
        new(ApprovalCode, SettingKind.Text)
        {
            Longest = 64, Title = new("付款审批定义编码", "Approval code for payments"),
            Help = new("审批管理后台中该审批定义的 approval_code", "The approval_code of the definition in the approval admin console"),
        },
    ];

    /// <summary>What is entered to connect the app.</summary>
    internal static AppSetup Setup { get; } = new(PlatformNames.Feishu, Enabled,
        [AppId, AppSecret, EventMode, EncryptKey, VerificationToken, Brand], Needed, "/webhook/feishu");

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

    private static SettingDefinition Flag(string key, string zh, string en, string zhHelp, string enHelp) => new(key, SettingKind.Flag)
    {
        Default = "false", Title = new(zh, en), Help = new(zhHelp, enHelp),
    };

    private static SettingDefinition Secret(string key, string variable, string zh, string en, string zhHelp, string enHelp) => new(key, SettingKind.Secret)
    {
        Variable = variable, Title = new(zh, en), Help = new(zhHelp, enHelp),
    };
}
