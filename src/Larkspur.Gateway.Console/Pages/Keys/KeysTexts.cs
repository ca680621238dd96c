using Larkspur.Gateway.Api;
using Larkspur.Gateway.Api.Keys;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Common.Refusals;

namespace Larkspur.Gateway.Console.Pages.Keys;

/// <summary>What the page of API keys says.</summary>
internal static class KeysTexts
{
    public static readonly LocalText Title = new("API 密钥", "API keys");
    public static readonly LocalText About = new("业务系统调用 REST API 用的密钥。每个系统一把，只给它需要的权限范围。", "What business systems call the REST API with: one key for each, with the scopes it needs and no more.");
    public static readonly LocalText Create = new("创建密钥", "Create a key");
    public static readonly LocalText Name = new("名称", "Name");
    public static readonly LocalText NameHelp = new("写明由谁使用，会出现在审计日志里。", "Who uses it; it stands in the audit log.");
    public static readonly LocalText Administrative = new("管理级", "Administration");
    public static readonly LocalText AdministrativeNote = new("标有“管理级”的权限范围等同于管理员：持有者可以查看或修改其他系统的数据，或为自己取得更多权限。只给管理工具使用。",
        "Scopes marked “Administration” amount to an administrator: whoever holds one can see or change what other systems made, or come to hold more. Give them to administrative tools alone.");
    public static readonly LocalText System = new("系统：", "System:");
    public static readonly LocalText EndsSoon = new("即将到期", "Ends soon");
    public static readonly LocalText Scopes = new("权限范围", "Scopes");
    public static readonly LocalText Limit = new("每分钟调用上限", "Calls a minute");
    public static readonly LocalText Rate = new("次/分钟", "a minute");
    public static readonly LocalText Ends = new("有效期", "Ends");
    public static readonly LocalText EndsAt = new("到期", "Ends");
    public static readonly LocalText Never = new("长期有效", "Never");
    public static readonly LocalText Prefix = new("开头", "Begins with");
    public static readonly LocalText State = new("状态", "State");
    public static readonly LocalText LastUsed = new("最近使用", "Last used");
    public static readonly LocalText NeverUsed = new("从未使用", "Never");
    public static readonly LocalText ShowRevoked = new("包括已吊销的", "With revoked ones");
    public static readonly LocalText Older = new("更早的密钥", "Older keys");
    public static readonly LocalText None = new("还没有密钥", "No key yet");
    public static readonly LocalText NoneHelp = new("为每个业务系统创建一把密钥。环境变量 LARKSPUR_API_KEY 的密钥不在此列。", "Create one for each business system. The key of LARKSPUR_API_KEY is not listed here.");
    public static readonly LocalText Rotate = new("更换", "Renew");
    public static readonly LocalText RotateNow = new("更换密钥", "Renew the key");
    public static readonly LocalText Overlap = new("旧密钥再保留", "The old key goes on for");
    public static readonly LocalText AtOnce = new("立即失效", "Ends at once");
    public static readonly LocalText Revoke = new("吊销", "Revoke");
    public static readonly LocalText Revoked = new("已吊销", "Revoked");
    public static readonly LocalText Missing = new("没有这把密钥", "There is no such key");
    public static readonly LocalText OldUntil = new("旧密钥有效至", "old key until");

    public static readonly LocalText Change = new("修改", "Change");
    public static readonly LocalText Save = new("保存", "Save");
    public static readonly LocalText EndKept = new("保持不变", "As before");
    public static readonly LocalText Reach = new("限制范围：系统、应用、签发方、来源地址", "How far it reaches: system, apps, issuers, addresses");
    public static readonly LocalText OfSystem = new("所属系统", "System");
    public static readonly LocalText SystemHelp = new("同一系统的密钥共享它们创建的内容；留空则为密钥名称。",
        "Keys of one system share what they make; empty: the key's name.");
    public static readonly LocalText Apps = new("可使用的应用", "Apps");
    public static readonly LocalText AppsHelp = new("应用名称，用逗号或换行分隔；留空表示全部。", "Names of apps, with commas or lines between; empty: all.");
    public static readonly LocalText Issuers = new("网页聊天签发方", "Issuers of the web chat");
    public static readonly LocalText IssuersHelp = new("可为其用户开启网页会话的签发方；留空表示没有。",
        "For whose subjects it may begin sessions of the web chat; empty: none.");
    public static readonly LocalText Addresses = new("允许的来源地址", "Addresses that it may be used from");
    public static readonly LocalText AddressesHelp = new("如 10.0.0.5 或 10.0.0.0/8；留空表示不限。",
        "Like 10.0.0.5 or 10.0.0.0/8; empty: everywhere.");

