namespace Larkspur.Emulator.Web;

/// <summary>The pages of WeCom and DingTalk.</summary>
public sealed partial class Texts
{
    public string Platforms => _zh ? "平台" : "Platform";
    public string PlatformName(string name) => name switch { "wecom" => _zh ? "企业微信" : "WeCom", "dingtalk" => _zh ? "钉钉" : "DingTalk",
        "dify" => "Dify", _ => _zh ? "飞书" : "Feishu" };
    public string PlatformProduct(string name) => _zh ? $"模拟{PlatformName(name)}" : $"Emulated {PlatformName(name)}";
    public string PlatformAs(string name, string person) => _zh ? $"{person} 的{PlatformName(name)}" : $"{person} on {PlatformName(name)}";
    public string ComposePlainHint => _zh ? "Enter 发送，Shift+Enter 换行" : "Enter sends, Shift+Enter starts a new line";
    public string MentionBot(string name) => $"@{name}";
    public string MentionBotHint => _zh ? "勾选后机器人会收到这条消息" : "While ticked, the bot hears what you write";
    public string NobodyWrites => _zh ? "此会话只接收通知" : "Nobody writes here";
    public string PictureElsewhere => _zh ? "站外图片，未加载" : "Picture from elsewhere, not loaded";

    public string RecalledLine => _zh ? "[已撤回]" : "[Recalled]";

    public string Application => _zh ? "应用" : "App";
    public string AiBot => _zh ? "智能机器人" : "AI bot";
    public string GroupRobot => _zh ? "群机器人" : "Group robot";
    public string ApplicationChat => _zh ? "企业自建应用" : "Self-built application";
    public string GroupOf(int people) => _zh ? $"内部群 · {people} 人" : $"Internal group · {people} {(people == 1 ? "person" : "people")}";
    public string SafeMessage => _zh ? "保密消息" : "Confidential";
    public string Thinking => _zh ? "思考过程" : "Reasoning";
    public string StreamExpired => _zh ? "回答未在时限内结束" : "The answer did not end in time";
    public string GoodAnswer => _zh ? "赞" : "Good answer";
    public string BadAnswer => _zh ? "踩" : "Bad answer";
    public string RateAnswer => _zh ? "评价回答" : "Rate this answer";
    public string CardMenu => _zh ? "更多操作" : "More actions";
    public string ReadMore => _zh ? "查看详情" : "Details";
    public string MiniProgram => _zh ? "小程序" : "Mini program";

    public string WorkNotices => _zh ? "工作通知" : "Work notices";
    public string RobotChat => _zh ? "机器人单聊" : "Chat with the robot";
    public string ReadAll => _zh ? "阅读全文" : "Read more";
    public string AiStage(string stage) => stage switch
    {
        "Processing" => _zh ? "处理中" : "Thinking",
        "Inputting" => _zh ? "输入中" : "Writing",
        "Executing" => _zh ? "执行中" : "Working",
        "Failed" => _zh ? "失败" : "Failed",
        _ => _zh ? "已完成" : "Done",
    };
}
