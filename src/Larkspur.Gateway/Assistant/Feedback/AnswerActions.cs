using Larkspur.Gateway.Assistant.Documents;
using Larkspur.Gateway.Assistant.Routing;
using Larkspur.Gateway.Assistant.Turns;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Conversations;
using Larkspur.Gateway.Inbox;
using Larkspur.Gateway.Inbox.Dispatch;
using Larkspur.Gateway.People.Departments;
using Larkspur.Gateway.People.Identities;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Assistant.Feedback;

/// <summary>What a click on an answer's button does: a verdict, the same question again, one that was offered, an end. Only who asked may.</summary>
internal sealed class AnswerActions(UserResolver askers, RepeatedQuestions repeated, IDatabase database, TurnWorker worker,
    QuestionIntake asking, VerdictSender verdicts, AnswerSaver saver, AssistantMetrics metrics)
{
    public async ValueTask<Reaction> ReactAsync(
        AnswerAction action, PlatformAccount by, EventContext context, CancellationToken cancellation)
    {
        var asked = await database.ReadAsync(sql => TurnStore.FindAsync(sql, action.Turn), cancellation);
        var person = await askers.OfAsync(by.ScopeIsAssumed && asked is not null && IsSame(by, asked) ? asked.Sender : by, cancellation);
        var repeats = action.What is AnswerActionKind.Again or AnswerActionKind.Save || action.Offered is not null;
        if (repeats && asked is not null && asked.IsOf(person)
            && await repeated.RefusalAsync(asked, by.Departments, person, cancellation) is { } refusal)
            return new Reaction(effects => ValueTask.FromResult(Tell(effects, "warning", refusal.Text, Outcome.Refused(refusal.Reason))));
        return new Reaction(async effects =>
        {
            // A click comes from where the answer stands: what a person's account elsewhere sends in its name is none.
            if (await TurnStore.FindAsync(effects.Unit, action.Turn) is not { } turn || (turn.Platform, turn.App) != (by.Platform, by.App))
                return Tell(effects, "warning", AssistantTexts.ToastGone, Outcome.Refused("unknown_turn"));
            if (!turn.IsOf(person))
                return Tell(effects, "warning", AssistantTexts.ToastNotYours, Outcome.Refused("not_asked_by_them"));
            return action.What switch
            {
                AnswerActionKind.Helpful or AnswerActionKind.Unhelpful => await RateAsync(effects, turn, action.What == AnswerActionKind.Helpful),
                AnswerActionKind.Stop => await StopAsync(effects, turn),
                AnswerActionKind.Again => await AskAsync(effects, Known(turn, by), $"again {context.Event.EventId}",
                    AssistantTexts.ToastAgain),
                AnswerActionKind.Save => await SaveAsync(effects, turn),
                _ when action.Offered is { } index => await OfferedAsync(effects, Known(turn, by), index, context),
                _ => Tell(effects, "warning", AssistantTexts.ToastGone, Outcome.Refused("unknown_action")),
            };
        });
    }

    /// <summary>Who asked, by the same app and under the same id: only the company was not named this time.</summary>
    private static bool IsSame(PlatformAccount by, Turn asked) => (by.Platform, by.App) == (asked.Platform, asked.App) && by.Ids is [var id] && asked.Sender.Ids.Any(i => (i.Kind, i.Compared) == (id.Kind, id.Compared));

    /// <summary>What is known of the asker goes on with the next question as the click tells it: an old word must not become new by asking again.</summary>
    private static Turn Known(Turn turn, PlatformAccount by) => turn with { Sender = turn.Sender with { Departments = by.Departments } };

    private async ValueTask<Outcome> RateAsync(IEffects effects, Turn turn, bool helpful)
    {
        if (!turn.HasEnded) return Tell(effects, "info", AssistantTexts.ToastNotYet, Outcome.Refused("not_ended"));
        if (await VerdictSender.RecordAsync(effects.Unit, turn.Id, helpful))
        {
            metrics.Rated(helpful);
            verdicts.Stored(effects.Unit);
        }

        return Tell(effects, "success", helpful ? AssistantTexts.ToastHelpful : AssistantTexts.ToastUnhelpful, Outcome.Answered);
    }

    private async ValueTask<Outcome> StopAsync(IEffects effects, Turn turn)
    {
        if (!await TurnStore.StopAsync(effects.Unit, turn.Id, effects.Now))
            return Tell(effects, "info", AssistantTexts.ToastEnded, Outcome.Refused("ended"));
        worker.Stopped(effects.Unit, turn.Id);
        return Tell(effects, "success", AssistantTexts.ToastStopping, Outcome.Answered);
    }

    private async ValueTask<Outcome> SaveAsync(IEffects effects, Turn turn)
    {
        if (!turn.HasEnded) return Tell(effects, "info", AssistantTexts.ToastNotYet, Outcome.Refused("not_ended"));
        if (!AnswerSaver.CanSave(turn)) return Tell(effects, "warning", AssistantTexts.DocNotLinked, Outcome.Refused("no_feishu_account"));
        return await saver.StoreAsync(effects.Unit, turn.Id, effects.Now)
            ? Tell(effects, "success", AssistantTexts.ToastSaving, Outcome.Answered)
            : Tell(effects, "info", AssistantTexts.ToastSaved, Outcome.Refused("saved_before"));
    }

    /// <summary>What a button asks is what was offered below that answer, whatever it says.</summary>
    private async ValueTask<Outcome> OfferedAsync(IEffects effects, Turn turn, int index, EventContext context) =>
        await Suggestions.FindAsync(effects.Unit, turn.Id, index) is { } question
            ? await AskAsync(effects, turn with { Question = question, Attachments = [], Quoted = null },
                $"offered {index} {context.Event.EventId}", AssistantTexts.ToastAsking)
            : Tell(effects, "warning", AssistantTexts.ToastGone, Outcome.Refused("nothing_offered"));

    private async ValueTask<Outcome> AskAsync(IEffects effects, Turn turn, string key, LocalText words)
    {
        if (!turn.HasEnded) return Tell(effects, "info", AssistantTexts.ToastNotYet, Outcome.Refused("not_ended"));
        // One more of the same while the first is being written would be a second answer that nobody asked for.
        if ((await TurnStore.OpenOfAsync(effects.Unit, turn.Person)).Count > 0)
            return Tell(effects, "info", AssistantTexts.ToastBusy, Outcome.Refused("still_answering"));
        if (!await asking.AgainAsync(effects.Unit, turn, key, effects.Now))
            return Tell(effects, "info", AssistantTexts.ToastBusy, Outcome.Refused("too_many_questions"));
        return Tell(effects, "success", words, Outcome.Asked);
    }

    private static Outcome Tell(IEffects effects, string kind, LocalText words, Outcome outcome)
    {
        effects.Answer(new CallbackAnswer { Toast = Toast.Of(kind, words) });
        return outcome;
    }
}
