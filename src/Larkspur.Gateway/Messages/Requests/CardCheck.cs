using Larkspur.Feishu.Cards;
using Larkspur.Gateway.Common.Refusals;

namespace Larkspur.Gateway.Messages;

/// <summary>Judges a card before it is queued.</summary>
internal static class CardCheck
{
    /// <summary>Refuses a card that the platform surely would.</summary>
    /// <param name="draft">What is to be sent.</param>
    /// <param name="validate">False: it is sent all the same.</param>
    /// <param name="isChange">The face of a card that was sent: it must be shared.</param>
    /// <exception cref="RequestRefusedException">With the findings.</exception>
    public static void Check(MessageDraft draft, bool validate, bool isChange = false)
    {
        if (!draft.IsCard || !validate) return;
        var report = CardValidator.Validate(draft.Content, new CardValidationOptions { WillBeUpdated = isChange });
        if (report.IsValid) return;
        var first = report.Findings.First(f => f.Severity == CardSeverity.Error);
        throw new RequestRefusedException(StatusCodes.Status422UnprocessableEntity, "bad_card", draft.Pointer,
            $"The card would be refused: {first.Message} Nothing was queued; validate=false sends it all the same.")
        {
            Findings = [.. report.Findings.Select(f => new CardFindingView(f.Pointer, f.Rule, f.Severity.ToString().ToLowerInvariant(), f.Message, f.Fix))],
        };
    }
}
