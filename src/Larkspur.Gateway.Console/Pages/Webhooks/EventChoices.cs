using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Console.Pages.Deliveries;
using Larkspur.Gateway.Webhooks;

namespace Larkspur.Gateway.Console.Pages.Webhooks;

/// <summary>Event types that can be ticked; any other can be written.</summary>
internal static class EventChoices
{
    /// <summary>All of them.</summary>
    public const string Everything = "*";

    /// <summary>The gateway's own.</summary>
    public static IReadOnlyList<string> Own { get; } = EventTypes.Own;

    /// <summary>The platform's, by what they are about.</summary>
    public static IReadOnlyList<IGrouping<string, string>> OfPlatform { get; } = [.. EventTypes.OfPlatform.Except(EventTypes.Own)
        .GroupBy(type => type.Split('.', '_')[0], StringComparer.Ordinal).OrderBy(group => group.Key, StringComparer.Ordinal)];

    /// <summary>It can be ticked.</summary>
    public static bool IsKnown(string type) => type == Everything || Own.Contains(type) || EventTypes.OfPlatform.Contains(type);

    /// <summary>What it tells of; its name where nothing better is known.</summary>
    public static LocalText Of(string type) => type switch
    {
        Everything => WebhooksTexts.AllEvents,
        "approval.decided" => new("审批通知有了结果", "A notification is decided"),
        "approval.external_action" => new("三方审批中的操作", "A click on another system's approval"),
        "payment.decided" => new("付款审批有了结果", "A payment is decided"),
        "payment.failed" => new("付款审批失败", "A payment failed"),
        "card.action" => new("卡片按钮被点击", "A card's button is clicked"),
        "command.called" => new("业务系统的命令被调用", "A business system's command is called"),
        _ => DeliveriesTexts.OfEvent(type),
    };
}
