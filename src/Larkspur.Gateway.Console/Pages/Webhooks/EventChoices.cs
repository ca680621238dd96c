using Larkspur.Gateway.Authorizations;
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
        "approval.decided" => WebhooksTexts.NotificationIsDecided,
        "approval.external_action" => WebhooksTexts.ClickOnAnotherSystemApproval,
        "payment.decided" => WebhooksTexts.PaymentIsDecided,
        "payment.failed" => WebhooksTexts.PaymentFailed,
        "card.action" => WebhooksTexts.CardButtonIsClicked,
        "command.called" => WebhooksTexts.BusinessSystemCommandIs,
        "person.joined" => WebhooksTexts.PersonJoined,
        "person.changed" => WebhooksTexts.PersonChanged,
        "person.left" => WebhooksTexts.PersonLeft,
        "department.created" => WebhooksTexts.DepartmentCreated,
        "department.changed" => WebhooksTexts.DepartmentChanged,
        "department.removed" => WebhooksTexts.DepartmentRemoved,
        AuthorizationEvents.Given => WebhooksTexts.AuthorizationGiven,
        AuthorizationEvents.Refused => WebhooksTexts.AuthorizationRefused,
        AuthorizationEvents.Ended => WebhooksTexts.AuthorizationEnded,
        _ => DeliveriesTexts.OfEvent(type),
    };
}
