using Larkspur.Gateway.Common.Localisation;

namespace Larkspur.Gateway.Console.Pages.Welcome;

/// <summary>How an app is made, in words. Facts: the platforms' protocol pages; menus are named as the platforms' consoles name
/// them.</summary>
internal static class GuideTexts
{
    public static readonly LocalText Title = new("如何创建应用", "How to make the app");
    public static readonly LocalText Open = new("打开开发者后台", "Open the developer console");
    public static readonly LocalText ToCopy = new("复制到开发者后台", "To copy into the developer console");
    public static readonly LocalText FeishuCreate = new("在飞书开放平台创建“企业自建应用”。",
        "In the Feishu developer console, create a custom app (企业自建应用).");
    public static readonly LocalText FeishuBot = new("在“添加应用能力”中添加“机器人”。", "Under Add Features, add the Bot.");
    public static readonly LocalText FeishuScopes = new("在“权限管理”中选择“批量导入/导出权限”，粘贴以下内容。",
        "Under Permissions & Scopes, choose batch import and paste this.");
    public static readonly LocalText FeishuEvents = new("在“事件与回调 → 事件配置”中添加以下事件。",
        "Under Events & Callbacks, Event Configuration, add these events.");
    public static readonly LocalText FeishuCallback = new("在“事件与回调 → 回调配置”中添加以下回调，否则卡片按钮没有反应。",
        "Under Events & Callbacks, Callback Configuration, add this callback; without it, buttons on cards do nothing.");
    public static readonly LocalText FeishuConnection = new("网关没有公网地址：事件与回调的订阅方式都选“使用长连接接收”，并在下面选择“长连接”。先在这里保存并连接，再在飞书保存订阅方式。",
        "The gateway has no public address: choose the long connection for events and callbacks alike, and below. Save and connect here first, then save the subscription in Feishu.");
    public static readonly LocalText FeishuAddress = new("订阅方式选择“将事件发送至开发者服务器”，事件与回调都填写以下请求地址；先在这里保存并连接，再在飞书保存地址。",
        "Choose to have events and callbacks sent to your server, at this address for both. Save and connect here first, then save the address in Feishu.");
    public static readonly LocalText FeishuPublish = new("在“版本管理与发布”中创建版本，把需要的人加入可用范围并发布。最后把 App ID 与 App Secret 填到下面。",
        "Under Version Management & Release, create a version, add the people to its availability, and publish it. Then enter the App ID and App Secret below.");
    public static readonly LocalText WeComCreate = new("在企业微信管理后台“应用管理 → 自建”创建应用，记下 AgentId 与 Secret；企业 ID 在“我的企业”底部。",
        "In the WeCom admin console, create an app under 应用管理 → 自建 (Apps, self-built) and note its AgentId and Secret; the Corp ID stands at the foot of 我的企业 (My Company).");
    public static readonly LocalText WeComTrusted = new("在应用的“企业可信IP”中加入本机的公网出口 IP，否则调用会被拒绝（60020）。",
        "Add this server's public IP under 企业可信IP (trusted IPs) of the app; calls from others are refused (60020).");
    public static readonly LocalText WeComAddress = new("在“接收消息 → 设置API接收”填写以下 URL 并生成 Token 与 EncodingAESKey。先把两者填到这里并连接，再在企业微信保存。",
        "Under 接收消息 → 设置API接收 (Receive messages, API), enter this URL and have Token and EncodingAESKey made. Enter both here and connect first, then save in WeCom.");
    public static readonly LocalText WeComNoAddress = new("没有公网地址时，应用只能发送，不能接收消息和点击；需要接收时请使用下面的智能机器人，或在“设置”中填写回调域名。",
        "Without a public address the app only sends, and neither messages nor clicks come back. To receive, use the AI bot below, or enter the callback domain in the settings.");
    public static readonly LocalText WeComBot = new("可选：在“管理工具 → 智能机器人”以 API 模式创建机器人，选择“长连接”，把 Bot ID 与 Secret 填到下面。它不需要公网地址。",
        "Optional: create an AI bot (智能机器人) in API mode with the long connection, and enter its Bot ID and Secret below. It needs no public address.");
    public static readonly LocalText DingTalkCreate = new("在钉钉开发者后台创建“企业内部应用”。",
        "In the DingTalk developer console, create an internal app (企业内部应用).");
    public static readonly LocalText DingTalkRobot = new("在“机器人”中启用机器人，消息接收模式选择“Stream 模式”，记下 RobotCode。",
        "Under 机器人 (Robot), switch it on, choose Stream mode, and note the RobotCode.");
    public static readonly LocalText DingTalkPermissions = new("在“权限管理”中申请以下权限。", "Under 权限管理 (Permissions), apply for these.");
    public static readonly LocalText DingTalkStream = new("在“事件与回调”中选择“Stream 模式推送”。",
        "Under 事件与回调 (Events and callbacks), choose Stream mode.");
    public static readonly LocalText DingTalkAddress = new("在“事件与回调”中选择“Stream 模式推送”；只有在必须使用 HTTP 推送时才填写以下地址。",
        "Under 事件与回调 (Events and callbacks), choose Stream mode. Enter this address only if it has to be HTTP.");
    public static readonly LocalText DingTalkPublish = new("发布应用版本，把 Client ID 与 Client Secret 填到下面。发布之前，钉钉不提供员工的 userid。",
        "Publish a version, then enter Client ID and Client Secret below. Before that DingTalk tells nobody's userid.");
}
