using Larkspur.Gateway.Bots;
using Larkspur.Gateway.Dispatch;
using Larkspur.Gateway.Inbox;
using Larkspur.Gateway.Outbox;

namespace Larkspur.Gateway.Channels.Web.Chats;

/// <summary>What people in the web chat are told when something is late or failed.</summary>
internal sealed class WebNotices : IPlatformNotices
{
    public string Platform => WebChat.Platform;

    public bool Tell(InboundEvent inbound, string reference, IEffects effects)
    {
        if (inbound.Kind != EventKind.Event) effects.Answer(new CallbackAnswer { Toast = BotTexts.Toast("error", "click.failed", reference) });
        else if (inbound.ChatId is { } chat) effects.Send(OutboxMessage.ToChat(chat, "text", Failed(reference)));
        return inbound.ChatId is not null;
    }

    public OutboxMessage? WasAway(InboundEvent inbound) =>
        OutboxMessage.ToChat(inbound.ChatId!, "text", MessageContent.Text(Language.Chinese.Get("away") + "\n" + Language.English.Get("away")));

    public OutboxMessage? Lost(OutboxEntry entry) => null;

    private static string Failed(string reference) => MessageContent.Text(Language.Chinese.Get("failed", reference) + "\n" + Language.English.Get("failed", reference));
}
