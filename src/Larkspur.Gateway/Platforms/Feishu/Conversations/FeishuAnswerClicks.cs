using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Assistant;
using Larkspur.Gateway.Cards;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Conversations;
using Larkspur.Gateway.Inbox;
using Larkspur.Gateway.Inbox.Dispatch;
using Larkspur.Gateway.Messages.Cards;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Streams;

namespace Larkspur.Gateway.Platforms.Feishu.Conversations;

/// <summary>Clicks on the buttons of answers, and of questions about accounts. The message that was clicked is judged before the assistant
/// hears of it: what it does about accounts is done when it has reacted.</summary>
internal sealed class FeishuAnswerClicks(IAssistant assistant, FeishuPeople people, CardDeliveries deliveries, StreamCompleter streams,
    IDatabase database)
{
    public async ValueTask<Reaction> HandleAsync(CardClick click, CancellationToken cancellation)
    {
        if (!AnswerAction.TryParse(click.ValueText(AnswerButtons.ActionField), out var action)
            && !AnswerAction.TryOf(click.ValueText(CardFace.ActionField), click.ValueText(CardFace.CardField), out action))
            return new Reaction(effects => ValueTask.FromResult(click.Stale(effects)));
        switch (await database.ReadAsync(sql => JudgeAsync(sql, click, action.Turn), cancellation))
        {
            case ClickedMessage.Other: return new Reaction(effects => ValueTask.FromResult(click.OtherMessage(effects)));
            case ClickedMessage.Unsure: return new Reaction(effects => ValueTask.FromResult(click.OnItsWay(effects)));
        }

        // Kept since the click was taken in: whoever clicks may have moved since they asked.
        var known = await people.FindAsync(click.App, click.Person.OpenId, cancellation);
        var who = click.Action.Operator;
        var account = FeishuAccounts.Of(click.App, click.OwnTenant, who.TenantKey, who.OpenId, who.UnionId, who.UserId, known);
        return await ReactAsync(click, action, account, cancellation);
    }

    private async ValueTask<Reaction> ReactAsync(
        CardClick click, AnswerAction action, People.Identities.PlatformAccount account, CancellationToken cancellation)
    {
        var reaction = await assistant.ReactAsync(action, account, click.Context, cancellation);
        return new Reaction(async effects =>
        {
            var outcome = await reaction.Apply(effects);
            if (outcome == Outcome.Answered && action.What is AnswerActionKind.Helpful or AnswerActionKind.Unhelpful)
            {
                // Who comes back to the card sees what they said of it. Turns are no events: their streams have one life.
                var stream = StreamStore.IdOf(click.App, FeishuConversation.StreamKey(action.Turn), life: 0);
                await streams.ChangeComponentsAsync(effects, stream, shown => VerdictButtons.Mark(shown, action), CardClick.AfterAnswer);
            }

            // Should the request have left, the words follow as a message.
            if (effects is Effects { Given: { Toast: { } toast, Late: null } given }) effects.Answer(given with { Late = click.Late(toast) });
            return outcome;
        });
    }

    /// <summary>The answer's own cards are those of its stream, and what was said in one piece with its buttons.</summary>
    private async ValueTask<ClickedMessage> JudgeAsync(ISql sql, CardClick click, string turn)
    {
        if (click.MessageId is { } message && await StreamStore.MayShowAsync(sql, click.App, FeishuConversation.StreamKey(turn), message))
            return ClickedMessage.Own;
        return await deliveries.JudgeAsync(sql, turn, click);
    }
}
