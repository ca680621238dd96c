using Larkspur.Gateway.Cards;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Inbox;
using Larkspur.Gateway.Inbox.Dispatch;

namespace Larkspur.Samples.DemoBot;

/// <summary>The buttons of the card. Whoever decides first has decided; everybody later learns who it was.</summary>
internal sealed class DemoClicks(DemoRequests requests, string kind)
{
    public ValueTask<Reaction> HandleAsync(CardClick click, CancellationToken cancellation) => ValueTask.FromResult(
        click.ValueText("request") is { } request && click.ValueText("choice") is { } choice and ("approve" or "reject" or "finance")
            ? React(click, choice, request)
            : new Reaction(effects => ValueTask.FromResult(click.Stale(effects))));

    private Reaction React(CardClick click, string choice, string id) => new(async effects =>
    {
        if (await requests.FindAsync(effects, id) is not { } state) return click.Stale(effects);
        return choice == "finance"
            ? await AskFinanceAsync(effects, click, state)
            : await DecideAsync(effects, click, state, choice == "approve");
    });

    private async ValueTask<Outcome> DecideAsync(IEffects effects, CardClick click, DemoState state, bool approved)
    {
        var decision = new DemoDecision(approved, Mark(effects, click, state));
        if (!await requests.DecideAsync(effects, state.Request.Id, decision))
            return AlreadyDecided(effects, click, (await requests.FindAsync(effects, state.Request.Id))!);

        effects.Answer(new CallbackAnswer
        {
            Toast = Told(approved ? "success" : "info", approved ? DemoTexts.ToastApproved : DemoTexts.ToastRejected),
            Card = Draw(state with { Decision = decision }),
        });
        return Outcome.Answered;
    }

    private async ValueTask<Outcome> AskFinanceAsync(IEffects effects, CardClick click, DemoState state)
    {
        if (state.Decision is not null) return AlreadyDecided(effects, click, state);
        var mark = Mark(effects, click, state);
        if (!await requests.AskFinanceAsync(effects, state.Request.Id, mark))
        {
            var asked = (await requests.FindAsync(effects, state.Request.Id))!.Finance!;
            return click.Tell(effects, Told("info", DemoTexts.AskedBefore(NameOf(asked), click.Clock(asked.At))), "already_asked");
        }

        effects.Answer(new CallbackAnswer { Toast = Told("info", DemoTexts.ToastFinance) });
        if (click.MessageId is not null) effects.Send(click.UpdateLater(Draw(state with { Finance = mark })));
        return Outcome.Answered;
    }

    /// <summary>The card comes along: the person may look at an old face of it.</summary>
    private Outcome AlreadyDecided(IEffects effects, CardClick click, DemoState state)
    {
        var decision = state.Decision!;
        effects.Answer(new CallbackAnswer
        {
            Toast = Told("warning", DemoTexts.DoneBefore(decision.Approved, NameOf(decision.Mark), click.Clock(decision.Mark.At))),
            Card = Draw(state),
        });
        return Outcome.Refused("already_decided");
    }

    private string Draw(DemoState state) => DemoCard.Draw(state, kind).ToJson();

    private static Toast Told(string sort, LocalText text) => new(sort, text.Chinese, text.English);

    private static LocalText NameOf(DemoMark mark) => mark.Name is { } name ? LocalText.From(name) : DemoTexts.Somebody;

    private static DemoMark Mark(IEffects effects, CardClick click, DemoState state) => new(
        click.Person.OpenId,
        state.Request.Locale.StartsWith("zh", StringComparison.Ordinal) ? click.Person.Name : click.Person.EnglishName ?? click.Person.Name,
        effects.Now);
}
