using Larkspur.Gateway.Common;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Console.Pages.CheckUps;
using Larkspur.Gateway.Conversations;
using Larkspur.Gateway.Doctor;

namespace Larkspur.Gateway.Console.Pages.Welcome;

/// <summary>What the wizard says.</summary>
internal static class WelcomeTexts
{
    public const string NotificationPrefix = "auth.feishu.notify_";

    public static readonly LocalText Title = new("设置向导", "Set-up wizard");
    public static readonly LocalText About = new("几分钟连接飞书、企业微信或钉钉，并发出第一张卡片。可以随时离开，下次从这一步继续。",
        "Connect Feishu, WeCom or DingTalk and send the first card in a few minutes. You can leave at any time and continue here later.");
    public static readonly LocalText Account = new("管理员账号", "Account");
    public static readonly LocalText Connect = new("连接应用", "Connect an app");
    public static readonly LocalText Notifications = new("选择通知", "Choose notifications");
    public static readonly LocalText First = new("第一张卡片", "First card");
    public static readonly LocalText Finish = new("完成", "Finish");
    public static readonly LocalText[] Steps = [Connect, Notifications, First, Finish];
    public static readonly LocalText ConnectHelp = new("选择平台，填写应用的凭证。连接时会先验证凭证，成功后自动启用集成；可以连接多个平台。",
        "Choose a platform and enter its app's credentials. They are tried first, and the integration is switched on when they work. You can connect several platforms.");
    public static readonly LocalText ConnectNow = new("保存并连接", "Save and connect");
    public static readonly LocalText ConnectAgain = new("保存并重新连接", "Save and connect again");
    public static readonly LocalText Connecting = new("正在验证并连接，最多 30 秒…", "Trying the credentials and connecting, 30 seconds at most…");
    public static readonly LocalText Connected = new("已连接", "Connected");
    public static readonly LocalText NotConnected = new("未连接", "Not connected");
    public static readonly LocalText Incomplete = new("信息不完整", "Incomplete");
    public static readonly LocalText ConnectFirst = new("请先连接至少一个平台，再继续。", "Connect at least one platform before you go on.");
    public static readonly LocalText NoFeishu = new("业务通知目前通过飞书发送；连接飞书后可以在“设置”中选择。",
        "Business notifications go over Feishu for now; once Feishu is connected you can choose them in the settings.");
    public static readonly LocalText Platform = new("平台", "Platform");
    public static readonly LocalText Person = new("收件人", "To whom");
    public static readonly LocalText Send = new("发送", "Send");
    public static readonly LocalText SendAgain = new("再发一张", "Send another");
    public static readonly LocalText Next = new("下一步", "Next");
    public static readonly LocalText Skip = new("跳过", "Skip");
    public static readonly LocalText Back = new("上一步", "Back");
    public static readonly LocalText Later = new("稍后继续", "Finish later");
    public static readonly LocalText Ready = new("网关已就绪", "The gateway is ready");
    public static readonly LocalText ReadyHelp = new("卡片已经送达。业务系统现在可以通过 REST API 发送通知和发起审批。",
        "A card has arrived. Business systems can now send notifications and start approvals over the REST API.");
    public static readonly LocalText Unproven = new("还没有验证发送", "Sending is not proven yet");
    public static readonly LocalText UnprovenHelp = new("平台已连接，但还没有卡片送达。建议回到上一步发送一张，确认权限和可用范围都正确。",
        "A platform is connected, but no card has arrived yet. Go back and send one: it proves that permissions and availability are right.");
    public static readonly LocalText ToCard = new("发送第一张卡片", "Send the first card");
    public static readonly LocalText ToOverview = new("查看概览", "To the overview");
    public static readonly LocalText ToKeys = new("为业务系统创建 API 密钥", "Make an API key for a business system");
    public static readonly LocalText Arrived = new("卡片已送达", "Card has arrived");

    /// <summary>The card, in both languages: who gets it may read either.</summary>
    public static readonly UnifiedResponse Card = new(
        "这张卡片由网关的设置向导发出：凭证、权限和投递都正常。\n\nThis card comes from the gateway's wizard: credentials, permissions and delivery work.")
    {
        Title = "Larkspur 已连接 · Larkspur is connected",
    };

    /// <summary>The credentials and the bot are right: messages can leave. Scopes may still be missing or superfluous.</summary>
    public static bool Works(CheckUp trial) => trial.Report.Checks.Where(c => c.Check.Id is "credentials" or "bot" or "wecom" or "dingtalk")
        .All(c => c.Result.Status is CheckStatus.Ok or CheckStatus.Warning);

    public static string WordOf(ConnectOutcome outcome) => outcome.IsConnected ? "ok" : "failed";

    public static LocalText Of(ConnectOutcome outcome) => outcome switch
    {
        { IsConnected: false, Problem: { } problem } =>
            new($"凭证正确，但没有连接上：{problem.Chinese}。集成保持关闭。",
                $"The credentials are right, but there is no connection: {problem.English}. The integration stays off."),
        { IsConnected: false } => new("凭证没有通过，集成保持关闭。下面写明了原因和办法。",
            "The credentials do not work, so the integration stays off. Below stand the reason and what to do."),
        { Trial.Report.Status: CheckStatus.Ok } => new("连接成功，集成已启用。", "It works, and the integration is on."),
        _ => new("连接成功，集成已启用；下面还有可以改进的地方。", "It works, and the integration is on; below is what can be better."),
    };

    public static LocalText NoConnection(string? reason) => reason is null
        ? new("平台没有在 10 秒内接受长连接", "the platform did not take the long connection within 10 seconds")
        : new(reason, reason);

    public static LocalText DoesNotFit(string why) => new("填写的内容不符合要求：" + why, "What was entered does not fit: " + why);

    public static LocalText PersonHelp(string platform) => platform == PlatformNames.Feishu
        ? new("邮箱、open_id 或 user_id；此人需要在应用的可用范围内。",
            "An e-mail address, open_id or user_id; the person must be within the app's availability.")
        : new("管理后台通讯录中的 userid（账号）；此人需要在应用的可见范围内。",
            "The userid from the admin console's directory; the person must be within the app's range.");

    public static LocalText NoPerson(string platform) => platform == PlatformNames.Feishu
        ? new("请输入邮箱、open_id 或 user_id", "Enter an e-mail address, an open_id or a user_id")
        : new("请输入 userid", "Enter a userid");

    public static LocalText Of(string status, LocalText? reason) => status switch
    {
        "sent" => new("卡片已送达。", "The card has arrived."),
        "open" when reason is not null => new($"还在重试：{reason.Chinese}", $"Still being tried: {reason.English}"),
        "open" => new("正在发送…", "On its way…"),
        "dead" => new($"没有送达：{reason?.Chinese}", $"It did not arrive: {reason?.English}"),
        _ => LocalText.From(status),
    };
}
