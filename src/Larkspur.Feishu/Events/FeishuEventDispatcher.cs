using System.Diagnostics.Metrics;

namespace Larkspur.Feishu.Events;

/// <summary>An event on its way to its handler.</summary>
/// <typeparam name="TEvent">The event body's record.</typeparam>
/// <param name="Event">The body.</param>
/// <param name="Delivery">The envelope around it: ids, times, tenant, raw JSON.</param>
public readonly record struct FeishuEventContext<TEvent>(TEvent Event, FeishuDelivery Delivery);

/// <summary>Leads deliveries to handlers by type name: registered by hand, found in one dictionary, deserialised once.</summary>
/// <remarks>
/// Register everything before the first dispatch. A type that nobody registered goes to <see cref="OnUnknown"/> as raw JSON and is counted, never
/// refused: the platform would send it again and again. Counter <c>larkspur.feishu.dispatches</c> by <c>result</c> = <c>handled</c> | <c>unknown</c>.
/// </remarks>
public sealed class FeishuEventDispatcher
{
    private static readonly Counter<long> Dispatches =
        LarkspurTelemetry.Meter.CreateCounter<long>("larkspur.feishu.dispatches", description: "Deliveries by whether somebody was registered for their type.");

    private readonly Dictionary<string, Func<FeishuDelivery, CancellationToken, Task<byte[]?>>> _handlers = new(StringComparer.Ordinal);
    private Func<FeishuDelivery, CancellationToken, Task>? _unknown;

    /// <summary>Type names somebody is registered for.</summary>
    public IReadOnlyCollection<string> EventTypes => _handlers.Keys;

    /// <summary>Registers the handler of an event.</summary>
    /// <exception cref="InvalidOperationException">The type has a handler already.</exception>
    public FeishuEventDispatcher On<TEvent>(Func<FeishuEventContext<TEvent>, CancellationToken, Task> handler) where TEvent : IFeishuEvent
    {
        ArgumentNullException.ThrowIfNull(handler);
        return Add(TEvent.EventType, async (delivery, cancellationToken) =>
        {
            await handler(new(delivery.Read<TEvent>(), delivery), cancellationToken);
            return null;
        });
    }

    /// <summary>Registers the handler of a callback whose answer is a JSON value.</summary>
    public FeishuEventDispatcher OnCallback<TEvent, TAnswer>(Func<FeishuEventContext<TEvent>, CancellationToken, Task<TAnswer>> handler) where TEvent : IFeishuEvent
    {
        ArgumentNullException.ThrowIfNull(handler);
        return Add(TEvent.EventType, async (delivery, cancellationToken) =>
        {
            TAnswer answer = await handler(new(delivery.Read<TEvent>(), delivery), cancellationToken);
            return answer is CardActionResponse card
                ? card.ToUtf8Json(delivery.Kind)
                : System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(answer, FeishuJson.Options);
        });
    }

    /// <summary>Registers the handler of card actions, whichever callback brings them; the answer is written in the shape that callback wants.</summary>
    public FeishuEventDispatcher OnCardAction(Func<CardAction, CancellationToken, Task<CardActionResponse>> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        Add(CardActionTrigger.EventType, AnswerAsync);
        return Add(LegacyCardAction.EventType, AnswerAsync);

        async Task<byte[]?> AnswerAsync(FeishuDelivery delivery, CancellationToken cancellationToken)
            => (await handler(CardAction.From(delivery), cancellationToken)).ToUtf8Json(delivery.Kind);
    }

    /// <summary>Keeps the tickets of a store app's <c>app_ticket</c> events where its client looks for them.</summary>
    public FeishuEventDispatcher KeepAppTickets(IAppTicketStore store)
    {
        ArgumentNullException.ThrowIfNull(store);
        return On<AppTicket>((e, cancellationToken) => store.SetAsync(e.Event.AppId, e.Event.Ticket, cancellationToken).AsTask());
    }

    /// <summary>Takes what nobody is registered for, as raw JSON.</summary>
    public FeishuEventDispatcher OnUnknown(Func<FeishuDelivery, CancellationToken, Task> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        _unknown = handler;
        return this;
    }

    /// <summary>Runs the handler of a delivery.</summary>
    /// <returns>The body to answer with: <c>{}</c> unless a callback's handler made another.</returns>
    /// <exception cref="System.Text.Json.JsonException">The body does not have the shape of the type it claims.</exception>
    public async Task<byte[]> DispatchAsync(FeishuDelivery delivery, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(delivery);
        bool known = _handlers.TryGetValue(delivery.EventType, out Func<FeishuDelivery, CancellationToken, Task<byte[]?>>? handler);
        Dispatches.Add(1, new KeyValuePair<string, object?>("result", known ? "handled" : "unknown"));
        if (known) return await handler!(delivery, cancellationToken) ?? "{}"u8.ToArray();
        if (_unknown is not null) await _unknown(delivery, cancellationToken);
        return "{}"u8.ToArray();
    }

    private FeishuEventDispatcher Add(string type, Func<FeishuDelivery, CancellationToken, Task<byte[]?>> handler)
        => _handlers.TryAdd(type, handler) ? this : throw new InvalidOperationException($"{type} has a handler already.");
}

/// <summary>Store apps: the ticket that the platform pushes every hour (schema 1.0, subscribed by itself).</summary>
public sealed record AppTicket : IFeishuEvent
{
    /// <inheritdoc/>
    public static string EventType => "app_ticket";

    /// <summary>Whose ticket.</summary>
    public string AppId { get; init; } = "";

    /// <summary>The ticket. Secret.</summary>
    [System.Text.Json.Serialization.JsonPropertyName("app_ticket")]
    public string Ticket { get; init; } = "";

    /// <summary>Not shown: the ticket.</summary>
    public override string ToString() => $"app_ticket of {AppId}";
}
