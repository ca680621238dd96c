using Larkspur.Gateway.Channels.Conversations;
using Larkspur.Gateway.Dispatch;

namespace Larkspur.Gateway.Assistant;

/// <summary>Says short words on whichever platform a message came from.</summary>
internal sealed class Speaking(IEnumerable<IConversationChannel> channels)
{
    private readonly IReadOnlyDictionary<string, IConversationChannel> _channels = channels.ToDictionary(c => c.Platform, StringComparer.Ordinal);

    /// <summary>Answers a message, in the transaction that ends its event.</summary>
    /// <param name="effects">The transaction.</param>
    /// <param name="message">What is answered.</param>
    /// <param name="context">Its event.</param>
    /// <param name="response">The words.</param>
    /// <param name="key">Said once under it; null: once for this event.</param>
    /// <exception cref="InvalidOperationException">Nothing talks on that platform.</exception>
    public ValueTask SayAsync(IEffects effects, UnifiedMessage message, EventContext context, UnifiedResponse response, string? key = null) =>
        (_channels.GetValueOrDefault(message.Platform) ?? throw new InvalidOperationException($"Nothing talks on the platform {message.Platform}."))
        .SayAsync(effects.Unit, message.App, message.Reply, response, key ?? $"event {context.Event.EventId} words", context.Reference);
}
