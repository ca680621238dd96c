using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Inbox;
using Larkspur.Gateway.Inbox.Dispatch;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.Platforms.WeCom.Ingress;

namespace Larkspur.Gateway.Platforms.WeCom;

/// <summary>What people in WeCom are told when something is late or failed.</summary>
internal sealed class WeComFailureMessages : IPlatformFailureMessages
{
    public string Platform => WeComApps.Platform;

    public bool Tell(InboundEvent inbound, string reference, IEffects effects)
    {
        var message = WeComIncoming.ReplyTo(inbound) is { } to ? WeComMessage.Say(to, inbound.App, BotTexts.Failed(reference).Both) : null;
        if (inbound.Kind != EventKind.Event)
            effects.Answer(new CallbackAnswer { Toast = Toast.Of("error", BotTexts.ClickFailed(reference)), Late = message });
        else if (message is not null) effects.Send(message);
        return message is not null;
    }

    public OutboxMessage? WasAway(InboundEvent inbound) =>
        WeComIncoming.ReplyTo(inbound) is { } to ? WeComMessage.Say(to, inbound.App, BotTexts.Away.Both) : null;

    /// <summary>In the lane of the lost message, so that it comes where the message would have come.</summary>
    public OutboxMessage? Lost(OutboxEntry entry)
    {
        try
        {
            var lost = WeComMessage.Read(entry);
            return entry.Message with
            {
                Operation = MessageOperations.Create, Delay = TimeSpan.Zero, MessageType = entry.Message.TargetType == WeComReplyTo.UserId ? WeComMessage.Text : WeComMessage.Markdown,
                Content = new WeComMessage { Content = BotTexts.Failed(entry.Reference).Both, Extra = lost.Extra }.ToJson(),
            };
        }
        catch (ChannelException)
        {
            // What cannot be read names nobody who could be told.
            return null;
        }
    }
}
