using System.Text.Json;
using Larkspur.Gateway.Cards;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Notifications;

namespace Larkspur.Gateway.Console.Pages.Notifications;

/// <summary>What the notification pages say.</summary>
internal static partial class NotificationsTexts
{
    public static LocalText Of(string state) => state switch
    {
        NotificationStates.Open => Open,
        NotificationStates.Decided => Decided,
        NotificationStates.Resolved => Resolved,
        NotificationStates.Recalled => Recalled,
        NotificationStates.SwitchedOff => SwitchedOff,
        _ => LocalText.From(state),
    };

    /// <summary>How it stands; what asks nobody for a decision is not open once it was told.</summary>
    public static LocalText Of(NotificationSummary seen) => !seen.IsTold ? Of(seen.View.State) : seen.HasFailed ? PartlyTold : Told;

    /// <inheritdoc cref="Of(NotificationSummary)"/>
    public static string KindOf(NotificationSummary seen) => !seen.IsTold ? KindOf(seen.View.State) : seen.HasFailed ? "warn" : "good";

    public static string KindOf(string state) => state switch
    {
        NotificationStates.Open => "busy",
        NotificationStates.Decided or NotificationStates.Resolved => "good",
        _ => "off",
    };

    public static LocalText OfDelivery(string state) => state switch
    {
        DeliveryStates.Waiting => DeliveryWaiting,
        DeliveryStates.Queued => DeliveryQueued,
        DeliveryStates.Sent => DeliverySent,
        DeliveryStates.Read => DeliveryRead,
        DeliveryStates.Degraded => DeliveryDegraded,
        DeliveryStates.Failed => DeliveryFailed,
        DeliveryStates.Discarded => DeliveryDiscarded,
        DeliveryStates.Recalling => DeliveryRecalling,
        DeliveryStates.Recalled => DeliveryRecalled,
        DeliveryStates.Unknown => DeliveryUnknown,
        _ => LocalText.From(state),
    };

    public static string KindOfDelivery(string state) => state switch
    {
        DeliveryStates.Sent or DeliveryStates.Read => "good",
        DeliveryStates.Waiting or DeliveryStates.Queued or DeliveryStates.Recalling => "busy",
        DeliveryStates.Degraded => "warn",
        DeliveryStates.Failed or DeliveryStates.Unknown => "bad",
        _ => "off",
    };

    public static LocalText OfAction(string action) => action switch
    {
        NotificationCards.Approve => ActionApprove,
        NotificationCards.Reject or NotificationCards.RejectSubmit => ActionReject,
        NotificationCards.Back => ActionBack,
        _ => LocalText.From(action),
    };

    public static LocalText OfOutcome(string outcome) => outcome switch
    {
        NotificationClick.Done => OutcomeDone,
        NotificationClick.Asked => OutcomeAsked,
        NotificationClick.Repeated => OutcomeRepeated,
        NotificationClick.Refused => OutcomeRefused,
        NotificationClick.Incomplete => OutcomeIncomplete,
        NotificationClick.Off => OutcomeOff,
        _ => LocalText.From(outcome),
    };

    public static LocalText Of(CardStatus status) => status switch
    {
        CardStatus.Success => Success,
        CardStatus.Danger => Danger,
        CardStatus.Warning => Warning,
        CardStatus.Info => Info,
        CardStatus.Progress => Progress,
        CardStatus.Closed => Closed,
        _ => Neutral,
    };

    /// <summary>Who it goes to, as short as it can be said.</summary>
    public static string Who(DeliveryView delivery, string language)
    {
        if (delivery.Person is { } person && (language == "zh" ? person.Name ?? person.EnName : person.EnName ?? person.Name) is { } name) return name;
        var named = delivery.Recipient.ValueKind == JsonValueKind.Object ? delivery.Recipient.EnumerateObject().FirstOrDefault().Value : delivery.Recipient;
        return named.ValueKind == JsonValueKind.String ? named.GetString()! : named.GetRawText();
    }

    /// <summary>By what a recipient was named, where their name does not say it already.</summary>
    public static (LocalText Kind, string Value)? NamedBy(DeliveryView delivery)
    {
        if (delivery.Recipient.ValueKind != JsonValueKind.Object) return null;
        var named = delivery.Recipient.EnumerateObject().FirstOrDefault(m => m.Value.ValueKind == JsonValueKind.String);
        if (named.Value.ValueKind != JsonValueKind.String || named.Value.GetString() is not { } value || Who(delivery, "en") == value) return null;
        return (OfId(named.Name), value);
    }

    private static LocalText OfId(string name) => FindId(name) ?? LocalText.From(name);

    /// <summary>Why it is as it is, in words where there are some.</summary>
    public static string? Why(DeliveryView delivery, string language) => (language == "zh" ? delivery.ReasonTextZh : delivery.ReasonText) ?? delivery.Reason;
}
