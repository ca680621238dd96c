using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Webhooks;

namespace Larkspur.Gateway.Console.Pages.Webhooks;

/// <summary>What the webhooks page says.</summary>
internal static class WebhooksTexts
{
    public static readonly LocalText Title = new("Webhook", "Webhooks");
    public static readonly LocalText About = new("业务系统通过签名的 Webhook 得知审批结果、付款进展和飞书事件。", "Business systems learn decisions, payments and Feishu events by signed webhooks.");
    public static readonly LocalText Add = new("添加 Webhook", "Add a webhook");
    public static readonly LocalText Change = new("修改", "Change");
    public static readonly LocalText Create = new("添加", "Add");
    public static readonly LocalText Save = new("保存", "Save");
    public static readonly LocalText Name = new("名称", "Name");
    public static readonly LocalText NameHelp = new("小写字母、数字和 -，之后不能更改；API 里用它指定 Webhook。", "Lower-case letters, digits and -; it stays. Calls of the API name the webhook by it.");
    public static readonly LocalText Address = new("地址", "Address");
    public static readonly LocalText AddressHelp = new("接收 Webhook 的 https 地址，加密保存。", "The https address that messages are posted to; kept encrypted.");
    public static readonly LocalText AddressKept = new("留空则不变", "Leave it empty to keep it");
    public static readonly LocalText Events = new("事件", "Events");
    public static readonly LocalText EventsHelp = new("什么都不选，则只收到明确指定它的投递。", "With none, it gets only what names this webhook.");
    public static readonly LocalText OtherEvents = new("其他事件类型，用空格分隔", "Other types of events, between blanks");
    public static readonly LocalText FindEvent = new("查找事件", "Find an event");
    public static readonly LocalText Failing = new("持续失败", "Failing");
    public static readonly LocalText NoEvents = new("仅明确指定它的投递", "Only messages that name it");
    public static readonly LocalText AllEvents = new("全部事件", "All events");
    public static readonly LocalText Timeout = new("超时（秒）", "Time limit (seconds)");
    public static readonly LocalText Waiting = new("等待投递", "Waiting");
    public static readonly LocalText Changed = new("最近修改", "Changed");
    public static readonly LocalText OldSecret = new("旧密钥仍签名至", "Old secret signs until");
    public static readonly LocalText ConfiguredNote = new("由配置文件或环境变量设定，只能在那里修改", "Set by the configuration or the environment; change it there");
    public static readonly LocalText None = new("还没有 Webhook", "No webhook yet");
    public static readonly LocalText NoneHelp = new("添加业务系统的接收地址，审批和付款的结果就会送到那里。", "Add a business system's address, and decisions on approvals and payments go there.");
    public static readonly LocalText Test = new("测试", "Test");
    public static readonly LocalText Testing = new("测试中…", "Testing…");
    public static readonly LocalText Rotate = new("更换密钥", "Replace secret");
    public static readonly LocalText Enable = new("重新启用", "Enable again");
    public static readonly LocalText Delete = new("删除", "Delete");
    public static readonly LocalText Attempts = new("最近投递", "Recent deliveries");
    public static readonly LocalText Hide = new("收起", "Hide");
    public static readonly LocalText NoAttempts = new("还没有投递过", "Nothing was delivered yet");
    public static readonly LocalText When = new("时间", "When");
    public static readonly LocalText Event = new("事件", "Event");
    public static readonly LocalText State = new("状态", "State");
    public static readonly LocalText Tries = new("次数", "Attempts");
    public static readonly LocalText Id = new("webhook-id", "webhook-id");
    public static readonly LocalText Added = new("已添加", "Added");
    public static readonly LocalText Saved = new("已保存", "Saved");
    public static readonly LocalText Enabled = new("已重新启用", "Enabled again");
    public static readonly LocalText Deleted = new("已删除", "Deleted");
    public static readonly LocalText BadName = new("名称只能有小写字母、数字和 -，最多 40 个字符", "A name has lower-case letters, digits and -, at most 40");
    public static readonly LocalText Taken = new("已有同名的 Webhook", "There is a webhook of this name");
    public static readonly LocalText TooMany = new($"最多 {WebhookEndpointStore.Most} 个 Webhook，每个系统最多 {WebhookEndpointStore.MostOfSystem} 个",
        $"There may be {WebhookEndpointStore.Most} webhooks, and {WebhookEndpointStore.MostOfSystem} of one system");
    public static readonly LocalText Missing = new("它已不存在，或缺少地址、密钥：请刷新页面", "It is not there any more, or lacks its address or secret: load the page again");
    public static readonly LocalText Locked = new("它由配置设定，只能在那里修改", "The configuration sets it; change it there");
    public static readonly LocalText BadTimeout = new($"超时为 {WebhookEndpointRules.LeastTimeout.TotalSeconds:0} 到 {WebhookEndpointRules.MostTimeout.TotalSeconds:0} 秒", $"The time limit is {WebhookEndpointRules.LeastTimeout.TotalSeconds:0} to {WebhookEndpointRules.MostTimeout.TotalSeconds:0} seconds");

