using Larkspur.Gateway.Assistant.Documents;
using Larkspur.Gateway.Assistant.Turns;
using Larkspur.Gateway.Bots;
using Larkspur.Gateway.Channels.Conversations;
using Larkspur.Gateway.Dispatch;
using Larkspur.Gateway.Inbox;
using Larkspur.Gateway.Assistant.Routing;
using Larkspur.Gateway.People.Departments;
using Larkspur.Gateway.People.Identities;
using Larkspur.Gateway.People.Permissions;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Assistant.Feedback;

/// <summary>What a click on an answer's button does: a verdict, the same question again, an end. Only who asked may.</summary>
internal sealed class AnswerDeeds(Askers askers, AssistantRoutes routes, IPermissions permissions, DepartmentBranches branches, IDatabase database, TimeProvider clock, TurnWorker worker, Asking asking, VerdictSender verdicts, AnswerSaver saver, AssistantMetrics metrics)
{
    public async ValueTask<Reaction> ReactAsync(AnswerDeed deed, PlatformAccount by, EventContext context, CancellationToken cancellation)
    {
        var asked = await database.ReadAsync(sql => TurnStore.FindAsync(sql, deed.Turn), cancellation);
        var person = await askers.OfAsync(by.ScopeIsAssumed && asked is not null && IsSame(by, asked) ? asked.Sender : by, cancellation);
        if (asked is not null && deed.What is DeedKind.Again or DeedKind.Save && await RefusalAsync(asked, by, person, cancellation) is { } reason)
            return new Reaction(effects => ValueTask.FromResult(Tell(effects, "warning", "assistant.refused", Outcome.Refused(reason))));
        return new Reaction(async effects =>
        {
            if (await TurnStore.FindAsync(effects.Unit, deed.Turn) is not { } turn) return Tell(effects, "warning", "assistant.toast.gone", Outcome.Refused("unknown_turn"));
            if (turn.Person != person.Id && !person.FormerIds.Contains(turn.Person)) return Tell(effects, "warning", "assistant.toast.not_yours", Outcome.Refused("not_asked_by_them"));
            return deed.What switch
            {
                DeedKind.Helpful or DeedKind.Unhelpful => await RateAsync(effects, turn, deed.What == DeedKind.Helpful),
                DeedKind.Stop => await StopAsync(effects, turn),
                DeedKind.Again => await AgainAsync(effects, turn, context),
                DeedKind.Save => await SaveAsync(effects, turn),
                _ => Tell(effects, "warning", "assistant.toast.gone", Outcome.Refused("unknown_deed")),
            };
        });
    }

    /// <summary>Who asked, by the same app and under the same id: only the company was not named this time.</summary>
    private static bool IsSame(PlatformAccount by, Turn asked) => (by.Platform, by.App) == (asked.Platform, asked.App) && by.Ids is [var id] && asked.Sender.Ids.Any(i => (i.Kind, i.Compared) == (id.Kind, id.Compared));

    /// <summary>A card may be weeks old, and who it belongs to may have lost the permission since.</summary>
    private async Task<string?> RefusalAsync(Turn turn, PlatformAccount by, KnownPerson person, CancellationToken cancellation)
    {
        if (routes.Named(turn.Route) is not { } route) return "no_route";
        // A click may tell less of somebody than their message did.
        var departments = await branches.OfAsync(by.Departments is null ? turn.Sender : by, false, cancellation);
        var permission = await permissions.CheckAsync(route.Feature, person, PermissionContext.Of(turn.Sender, departments, clock.GetUtcNow()), cancellation);
        return permission.IsAllowed ? null : permission.Reason ?? PermissionReasons.NotGranted;
    }

    private async ValueTask<Outcome> RateAsync(IEffects effects, Turn turn, bool helpful)
    {
        if (!turn.HasEnded) return Tell(effects, "info", "assistant.toast.not_yet", Outcome.Refused("not_ended"));
        if (await VerdictSender.RecordAsync(effects.Unit, turn.Id, helpful))
        {
            metrics.Rated(helpful);
            verdicts.Stored(effects.Unit);
        }

        return Tell(effects, "success", helpful ? "assistant.toast.helpful" : "assistant.toast.unhelpful", Outcome.Answered);
    }

    private async ValueTask<Outcome> StopAsync(IEffects effects, Turn turn)
    {
        if (!await TurnStore.StopAsync(effects.Unit, turn.Id, effects.Now)) return Tell(effects, "info", "assistant.toast.ended", Outcome.Refused("ended"));
        worker.Stopped(effects.Unit, turn.Id);
        return Tell(effects, "success", "assistant.toast.stopping", Outcome.Answered);
    }

    private async ValueTask<Outcome> SaveAsync(IEffects effects, Turn turn)
    {
        if (!turn.HasEnded) return Tell(effects, "info", "assistant.toast.not_yet", Outcome.Refused("not_ended"));
        if (!AnswerSaver.CanSave(turn)) return Tell(effects, "warning", "assistant.doc.not_linked", Outcome.Refused("no_feishu_account"));
        return await saver.StoreAsync(effects.Unit, turn.Id, effects.Now)
            ? Tell(effects, "success", "assistant.toast.saving", Outcome.Answered)
            : Tell(effects, "info", "assistant.toast.saved", Outcome.Refused("saved_before"));
    }

    private async ValueTask<Outcome> AgainAsync(IEffects effects, Turn turn, EventContext context)
    {
        if (!turn.HasEnded) return Tell(effects, "info", "assistant.toast.not_yet", Outcome.Refused("not_ended"));
        // One more of the same while the first is being written would be a second answer that nobody asked for.
        if ((await TurnStore.OpenOfAsync(effects.Unit, turn.Person)).Count > 0) return Tell(effects, "info", "assistant.toast.busy", Outcome.Refused("still_answering"));
        if (!await asking.AgainAsync(effects.Unit, turn, $"again {context.Event.EventId}", effects.Now)) return Tell(effects, "info", "assistant.toast.busy", Outcome.Refused("too_many_questions"));
        return Tell(effects, "success", "assistant.toast.again", Outcome.Asked);
    }

    private static Outcome Tell(IEffects effects, string kind, string words, Outcome outcome)
    {
        effects.Answer(new CallbackAnswer { Toast = BotTexts.Toast(kind, words) });
        return outcome;
    }
}
