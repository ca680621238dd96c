using Larkspur.Feishu;
using Larkspur.Feishu.Api;
using Larkspur.Feishu.Messaging;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Cards;
using Larkspur.Gateway.Outbox;
using Endpoints = Larkspur.Feishu.Api.Interactive.V1.Endpoints;

namespace Larkspur.Gateway.Platforms.Feishu.Sending;

/// <summary>Changes a card after a click: by the click's token while it lives; then a shared card by its message's id, which works for 14 days.</summary>
internal sealed class UpdateClickedCard : IFeishuOperation
{
    private const int TokenExpired = 300030;
    private const int TokenUsedUp = 300040;

    public OutboxOperation Operation => CardTokenUpdate.Operation;

    /// <summary>What cannot be changed any more can still be answered.</summary>
    public OutboxOperation InWords(OutboxMessage message) => MessageOperations.Reply;

    public FeishuEndpoint EndpointOf(OutboxEntry entry) => Endpoints.CardUpdate;

    public async Task<string?> SendAsync(FeishuClient client, OutboxEntry entry, FeishuCallOptions call, CancellationToken cancellation)
    {
        CardTokenUpdate update;
        try
        {
            update = CardTokenUpdate.Read(entry.Message.Content);
        }
        catch (System.Text.Json.JsonException e)
        {
            throw new ChannelException("unreadable_row", "The row does not hold a card update.", transient: false, e);
        }

        try
        {
            await client.Messages.UpdateCardByTokenAsync(update.Token, MessageContent.Card(update.Card), update.OnlyFor, call, cancellation);
        }
        catch (FeishuApiException e) when (e.Code is TokenExpired or TokenUsedUp && IsKnownByItsMessage(update, entry))
        {
            await client.Im.V1.Message.PatchAsync(new() { MessageId = entry.Message.Target, Content = update.Card }, call, cancellation);
        }

        return entry.Message.Target;
    }

    private static bool IsKnownByItsMessage(CardTokenUpdate update, OutboxEntry entry) =>
        update.OnlyFor is null && entry.Message.Target.StartsWith("om_", StringComparison.Ordinal);
}
