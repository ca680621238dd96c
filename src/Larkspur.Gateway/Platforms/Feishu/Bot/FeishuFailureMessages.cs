using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Common.Text;
using Larkspur.Gateway.Inbox;
using Larkspur.Gateway.Inbox.Dispatch;
using Larkspur.Gateway.Outbox;

namespace Larkspur.Gateway.Platforms.Feishu.Bot;

/// <summary>What people in Feishu are told when something is late or failed.</summary>
internal sealed class FeishuFailureMessages(FeishuOperations operations) : IPlatformFailureMessages
{
    public string Platform => PlatformNames.Feishu;

    public bool Tell(InboundEvent inbound, string reference, IEffects effects)
    {
        var content = Failed(reference);
        var message = inbound switch
        {
            { Kind: EventKind.Event, ChatId: { } chat, MessageId: { } id, UniqueByMessage: true } => OutboxMessage.Reply(chat, id, "text", content),
            { PersonId: { } person, Kind: not EventKind.Event } => OutboxMessage.ToPerson(person, "text", content),
            { ChatId: { } chat } => OutboxMessage.ToChat(chat, "text", content),
            _ => null,
        };
        if (inbound.Kind != EventKind.Event)
            effects.Answer(new CallbackAnswer { Toast = Toast.Of("error", BotTexts.ClickFailed(reference)), Late = message });
        else if (message is not null) effects.Send(message);
        return message is not null;
    }

    /// <summary>In both languages, as all messages: nothing of what was written is looked at.</summary>
    public OutboxMessage? WasAway(InboundEvent inbound) =>
        OutboxMessage.ToChat(inbound.ChatId!, "text", MessageContent.Text(BotTexts.Away.Both));

    /// <summary>In the lane of the lost message, so that it comes where the message would have come.</summary>
    public OutboxMessage? Lost(OutboxEntry entry) => operations.Find(entry.Message.Operation)?.InWords(entry.Message) is { } instead
        ? entry.Message with { Operation = instead, MessageType = "text", Content = Failed(entry.Reference), Delay = TimeSpan.Zero }
        : null;

    /// <summary>In both languages: what failed may be the very reading of the message that would tell.</summary>
    private static string Failed(string reference) =>
        MessageContent.Text(BotTexts.Failed(reference).Both);
}
