using System.Text.Json;

namespace Larkspur.Emulator.Web;

/// <summary>Every text of the web client, in the two languages it speaks.</summary>
public sealed partial class Texts
{
    public static readonly Texts English = new(false);
    public static readonly Texts Chinese = new(true);

    private readonly bool _zh;

    private Texts(bool zh) => _zh = zh;

    /// <summary>For <c>lang</c> attributes and the switch: <c>en</c> or <c>zh</c>.</summary>
    public string Code => _zh ? "zh" : "en";

    public string HtmlLanguage => _zh ? "zh-CN" : "en";

    /// <summary>How the platform spells it in cards and posts.</summary>
    public string CardLocale => _zh ? "zh_cn" : "en_us";

    public Texts Other => _zh ? English : Chinese;

    public string OtherName => _zh ? "EN" : "中文";

    public string SwitchLanguage => _zh ? "Switch to English" : "切换为中文";

    public string Product => _zh ? "模拟飞书" : "Emulated Feishu";

    public string Loopback => _zh ? "本机运行" : "runs on this machine";

    // The shell
    public string ActAs => _zh ? "以谁的身份" : "Act as";
    public string ActingAs(string name) => _zh ? $"当前身份：{name}" : $"You are {name}";
    public string Chats => _zh ? "消息" : "Messages";
    public string Inspector => _zh ? "检查器" : "Inspector";
    public string Back => _zh ? "返回消息列表" : "Back to messages";
    public string Search => _zh ? "搜索会话" : "Search chats";
    public string Bot => _zh ? "机器人" : "Bot";
    public string Members(int people, int bots) => _zh
        ? bots == 0 ? $"{people} 名成员" : $"{people} 名成员 · {bots} 个机器人"
        : $"{people} {(people == 1 ? "member" : "members")}" + (bots == 0 ? "" : $" · {bots} {(bots == 1 ? "bot" : "bots")}");
    public string DirectChat => _zh ? "单聊 · 机器人" : "Direct chat · bot";
    public string Unread(int count) => _zh ? $"{count} 条未读" : $"{count} unread";
    public string NoChats => _zh ? "还没有会话" : "No chats yet";
    public string NoChatsHint => _zh ? "机器人联系此人，或此人被拉入群聊后，会话会出现在这里。"
        : "Chats appear here once a bot writes to this person or somebody adds them to a group.";
    public string PickChat => _zh ? "选择一个会话开始" : "Pick a chat to begin";
    public string PickChatHint => _zh ? "左侧是此人看到的会话。在另一个窗口里扮演别人，两边会实时同步。"
        : "The list shows what this person sees. Open a second window as somebody else: both stay in step.";
    public string Connecting => _zh ? "连接已断开，正在重连…" : "Connection lost, reconnecting…";
    public string NotSent => _zh ? "没有发出去，请重试" : "That did not go through, try again";
    public string NoMessages => _zh ? "还没有消息" : "No messages yet";
    public string SayHello(string name) => _zh ? $"给 {name} 发第一条消息吧。试试 /help" : $"Say hello to {name}. Try /help";
    public string EarlierLeftOut(int shown) => _zh ? $"仅显示最近 {shown} 条消息" : $"Showing the latest {shown} messages";

