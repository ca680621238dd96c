using Larkspur.Gateway.Dispatch;
using Larkspur.Gateway.Inbox;
using Larkspur.Gateway.Outbox;

namespace Larkspur.Gateway.Bots;

/// <summary>What people are told when something is late or failed.</summary>
internal sealed class BotNotices : INotices
{
    public Toast StillWorking() => BotTexts.Toast("info", "click.working");

    /// <summary>In both languages: what failed may be the very reading of the message that would tell.</summary>
    public bool Tell(InboundEvent inbound, string reference, IEffects effects)
    {
        var content = MessageContent.Text(Language.Chinese.Get("failed", reference) + "\n" + Language.English.Get("failed", reference));
        var message = inbound switch
        {
            { Kind: EventKind.Event, ChatId: { } chat, MessageId: { } id, UniqueByMessage: true } => OutboxMessage.Reply(chat, id, "text", content),
            { PersonId: { } person, Kind: not EventKind.Event } => OutboxMessage.ToPerson(person, "text", content),
            { ChatId: { } chat } => OutboxMessage.ToChat(chat, "text", content),
            _ => null,
        };
        if (inbound.Kind != EventKind.Event) effects.Answer(new CallbackAnswer { Toast = BotTexts.Toast("error", "click.failed", reference), Late = message });
        else if (message is not null) effects.Send(message);
        return message is not null;
    }
}
