using Larkspur.Gateway.Common;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Inbox;
using Larkspur.Gateway.Inbox.Dispatch;
using Larkspur.Gateway.Queueing;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Telemetry;

namespace Larkspur.Gateway.Ingress;

/// <summary>What a verified delivery goes through, whichever way it came: recorded first, then acknowledged; a click is answered within its deadline.</summary>
internal sealed partial class EventIntake(InboxWriter inbox, DispatchOptions dispatch, IFailureMessages failureMessages,
    IngressMetrics metrics, PlatformContacts contacts, StallMonitor stalls,
    TimeProvider clock, ILogger<EventIntake> logger)
{
    private static readonly TimeSpan CommitGrace = TimeSpan.FromMilliseconds(300);

    /// <summary>Records it and, for a click, waits for its answer.</summary>
    /// <param name="normalise">Makes the event of it, given the time; called once, within the span of its arrival.</param>
    /// <param name="app">Name of the app that received it.</param>
    /// <param name="way">For traces: <c>webhook</c>, <c>stream</c>…</param>
    /// <param name="started">When it began to arrive, by the clock's counter.</param>
    /// <param name="claimedTrace">The trace that the sender claims, if any.</param>
    /// <param name="within">How long a click may wait for its answer, where the platform waits less than the settings think; null: as set.</param>
    public async ValueTask<Intake> TakeAsync(Func<DateTimeOffset, InboundEvent> normalise, string app, string way, long started, string? claimedTrace = null, TimeSpan? within = null)
    {
        var now = clock.GetUtcNow();
        using var activity = Correlation.Receive(way, now - clock.GetElapsedTime(started), claimedTrace);
        var inbound = normalise(now);
        activity?.Describe(inbound, "receive");
        var waiter = inbound.Kind == EventKind.Event ? null : new CallbackWaiter();
        Appended appended;
        try
        {
            appended = await inbox.AcceptAsync(inbound, waiter);
        }
        catch (StorageUnavailableException e)
        {
            if (waiter is not null) await LeaveAsync(waiter);
            metrics.Unavailable();
            activity?.NotRecorded();
            EventNotRecorded(inbound.EventId, app, e);
            return default;
        }

        activity?.Received(appended);
        contacts.CameAsEvent(inbound.Platform, app);
        if (appended.Duplicate) metrics.Duplicate(app);
        // What another platform sent says nothing about the keys of a Feishu app of the same name.
        else if (inbound.Platform == PlatformNames.Feishu) metrics.Accepted(app, inbound.EventType, clock.GetElapsedTime(started));
        else metrics.AcceptedAction(app, inbound.EventType, clock.GetElapsedTime(started));
        if (logger.IsEnabled(LogLevel.Debug)) EventRecorded(inbound.EventId, app, appended.Id, appended.Duplicate);

        return waiter is null || appended.Duplicate ? new Intake(inbound, null) : new Intake(inbound, await WaitForAnswerAsync(inbound, appended.Id, waiter, started, within));
    }

    /// <summary>The request is answered otherwise; an answer that was made all the same goes through the outbox.</summary>
    private static async Task LeaveAsync(CallbackWaiter waiter)
    {
        if (!waiter.TryGiveUp() && !waiter.TryAbandon()) await (await waiter.Answer).SettleAsync(false);
    }

    private async Task<GivenAnswer> WaitForAnswerAsync(
        InboundEvent inbound, long inboxId, CallbackWaiter waiter, long started, TimeSpan? within)
    {
        var longest = within < dispatch.CallbackDeadline ? within.Value : dispatch.CallbackDeadline;
        try
        {
            var left = longest - clock.GetElapsedTime(started);
            return Bounded(await waiter.Answer.WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, clock));
        }
        catch (TimeoutException)
        {
            if (!waiter.TryGiveUp() && await CommittedAsync(waiter)) return Bounded(await waiter.Answer);
        }

        metrics.Late();
        ClickMissedDeadline(inboxId);
        return new GivenAnswer(new CallbackAnswer { Toast = failureMessages.StillWorking() }, static _ => Task.CompletedTask);

        GivenAnswer Bounded(GivenAnswer given) =>
            given.Answer is null ? given : given with { MayBeTooLate = () => MayBeTooLate(inbound, started, longest + CommitGrace) };
    }

    /// <summary>The click may have lain in a buffer while this process stood still, and its sender have given up.</summary>
    private bool MayBeTooLate(InboundEvent inbound, long started, TimeSpan longest)
    {
        var elapsed = clock.GetElapsedTime(started);
        var stalled = stalls.Before(elapsed);
        if (elapsed + stalled <= longest) return false;
        AnswerCameLate(inbound.EventId, elapsed, stalled);
        return true;
    }

    /// <summary>The handler is committing: worth a moment. False when the request has left and the outbox delivers.</summary>
    private async Task<bool> CommittedAsync(CallbackWaiter waiter)
    {
        try
        {
            await waiter.Answer.WaitAsync(CommitGrace, clock);
            return true;
        }
        catch (TimeoutException)
        {
            return !waiter.TryGiveUp() && !waiter.TryAbandon();
        }
    }

    [LoggerMessage(LogLevel.Error, "Event {EventId} of app {App} was not recorded; the platform is asked to come again")]
    private partial void EventNotRecorded(string eventId, string app, Exception error);
    [LoggerMessage(LogLevel.Debug, "Event {EventId} of app {App} is inbox row {InboxId}, duplicate {Duplicate}")]
    private partial void EventRecorded(string eventId, string app, long inboxId, bool duplicate);
    [LoggerMessage(LogLevel.Warning, "The click of inbox row {InboxId} missed its deadline; its answer follows as a message")]
    private partial void ClickMissedDeadline(long inboxId);
    [LoggerMessage(LogLevel.Warning,
        "The answer to click {EventId} came {Elapsed} after it was read, and up to {Stalled} it lay unread; it follows as a message too")]
    private partial void AnswerCameLate(string eventId, TimeSpan elapsed, TimeSpan stalled);
}

/// <summary>What became of a delivery.</summary>
/// <param name="Event">What was recorded, now or before; null: it could not be, and has to come again.</param>
/// <param name="Answer">The answer to a click that came for the first time; null: an acknowledgement is all.</param>
internal readonly record struct Intake(InboundEvent? Event, GivenAnswer? Answer);