    // Conversation
    public string Compose(string chat) => _zh ? $"发送给 {chat}" : $"Message {chat}";
    public string ComposeHint => _zh ? "Enter 发送，Shift+Enter 换行，@ 提及成员" : "Enter sends, Shift+Enter starts a new line, @ mentions somebody";
    public string Send => _zh ? "发送" : "Send";
    public string AttachFile => _zh ? "发送图片或文件" : "Send an image or a file";
    public string Mention => _zh ? "提及成员" : "Mention somebody";
    public string Reply => _zh ? "回复" : "Reply";
    public string ReplyTo(string name) => _zh ? $"回复 {name}" : $"Replying to {name}";
    public string CancelReply => _zh ? "取消回复" : "Cancel reply";
    public string React => _zh ? "表情回应" : "React";
    public string Recall => _zh ? "撤回" : "Recall";
    public string Edit => _zh ? "编辑" : "Edit";
    public string EditingMessage => _zh ? "正在编辑消息" : "Editing your message";
    public string Edited => _zh ? "已编辑" : "edited";
    public string Recalled(string name) => _zh ? $"{name} 撤回了一条消息" : $"{name} recalled a message";
    public string RecalledByYou => _zh ? "你撤回了一条消息" : "You recalled a message";
    public string RecalledQuote => _zh ? "原消息已撤回" : "The message was recalled";
    public string MissingQuote => _zh ? "原消息不可见" : "The message is not available";
    public string ReadByAll => _zh ? "全部已读" : "Read by all";
    public string ReadBy(int count, int all) => _zh ? $"{count}/{all} 人已读" : $"Read by {count} of {all}";
    public string ReadMark => _zh ? "已读" : "Read";
    public string UnreadMark => _zh ? "未读" : "Unread";
    public string OnlyYou => _zh ? "仅你可见" : "Only visible to you";
    public string Everyone => _zh ? "所有人" : "everyone";
    public string You => _zh ? "我" : "You";
    public string Today => _zh ? "今天" : "Today";
    public string Yesterday => _zh ? "昨天" : "Yesterday";
    public string UnknownPerson => _zh ? "未知用户" : "unknown person";
    public string UnknownImage => _zh ? "图片不可用" : "Image not available";
    public string UnknownMessage(string type) => _zh ? $"[暂不支持的消息类型 {type}]" : $"[unsupported message type {type}]";
    public string BrokenContent => _zh ? "消息内容无法解析" : "The content of this message cannot be read";

    // Kinds of message, for previews and bodies
    public string Image => _zh ? "[图片]" : "[Image]";
    public string File => _zh ? "[文件]" : "[File]";
    public string Audio => _zh ? "[语音]" : "[Voice]";
    public string Video => _zh ? "[视频]" : "[Video]";
    public string Sticker => _zh ? "[表情]" : "[Sticker]";
    public string Card => _zh ? "[卡片]" : "[Card]";
    public string CardTitled(string title) => _zh ? $"[卡片] {title}" : $"[Card] {title}";
    public string GroupCard => _zh ? "群名片" : "Group";
    public string PersonCard => _zh ? "个人名片" : "Contact";
    public string Location => _zh ? "[位置]" : "[Location]";
    public string Forwarded => _zh ? "[合并转发]" : "[Merged and forwarded messages]";
    public string VoiceMessage => _zh ? "语音消息" : "Voice message";
    public string Download => _zh ? "下载" : "Download";
    public string NewDivider => _zh ? "以下为新消息" : "New";

    // Cards
    public string NotACard => _zh ? "卡片内容无法解析" : "This card cannot be read";
    public string EmptyCard => _zh ? "空卡片" : "Empty card";
    public string TemplateCard(string id) => _zh ? $"模板卡片 {id}（模拟环境中没有该模板）"
        : $"Template card {id} (the emulator does not hold this template)";
    public string Generating => _zh ? "[生成中…]" : "[Generating…]";
    public string UnknownComponent(string tag) => _zh ? $"暂不支持的组件 <{tag}>" : $"Unsupported component <{tag}>";
    public string TooDeep => _zh ? "嵌套过深，未显示" : "Nested too deeply to show";
    public string ChooseOne => _zh ? "请选择" : "Select";
    public string ChoosePerson => _zh ? "请选择人员" : "Select a person";
    public string EnterText => _zh ? "请输入" : "Enter text";
    public string PickDate => _zh ? "请选择日期" : "Pick a date";
    public string PickTime => _zh ? "请选择时间" : "Pick a time";
    public string PickDateTime => _zh ? "请选择日期和时间" : "Pick date and time";
    public string Submit => _zh ? "提交" : "Submit";
    public string More => _zh ? "更多" : "More";
    public string Confirm => _zh ? "确定" : "OK";
    public string Cancel => _zh ? "取消" : "Cancel";
    public string Required => _zh ? "必填" : "Required";
    public string RequiredMissing => _zh ? "请填写必填项" : "Fill in the required fields first";
    public string Chart => _zh ? "图表" : "Chart";
    public string ChartSummary(string type, int points, bool drawn) => _zh
        ? $"{type} · {points} 个数据点" + (drawn ? "" : " · 模拟环境以表格代替这种图表")
        : $"{type} · {points} data {(points == 1 ? "point" : "points")}" + (drawn ? "" : " · shown as data, the emulator does not draw this kind");
    public string PreviousPage => _zh ? "上一页" : "Previous page";
    public string NextPage => _zh ? "下一页" : "Next page";
    public string NoRows => _zh ? "暂无数据" : "No data";
    /// <summary>What the state says about an action, in this language.</summary>
    public string Say(LocalizedText said) => _zh ? said.Zh : said.En;

