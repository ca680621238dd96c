using System.Text.Json.Nodes;
using Larkspur.Emulator.Control;
using Larkspur.Emulator.DingTalk.Deliveries;
using Larkspur.Emulator.DingTalk.ApiPipeline;
using Larkspur.Emulator.DingTalk.Robots;
using Larkspur.Emulator.DingTalk.StreamMode;

namespace Larkspur.Emulator.DingTalk.Events;

/// <summary>Pushes events until they are taken: over Stream mode while a client listens, else encrypted to the callback address.</summary>
internal sealed class EventDeliveries(
    EmulatorState state, StreamConnections connections, EventPush push, RobotDeliveries robots, DeliveryRecords records, BackgroundDeliveries background, DingTalkLimits limits, FaultRules faults, FailedEvents failed)
{
    /// <summary>How long an acknowledgement is waited for, and when the next try comes. (Over the stream: UNVERIFIED.)</summary>
    private static readonly TimeSpan StreamPatience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan[] StreamWaits = [.. new[] { 10, 30, 60, 60, 120, 300, 600, 1800, 3600 }.Select(s => TimeSpan.FromSeconds(s))];
    /// <summary>The newest of three numbers that the documentation gives; real time.</summary>
    private static readonly TimeSpan HttpPatience = TimeSpan.FromMilliseconds(2500);
    private static readonly TimeSpan[] HttpWaits = [TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(30)];

    // Contacts are free of the month's deliveries.
    private static readonly string[] FreeTypes = ["user_add_org", "user_modify_org", "user_leave_org", "user_active_org", "org_dept_create", "org_dept_modify", "org_dept_remove", "org_change"];

    /// <summary>Begins to push it; nobody waits.</summary>
    public void Begin(string type, JsonObject data)
    {
        var @event = new DingTalkEvent(type, state.Ids.Next(""), data, state.Clock.GetUtcNow());
        var isFree = FreeTypes.Contains(type) || type.StartsWith("label_", StringComparison.Ordinal) || type.StartsWith("org_admin_", StringComparison.Ordinal);
        if (!isFree && !limits.CountDelivery())
        {
            records.Add(new Delivery(Delivery.Stream, "", DeliveryEnd.Nowhere, 0, "", 0), type, @event.Id, 1, CanonicalJson.Write(data), "not pushed: the month's deliveries are used up");
            return;
        }

        var fault = faults.ForEvent(type);
        background.Begin(token => DeliverAsync(@event, token));
        if (fault is { Kind: FaultKind.Duplicate }) background.Begin(token => DeliverAsync(fault.NewId ? @event with { Id = state.Ids.Next("") } : @event, token));
    }

    private async Task DeliverAsync(DingTalkEvent @event, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var overStream = connections.AnyFor(StreamFrame.Event, "*");
            if (!overStream && robots.CallbackUrl.Length == 0)
            {
                records.Add(new Delivery(Delivery.Webhook, "", DeliveryEnd.Nowhere, 0, "", 0), @event.Type, @event.Id, attempt, CanonicalJson.Write(@event.Data), "no client of Stream mode is connected, and there is no callback address");
                return;
            }

            var (delivery, taken) = overStream
                ? await push.OverStreamAsync(@event, StreamPatience, state.Clock, cancellationToken)
                : await push.OverHttpAsync(robots.CallbackUrl, @event, encrypt: true, HttpPatience, cancellationToken);
            var waits = overStream ? StreamWaits : HttpWaits;
            var again = !taken && attempt <= waits.Length;
            var next = again ? state.Clock.GetUtcNow() + waits[attempt - 1] : (DateTimeOffset?)null;
            records.Add(delivery, @event.Type, @event.Id, attempt, CanonicalJson.Write(overStream ? @event.Data : push.Plain(@event)), taken ? "taken" : delivery.End == DeliveryEnd.Answered ? $"not taken (answered {delivery.Status})" : $"not taken ({delivery.End})", next);
            if (taken) return;
            if (!again)
            {
                if (!overStream) failed.Add(push.Plain(@event));
                return;
            }

            await Task.Delay(waits[attempt - 1], state.Clock, cancellationToken);
        }
    }
}