    /// <summary>Days that a new key lasts.</summary>
    public static readonly (int Days, LocalText Text)[] Terms = [(30, new("30 天", "in 30 days")), (90, new("90 天", "in 90 days")), (365, new("一年", "in a year")), (0, Never)];

    /// <summary>Hours that the key before goes on.</summary>
    public static readonly (int Hours, LocalText Text)[] Overlaps = [(0, AtOnce), (1, new("1 小时", "1 hour")), (24, new("1 天", "1 day")), (168, new("7 天", "7 days"))];

    /// <summary>Scopes under what they are about.</summary>
    public static readonly (LocalText Title, string[] Scopes)[] ScopeGroups =
    [
        (new("消息与通知", "Messages and notifications"),
        [
            ApiScopes.MessagesRead, ApiScopes.MessagesWrite, ApiScopes.CardsWrite, ApiScopes.NotificationsRead, ApiScopes.NotificationsWrite,
            ApiScopes.WebChatRead, ApiScopes.WebChatWrite, ApiScopes.CommandsRead, ApiScopes.CommandsWrite,
        ]),
        (new("审批与付款", "Approvals and payments"), [ApiScopes.ApprovalsRead, ApiScopes.ApprovalsWrite, ApiScopes.PaymentsRead, ApiScopes.PaymentsWrite, ApiScopes.PeopleRead]),
        (new("运行", "Operations"), [ApiScopes.StatusRead, ApiScopes.DeliveriesRead, ApiScopes.DeliveriesWrite]),
        (new("管理", "Administration"), [ApiScopes.PeopleWrite, ApiScopes.PermissionsRead, ApiScopes.PermissionsWrite, ApiScopes.WebhooksRead, ApiScopes.WebhooksWrite, ApiScopes.SettingsRead, ApiScopes.SettingsWrite, ApiScopes.KeysWrite, ApiScopes.OthersRead, ApiScopes.OthersWrite, ApiScopes.WebChatPerson, ApiScopes.ApprovalsDecide]),
    ];

