using Larkspur.DingTalk;
using Larkspur.DingTalk.Cards;
using Larkspur.DingTalk.Robots;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Conversations;
using Larkspur.Gateway.Inbox;
using Larkspur.Gateway.Inbox.Dispatch;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.Queueing;

namespace Larkspur.Gateway.Platforms.DingTalk.Bot;

/// <summary>What people in DingTalk are told when something is late or failed. In both languages: nothing of what was written is looked at.</summary>
internal sealed class DingTalkFailureMessages : IPlatformFailureMessages
{
    public string Platform => DingTalkApps.Platform;

    public bool Tell(InboundEvent inbound, string reference, IEffects effects)
    {
        var to = AddressOf(inbound);
        var message = to is null ? null : DingTalkRow.Message(to, DingTalkRow.Plain, BotTexts.Failed(reference).Both, addresses: true);
        if (inbound.Kind != EventKind.Event)
            effects.Answer(new CallbackAnswer { Toast = Toast.Of("error", BotTexts.ClickFailed(reference)), Late = message });
        else if (message is not null) effects.Send(message);
        return message is not null;
    }

    public OutboxMessage? WasAway(InboundEvent inbound) => AddressOf(inbound) is { } to
        ? DingTalkRow.Message(to, DingTalkRow.Plain, BotTexts.Away.Both) : null;

    /// <summary>In the lane of the lost message, so that it comes where the message would have come.</summary>
    public OutboxMessage? Lost(OutboxEntry entry)
    {
        if (entry.Message.Operation != MessageOperations.Create && entry.Message.Operation != AnswerPicture.Operation) return null;
        var row = RowJson.Read<DingTalkRow>(entry.Message.Content);
        var to = new ReplyAddress(entry.Message.Lane, entry.Message.TargetType, entry.Message.Target) { Extra = new ReplyExtra { Session = row.Session }.ToJson(), ExtraUntil = row.Until };
        return DingTalkRow.Message(to, DingTalkRow.Plain, BotTexts.Failed(entry.Reference).Both);
    }

    private static ReplyAddress? AddressOf(InboundEvent inbound)
    {
        try
        {
            if (inbound.EventType == DingTalkTopics.RobotMessage) return inbound.ReadDingTalk<RobotMessage>() is { ConversationId.Length: > 0 } message ? DingTalkAddress.Of(message) : null;
            if (inbound.EventType == DingTalkTopics.CardCallback && inbound.ReadDingTalk<CardCallback>() is { UserId: { Length: > 0 } person, UserIdType: not 2 })
                return new ReplyAddress(person, DingTalkAddress.Person, person);
            return null;
        }
        catch (UnreadableEventException)
        {
            // What cannot be read says nobody whom to tell; that it is unreadable is in the log already.
            return null;
        }
    }
}
