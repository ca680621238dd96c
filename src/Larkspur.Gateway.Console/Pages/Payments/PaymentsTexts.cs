using Larkspur.Feishu.Approvals;
using Larkspur.Gateway.Approvals;
using Larkspur.Gateway.Common.Localisation;

namespace Larkspur.Gateway.Console.Pages.Payments;

/// <summary>What the payment pages say.</summary>
internal static partial class PaymentsTexts
{
    public static LocalText Of(string state) => state switch
    {
        PaymentStates.Submitting => Submitting,
        PaymentStates.Pending => Pending,
        PaymentStates.Approved => Approved,
        PaymentStates.Rejected => Rejected,
        PaymentStates.Canceled => Canceled,
        PaymentStates.Deleted => Deleted,
        PaymentStates.Reverted => Reverted,
        PaymentStates.Failed => Failed,
        _ => LocalText.From(state),
    };

    /// <summary>Why there is no delivery to show.</summary>
    public static LocalText WithoutWebhooks(string state) =>
        state is PaymentStates.Submitting or PaymentStates.Pending ? NoWebhooks : NoWebhooksTold;

    public static string KindOf(string state) => state switch
    {
        PaymentStates.Submitting or PaymentStates.Pending => "busy",
        PaymentStates.Approved => "good",
        PaymentStates.Rejected or PaymentStates.Failed => "bad",
        PaymentStates.Reverted or PaymentStates.Deleted => "warn",
        _ => "off",
    };

    public static LocalText OfLine(string what) => what switch
    {
        "submitted" => LineSubmitted,
        "created" => LineCreated,
        "cancel_requested" => LineCancelRequested,
        "cancel_sent" => LineCancelSent,
        "cancel_failed" => LineCancelFailed,
        "remind_requested" => LineRemindRequested,
        "reminded" => LineReminded,
        "remind_failed" => LineRemindFailed,
        "task_pending" => LineTaskPending,
        "task_approved" => LineTaskApproved,
        "task_rejected" => LineTaskRejected,
        "task_transferred" => LineTaskTransferred,
        "task_done" => LineTaskDone,
        "task_rollback" => LineTaskRollback,
        "task_reverted" => LineTaskReverted,
        _ when PaymentStates.All.Contains(what) => Of(what),
        ['e', 'v', 'e', 'n', 't', '_', .. var state] when PaymentStates.All.Contains(state) => PlatformTold(Of(state)),
        _ => LocalText.From(what),
    };

    /// <summary>A line that only repeats what the platform told: the one beside it says what came of it.</summary>
    public static bool IsEcho(string what) => what.StartsWith("event_", StringComparison.Ordinal);

    /// <summary>A line's detail where it says something to people: numbers of tasks and instances do not.</summary>
    public static string? Saying(TimelineView line) => line.What == "created" || line.Detail is null || line.What.StartsWith("task_", StringComparison.Ordinal) && line.Detail.All(char.IsAsciiDigit) ? null : line.Detail;

    public static LocalText OfSource(string source) => source switch
    {
        PaymentSource.Request => SourceRequest,
        PaymentSource.Create => SourceCreate,
        PaymentSource.Event => SourceEvent,
        PaymentSource.Reconciliation => SourceReconciliation,
        PaymentSource.Operator => SourceOperator,
        _ => LocalText.From(source),
    };

    public static LocalText OfSubscription(string state) => state switch
    {
        SubscriptionRow.Active => SubscriptionActive,
        SubscriptionRow.Wanted => SubscriptionWanted,
        SubscriptionRow.Refused => SubscriptionRefused,
        SubscriptionRow.Removed => SubscriptionRemoved,
        _ => NotAskedForYet,
    };

    public static string KindOfSubscription(string state) => state switch
    {
        SubscriptionRow.Active => "good",
        SubscriptionRow.Refused => "bad",
        SubscriptionRow.Wanted => "busy",
        _ => "off",
    };

    public static LocalText Of(ApprovalDefinitionState state) => state switch
    {
        ApprovalDefinitionState.Active => Active,
        ApprovalDefinitionState.Inactive => Inactive,
        ApprovalDefinitionState.Deleted => Deleted,
        _ => UnknownDefinition,
    };

    public static string KindOf(ApprovalDefinitionState state) => state == ApprovalDefinitionState.Active ? "good" : "bad";

    /// <summary>A sum as people write it, every digit kept.</summary>
    public static string Sum(string amount, string currency)
    {
        var (sign, rest) = amount.StartsWith('-') ? ("-", amount[1..]) : ("", amount);
        var point = rest.IndexOf('.', StringComparison.Ordinal);
        var whole = point < 0 ? rest : rest[..point];
        for (var at = whole.Length - 3; at > 0; at -= 3) whole = whole.Insert(at, ",");
        return $"{currency} {sign}{whole}{(point < 0 ? "" : rest[point..])}";
    }

    /// <summary>A part of a form. Source: approval/v4, the definition's widgets.</summary>
    public static LocalText OfControl(string type) => FindControl(type) ?? LocalText.From(type);

    /// <summary>Nobody decides at a form's beginning and end. Source: approval/v4, node_list.</summary>
    public static bool IsStep(ApprovalNode node) => node.Id is not ("START" or "END") && node.CustomId is not ("START" or "END");

    /// <summary>How a step is decided. Source: approval/v4, node_type.</summary>
    public static LocalText OfNode(string type) => FindNode(type) ?? LocalText.From(type);
}
