using Larkspur.Gateway.Cards;
using Larkspur.Gateway.Dispatch;
using Larkspur.Gateway.Inbox;

namespace Larkspur.Gateway.Bots.ApproveDemo;

/// <summary>The buttons of the demonstration's card. Whoever decides first has decided; everybody later learns who it was.</summary>
internal sealed class DemoClicks(IDemoRequests requests)
{
    public ValueTask<Reaction> HandleAsync(CardClick click, CancellationToken cancellation) => ValueTask.FromResult(
        click.ValueText("request") is { } request && click.ValueText("choice") is { } choice and ("approve" or "reject" or "finance")
            ? React(click, choice, request)
            : new Reaction(effects => ValueTask.FromResult(click.Stale(effects))));

    private Reaction React(CardClick click, string choice, string requestId) => new(async effects =>
    {
        if (await requests.FindAsync(effects.Unit, click.App, requestId) is not { } request) return click.Stale(effects);
        return choice == "finance" ? await AskFinanceAsync(effects, click, request) : await DecideAsync(effects, click, request, choice == "approve");
    });

    private async ValueTask<Outcome> DecideAsync(IEffects effects, CardClick click, DemoRequest request, bool approved)
    {
        var decision = new DemoDecision(approved, Mark(effects, click, request.Language));
        if (!await requests.DecideAsync(effects.Unit, request.Id, decision, effects.Now)) return AlreadyDecided(effects, request);

        effects.Answer(new CallbackAnswer
        {
            Toast = BotTexts.Toast(approved ? "success" : "info", approved ? "demo.toast.approved" : "demo.toast.rejected"),
            Card = DemoCard.Draw(request with { Decision = decision }),
        });
        return Outcome.Answered;
    }

    private async ValueTask<Outcome> AskFinanceAsync(IEffects effects, CardClick click, DemoRequest request)
    {
        if (request.Decision is not null) return AlreadyDecided(effects, request);
        var mark = Mark(effects, click, request.Language);
        if (!await requests.AskFinanceAsync(effects.Unit, request.Id, mark))
        {
            var told = Told("info", "demo.toast.finance.again", request.Finance!);
            effects.Answer(new CallbackAnswer { Toast = told, Late = click.Late(told) });
            return Outcome.Refused("already_asked");
        }

        effects.Answer(new CallbackAnswer { Toast = BotTexts.Toast("info", "demo.toast.finance") });
        if (click.MessageId is not null) effects.Send(click.UpdateLater(DemoCard.Draw(request with { Finance = mark })));
        return Outcome.Answered;
    }

    /// <summary>The card comes along: the person may look at an old face of it.</summary>
    private static Outcome AlreadyDecided(IEffects effects, DemoRequest request)
    {
        var decision = request.Decision!;
        effects.Answer(new CallbackAnswer
        {
            Toast = Told("warning", decision.Approved ? "demo.toast.already.approved" : "demo.toast.already.rejected", decision.Mark),
            Card = DemoCard.Draw(request),
        });
        return Outcome.Refused("already_decided");
    }

    private static Toast Told(string kind, string key, DemoMark mark) => new(kind,
        Language.Chinese.Get(key, mark.Name ?? Language.Chinese.Get("somebody"), mark.Clock),
        Language.English.Get(key, mark.Name ?? Language.English.Get("somebody"), mark.Clock));

    private static DemoMark Mark(IEffects effects, CardClick click, Language language) => new(click.Person.OpenId, click.Person.NameIn(language), click.Clock(effects.Now));
}
