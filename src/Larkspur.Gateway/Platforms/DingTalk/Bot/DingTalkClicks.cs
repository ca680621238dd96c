using System.Text.Json;
using Larkspur.DingTalk.Cards;
using Larkspur.Gateway.Assistant;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Conversations;
using Larkspur.Gateway.Inbox.Dispatch;
using Larkspur.Gateway.Platforms.DingTalk.Answers;

namespace Larkspur.Gateway.Platforms.DingTalk.Bot;

/// <summary>Clicks on cards: what the button asks for, of the turn that the card shows.</summary>
internal sealed class DingTalkClicks(IAssistant assistant, DingTalkSenders senders)
{
    public async ValueTask<Reaction> HandleAsync(EventContext context, CancellationToken cancellation)
    {
        var click = context.Event.ReadDingTalk<CardCallback>();
        if (click.UserId.Length == 0) return Reaction.Ignore("incomplete");
        AnswerAction? action;
        try
        {
            action = ActionOf(click);
        }
        catch (JsonException e)
        {
            throw new UnreadableEventException("The content of the card's callback is no JSON.", e);
        }

        if (action is not { } asked)
        {
            return new Reaction(static effects =>
            {
                effects.Answer(new CallbackAnswer { Toast = Toast.Of("warning", BotTexts.ClickUnknown) });
                return ValueTask.FromResult(Inbox.Outcome.Refused("unknown_action"));
            });
        }

        return await assistant.ReactAsync(asked, await senders.OfAsync(context.Event.App, click, cancellation), context, cancellation);
    }

    /// <summary>
    /// The action's id is the action's word and the card's key begins with the turn; a template may as well give the whole action, as id or as the
    /// parameter <c>action</c>, of the turn that its card shows and of no other.
    /// </summary>
    /// <exception cref="JsonException">The content is no JSON.</exception>
    private static AnswerAction? ActionOf(CardCallback click)
    {
        var turn = click.OutTrackId.Split('.')[0];
        if (click.Parameters.TryGetValue("action", out var given) && given.ValueKind == JsonValueKind.String && AnswerAction.TryParse(given.GetString(), out var whole))
            return whole.Turn == turn ? whole : null;
        foreach (var id in click.ActionIds)
        {
            if (AnswerAction.TryParse(id, out whole)) return whole.Turn == turn ? whole : null;
            if (AnswerVariables.Action(id) is { } kind && IsOurs(new AnswerAction(kind, turn))) return new AnswerAction(kind, turn);
        }

        return null;
    }

    private static bool IsOurs(AnswerAction action) => action.Turn.StartsWith(action.What switch { AnswerActionKind.Confirm or AnswerActionKind.Refuse => "lr_", AnswerActionKind.Unlink => "jo_", _ => "tu_" }, StringComparison.Ordinal);
}
