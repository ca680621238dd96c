using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Messages;

namespace Larkspur.Gateway.Console.Pages.Messages;

/// <summary>What the page of messages says.</summary>
internal static partial class MessagesTexts
{
    /// <summary>What became of it, in one line.</summary>
    public static LocalText Of(MessageAnswer message) => message.State switch
    {
        MessageAnswer.Sent => Sent,
        MessageAnswer.Degraded => Degraded,
        MessageAnswer.Failed => FailedWith(Reason(message.Failure)),
        MessageAnswer.Queued when message.Failure is { } failure => TriedAgain(Reason(failure)),
        MessageAnswer.Queued => Queued,
        _ => ItWasNotSent,
    };

    private static LocalText Reason(MessageFailure? failure) => new(failure?.MessageZh ?? "", failure?.Message ?? "");
}
