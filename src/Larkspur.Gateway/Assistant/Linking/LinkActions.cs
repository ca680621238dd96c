using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Conversations;
using Larkspur.Gateway.Inbox;
using Larkspur.Gateway.Inbox.Dispatch;
using Larkspur.Gateway.People.Identities;

namespace Larkspur.Gateway.Assistant.Linking;

/// <summary>Clicks on the buttons of questions about accounts. Who may is decided by the account that clicks, whatever card the button
/// stood in.</summary>
internal sealed class LinkActions(IIdentities identities)
{
    public async ValueTask<Reaction> ReactAsync(
        AnswerAction action, PlatformAccount by, EventContext context, CancellationToken cancellation)
    {
        var result = action.What == AnswerActionKind.Unlink
            ? await identities.UndoLinkAsync(by, action.Turn, cancellation)
            : await identities.DecideLinkAsync(
                by, action.Turn, context.Event.ChatId, action.What == AnswerActionKind.Confirm, cancellation);
        var isDone = LinkTexts.IsDone(result.Outcome);
        return new Reaction(effects =>
        {
            effects.Answer(new CallbackAnswer { Toast = Toast.Of(isDone ? "success" : "warning", LinkTexts.Of(result.Outcome)) });
            return ValueTask.FromResult(isDone ? Outcome.Answered : Outcome.Refused("link_" + result.Outcome.ToString().ToLowerInvariant()));
        });
    }
}
