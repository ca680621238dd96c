using Larkspur.DingTalk.Cards;
using Larkspur.DingTalk.Robots;

namespace Larkspur.DingTalk;

/// <summary>Leads deliveries to typed handlers, whichever way they came. Register everything before the first one.</summary>
/// <remarks>
/// An event of a type that nobody registered is acknowledged (the platform would send it again and again); a callback of such a topic is answered with "no handler".
/// What a handler throws is the caller's to judge; the stream asks for the event again.
/// </remarks>
public sealed class DingTalkDispatcher
{
    private readonly Dictionary<string, Func<DingTalkDelivery, CancellationToken, Task<DingTalkAck>>> _events = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Func<DingTalkDelivery, CancellationToken, Task<DingTalkAck>>> _callbacks = new(StringComparer.Ordinal);
    private Func<DingTalkDelivery, CancellationToken, Task>? _unknown;

    /// <summary>Topics of callbacks that somebody is registered for: what a stream has to subscribe to.</summary>
    public IReadOnlyCollection<string> Topics => _callbacks.Keys;

    /// <summary>Somebody is registered for events.</summary>
    public bool TakesEvents => _events.Count > 0 || _unknown is not null;

    /// <summary>Registers who takes what people write to the robot.</summary>
    /// <exception cref="InvalidOperationException">Somebody is registered already.</exception>
    public DingTalkDispatcher OnMessage(Func<RobotMessage, CancellationToken, Task> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return Add(_callbacks, DingTalkTopics.RobotMessage, async (delivery, cancellationToken) =>
        {
            await handler(delivery.Read<RobotMessage>(), cancellationToken);
            return DingTalkAck.Received;
        });
    }

    /// <summary>Registers who answers when people act on cards, within 2 s.</summary>
    /// <exception cref="InvalidOperationException">Somebody is registered already.</exception>
    public DingTalkDispatcher OnCard(Func<CardCallback, CancellationToken, Task<CardAnswer>> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return Add(_callbacks, DingTalkTopics.CardCallback, async (delivery, cancellationToken) => DingTalkAck.Answer(await handler(delivery.Read<CardCallback>(), cancellationToken)));
    }

    /// <summary>Registers who answers callbacks of another topic.</summary>
    /// <exception cref="InvalidOperationException">Somebody is registered already.</exception>
    public DingTalkDispatcher OnCallback(string topic, Func<DingTalkDelivery, CancellationToken, Task<DingTalkAck>> handler)
    {
        ArgumentException.ThrowIfNullOrEmpty(topic);
        ArgumentNullException.ThrowIfNull(handler);
        return Add(_callbacks, topic, handler);
    }

    /// <summary>Registers who takes events of a type.</summary>
    /// <typeparam name="T">A record of <c>Larkspur.DingTalk.Events</c>, or your own.</typeparam>
    /// <param name="type">One of <see cref="DingTalkEventTypes"/>, or another name.</param>
    /// <param name="handler">Gets the body and the delivery around it.</param>
    /// <exception cref="InvalidOperationException">Somebody is registered already.</exception>
    public DingTalkDispatcher OnEvent<T>(string type, Func<T, DingTalkDelivery, CancellationToken, Task> handler)
    {
        ArgumentException.ThrowIfNullOrEmpty(type);
        ArgumentNullException.ThrowIfNull(handler);
        return Add(_events, type, async (delivery, cancellationToken) =>
        {
            await handler(delivery.Read<T>(), delivery, cancellationToken);
            return DingTalkAck.Received;
        });
    }

    /// <summary>Registers who takes events of types that nobody else takes.</summary>
    public DingTalkDispatcher OnUnknownEvent(Func<DingTalkDelivery, CancellationToken, Task> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        _unknown = handler;
        return this;
    }

    /// <summary>Runs the handler of a delivery.</summary>
    /// <exception cref="System.Text.Json.JsonException">The body does not have the shape of its type.</exception>
    public async Task<DingTalkAck> DispatchAsync(DingTalkDelivery delivery, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(delivery);
        bool isEvent = delivery.Kind == DingTalkDeliveryKind.Event;
        if ((isEvent ? _events : _callbacks).TryGetValue(delivery.Type, out Func<DingTalkDelivery, CancellationToken, Task<DingTalkAck>>? handler))
            return await handler(delivery, cancellationToken);
        if (!isEvent) return DingTalkAck.NotHandled;
        if (_unknown is not null) await _unknown(delivery, cancellationToken);
        return DingTalkAck.Received;
    }

    private DingTalkDispatcher Add(Dictionary<string, Func<DingTalkDelivery, CancellationToken, Task<DingTalkAck>>> handlers, string name,
        Func<DingTalkDelivery, CancellationToken, Task<DingTalkAck>> handler)
        => handlers.TryAdd(name, handler) ? this : throw new InvalidOperationException($"{name} has a handler already.");
}
