using Larkspur.Gateway.Assistant;
using Larkspur.Gateway.Cards;
using Larkspur.Gateway.Channels.Conversations;
using Larkspur.Gateway.Dispatch;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Streams;

namespace Larkspur.Gateway.Channels.Feishu.Conversations;

/// <summary>Clicks on the buttons of answers.</summary>
internal sealed class FeishuAnswerClicks(IAssistant assistant, FeishuPeople people, CardDeliveries deliveries)
{
    public async ValueTask<Reaction> HandleAsync(CardClick click, CancellationToken cancellation)
    {
        if (!AnswerDeed.TryParse(click.ValueText(AnswerButtons.Deed), out var deed) && !AnswerDeed.TryOf(click.ValueText(CardFace.ActionField), click.ValueText(CardFace.CardField), out deed))
            return new Reaction(effects => ValueTask.FromResult(click.Stale(effects)));
        // Kept since the click was taken in: whoever clicks may have moved since they asked.
        var known = await people.FindAsync(click.App, click.Person.OpenId, cancellation);
        var account = FeishuAccounts.Of(click.App, click.Context.Event.TenantKey, click.Person.OpenId, click.Person.UnionId, click.Person.UserId, known);
        return await ReactAsync(click, deed, account, cancellation);
    }

    private async ValueTask<Reaction> ReactAsync(CardClick click, AnswerDeed deed, People.Identities.PlatformAccount account, CancellationToken cancellation)
    {
        var reaction = await assistant.ReactAsync(deed, account, click.Context, cancellation);
        return new Reaction(async effects =>
        {
            switch (await JudgeAsync(effects.Unit, click, deed.Turn))
            {
                case ClickedMessage.Other: return click.OtherMessage(effects);
                case ClickedMessage.Unsure: return click.OnItsWay(effects);
            }

            var outcome = await reaction.Apply(effects);
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
