using Larkspur.Gateway.Bots;
using Larkspur.Gateway.Channels.Conversations;
using Larkspur.Gateway.Dispatch;
using Larkspur.Gateway.Inbox;
using Larkspur.Gateway.People.Identities;

namespace Larkspur.Gateway.Assistant.Linking;

/// <summary>Clicks on the buttons of questions about accounts. Who may is decided by the account that clicks, whatever card the button
/// stood in.</summary>
internal sealed class LinkActions(IIdentities identities)
{
    public async ValueTask<Reaction> ReactAsync(AnswerDeed deed, PlatformAccount by, EventContext context, CancellationToken cancellation)
    {
        var result = deed.What == DeedKind.Unlink
            ? await identities.UndoLinkAsync(by, deed.Turn, cancellation)
            : await identities.DecideLinkAsync(by, deed.Turn, context.Event.ChatId, deed.What == DeedKind.Confirm, cancellation);
        var isDone = LinkTexts.IsDone(result.Outcome);
        return new Reaction(effects =>
        {
            effects.Answer(new CallbackAnswer { Toast = BotTexts.Toast(isDone ? "success" : "warning", LinkTexts.KeyOf(result.Outcome)) });
            return ValueTask.FromResult(isDone ? Outcome.Answered : Outcome.Refused("link_" + result.Outcome.ToString().ToLowerInvariant()));
        });
    }
}
