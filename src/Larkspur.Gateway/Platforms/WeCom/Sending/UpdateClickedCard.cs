using Larkspur.Gateway.Cards;
using Larkspur.Gateway.Outbox;
using Larkspur.WeCom.Messages;

namespace Larkspur.Gateway.Platforms.WeCom.Sending;

/// <summary>Changes the card of a click for the person who clicked: nobody waited for the answer any more.</summary>
internal sealed class UpdateClickedCard(WeComSending sending, TimeProvider clock) : IWeComOperation
{
    /// <summary>A card changes by a click's code for so long.</summary>
    private static readonly TimeSpan CodeLife = TimeSpan.FromHours(72);

    public OutboxOperation Operation => CardTokenUpdate.Operation;

    public async Task<string?> SendAsync(WeComApp app, OutboxEntry entry, CancellationToken cancellation)
    {
        if (WeComMessage.Read(entry) is not { Buttons: { } buttons, ResponseCode: { } code })
            throw new ChannelException("unreadable_row", "The row changes no card", transient: false);
        if (clock.GetUtcNow() - entry.CreatedAt > CodeLife)
            throw new ChannelException("code_expired", "The click's code is older than 72 hours", transient: false);
        var client = app.Client ?? throw new ChannelException("no_application", $"The WeCom app \"{app.Name}\" has no application.", transient: false);
        var target = MessageTarget.To(entry.Message.Target);
        await sending.CountAsync(app, "message.update_template_card",
            () => client.Messages.UpdateCardAsync(code, CardChange.Card(buttons.ToCard()), target, cancellation));
        return buttons.TaskId;
    }
}
