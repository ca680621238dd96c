using Larkspur.Gateway.Common.Localisation;

namespace Larkspur.Gateway.Console.Pages.Webhooks;

/// <summary>What the list of a webhook's deliveries says.</summary>
internal static class WebhookDeliveryTexts
{
    public static readonly LocalText All = new("全部", "All");
    public static readonly LocalText From = new("开始时间", "From");
    public static readonly LocalText To = new("结束时间", "To");
    public static readonly LocalText Search = new("搜索", "Search");
    public static readonly LocalText SearchHint = new("参考号、webhook-id 或人员 ID", "Reference, webhook-id or person's id");
    public static readonly LocalText Filter = new("筛选", "Filter");
    public static readonly LocalText Reference = new("参考号", "Reference");
    public static readonly LocalText Details = new("详情", "Details");
    public static readonly LocalText Close = new("收起", "Close");
    public static readonly LocalText Older = new("更早的投递", "Older deliveries");
    public static readonly LocalText NoneFits = new("没有符合条件的投递", "No delivery fits");
    public static readonly LocalText Resend = new("重新发送", "Resend");
    public static readonly LocalText Resent = new("已重新发送，webhook-id 不变", "Sent again under the same webhook-id");
    public static readonly LocalText ResendFailed = new("重发失败的投递", "Resend what failed");
    public static readonly LocalText ResendFailedHelp = new("把这段时间内失败的投递（死信）重新发送，webhook-id 和内容不变，一次最多 1,000 条。结束时间留空即到现在。",
        "Sends again what failed (dead letters) in this time, up to 1,000 at once. Ids and bodies stay. Without an end: until now.");
    public static readonly LocalText ResendThem = new("重发", "Resend them");
    public static readonly LocalText Cancel = new("取消", "Cancel");
    public static readonly LocalText SinceMissing = new("请填写开始时间", "Say from when on");
    public static readonly LocalText WindowEmpty = new("结束时间应晚于开始时间", "The end comes after the beginning");
    public static readonly LocalText Attempts = new("投递记录", "Attempts");
    public static readonly LocalText NoAttempts = new("没有投递记录：还没有尝试过，或记录已清除",
        "No attempt is recorded: none was made yet, or they are forgotten");
    public static readonly LocalText Duration = new("耗时", "Duration");
    public static readonly LocalText Response = new("响应", "Response");
    public static readonly LocalText NoBody = new("响应没有正文", "The response has no text");
    public static readonly LocalText Request = new("请求", "Request");
    public static readonly LocalText Body = new("请求正文", "Request body");
    public static readonly LocalText Headers = new("请求头", "Request headers");
    public static readonly LocalText Cut = new("正文较长，只显示前面一部分", "The body is longer than what is shown");
    public static readonly LocalText Hidden = new("事件内容只对管理员显示", "What the event says is shown to administrators alone");
    public static readonly LocalText Next = new("下次投递", "Next attempt");
    public static readonly LocalText ResentAt = new("重新发送于", "Sent again");
    public static readonly LocalText Forgotten = new("这条投递已被清除", "This delivery is forgotten");
    public static readonly LocalText EventHint = new("如 approval.decided", "Like approval.decided");

    public static LocalText ResentMany(int count, bool more) => count == 0
        ? new("这段时间内没有失败的投递", "Nothing failed in this time")
        : new($"已重新发送 {count} 条{(more ? "，还有更多：请再次重发" : "")}",
            $"{count} {(count == 1 ? "delivery is" : "deliveries are")} sent again{(more ? "; there are more: resend once more" : "")}");

    /// <summary>How an attempt ended.</summary>
    public static LocalText OfAttempt(int? status, string? reason) => (status, reason) switch
    {
        ({ } code, null) => LocalText.From($"{code}"),
        ({ } code, _) => LocalText.From($"{code}"),
        _ => WebhooksTexts.OfReason(reason),
    };

    /// <summary>A duration.</summary>
    public static LocalText Took(long milliseconds) => milliseconds < 1000
        ? new($"{milliseconds} 毫秒", $"{milliseconds} ms")
        : new($"{milliseconds / 1000.0:0.0} 秒", $"{milliseconds / 1000.0:0.0} s");

    public static LocalText Number(int number) => new($"第 {number} 次", $"No. {number}");
}
