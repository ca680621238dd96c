using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Console.Shell;
using RouteOptions = Larkspur.Gateway.Assistant.RouteOptions;

namespace Larkspur.Gateway.Console.Pages.Assistant;

/// <summary>What the page of the assistant says.</summary>
internal static class AssistantTexts
{
    public static readonly LocalText Title = new("智能助手", "Assistant");
    public static readonly LocalText About = new("谁来回答、按什么规则回答，以及大家对回答的评价。后端和规则在配置文件中设置。",
        "Who answers, by which rules, and what readers thought of it. Backends and rules are set in the configuration.");
    public static readonly LocalText None = new("还没有配置后端", "No backend is configured");
    public static readonly LocalText NoneHelp = new("设置 DIFY_BASE_URL 和 DIFY_API_KEY，或在配置文件的 Larkspur:Assistant:Backends 中添加后端。",
        "Set DIFY_BASE_URL and DIFY_API_KEY, or add one under Larkspur:Assistant:Backends in the configuration.");
    public static readonly LocalText Backends = new("后端", "Backends");
    public static readonly LocalText Backend = new("后端", "Backend");
    public static readonly LocalText Works = new("可用", "In use");
    public static readonly LocalText LeftAlone = new("连续失败，暂停使用", "Left alone after failures");
    public static readonly LocalText Fallback = new("备用", "Stands in");
    public static readonly LocalText Try = new("测试提问", "Ask it something");
    public static readonly LocalText Question = new("问题", "Question");
    public static readonly LocalText Ask = new("提问", "Ask");
    public static readonly LocalText Asking = new("正在等待回答…", "Waiting for the answer…");
    public static readonly LocalText Routes = new("规则", "Rules");
    public static readonly LocalText RoutesHelp = new("从上到下，第一条符合的规则生效。", "From top to bottom; the first that fits counts.");
    public static readonly LocalText Route = new("规则", "Rule");
    public static readonly LocalText When = new("条件", "When");
    public static readonly LocalText Else = new("其他所有问题", "Everything else");
    public static readonly LocalText Always = new("所有问题", "Every question");
    public static readonly LocalText Masking = new("脱敏", "Masking");
    public static readonly LocalText Permission = new("所需功能权限", "Permission");
    public static readonly LocalText Options = new("选项", "Options");
    public static readonly LocalText ReadsDocuments = new("读取链接的文档", "Reads linked documents");
    public static readonly LocalText TakesFiles = new("接收图片和文件", "Takes pictures and files");
    public static readonly LocalText Suggests = new("推荐后续问题", "Suggests questions");
    public static readonly LocalText Selectable = new("可用 /switch 选择", "Chosen by /switch");
    public static readonly LocalText MaskTry = new("试试脱敏", "Try the masking");
    public static readonly LocalText MaskText = new("文本", "Text");
    public static readonly LocalText MaskSample = new("我的手机号是 13800138000，邮箱 bob@example.com",
        "My mobile is 13800138000, my mailbox bob@example.com");
    public static readonly LocalText Mask = new("查看结果", "Show the result");
    public static readonly LocalText NothingMasked = new("没有需要脱敏的内容", "Nothing would be masked");
    public static readonly LocalText Conversations = new("最近的问答", "Recent questions");
    public static readonly LocalText Unhelpful = new("只看没有帮助的", "Unhelpful ones alone");
    public static readonly LocalText NoConversations = new("还没有人提问", "Nobody has asked yet");
    public static readonly LocalText At = new("时间", "When");
    public static readonly LocalText Who = new("提问人", "Who");
    public static readonly LocalText Outcome = new("结果", "Outcome");
    public static readonly LocalText Verdict = new("评价", "Verdict");
    public static readonly LocalText Helpful = new("有帮助", "Helpful");
    public static readonly LocalText NotHelpful = new("没有帮助", "Not helpful");
    public static readonly LocalText Read = new("查看内容", "Read it");
    public static readonly LocalText Hide = new("收起", "Hide");
    public static readonly LocalText ReadNote = new("查看会记入审计日志。", "That you read it stands in the audit log.");
    public static readonly LocalText Asked = new("提问", "Asked");
    public static readonly LocalText Answered = new("回答", "Answered");
    public static readonly LocalText Older = new("更早的问答", "Older ones");
    public static readonly LocalText NoBackend = new("没有这个后端", "There is no such backend");
    public static readonly LocalText BadQuestion = new("请输入问题，最多 2000 个字符", "Enter a question of at most 2,000 characters");
    public static readonly LocalText Forgotten = new("这条问答已过保留期，内容已清除", "It was forgotten after its time");

    public static LocalText Failed(string backend, string why) => new($"{backend} 没有回答：{why}", $"{backend} does not answer: {why}");

    public static LocalText TooSlow(string backend) => new($"{backend} 在 60 秒内没有答完", $"{backend} did not end its answer within 60 seconds");

    public static LocalText Took(TestAnswer answer) => answer.First is { } first
        ? new($"首字 {first.TotalSeconds:0.0} 秒，全部 {answer.Whole.TotalSeconds:0.0} 秒",
            $"first word after {first.TotalSeconds:0.0} s, all of it after {answer.Whole.TotalSeconds:0.0} s")
        : new($"用时 {answer.Whole.TotalSeconds:0.0} 秒", $"after {answer.Whole.TotalSeconds:0.0} s");

    public static LocalText OfEnding(string? ending) => ending switch
    {
        "finished" => new("已回答", "Answered"),
        "stopped" => new("被提问人停止", "Stopped by who asked"),
        "interrupted" => new("中断", "Broke off"),
        "failed" => new("失败", "Failed"),
        _ => LocalText.From(ending ?? "—"),
    };

    public static string KindOf(string? ending) => ending switch
    {
        "finished" => "good",
        "stopped" => "off",
        _ => "bad",
    };

    /// <summary>A rule's conditions in words.</summary>
    public static LocalText ConditionOf(RouteOptions rule)
    {
        var parts = new List<LocalText>();
        if (rule.Command is { Length: > 0 } command) parts.Add(new($"命令 /{command}", $"command /{command}"));
        if (rule.Platform is { Length: > 0 } platform) parts.Add(PlatformTexts.Of(platform));
        if (rule.App is { Length: > 0 } app) parts.Add(new($"应用 {app}", $"app {app}"));
        if (rule.Chat is { Length: > 0 } chat) parts.Add(new($"会话 {chat}", $"chat {chat}"));
        if (rule.Person is { Length: > 0 } person) parts.Add(new($"人员 {person}", $"person {person}"));
        if (rule.Department is { Length: > 0 } department) parts.Add(new($"部门 {department}", $"department {department}"));
        if (rule.Keywords.Count > 0)
            parts.Add(new($"包含“{string.Join("”或“", rule.Keywords)}”",
                $"says {string.Join(" or ", rule.Keywords.Select(k => $"\"{k}\""))}"));
        return parts.Count == 0 ? Always : new(string.Join("，", parts.Select(p => p.Chinese)), string.Join(", ", parts.Select(p =>
            p.English)));
    }
}
