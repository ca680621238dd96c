using Larkspur.Gateway.Cards;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Inbox;
using Larkspur.Gateway.Inbox.Dispatch;
using Larkspur.Gateway.Messages.Cards;

namespace Larkspur.Gateway.Commands.Registered;

/// <summary>Forms of registered commands that are sent: once, by whoever called the command, from the card that they were shown.</summary>
internal sealed class FormClicks(
    RegisteredCommandStore commands, CallStore calls, CallEvents events, CardDeliveries deliveries, IEnumerable<ICardCompiler> compilers)
{
    public ValueTask<Reaction> HandleAsync(CardClick click, CancellationToken cancellation) =>
        ValueTask.FromResult(new Reaction(effects => ReactAsync(effects, click)));

    private async ValueTask<Outcome> ReactAsync(IEffects effects, CardClick click)
    {
        if (click.ValueText(CardFace.CardField) is not { } id || await calls.FindAsync(effects.Unit, id) is not { Form: not null } call
            || call.App != click.App || call.Platform != click.Context.Event.Platform) return click.Stale(effects);
        switch (await deliveries.JudgeAsync(effects.Unit, call.Id, click))
        {
            case ClickedMessage.Other: return click.OtherMessage(effects);
            case ClickedMessage.Unsure: return click.OnItsWay(effects);
        }

        // In a group others see the form, too.
        if (click.Person.OpenId != call.Person.Id) return click.RefusePerson(effects);
        if (call.State != CallState.Form) return Already(effects, click, call);
        var command = commands.Find(call.Command);
        // Another command may have taken the name as one of its own.
        if (command is null || command.Name != call.Command || command.Owner != call.Owner || !command.IsFor(call.App)
            || events.Hearing(command, call.App) is not { Count: > 0 } hearing)
            return click.Tell(effects, Toast.Of("warning", BotTexts.CommandGone), "command_gone");
        var entered = CardFormReader.Read(call.FormCard(), click, out var missing);
        if (missing is not null)
            return click.Tell(effects, Toast.Of("warning", BotTexts.ClickIncomplete(missing.Label)), "incomplete_form");
        var remindAt = command.AnswerWithin > TimeSpan.Zero ? effects.Now + command.AnswerWithin : (DateTimeOffset?)null;
        if (!await calls.SubmitAsync(effects.Unit, call.Id, entered, effects.Now, remindAt))
            return Already(effects, click, await calls.FindAsync(effects.Unit, call.Id) ?? call);
        call = call with { State = CallState.Called, Entered = entered };
        CallEvents.Tell(effects, hearing, call);
        effects.Answer(new CallbackAnswer { Toast = Toast.Of("success", BotTexts.CommandSent), Card = FaceOf(call, click, effects.Now) });
        return Outcome.Answered;
    }

    private Outcome Already(IEffects effects, CardClick click, StoredCall call)
    {
        effects.Answer(new CallbackAnswer { Toast = Toast.Of("info", BotTexts.CommandSentBefore), Card = FaceOf(call, click, null) });
        return Outcome.Refused("already_done");
    }

    private string FaceOf(StoredCall call, CardClick click, DateTimeOffset? at)
    {
        var done = call.FormCard().Submit?.Done ?? CommandFormTexts.Submitted;
        var mark = new CardMark(done, click.Person.OpenId, click.Person.Name, at);
        return compilers.First(c => c.Platform == call.Platform).Compile(CommandFace.Sent(call), new CardFace(CardKinds.CommandForm,
            call.Id)
        {
            IsResolved = true, Status = CardStatus.Success, Marks = [at is null ? CardMark.Saying(done) : mark],
        }).Content;
    }
}