    /// <summary>What a person sees of a click: the bot's toast, or why there is none.</summary>
    public Toast? ToastOf(ClickResult result) =>
        result.ErrorCode is { } code ? new Toast("error", ClickFailed(code)) : result.Toast ?? (result.Error is { } why ? new Toast("error", Say(why)) : null);

    public string ClickFailed(int code) => _zh ? $"出错了，请稍后重试 code:{code}" : $"Something went wrong, please try again later code:{code}";

    // Inspector
    public string All => _zh ? "全部" : "All";
    public string ApiCalls => _zh ? "API 调用" : "API calls";
    public string Pushes => _zh ? "推送" : "Pushes";
    public string OnlyFailures => _zh ? "只看失败" : "Failures only";
    public string FilterHint => _zh ? "按路径、事件、日志 ID 过滤" : "Filter by path, event or log id";
    public string NothingYet => _zh ? "还没有请求" : "Nothing yet";
    public string NothingYetHint => _zh ? "应用调用接口或收到事件推送后，会实时显示在这里。"
        : "Calls of the app and events pushed to it show up here as they happen.";
    public string NothingMatches => _zh ? "没有符合条件的请求" : "Nothing matches the filter";
    public string Request => _zh ? "请求" : "Request";
    public string Response => _zh ? "响应" : "Response";
    public string Headers => _zh ? "请求头" : "Headers";
    public string Event => _zh ? "事件" : "Event";
    public string OnTheWire => _zh ? "加密后的请求体" : "Encrypted body on the wire";
    public string EmptyBody => _zh ? "（空）" : "(empty)";
    public string Attempt(int number) => _zh ? $"第 {number} 次" : $"Attempt {number}";
    public string NextTry(string at) => _zh ? $"下次重试 {at}" : $"Next try {at}";
    public string NoAnswer => _zh ? "无应答" : "No answer";
    public string AllPlatforms => _zh ? "全部平台" : "All platforms";
    public string JsonInString => _zh ? "字符串" : "string";
    public string CopyCurl => _zh ? "复制为 cURL" : "Copy as cURL";
    public string CopyCurlHint => _zh ? "密钥和令牌已隐去，执行前请自行补上" : "Secrets and tokens are left out: put yours in before you run it";
    public string InClipboard => _zh ? "已复制" : "Copied";
    public string NotCopied => _zh ? "浏览器不允许复制" : "The browser did not allow copying";
    public string Close => _zh ? "关闭" : "Close";

