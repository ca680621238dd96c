using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Common.Text;
using Larkspur.Gateway.Inbox;
using Larkspur.Gateway.Inbox.Dispatch;
using Larkspur.Gateway.Outbox;

namespace Larkspur.Gateway.Platforms.Web.Chats;

/// <summary>What people in the web chat are told when something is late or failed.</summary>
internal sealed class WebFailureMessages : IPlatformFailureMessages
{
    public string Platform => WebChat.Platform;

    public bool Tell(InboundEvent inbound, string reference, IEffects effects)
    {
        if (inbound.Kind != EventKind.Event)
            effects.Answer(new CallbackAnswer { Toast = Toast.Of("error", BotTexts.ClickFailed(reference)) });
        else if (inbound.ChatId is { } chat) effects.Send(OutboxMessage.ToChat(chat, "text", Failed(reference)));
        return inbound.ChatId is not null;
    }

    public OutboxMessage? WasAway(InboundEvent inbound) =>
        OutboxMessage.ToChat(inbound.ChatId!, "text", MessageContent.Text(BotTexts.Away.Both));

    public OutboxMessage? Lost(OutboxEntry entry) => null;

    private static string Failed(string reference) => MessageContent.Text(BotTexts.Failed(reference).Both);
}