    public static LocalText PlatformEvents(int chosen) => chosen == 0 ? new("飞书事件", "Feishu's events")
        : new($"飞书事件（已选 {chosen} 个）", $"Feishu's events ({chosen} chosen)");

    public static LocalText FailedSince(long attempts, string? reason) =>
        new($"{attempts} 次投递全部失败（{OfReason(reason).Chinese}），开始于", $"All {attempts} attempts failed ({OfReason(reason).English}), since");

    public static LocalText BadAddress(string problem) => new("地址不能使用：需要公网 https 地址，不含用户名、密码和 #；内网地址须先列入 LARKSPUR_ALLOW_PRIVATE_ADDRESSES", $"The address {problem}");

    public static LocalText BadEvent(string type, string problem)
    {
        var shown = type.Length <= 60 ? type : type[..60] + "…";
        var meant = problem.IndexOf("mean \"", StringComparison.Ordinal) is >= 0 and var at
            ? $"，是否想写 {problem[(at + 6)..].TrimEnd('?', '"')}" : "";
        return new($"“{shown}”不是事件类型{meant}", $"“{shown}” is no type of event. {problem}");
    }

    public static LocalText TooManyEvents(int most) => new($"最多 {most} 个事件类型", $"At most {most} types of events");

    public static LocalText WaitingNow(int count) => new($"有 {count} 条消息正在等待投递，没有删除；请再试一次", $"{Count(count)} for it, so it was not deleted; try again");

    public static LocalText DeleteQuestion(string name, long waiting) => waiting == 0
        ? new($"删除 {name}？之后指定它的投递会成为死信。", $"Delete {name}? Messages that name it become dead letters from then on.")
        : new($"删除 {name}？等待投递的 {waiting} 条消息会立即成为死信。", $"Delete {name}? {Count(waiting)} for it and will become dead letters at once.");

    public static LocalText RotateQuestion(string name) => new($"更换 {name} 的密钥？旧密钥在 24 小时内仍同时签名，接收方可以从容切换。", $"Replace the secret of {name}? The old one signs as well for 24 hours, so the receiver can follow at leisure.");

    public static LocalText SecretOf(string name) => new($"{name} 的签名密钥", $"Signing secret of {name}");

    public static LocalText OldUntil(string time) => new($"旧密钥同时签名至 {time}。", $"The old secret signs as well until {time}.");

    public static LocalText By(string who) => new($"由 {who}", $"by {who}");

    /// <summary>A test's result.</summary>
    public static LocalText Of(WebhookTestView test) => test.State switch
    {
        "delivered" => new("接收方已确认测试 Webhook（2xx）", "The receiver took the test (2xx)"),
        "failed" => new($"没有送达：{OfReason(test.Reason).Chinese}", $"It did not arrive: {OfReason(test.Reason).English}"),
        _ => new("10 秒内没有尝试：熔断未恢复，或队列繁忙", "Not tried within 10 seconds: the circuit is open, or there is too much to do"),
    };

    /// <summary>Why an attempt failed.</summary>
    public static LocalText OfReason(string? reason) => reason switch
    {
        "timed_out" => new("超时", "it took too long"),
        "no_connection" => new("无法连接", "no connection"),
        "tls_failed" => new("TLS 握手失败", "TLS failed"),
        "address_refused" => new("地址通向不允许访问的网络", "the address leads where webhooks may not go"),
        "redirect_refused" => new("接收方要求转向，Webhook 不跟随转向", "the receiver redirects, which is not followed"),
        "gone" => new("接收方回答 410 Gone", "the receiver answered 410 Gone"),
        { } http when http.StartsWith("http_", StringComparison.Ordinal) => new($"接收方回答 {http[5..]}", $"the receiver answered {http[5..]}"),
        { } other => LocalText.From(other),
        null => new("原因不明", "for no known reason"),
    };

    public static string KindOf(WebhookView hook) => hook switch
    {
        { State: not "active" } => "bad",
        { Circuit: "open" } => "warn",
        { Circuit: "half_open" } => "busy",
        _ => "good",
    };

    public static LocalText StateOf(WebhookView hook) => hook switch
    {
        { State: "cannot_decrypt" } => new("无法解密", "Cannot be decrypted"),
        { State: "gone" } => new("已停用（410）", "Gone (410)"),
        { State: "failing_off" } => new("持续失败，已停用", "Off: it kept failing"),
        { Circuit: "open" } => new("暂不可达，消息等待中", "Away, messages wait"),
        { Circuit: "half_open" } => new("正在试探恢复", "Trying again"),
        _ => new("正常", "Working"),
    };

    public static string KindOfDelivery(string state) => state switch
    {
        "delivered" => "good",
        "waiting" => "busy",
        "dead" => "bad",
        _ => "off",
    };

    public static LocalText OfDelivery(string state) => state switch
    {
        "delivered" => new("已送达", "Delivered"),
        "waiting" => new("等待中", "Waiting"),
        "dead" => new("死信", "Dead"),
        "discarded" => new("已丢弃", "Discarded"),
        _ => LocalText.From(state),
    };

    private static string Count(long count) => count == 1 ? "One message waits" : $"{count} messages wait";
}
