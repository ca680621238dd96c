using Larkspur.Gateway.Common.Localisation;

namespace Larkspur.Samples.DemoBot;

/// <summary>What stands on the card and in its toasts.</summary>
internal static class DemoTexts
{
    public static readonly LocalText Title = new("采购申请", "Purchase request");
    public static readonly LocalText Item = new("物品", "Item");
    public static readonly LocalText ItemValue = new("27 英寸 4K 显示器 × 2", "27-inch 4K monitor × 2");
    public static readonly LocalText Amount = new("金额", "Amount");
    public static readonly LocalText AmountValue = new("¥3,998.00", "CNY 3,998.00");
    public static readonly LocalText Reason = new("事由", "Reason");
    public static readonly LocalText ReasonValue = new("下月入职的两位新同事使用", "For the two new colleagues who start next month");
    public static readonly LocalText Applicant = new("申请人", "Applicant");
    public static readonly LocalText Number = new("单号", "Number");
    public static readonly LocalText Approve = new("批准", "Approve");
    public static readonly LocalText Reject = new("驳回", "Reject");
    public static readonly LocalText Finance = new("咨询财务", "Ask finance");
    public static readonly LocalText Somebody = new("一位同事", "a colleague");

    public static readonly LocalText ToastApproved = new("已批准", "Approved");
    public static readonly LocalText ToastRejected = new("已驳回", "Rejected");
    public static readonly LocalText ToastFinance = new("已咨询财务，卡片稍后更新", "Finance has been asked; the card will be updated");

    public static readonly LocalText OnFeishuOnly = new("这张演示卡片的按钮只在飞书中可用：请在飞书里打开与机器人的聊天，再发送 /approve-demo。",
        "This demo's card has its buttons in Feishu: open the chat with the bot there and send /approve-demo.");

    public static LocalText Done(bool approved, string name, string clock) => approved
        ? new($"已由 {name} 于 {clock} 批准", $"Approved by {name} at {clock}")
        : new($"已由 {name} 于 {clock} 驳回", $"Rejected by {name} at {clock}");

    public static LocalText Asked(string name, string clock) =>
        new($"{name} 已于 {clock} 咨询财务，等待财务意见", $"{name} asked finance at {clock}; waiting for their opinion");

    public static LocalText AskedBefore(LocalText name, string clock) =>
        new($"{name.Chinese} 已于 {clock} 咨询过财务", $"Finance was already asked by {name.English} at {clock}");

    public static LocalText DoneBefore(bool approved, LocalText name, string clock) => approved
        ? new($"{name.Chinese} 已于 {clock} 批准", $"Already approved by {name.English} at {clock}")
        : new($"{name.Chinese} 已于 {clock} 驳回", $"Already rejected by {name.English} at {clock}");
}
