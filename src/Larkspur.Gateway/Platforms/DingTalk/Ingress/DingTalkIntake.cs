using Larkspur.DingTalk;
using Larkspur.DingTalk.Cards;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Conversations;
using Larkspur.Gateway.Inbox;
using Larkspur.Gateway.Inbox.Dispatch;
using Larkspur.Gateway.Ingress;
using Larkspur.Gateway.Platforms.DingTalk.Answers;
using Larkspur.Gateway.Queueing;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Platforms.DingTalk.Ingress;

/// <summary>What every delivery goes through, whichever way it came: recorded first; a click is answered with what its card shows from now on.</summary>
internal sealed partial class DingTalkIntake(EventIntake intake, SessionWebhooks sessions, DispatchOptions dispatch, IBotPeople people,
    ILogger<DingTalkIntake> logger)
{
    private readonly DingTalkInboundEvents _events = new(sessions);

    /// <summary>Records it and, for a click, waits for its answer.</summary>
    /// <returns>Null: it could not be recorded and has to come again.</returns>
    public async ValueTask<DingTalkTaken?> TakeAsync(DingTalkDelivery delivery, DingTalkApp app, string way, long started, string? claimedTrace = null)
    {
        var taken = await intake.TakeAsync(now => _events.From(delivery, app.Name, now), app.Label, way, started, claimedTrace, dispatch.DingTalkCallbackDeadline);
        if (taken.Event is not { } inbound) return null;
        if (taken.Answer is not { } given) return new DingTalkTaken(CardAnswer.Nothing, null);
        return new DingTalkTaken(await AnswerAsync(app, inbound, given.Answer), given.SettleAsync);
    }

    /// <summary>Of the two languages of a toast the one that the person writes; shown to her alone: DingTalk has no toast for a card's answer.</summary>
    private async ValueTask<CardAnswer> AnswerAsync(DingTalkApp app, InboundEvent inbound, CallbackAnswer? answer)
    {
        // The words need a variable for them, which the platform's public template does not have.
        if (answer?.Toast is not { } toast || !AnswerCards.HasButtons(app)) return CardAnswer.Nothing;
        var words = await LanguageAsync(app, inbound.PersonId) == Language.English ? toast.English : toast.Chinese;
        return new CardAnswer { PrivateVariables = new CardVariables().With(AnswerVariables.Told, words.Length <= 200 ? words : words[..200]) };
    }

    private async ValueTask<Language> LanguageAsync(DingTalkApp app, string? person)
    {
        try
        {
            return (person is null ? null : await people.LanguageAsync(app.Name, person, CancellationToken.None)) ?? Language.Chinese;
        }
        catch (StorageUnavailableException e)
        {
            LanguageUnknown(e);
            return Language.Chinese;
        }
    }

    [LoggerMessage(LogLevel.Debug, "The language of a click's person is not to be had")]
    private partial void LanguageUnknown(Exception error);
}

/// <summary>A delivery that is recorded.</summary>
/// <param name="Answer">For a click: what the card shows.</param>
/// <param name="Settle">To be told whether the answer left in time; null: nobody asks.</param>
internal sealed record DingTalkTaken(CardAnswer Answer, Func<bool, Task>? Settle);
