using Larkspur.Gateway.Dispatch;
using Larkspur.Gateway.Inbox;
using Larkspur.Gateway.Outbox;

namespace Larkspur.Gateway.Bots;

/// <summary>What people in Feishu are told when something is late or failed.</summary>
internal sealed class BotNotices : IPlatformNotices
{
    public string Platform => Ingress.FeishuInboundEvents.Platform;

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
        if (inbound.Kind != EventKind.Event) effects.Answer(new CallbackAnswer { Toast = BotTexts.Toast("error", "click.failed", reference), Late = message });
        else if (message is not null) effects.Send(message);
        return message is not null;
    }

    /// <summary>In both languages, as all notices: nothing of what was written is looked at.</summary>
    public OutboxMessage? WasAway(InboundEvent inbound) =>
        OutboxMessage.ToChat(inbound.ChatId!, "text", MessageContent.Text(Language.Chinese.Get("away") + "\n" + Language.English.Get("away")));

    /// <summary>In the lane of the lost message, so that it comes where the message would have come.</summary>
    public OutboxMessage? Lost(OutboxEntry entry) => entry.Message with { Operation = Instead(entry.Message), MessageType = "text", Content = Failed(entry.Reference), Delay = TimeSpan.Zero };

    /// <summary>What cannot be changed any more can still be answered, and who was to get what another has written can be written to.</summary>
    private static OutboxOperation Instead(OutboxMessage lost) => lost.Operation switch
    {
        OutboxOperation.Patch or OutboxOperation.CardUpdate => OutboxOperation.Reply,
        OutboxOperation.Forward or OutboxOperation.MergeForward => OutboxOperation.Create,
        OutboxOperation.StreamOpen or OutboxOperation.StreamFinish => lost.TargetType == "message_id" ? OutboxOperation.Reply : OutboxOperation.Create,
        _ => lost.Operation,
    };

    /// <summary>In both languages: what failed may be the very reading of the message that would tell.</summary>
    private static string Failed(string reference) =>
        MessageContent.Text(Language.Chinese.Get("failed", reference) + "\n" + Language.English.Get("failed", reference));
}
