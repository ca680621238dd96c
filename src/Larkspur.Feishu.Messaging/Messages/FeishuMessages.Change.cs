using System.Text.Json.Nodes;
using Larkspur.Feishu.Api;
using Larkspur.Feishu.Api.Im.V1;

namespace Larkspur.Feishu.Messaging;

public readonly partial struct FeishuMessages
{
    /// <summary>Changes the text of one of the bot's own messages: text or post, at most 20 times, within the time that the tenant's administrator allows.</summary>
    /// <param name="messageId">Which, <c>om_…</c>.</param>
    /// <param name="content">A text or a post.</param>
    /// <param name="options">What this call overrides.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="MessageContentException">The content is of another type; cards are changed with <see cref="UpdateCardAsync"/>. Nothing was sent.</exception>
    /// <exception cref="FeishuApiException">The platform said no: 230071 not the bot's own, 230072 edited too often, 230075 too late or not allowed.</exception>
    public async Task<ChatMessage> EditAsync(string messageId, MessageContent content, FeishuCallOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(content);
        if (content.Type.Value is not ("text" or "post"))
        {
            throw new MessageContentException(
                MessageContentProblem.WrongType, $"A {content.Type.Value} message cannot be edited: text and post can. Cards are changed with {nameof(UpdateCardAsync)}.");
        }

        return ChatMessage.From(await _client.Im.V1.Message.UpdateAsync(
            new() { MessageId = Id(messageId), MsgType = content.Type, Content = content.Json }, options, cancellationToken));
    }

    /// <summary>
    /// Takes a message back: one of the bot's own within the time that the tenant's administrator allows, another's (up to a year old) when the bot is the
    /// group's owner, its administrator or its creator.
    /// </summary>
    /// <param name="messageId">Which, <c>om_…</c>.</param>
    /// <param name="options">What this call overrides.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="FeishuApiException">The platform said no: 230009 too late, 230026 another's message, 230002 the bot is not in the chat, 230110 deleted already.</exception>
    public Task RecallAsync(string messageId, FeishuCallOptions? options = null, CancellationToken cancellationToken = default)
        => _client.Im.V1.Message.DeleteAsync(new() { MessageId = Id(messageId) }, options, cancellationToken);

    /// <summary>Replaces the card of one of the bot's own messages for everybody, within 14 days.</summary>
    /// <remarks>At most five times a second per message (230020, then wait); the old and the new card need <c>update_multi: true</c>, which card 2.0 always has.</remarks>
    /// <param name="messageId">Which, <c>om_…</c>.</param>
    /// <param name="card">The new card.</param>
    /// <param name="options">What this call overrides.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="MessageContentException">No card. Nothing was sent.</exception>
    /// <exception cref="FeishuApiException">The platform said no: 230031 too old, 230099 the card is not acceptable, or somebody used it for
    /// longer than the call is tried again (see <see cref="FeishuApiException.CardError"/>).</exception>
    public Task UpdateCardAsync(string messageId, MessageContent card, FeishuCallOptions? options = null, CancellationToken cancellationToken = default)
        => _client.Im.V1.Message.PatchAsync(new() { MessageId = Id(messageId), Content = Card(card).Json }, options, cancellationToken);

    /// <summary>Replaces a card by the token of a click on it: after the callback was answered, within 30 minutes, at most twice per token.</summary>
    /// <remarks>A lost answer is not tried again: it may have used up one of the two.</remarks>
    /// <param name="token">The token of the callback, <c>c-…</c>.</param>
    /// <param name="card">The new card, of the same version (1.0 or 2.0) as the old one.</param>
    /// <param name="onlyFor">Card 1.0 with <c>update_multi: false</c>: the open_ids of those who see the change. Null for shared cards.</param>
    /// <param name="options">What this call overrides.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="MessageContentException">No card, or no token. Nothing was sent.</exception>
    /// <exception cref="FeishuApiException">The platform said no: 300020 no token, 300030 too late, 300040 used twice already.</exception>
    public Task UpdateCardByTokenAsync(
        string token, MessageContent card, IEnumerable<string>? onlyFor = null, FeishuCallOptions? options = null, CancellationToken cancellationToken = default)
    {
        // The token is not repeated in the message: it is secret while it lives.
        if (string.IsNullOrEmpty(token) || !token.StartsWith("c-", StringComparison.Ordinal))
            throw new MessageContentException(MessageContentProblem.WrongValue, "This is no card update token: a callback's token begins with c-.");
        JsonObject body = JsonNode.Parse(Card(card).Json)!.AsObject();
        if (onlyFor is not null) body["open_ids"] = new JsonArray([.. onlyFor.Select(id => (JsonNode)Recipient.OpenId(id).Id)]);

        // By hand: the generated request has only what the reference names, open_ids, and none of the card.
        var request = new FeishuRequest(Api.Interactive.V1.Endpoints.CardUpdate) { Body = new JsonObject { ["token"] = token, ["card"] = body } };
        return _client.SendAsync(request, options, cancellationToken);
    }

    private static MessageContent Card(MessageContent card)
    {
        ArgumentNullException.ThrowIfNull(card);
        return card.Type.Value == "interactive" ? card
            : throw new MessageContentException(MessageContentProblem.WrongType, $"A {card.Type.Value} message is no card. Text and post are changed with {nameof(EditAsync)}.");
    }
}