    // The card preview
    public string CardPreview => _zh ? "卡片预览" : "Card preview";
    public string CardPreviewHint => _zh ? "粘贴卡片 JSON，实时查看效果与平台校验结果" : "Paste card JSON: see it drawn, and checked as the platform would";
    public string CardJson => _zh ? "卡片 JSON" : "Card JSON";
    public string Cards => _zh ? "卡片" : "Cards";
    public string Sample => _zh ? "示例" : "Samples";
    public string PickSample => _zh ? "选择示例…" : "Pick a sample…";
    public string FormatJson => _zh ? "格式化" : "Format";
    public string CopyLink => _zh ? "复制链接" : "Copy link";
    public string LinkCopied => _zh ? "链接已复制，卡片内容在链接里" : "Link copied; the card travels inside it";
    public string TooLargeToShare => _zh ? "卡片太大，无法放进链接" : "The card is too large for a link";
    public string BrokenLink => _zh ? "链接里的卡片无法还原" : "The card in this link cannot be read";
    public string SendToChat => _zh ? "发送到会话" : "Send to a chat";
    public string SentToChat => _zh ? "已发送" : "Sent";
    public string Desktop => _zh ? "桌面端" : "Desktop";
    public string Phone => _zh ? "手机" : "Phone";
    public string CardLanguage => _zh ? "卡片语言" : "Language of the card";
    public string Findings(int count) => _zh ? (count == 0 ? "校验通过" : $"{count} 个问题") : count == 0 ? "Nothing to mend" : count == 1 ? "1 finding" : $"{count} findings";
    public string NoFindings => _zh ? "平台会接受这张卡片。" : "The platform would take this card.";
    public string FindingsHint => _zh ? "点击问题跳到对应行。" : "Click one to go to its line.";
    public string DrawsNothing => _zh ? "什么也不会显示" : "Nothing would be shown";
    public string EmptyCardHint =>
        _zh ? "平台会接受它，但卡片是空的：没有标题，也没有内容。"
            : "The platform takes it, but the card is empty: it has no header and no elements.";
    public string Mend => _zh ? "修复" : "Fix";
    public string MendAll => _zh ? "全部修复" : "Fix all";
    public string MendOf(string finding) => _zh ? $"修复：{finding}" : $"Fix: {finding}";
    public string PlatformTakes => _zh ? "模拟平台会接受这张卡片。" : "The emulated platform takes this card.";
    public string PlatformRefuses(string answer) =>
        _zh ? $"模拟平台的回答（只返回第一个问题）：{answer}"
            : $"The emulated platform answers, telling the first only: {answer}";
    public string EditorKeys => _zh ? "Tab 缩进；按 Esc 再按 Tab 离开编辑器" : "Tab indents; Esc, then Tab, leaves the editor";
    public string Line(int line) => _zh ? $"第 {line} 行" : $"line {line}";
    public string PreviewOnly => _zh ? "预览中的操作不会发给任何应用" : "In the preview nothing is sent to any app";
    public string OpenClient => _zh ? "返回消息" : "Back to messages";
    public string SizeOf(int bytes) => _zh ? $"{bytes / 1024.0:0.0} KB / 30 KB" : $"{bytes / 1024.0:0.0} of 30 KB";
    public string PasteCard =>
        _zh ? "在编辑框中粘贴卡片 JSON，或选择一个示例。" : "Paste the JSON of a card into the editor, or pick a sample.";

    public IReadOnlyList<string> Weekdays => _zh
        ? ["星期日", "星期一", "星期二", "星期三", "星期四", "星期五", "星期六"]
        : ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

    /// <summary>What the script needs to say, as the value of one data attribute.</summary>
    public string ForScript => JsonSerializer.Serialize(new
    {
        reconnecting = Connecting, notSent = NotSent, required = RequiredMissing, replyTo = ReplyTo("{name}"), editing = EditingMessage, previewOnly = PreviewOnly,
        linkCopied = LinkCopied, copied = InClipboard, notCopied = NotCopied, tooLarge = TooLargeToShare, brokenLink = BrokenLink,
    });

    /// <summary>The language asked for by the switch, else by the cookie it left, else by the browser.</summary>
    public static Texts Choose(HttpRequest request)
    {
        var asked = request.Query["lang"].FirstOrDefault() ?? request.Cookies["larkspur_lang"];
        if (asked is "zh" or "en") return asked == "zh" ? Chinese : English;
        foreach (var range in request.GetTypedHeaders().AcceptLanguage.OrderByDescending(static l => l.Quality ?? 1))
        {
            if (range.Value.StartsWith("zh", StringComparison.OrdinalIgnoreCase)) return Chinese;
            if (range.Value.StartsWith("en", StringComparison.OrdinalIgnoreCase)) return English;
        }

        return English;
    }
}
