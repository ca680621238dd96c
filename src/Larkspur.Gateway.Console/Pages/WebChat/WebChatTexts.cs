using Larkspur.Gateway.Common.Localisation;

namespace Larkspur.Gateway.Console.Pages.WebChat;

/// <summary>What the page of the web chat says.</summary>
internal static class WebChatTexts
{
    public static readonly LocalText Title = new("网页聊天", "Web chat");
    public static readonly LocalText About = new(
        "把助手嵌入公司的网站：谁正在使用，以及如何嵌入。", "The assistant on your own sites: who has it open, and how a site embeds it.");
    public static readonly LocalText NoAssistant = new(
        "还没有配置助手：会话可以开启，但消息不会得到回答。",
        "No assistant is set up: sessions can begin, but what people write is not answered.");
    public static readonly LocalText Sessions = new("网页会话", "Sessions");
    public static readonly LocalText ShowEnded = new("包括已结束的", "With ended ones");
    public static readonly LocalText None = new("没有打开的会话", "No session is open");
    public static readonly LocalText NoneHelp = new(
        "业务系统为登录的人员开启会话，嵌入的聊天随之打开，并显示在这里。步骤见下方。",
        "A business system begins one for somebody who has logged in there, and their chat is listed here. The steps are below.");
    public static readonly LocalText Who = new("人员", "Person");
    public static readonly LocalText Issuer = new("人员编号 · 签发方", "Subject · issuer");
    public static readonly LocalText Origins = new("嵌入网站", "Embedded on");
    public static readonly LocalText NotEmbedded = new("仅网关自己的页面", "The gateway's own page");
    public static readonly LocalText Since = new("开启", "Since");
    public static readonly LocalText Until = new("到期", "Until");
    public static readonly LocalText State = new("状态", "State");
    public static readonly LocalText Older = new("更早的会话", "Older sessions");
    public static readonly LocalText End = new("结束会话", "End this session");
    public static readonly LocalText Ended = new("会话已结束", "The session has ended");
    public static readonly LocalText Missing = new("没有这个会话，请刷新页面", "There is no such session: load the page again");
    public static readonly LocalText Try = new("试用聊天", "Try the chat");
    public static readonly LocalText TrialReady = new("试用会话已开启", "A session to try it has begun");
    public static readonly LocalText TrialNote = new(
        "有效期一小时，以您的控制台账号发言，与业务系统的人员无关。链接等同于登录凭证，请勿转发。",
        "It lasts an hour and speaks as you, not as anybody of a business system. The link is as good as a log-in: do not pass it on.");
    public static readonly LocalText OpenTrial = new("在新标签页打开", "Open in a new tab");
    public static readonly LocalText Close = new("收起", "Close");
    public static readonly LocalText Embed = new("嵌入网站", "Embed it");
    public static readonly LocalText EmbedNote = new(
        "网站自己的服务器为登录的人员开启会话，再把得到的地址放进页面。控制台只允许显示自己的内容，所以请用“试用聊天”在新标签页查看效果。",
        "The site's server begins a session for whoever has logged in, and puts the address that it gets into the page. The console frames "
            + "nothing; “Try the chat” shows it in a new tab.");
    public static readonly LocalText Site = new("嵌入聊天的网站", "The site that embeds the chat");
    public static readonly LocalText SiteHelp = new(
        "协议和域名，不含路径。它会写进下面的代码。", "https:// and a host, without a path. It goes into the code below.");
    public static readonly LocalText BadSite = new(
        "应为 https:// 加域名，不含路径；http:// 只能用于本机",
        "It has to be https:// and a host without a path; http:// is for this machine alone");
    public static readonly LocalText StepKey = new("创建 API 密钥", "Create an API key");
    public static readonly LocalText StepKeyNote = new(
        "权限范围选择“为本密钥的签发方开启网页会话”（web-chat:write），并把网站登记为密钥的签发方（issuers）：",
        "Give it the scope web-chat:write, and name the site among the key's issuers:");
    public static readonly LocalText ToKeys = new("管理 API 密钥", "Manage API keys");
    public static readonly LocalText StepBegin = new("在服务器上开启会话", "Begin a session on the server");
    public static readonly LocalText StepBeginNote = new(
        "subject 是人员在网站里的编号，同一编号始终是同一个人；origins 列出可以嵌入的网站。请勿在浏览器里调用，以免泄露密钥。",
        "The subject is the person's id on the site; the same id is the same person, always. Origins are the sites that may embed the "
            + "chat. Never call it from a browser, which would give the key away.");
    public static readonly LocalText StepFrame = new("把地址放进页面", "Put the address into the page");
    public static readonly LocalText StepFrameNote = new(
        "src 使用返回的 address，每个人员各不相同，只发给其本人的浏览器。",
        "Its src is the answer's address: another one for each person, for their browser alone.");

    public static LocalText By(string who) => new($"由 {who}", $"by {who}");

    public static LocalText EndQuestion(string who) => new(
        $"结束 {who} 的会话？聊天窗口会立即断开；对话记录保留，之后可以重新开启。",
        $"End the session of {who}? Their chat closes at once. What was said stays, and another session can begin.");

    public static string KindOf(string state) => state switch
    {
        "active" => "good",
        "shut_out" => "bad",
        _ => "off",
    };

    public static LocalText OfState(string state) => state switch
    {
        "active" => new("打开", "Open"),
        "expired" => new("已到期", "Expired"),
        "revoked" => new("已结束", "Ended"),
        "shut_out" => new("人员已停用", "Person shut out"),
        _ => LocalText.From(state),
    };
}