    /// <summary>A scope in words.</summary>
    public static LocalText OfScope(string scope) => scope switch
    {
        ApiScopes.MessagesRead => new("查看消息", "Read messages"),
        ApiScopes.MessagesWrite => new("发送和撤回消息", "Send and recall messages"),
        ApiScopes.CardsWrite => new("发送和更新卡片", "Send and update cards"),
        ApiScopes.NotificationsRead => new("查看业务通知", "Read notifications"),
        ApiScopes.NotificationsWrite => new("发送业务通知、修改模板", "Send notifications, change their templates"),
        ApiScopes.CommandsRead => new("查看机器人命令及其调用", "Read the bot's commands and their calls"),
        ApiScopes.CommandsWrite => new("注册机器人命令、答复使用者", "Register commands of the bot, answer who calls them"),
        ApiScopes.WebChatRead => new("查看网页会话", "Read sessions of the web chat"),
        ApiScopes.WebChatWrite => new("为本密钥的签发方开启网页会话", "Begin sessions of the web chat for its own issuers"),
        ApiScopes.ApprovalsRead => new("查看审批", "Read approvals"),
        ApiScopes.ApprovalsWrite => new("发起、撤回和评论审批", "Start, withdraw and comment on approvals"),
        ApiScopes.PaymentsRead => new("查看付款申请", "Read payments"),
        ApiScopes.PaymentsWrite => new("提交和撤销付款申请", "Submit and cancel payments"),
        ApiScopes.PeopleRead => new("查找人员", "Look people up"),
        ApiScopes.PeopleWrite => new("合并、拆分和停用人员", "Merge, unlink and disable people"),
        ApiScopes.PermissionsRead => new("查看功能权限", "Read who may use what"),
        ApiScopes.PermissionsWrite => new("修改功能权限", "Change who may use what"),
        ApiScopes.DeliveriesRead => new("查看投递与死信", "Read deliveries and dead letters"),
        ApiScopes.DeliveriesWrite => new("重放和丢弃", "Replay and discard them"),
        ApiScopes.WebhooksRead => new("查看 Webhook", "Read webhooks"),
        ApiScopes.WebhooksWrite => new("添加和修改 Webhook", "Add and change webhooks"),
        ApiScopes.SettingsRead => new("查看设置和审计日志", "Read settings and the audit log"),
        ApiScopes.SettingsWrite => new("修改设置、运行体检", "Change settings, run the check-up"),
        ApiScopes.StatusRead => new("查看运行状态", "Read the gateway's state"),
        ApiScopes.KeysWrite => new("管理 API 密钥", "Manage API keys"),
        ApiScopes.OthersRead => new("查看其他系统和人员的内容", "Read what other systems and people made"),
        ApiScopes.OthersWrite => new("修改其他系统的内容", "Change what other systems made"),
        ApiScopes.WebChatPerson => new("为任何人员开启网页会话", "Begin sessions of the web chat for any person"),
        ApiScopes.ApprovalsDecide => new("以审批人名义处理审批任务", "Decide approval tasks in their approvers' name"),
        _ => LocalText.From(scope),
    };

    public static LocalText TooMany(int most, int longest) =>
        new($"最多 {most} 项，每项最多 {longest} 个字符", $"There may be {most} of them, of up to {longest} characters each");

    public static LocalText SecretOf(string name) => new($"{name} 的密钥", $"Key of {name}");

    public static LocalText RevokeQuestion(string name) => new($"吊销 {name}？使用它的系统会立即无法调用，且不能恢复。", $"Revoke {name}? What uses it is refused at once, and it cannot be taken back.");

    public static LocalText OfState(string state) => state switch
    {
        "active" => new("有效", "Active"),
        "expired" => new("已过期", "Expired"),
        "revoked" => Revoked,
        _ => LocalText.From(state),
    };

    public static string KindOf(string state) => state switch
    {
        "active" => "good",
        "expired" => "warn",
        _ => "off",
    };

    /// <summary>Why a key was not made or changed.</summary>
    public static LocalText Of(RequestRefusedException refused) => refused.Word switch
    {
        "bad_name" => new($"名称为 1 到 {ApiKeys.LongestName} 个可见字符", $"A name has 1 to {ApiKeys.LongestName} visible characters"),
        "empty" => new("至少选择一项权限范围", "Choose at least one scope"),
        "bad_rate" => new($"每分钟 1 到 {ApiKeys.MostPerMinute} 次", $"1 to {ApiKeys.MostPerMinute} calls a minute"),
        "bad_address" => new("来源地址写作 10.0.0.5、10.0.0.0/8 或 fd00::/8",
            "An address or a network is written like 10.0.0.5, 10.0.0.0/8 or fd00::/8"),
        "bad_issuer" => new("签发方是一个网址或不带空格的名称", "An issuer is an address, or a name without blanks"),
        "unknown_app" => new("没有这个名称的应用", "There is no app of this name"),
        "name_in_use" => new("已有同名的密钥", "There is a key of this name"),
        "too_many" => new($"最多 {ApiKeys.Most} 把密钥，请先吊销不再使用的", $"There may be {ApiKeys.Most} keys; revoke those that nobody uses"),
        "key_revoked" => new("它已被吊销，请另建一把", "It is revoked; create another one"),
        "key_expired" => new("它已过期，请另建一把", "It has expired; create another one"),
        _ => LocalText.From(refused.Message),
    };
}
