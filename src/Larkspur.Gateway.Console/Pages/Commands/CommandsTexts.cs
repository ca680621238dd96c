using System.Text.Json;
using Larkspur.Gateway.Commands.Registered;
using Larkspur.Gateway.Common.Localisation;

namespace Larkspur.Gateway.Console.Pages.Commands;

/// <summary>What the page of the bot's commands says.</summary>
internal static class CommandsTexts
{
    public static readonly LocalText Title = new("机器人命令", "Bot commands");
    public static readonly LocalText About = new(
        "大家发给机器人、以 / 开头的命令：业务系统注册的，以及网关和插件自带的。",
        "What people write to the bot with a slash in front: commands of business systems, of the gateway and of its plug-ins.");
    public static readonly LocalText None = new("业务系统还没有注册命令", "No business system has registered a command");
    public static readonly LocalText NoneHelp = new(
        "业务系统用带“注册机器人命令”权限范围（commands:write）的 API 密钥注册，随即对所有人可用：",
        "A business system registers one with an API key that has the scope commands:write; people can call it at once:");
    public static readonly LocalText ToKeys = new("管理 API 密钥", "Manage API keys");
    public static readonly LocalText ToWebhooks = new("查看 Webhook", "See the webhooks");
    public static readonly LocalText Working = new("可用", "Available");
    public static readonly LocalText Deaf = new("无人接收", "Nobody hears it");
    public static readonly LocalText DeafNote = new(
        "没有 Webhook 接收 command.called，调用者会被告知命令不可用。",
        "No webhook listens to command.called, so whoever calls it is told that it is not available.");
    public static readonly LocalText Hidden = new("被遮住", "Hidden");
    public static readonly LocalText Description = new("说明", "Description");
    public static readonly LocalText Aliases = new("别名", "Other names");
    public static readonly LocalText System = new("所属系统", "System");
    public static readonly LocalText NoSystem = new("不限于某个系统", "None in particular");
    public static readonly LocalText Apps = new("适用应用", "Apps");
    public static readonly LocalText AllApps = new("所有应用", "All");
    public static readonly LocalText NoWebhook = new("没有", "None");
    public static readonly LocalText Within = new("答复时限", "Answer within");
    public static readonly LocalText Changed = new("最近修改", "Last changed");
    public static readonly LocalText Calls = new("最近调用", "Recent calls");
    public static readonly LocalText Form = new("查看表单", "See the form");
    public static readonly LocalText Delete = new("删除", "Delete");
    public static readonly LocalText Deleted = new("已删除", "Deleted");
    public static readonly LocalText Missing = new("命令已不存在，请刷新页面", "It is not there any more: load the page again");
    public static readonly LocalText Older = new("更早的调用", "Older calls");
    public static readonly LocalText NoCalls = new("还没有人调用过", "Nobody has called it yet");
    public static readonly LocalText When = new("时间", "When");
    public static readonly LocalText Who = new("调用者", "Who");
    public static readonly LocalText Written = new("内容", "What they wrote");
    public static readonly LocalText State = new("状态", "State");
    public static readonly LocalText Reference = new("参考号", "Reference");
    public static readonly LocalText Command = new("命令", "Command");
    public static readonly LocalText From = new("来源", "From");
    public static readonly LocalText Fixed = new("内置与插件命令", "Built-in and plug-in commands");
    public static readonly LocalText FixedNote = new(
        "由网关和插件提供，优先于同名的注册命令。不需要的可以在配置中关闭：",
        "They take precedence over registered commands of the same name. Switch off in the configuration what you do not need:");

    public static LocalText Of(CommandTextView text) => new(text.Zh, text.En);

    public static LocalText HiddenNote(string by) => new(
        $"与内置或插件的 /{by} 重名，调用由后者处理。", $"/{by} of the gateway or a plug-in has the same name: calls go there.");

    public static LocalText OfOrigin(string? plugin) => plugin is null ? new("网关", "Gateway") : new($"插件 {plugin}", $"Plug-in {plugin}");

    public static LocalText OfWithin(int seconds) => seconds switch
    {
        0 => new("不限", "No limit"),
        1 => new("1 秒", "1 second"),
        _ when seconds % 3600 == 0 => new($"{seconds / 3600} 小时", seconds == 3600 ? "1 hour" : $"{seconds / 3600} hours"),
        _ when seconds % 60 == 0 => new($"{seconds / 60} 分钟", seconds == 60 ? "1 minute" : $"{seconds / 60} minutes"),
        _ => new($"{seconds} 秒", $"{seconds} seconds"),
    };

    public static LocalText By(string who) => new($"由 {who}", $"by {who}");

    public static LocalText Where(CallView call) => Platform(call.Platform) + new LocalText(" · ", " · ")
        + (call.ChatType == "group" ? new LocalText("群聊", "group") : new LocalText("私聊", "private chat"));

    /// <summary>How a call stands.</summary>
    /// <param name="call">The call.</param>
    /// <param name="late">Its system should have answered by now.</param>
    public static (string Kind, LocalText Text) Outcome(CallView call, bool late) => call.State switch
    {
        "answered" => ("good", call.Answers > 1 ? new($"已答复 {call.Answers} 次", $"Answered {call.Answers} times") : new("已答复", "Answered")),
        "called" when late => ("warn", new("超时未答复", "No answer yet")),
        "called" => ("busy", new("等待答复", "Waits for the answer")),
        _ => ("off", new("表单未提交", "Form open")),
    };

    /// <summary>What was filled in, on one line; null: nothing.</summary>
    public static string? Entered(JsonElement? form) => form is not { ValueKind: JsonValueKind.Object } entered ? null
        : string.Join(" · ", entered.EnumerateObject().Where(v => v.Value.ValueKind is not JsonValueKind.Null)
            .Select(v => $"{v.Name}: {v.Value}"));

    public static LocalText DeleteQuestion(string name) => new(
        $"删除 /{name}？大家不能再调用，打开的表单不再提交；已收到的调用仍可答复。注册它的系统可以重新注册。",
        $"Delete /{name}? People can call it no more, and open forms send nothing. What was called can be answered still, "
            + "and its system can register it again.");

    private static LocalText Platform(string platform) => platform switch
    {
        "feishu" => new("飞书", "Feishu"),
        "wecom" => new("企业微信", "WeCom"),
        "dingtalk" => new("钉钉", "DingTalk"),
        "web" => new("网页", "Web chat"),
        _ => LocalText.From(platform),
    };
}
