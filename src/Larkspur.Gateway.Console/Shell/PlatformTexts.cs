using Larkspur.Gateway.Common;
using Larkspur.Gateway.Common.Localisation;

namespace Larkspur.Gateway.Console.Shell;

/// <summary>Names of the platforms.</summary>
internal static class PlatformTexts
{
    public static LocalText Of(string platform) => platform switch
    {
        PlatformNames.Feishu => new("飞书", "Feishu"),
        "wecom" => new("企业微信", "WeCom"),
        "dingtalk" => new("钉钉", "DingTalk"),
        "web" => new("网页聊天", "Web chat"),
        _ => LocalText.From(platform),
    };
}
