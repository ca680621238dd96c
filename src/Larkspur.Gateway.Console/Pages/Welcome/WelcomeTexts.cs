using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Console.Pages.CheckUps;
using Larkspur.Gateway.Doctor;

namespace Larkspur.Gateway.Console.Pages.Welcome;

/// <summary>What the wizard says, and which settings it asks for.</summary>
internal static class WelcomeTexts
{
    public const string NotificationPrefix = "auth.feishu.notify_";

    public static readonly string[] AppSettings =
    [
        FeishuIntegration.AppId, FeishuIntegration.AppSecret, FeishuIntegration.EncryptKey, FeishuIntegration.VerificationToken, FeishuIntegration.EventMode, FeishuIntegration.Brand,
        FeishuIntegration.CallbackDomain,
    ];

    public static readonly LocalText Title = new("设置向导", "Set-up wizard");
    public static readonly LocalText About = new("几分钟连接飞书并发出第一张卡片。可以随时离开，下次从这一步继续。", "Connect Feishu and send the first card in a few minutes. You can leave at any time and continue here later.");
    public static readonly LocalText Account = new("管理员账号", "Account");
    public static readonly LocalText Connect = new("连接应用", "Connect an app");
    public static readonly LocalText Test = new("测试连接", "Test");
    public static readonly LocalText Notifications = new("选择通知", "Choose notifications");
    public static readonly LocalText First = new("第一张卡片", "First card");
    public static readonly LocalText Done = new("设置完成", "All set");
    public static readonly LocalText[] Steps = [Connect, Test, Notifications, First, Done];
    public static readonly LocalText TestHelp = new("用刚才填写的凭证取一次令牌，并检查机器人能力、应用版本和权限。", "Fetches a token with the credentials just entered, and looks at the bot, the app's version and its scopes.");
    public static readonly LocalText TestNow = new("开始测试", "Test now");
    public static readonly LocalText Person = new("收件人", "To whom");
    public static readonly LocalText PersonHelp = new("邮箱、open_id 或 user_id；此人需要在应用的可用范围内。", "An e-mail address, open_id or user_id; the person must be within the app's availability.");
    public static readonly LocalText NoPerson = new("请输入邮箱、open_id 或 user_id", "Enter an e-mail address, an open_id or a user_id");
    public static readonly LocalText Send = new("发送", "Send");
    public static readonly LocalText Next = new("下一步", "Next");
    public static readonly LocalText Skip = new("跳过", "Skip");
    public static readonly LocalText Back = new("上一步", "Back");
    public static readonly LocalText DoneHelp = new("网关已经就绪。业务系统现在可以通过 REST API 发送通知和发起审批。", "The gateway is ready. Business systems can send notifications and start approvals over its REST API.");
    public static readonly LocalText ToOverview = new("查看概览", "To the overview");

    /// <summary>The credentials and the bot are right: messages can leave. Scopes may still be missing or superfluous.</summary>
    public static bool Works(CheckUp trial) => trial.Report.Checks.Where(c => c.Check.Id is "credentials" or "bot").All(c => c.Result.Status is CheckStatus.Ok or CheckStatus.Warning);

    public static string WordOf(CheckUp trial) => Works(trial) ? "ok" : "failed";

    public static string? LookOf(CheckUp trial) => Works(trial) ? "lk-good" : null;

    public static LocalText Of(CheckUp trial) => !Works(trial) ? new("还不能连接：下面写明了原因和办法", "It does not connect yet: below stand the reason and what to do")
        : trial.Report.Status == CheckStatus.Ok ? new("连接成功", "It works") : new("连接成功；下面还有可以改进的地方", "It works; below is what can be better");

    public static LocalText Away(LocalText reason) => new($"应用还没有连接：{reason.Chinese}。请回到前面的步骤。", $"The app is not connected yet: {reason.English}. Go back a step.");

    public static LocalText Of(string status) => status switch
    {
        "sent" => new("卡片已送达。", "The card has arrived."),
        "open" => new("正在发送…", "On its way…"),
        "dead" => new("没有送达：", "It did not arrive:"),
        _ => LocalText.From(status),
    };
}
