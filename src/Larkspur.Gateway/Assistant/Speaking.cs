using Larkspur.Gateway.Channels.Conversations;
using Larkspur.Gateway.Dispatch;

namespace Larkspur.Gateway.Assistant;

/// <summary>Says short words on whichever platform a message came from.</summary>
internal sealed class Speaking(IEnumerable<IConversationChannel> channels)
{
    private readonly IReadOnlyDictionary<string, IConversationChannel> _channels = channels.ToDictionary(c => c.Platform, StringComparer.Ordinal);

    /// <summary>Answers a message, in the transaction that ends its event.</summary>
    /// <exception cref="InvalidOperationException">Nothing talks on that platform.</exception>
    public ValueTask SayAsync(IEffects effects, UnifiedMessage message, EventContext context, UnifiedResponse response) =>
        (_channels.GetValueOrDefault(message.Platform) ?? throw new InvalidOperationException($"Nothing talks on the platform {message.Platform}."))
        .SayAsync(effects.Unit, message.App, message.Reply, response, $"event {context.Event.EventId} words", context.Reference);
}
