using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Console.Pages.Webhooks;
using Larkspur.Gateway.Messages;
using Larkspur.Gateway.Operations;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.Queueing;
using Larkspur.Gateway.Robots;

namespace Larkspur.Gateway.Console.Pages.Deliveries;

/// <summary>What the deliveries page says.</summary>
internal static partial class DeliveriesTexts
{
    public static LocalText ForceQuestion(Repair repair) => repair == Repair.Unsure
        ? ItMayHaveArrivedAndPlatform
        : CardWasChangedSinceReplay;

    public static LocalText Of(Repair repair) => repair switch
    {
        Repair.NotFound => NotFound,
        Repair.Unsure or Repair.Superseded => Unsure,
        _ => RowHasChangedThisIsNoLonger,
    };

    /// <summary>What an event's type says; one that is not known is shown as it is.</summary>
    /// <remarks>WeCom's AI bots tell of the same as its applications do, under a prefix.</remarks>
    public static LocalText OfEvent(string what) =>
        FindEvent(what.StartsWith("aibot.", StringComparison.Ordinal) ? what["aibot.".Length..] : what) ?? LocalText.From(what);

    /// <summary>What a message does: its operation, told by what it sends where that says more; one that this version does not know is shown as it is.</summary>
    /// <param name="operation">The operation; null: it is not known.</param>
    /// <param name="name">As the row names it.</param>
    /// <param name="messageType">What it sends.</param>
    public static LocalText OfMessage(OutboxOperation? operation, string name, string messageType) => (name, messageType) switch
    {
        ("create", "text" or "post") => SendText,
        ("create", "interactive") => SendCard,
        ("reply", "text" or "post") => ReplyWithText,
        ("reply", "interactive") => ReplyWithCard,
        ("webhook", _) => LocalText.From($"Webhook {messageType}"),
        _ => operation?.Title ?? LocalText.From($"{name} {messageType}"),
    };

    /// <summary>How an event ended, or why a row did not succeed, in words where there are some.</summary>
    public static LocalText OfReason(string reason) => reason switch
    {
        "timed_out" or "no_connection" or "tls_failed" or "address_refused" or "redirect_refused" or "gone" => WebhooksTexts.OfReason(reason),
        ['h', 't', 't', 'p', '_', ..] => WebhooksTexts.OfReason(reason),
        _ when FailureTexts.CodeOf(reason) is not null => OfPlatform(FailureTexts.Of(reason, null)),
        _ when reason.StartsWith("robot_", StringComparison.Ordinal) && RobotFailures.Find(reason) is { } said => said,
        _ => FindOutcomeReason(reason) ?? FailureTexts.FindReason(reason) ?? LocalText.From(reason),
    };

    private static LocalText OfPlatform(MessageFailure failure) => 
        OfCode(new LocalText(failure.MessageZh.TrimEnd('。'), failure.Message.TrimEnd('.')), failure.Code);

    public static LocalText Of(string state) => FindStateName(state) ?? LocalText.From(state);

    public static string KindOf(string state) => state switch
    {
        "finished" or "sent" => "good",
        "dead" => "bad",
        "open" or "held" => "busy",
        _ => "off",
    };

    public static LocalText OfLine(string what) => what switch
    {
        HistoryLine.Failed => LineFailed,
        HistoryLine.Dead => LineDead,
        HistoryLine.Replayed => LineReplayed,
        HistoryLine.Discarded => LineDiscarded,
        HistoryLine.FellBack => LineFellBack,
        _ => LocalText.From(what),
    };
}
