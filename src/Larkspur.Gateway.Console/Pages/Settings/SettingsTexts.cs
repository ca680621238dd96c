using Larkspur.Gateway.Common.Localisation;

namespace Larkspur.Gateway.Console.Pages.Settings;

/// <summary>What the settings page says.</summary>
internal static class SettingsTexts
{
    public static readonly LocalText Title = new("设置", "Settings");
    public static readonly LocalText About = new("保存后立即在所有进程生效，无需重启；每次修改都会记入审计日志。", "Changes take effect at once in every process, without a restart, and are written to the audit log.");
    public static readonly LocalText Save = new("保存", "Save");
    public static readonly LocalText Discard = new("放弃修改", "Discard changes");
    public static readonly LocalText Saved = new("已保存", "Saved");
    public static readonly LocalText IsSet = new("已设置", "Set");
    public static readonly LocalText NotSet = new("未设置", "Not set");
    public static readonly LocalText Replace = new("更换", "Replace");
    public static readonly LocalText NewSecret = new("输入新值，保存后不再显示", "Enter a value; never shown again");
    public static readonly LocalText Environment = new("由环境变量设定，只能在那里修改：", "Set by the environment; change it there:");

    public static readonly LocalText Nothing = new("没有需要保存的修改", "There is nothing to save");
    public static readonly LocalText Unsaved = new("有修改还没有保存，确定离开吗？", "Changes are not saved yet. Leave all the same?");
    public static readonly LocalText Needed = new("必填", "Required");
    public static readonly LocalText Missing = new("请填写此项", "Enter a value");

    /// <summary>A choice's word for people.</summary>
    public static LocalText Of(string choice) => choice switch
    {
        "webhook" => new("请求地址（Webhook）", "Webhook"),
        "long_connection" => new("长连接", "Long connection"),
        "stream" => new("Stream 模式", "Stream mode"),
        "both" => new("两种方式", "Either way"),
        "feishu" => new("飞书", "Feishu"),
        "lark" => "Lark",
        "off" => new("不要求", "Of nobody"),
        "admins" => new("仅管理员", "Of administrators"),
        "all" => new("所有账号", "Of everybody"),
        _ => LocalText.From(choice),
    };
}
