using Larkspur.Gateway.Inbox.Dispatch;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Conversations;

/// <summary>Answers on whichever platform a message came from.</summary>
internal sealed class ReplySender(IEnumerable<IConversationChannel> channels)
{
    private readonly IReadOnlyDictionary<string, IConversationChannel> _channels = channels.ToDictionary(c => c.Platform, StringComparer.Ordinal);

    /// <summary>Says words in answer to a message, in the transaction that ends its event.</summary>
    /// <param name="effects">The transaction.</param>
    /// <param name="message">What is answered.</param>
    /// <param name="context">Its event.</param>
    /// <param name="response">The words.</param>
    /// <param name="key">Said once under it; null: once for this event.</param>
    /// <exception cref="InvalidOperationException">Nothing talks on that platform.</exception>
    public ValueTask SayAsync(
        IEffects effects, UnifiedMessage message, EventContext context, UnifiedResponse response, string? key = null) => ChannelOf(message)
        .SayAsync(effects.Unit, message.App, message.Reply, response, key ?? $"event {context.Event.EventId} words", context.Reference);

    /// <summary>Says something where somebody may not wait for it any more: no event is being handled.</summary>
    /// <inheritdoc cref="IConversationChannel.SayAsync"/>
    /// <param name="platform">Which platform.</param>
    /// <exception cref="InvalidOperationException">Nothing talks on that platform.</exception>
    public ValueTask SayAsync(
        IUnitOfWork unit, string platform, string app, ReplyAddress to, UnifiedResponse response, string key, string reference) =>
        ChannelOf(platform).SayAsync(unit, app, to, response, key, reference);

    /// <summary>People can do that in all of the platform's channels.</summary>
    public bool Can(string platform, ChannelCapability capability) => ChannelOf(platform).Kinds.All(kind => kind.Can(capability));

    /// <summary>Something talks on that platform.</summary>
    public bool Has(string platform) => _channels.ContainsKey(platform);

    /// <inheritdoc cref="IConversationChannel.AnswerAsync"/>
    public ValueTask AnswerAsync(IEffects effects, UnifiedMessage message, EventContext context, UnifiedResponse response) =>
        ChannelOf(message).AnswerAsync(effects, message, context, response);

    /// <inheritdoc cref="IConversationChannel.BeginAsync"/>
    public Task<IAnswer?> BeginAsync(UnifiedMessage message, EventContext context, string? title, CancellationToken cancellation) =>
        ChannelOf(message).BeginAsync(message, context, title, cancellation);

    private IConversationChannel ChannelOf(UnifiedMessage message) => ChannelOf(message.Platform);

    private IConversationChannel ChannelOf(string platform) =>
        _channels.GetValueOrDefault(platform) ?? throw new InvalidOperationException($"Nothing talks on the platform {platform}.");
}
