using System.Text.Json;
using Larkspur.DingTalk.Cards;
using Larkspur.Gateway.Assistant;
using Larkspur.Gateway.Bots;
using Larkspur.Gateway.Channels.Conversations;
using Larkspur.Gateway.Channels.DingTalk.Answers;
using Larkspur.Gateway.Dispatch;

namespace Larkspur.Gateway.Channels.DingTalk.Bot;

/// <summary>Clicks on cards: what the button asks for, of the turn that the card shows.</summary>
internal sealed class DingTalkClicks(IAssistant assistant, DingTalkSenders senders)
{
    public async ValueTask<Reaction> HandleAsync(EventContext context, CancellationToken cancellation)
    {
        var click = context.Event.ReadDingTalk<CardCallback>();
        if (click.UserId.Length == 0) return Reaction.Ignore("incomplete");
        AnswerDeed? deed;
        try
        {
            deed = DeedOf(click);
        }
        catch (JsonException e)
        {
            throw new UnreadableEventException("The content of the card's callback is no JSON.", e);
        }

        if (deed is not { } asked)
        {
            return new Reaction(static effects =>
            {
                effects.Answer(new CallbackAnswer { Toast = BotTexts.Toast("warning", "click.unknown") });
                return ValueTask.FromResult(Inbox.Outcome.Refused("unknown_action"));
            });
        }

        return await assistant.ReactAsync(asked, await senders.OfAsync(context.Event.App, click, cancellation), context, cancellation);
    }

    /// <summary>
    /// The action's id is the deed's word and the card's key begins with the turn; a template may as well give the whole deed, as id or as the
    /// parameter <c>deed</c>, of the turn that its card shows and of no other.
    /// </summary>
    /// <exception cref="JsonException">The content is no JSON.</exception>
    private static AnswerDeed? DeedOf(CardCallback click)
    {
        var turn = click.OutTrackId.Split('.')[0];
        if (click.Parameters.TryGetValue("deed", out var given) && given.ValueKind == JsonValueKind.String && AnswerDeed.TryParse(given.GetString(), out var whole))
            return whole.Turn == turn ? whole : null;
        foreach (var id in click.ActionIds)
        {
            if (AnswerDeed.TryParse(id, out whole)) return whole.Turn == turn ? whole : null;
            if (AnswerVariables.Deed(id) is { } kind && IsOurs(new AnswerDeed(kind, turn))) return new AnswerDeed(kind, turn);
        }

        return null;
    }

    private static bool IsOurs(AnswerDeed deed) => deed.Turn.StartsWith(deed.What switch { DeedKind.Confirm or DeedKind.Refuse => "lr_", DeedKind.Unlink => "jo_", _ => "tu_" }, StringComparison.Ordinal);
}
