using Larkspur.Gateway.Common.Localisation;

namespace Larkspur.Gateway.Console.Pages.Settings;

/// <summary>What the settings page says.</summary>
internal static partial class SettingsTexts
{
    /// <summary>A choice's word for people.</summary>
    public static LocalText Of(string choice) => choice switch
    {
        "webhook" => Webhook,
        "long_connection" => LongConnection,
        "stream" => StreamMode,
        "both" => EitherWay,
        "feishu" => Feishu,
        "lark" => "Lark",
        "off" => Off,
        "admins" => Admins,
        "all" => All,
        _ => LocalText.From(choice),
    };
}
