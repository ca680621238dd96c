using System.Globalization;
using System.Text.Json.Nodes;
using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Cards;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Inbox;
using Larkspur.Gateway.Inbox.Dispatch;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Syncs.Rows;
using Larkspur.Gateway.Syncs.Running;

namespace Larkspur.Gateway.Tables.Syncing.Cards;

/// <summary>Decisions on the cards of syncs: only whom a card was sent to decides on it, and only on the card itself.</summary>
internal sealed class SyncCardClicks(SyncCardFaces faces, AuditTrail audit, SyncSignal signal)
{
    public const string Delete = "delete_rows";
    public const string Restore = "restore_rows";
    public const string Resume = "resume";

    public ValueTask<Reaction> HandleAsync(CardClick click, CancellationToken cancellation) =>
        ValueTask.FromResult(new Reaction(effects => DecideAsync(effects, click)));

    private async ValueTask<Outcome> DecideAsync(IEffects effects, CardClick click)
    {
        if (!long.TryParse(click.ValueText(CardFace.CardField), CultureInfo.InvariantCulture, out var id)
            || await SyncCardRow.FindAsync(effects.Unit, id) is not { } card || card.App != click.App) return click.Stale(effects);
        if (card.OpenId != click.Person.OpenId) return click.RefusePerson(effects);
        // The same button may stand on a card that somebody else sent in the app's name.
        if (card.MessageId is null) return click.OnItsWay(effects);
        if (card.MessageId != click.MessageId) return click.OtherMessage(effects);
        if (await SyncRecord.FindAsync(effects.Unit, card.Sync) is not { } sync) return click.Stale(effects);
        var conflict = card.Topic == SyncCardRow.Conflict ? await ConflictStore.FindAsync(effects.Unit, sync.Id, card.Subject) : null;
        var action = click.ValueText(CardFace.ActionField) ?? "";
        // Whoever clicks decides about what was shown, by the word of whoever set the sync up, and about nothing else.
        if (!card.IsOpen || card.Shown != SyncCardSubjects.Of(sync, card.Topic, conflict)
            || !await ApplyAsync(effects, click, sync, card, conflict, action))
            return click.Tell(effects, Toast.Of("warning", SyncCardTexts.TooLate), "already_decided");
        await SyncCardRow.CloseAsync(effects.Unit, card.Id);
        effects.Unit.AfterCommit(signal.Wake);
        var decided = conflict is null ? null : await ConflictStore.FindAsync(effects.Unit, sync.Id, conflict.Id);
        effects.Answer(new CallbackAnswer
        {
            Toast = Toast.Of("success", SyncCardTexts.Done),
                Card = faces.Compile(card.Id, SyncCardFaces.Closed(sync, decided), isResolved: true),
        });
        return Outcome.Answered;
    }

    private async ValueTask<bool> ApplyAsync(
        IEffects effects, CardClick click, SyncRecord sync, SyncCardRow card, ConflictRow? conflict, string action)
    {
        var by = Actor.Person(click.Person.OpenId);
        switch (card.Topic, action)
        {
            case (SyncCardRow.Conflict, Decisions.Table or Decisions.Source) when conflict is { Kind: not ConflictRow.DeletedEdited }:
            case (SyncCardRow.Conflict, Decisions.Keep or Decisions.Delete) when conflict is { Kind: ConflictRow.DeletedEdited }:
                if (conflict is { DecidedAt: not null } or { Decision: not null }
                    || !await ConflictStore.DecideAsync(effects.Unit, conflict, action, null, by.Name)) return false;
                await HintStore.OfRowAsync(effects.Unit, sync.Id, conflict.RowId);
                break;
            case (SyncCardRow.Deletions, Delete) when sync.Asks > 0:
                // Rows that came to wait after the card was sent were not in its number.
                await SyncAdmin.ConfirmAsync(effects.Unit, sync.Id, card.CreatedAt);
                break;
            case (SyncCardRow.Deletions, Restore) when sync.Asks > 0:
                await SyncAdmin.RefuseDeletionsAsync(effects.Unit, sync.Id);
                break;
            case (SyncCardRow.Paused, Resume) when sync.Paused is not null:
                await SyncAdmin.ResumeAsync(effects.Unit, sync.Id);
                break;
            default:
                return false;
        }

        await audit.AddAsync(effects.Unit, by, "sync.decided_on_card", sync.Name,
            new JsonObject { ["topic"] = card.Topic, ["action"] = action, ["row"] = conflict?.Key });
        return true;
    }
}
