using System.Text.Json;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Assistant.Turns;
using Larkspur.Gateway.Authorizations;
using Larkspur.Gateway.Authorizations.Requests;
using Larkspur.Gateway.Authorizations.Resuming;
using Larkspur.Gateway.Authorizations.Rows;
using Larkspur.Gateway.Authorizations.Tokens;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Conversations;
using Larkspur.Gateway.Documents;
using Larkspur.Gateway.People.Identities;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Assistant.Documents;

/// <summary>Documents that the asker may read and the app may not: read in the asker's own name once they have allowed it. A question that
/// needs it stops, and is asked anew with their word.</summary>
internal sealed class OwnDocuments(IDocuments documents, PersonCalls calls, AuthorizationRequests requests, AppScopes granted,
    Lazy<QuestionIntake> intake,
    RepeatedQuestions repeated, UserResolver people, FeishuApps apps, ReplySender replies, IDatabase database, TimeProvider clock)
    : IAuthorizationResume
{
    public string Kind => "question";

    /// <summary>Reads a document in the asker's name.</summary>
    /// <returns>Null: they have not allowed it.</returns>
    public async ValueTask<DocumentReading?> TryReadAsync(Turn turn, FeishuApp app, string openId, DocumentLink link,
        CancellationToken cancellation)
    {
        if (!OwnFeishuAccount.IsOwnWord(turn.Platform)) return null;
        if (await calls.FindAsync(app, openId, AuthorizationHolders.Assistant, documents.ScopesFor([link]), cancellation) is not { } given)
            return null;
        try
        {
            return await documents.ReadInNameAsync(app, link, given, cancellation);
        }
        catch (AuthorizationNeededException)
        {
            // It holds no more: by the app, as before.
            return null;
        }
    }

    /// <summary>Asks for the asker's word, by a card that they alone see.</summary>
    /// <returns>What they are told; null: they cannot be asked, or are not: why stands below the answer.</returns>
    public async ValueTask<string?> AskAsync(Turn turn, FeishuApp app, string openId, IReadOnlyList<DocumentLink> links,
        QuestionDraft draft, CancellationToken cancellation)
    {
        if (!requests.CanAsk || !OwnFeishuAccount.IsOwnWord(turn.Platform)) return null;
        var wish = new AuthorizationWish(app.Name, openId, AuthorizationHolders.Assistant, "", documents.ScopesFor(links),
            AssistantTexts.DocReason);
        if (await granted.MissingAsync(app, wish.Scopes, cancellation) is { Count: > 0 } missing)
        {
            draft.Note(AuthorizationTexts.NotEnabled(string.Join(", ", missing)).In(turn.Language));
            return null;
        }

        var isPrivate = turn.Place == ConversationPlace.Private;
        var place = isPrivate ? new CardPlace(turn.Platform, turn.App, turn.Reply, turn.Language.Tag()) : null;
        try
        {
            var work = new StoppedWork(Kind, turn.Name, JsonSerializer.Serialize(turn.Name));
            await database.TransactAsync(async unit => { await requests.StopAsync(unit, wish, work, turn.Reference, place); },
                cancellation);
        }
        catch (AuthorizationRefusedException e)
        {
            draft.Note(e.Text.In(turn.Language));
            return null;
        }

        return (isPrivate ? AssistantTexts.DocWaits : AuthorizationTexts.CardSent).In(turn.Language);
    }

    public async Task<Func<IUnitOfWork, ValueTask>> PrepareAsync(UserAuthorization given, string payload, CancellationToken cancellation)
    {
        var name = JsonSerializer.Deserialize<string>(payload)!;
        // It may be forgotten by now.
        if (await database.ReadAsync(sql => TurnStore.FindAsync(sql, name), cancellation) is not { } turn)
            return _ => ValueTask.CompletedTask;
        // The turn is being ended just now; or its process died, and it is taken up again and reads by itself what is allowed by now.
        if (!turn.HasEnded) throw new InvalidOperationException($"The turn {name} has not ended yet.");
        if (!await StoppedAsync(turn, cancellation)) return _ => ValueTask.CompletedTask;
        // Whose account it was, and what they may, may have changed since: it is asked for nobody but whose word this is.
        var person = await people.OfAsync(turn.Sender, cancellation);
        var own = OwnFeishuAccount.Find(apps, turn.Platform, turn.App, turn.Sender, person);
        if (own?.OpenId != given.OpenId || own.App.Name != given.App || !turn.IsOf(person)) return _ => ValueTask.CompletedTask;
        if (await repeated.RefusalAsync(turn, null, person, cancellation) is { } refusal) return unit => SayAsync(unit, turn, refusal.Text);
        return async unit =>
        {
            if (!await intake.Value.AgainAsync(unit, turn, $"authorized {name}", clock.GetUtcNow()))
                await SayAsync(unit, turn, AssistantTexts.FailedBusy(turn.Reference));
        };
    }

    public async ValueTask RefusedAsync(IUnitOfWork unit, UserAuthorization refused, string payload)
    {
        if (await TurnStore.FindAsync(unit, JsonSerializer.Deserialize<string>(payload)!) is { } turn)
            await SayAsync(unit, turn, AssistantTexts.DocRefused);
    }

    public async ValueTask FailedAsync(IUnitOfWork unit, UserAuthorization given, string payload)
    {
        if (await TurnStore.FindAsync(unit, JsonSerializer.Deserialize<string>(payload)!) is { } turn
            && await TurnStore.ReasonAsync(unit, turn.Id) == TurnResult.AuthorizationNeeded)
            await SayAsync(unit, turn, AssistantTexts.FailedUnknown(turn.Reference));
    }

    /// <summary>It ended for want of the person's word, and not otherwise.</summary>
    private async Task<bool> StoppedAsync(Turn turn, CancellationToken cancellation) =>
        await database.ReadAsync(sql => TurnStore.ReasonAsync(sql, turn.Id), cancellation) == TurnResult.AuthorizationNeeded;

    private ValueTask SayAsync(IUnitOfWork unit, Turn turn, LocalText words) => replies.SayAsync(unit, turn.Platform, turn.App, turn.Reply,
        UnifiedResponse.Text(words.In(turn.Language)), $"authorized {turn.Name}", turn.Reference);
}
