using Larkspur.Gateway.Common.Localisation;

namespace Larkspur.Gateway.Console.Pages.Connections;

/// <summary>What the connections page says.</summary>
internal static class ConnectionsTexts
{
    public static readonly LocalText Title = new("连接", "Connections");
    public static readonly LocalText About = new("网关连接的应用，以及事件如何到达。", "The apps behind this gateway, and how their events reach it.");
    public static readonly LocalText Wizard = new("打开设置向导", "Open the wizard");
    public static readonly LocalText None = new("还没有连接应用", "No app is connected yet");
    public static readonly LocalText NoneHelp = new("在向导里填写飞书应用的凭证，几分钟即可完成。", "Enter a Feishu app's credentials in the wizard; it takes a few minutes.");
    public static readonly LocalText Reached = new("机器人在线", "Bot online");
    public static readonly LocalText NotReached = new("尚未连通", "Not reached yet");
    public static readonly LocalText Name = new("名称", "Name");
    public static readonly LocalText BotId = new("机器人", "Bot");
    public static readonly LocalText Events = new("事件", "Events");
    public static readonly LocalText Webhook = new("请求地址", "Webhook");
    public static readonly LocalText LongConnection = new("长连接", "Long connection");
    public static readonly LocalText Connection = new("连接状态", "Connection");
    public static readonly LocalText SinceTime = new("自", "since");
    public static readonly LocalText LastEvent = new("最近事件", "Last event");
    public static readonly LocalText NoEvent = new("还没有收到事件", "None has arrived yet");

    public static LocalText Of(string state) => state switch
    {
        "connecting" => new("连接中", "Connecting"),
        "unproven" => new("已连接，尚无事件", "Connected, no event yet"),
        "proven" => new("正常", "Working"),
        "deaf" => new("收不到事件", "No events arrive"),
        "connected" => new("已连接", "Connected"),
        "replaced" => new("被另一个连接接管", "Taken over by another connection"),
        "elsewhere" => new("由另一个进程持有", "Held by another process"),
        "stopped" => new("已停止", "Stopped"),
        _ => LocalText.From(state),
    };

    public static LocalText Way(string kind) => kind switch
    {
        "bot" => new("智能机器人长连接", "AI bot, long connection"),
        "stream" => new("Stream 模式", "Stream mode"),
        _ => LocalText.From(kind),
    };

    public static string KindOf(string state) => state switch
    {
        "proven" or "connected" => "good",
        "unproven" or "connecting" => "busy",
        "deaf" or "replaced" => "bad",
        _ => "off",
    };
}
