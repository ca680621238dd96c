using Larkspur.Gateway.Queueing;

namespace Larkspur.Gateway.Inbox.Dispatch;

/// <summary>Says of an event, before it is recorded, that nobody will do anything with it: then the transaction that records it ends it, and no second one.</summary>
internal interface IEventPrefilter
{
    /// <summary>The outcome, or null when the event has to be worked on.</summary>
    Outcome? Of(InboundEvent inbound);
}

/// <summary>Events of a type without a handler, which nobody else wants to hear of. Clicks are never among them: somebody waits for their answer.</summary>
internal sealed class UnhandledEvents(EventRouter router, IEventForwarder forwarding, DispatchOptions options) : IEventPrefilter
{
    /// <summary>The outcome that the dispatcher gives them, too, when it finds one in the inbox.</summary>
    public static readonly Outcome NoHandler = Outcome.Ignored("no_handler");

    public Outcome? Of(InboundEvent inbound) =>
        // Without handlers of any kind (a gateway that only records) a later start decides.
        options.Enabled && inbound.Kind == EventKind.Event && router.Find(inbound.Platform, inbound.EventType) is null && !forwarding.Wants(inbound) ? NoHandler : null;
}
