using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Approvals;

/// <summary>
/// The one way in which a payment changes. Answers, events and reconciliation all come here with what they saw on the platform; the state, its version, the line of
/// the time line and the business system's webhook message are written together, once.
/// </summary>
internal sealed partial class PaymentTransitions(PaymentStore store, PaymentWebhooks webhooks, PaymentOptions options,
    PaymentMetrics metrics, ILogger<PaymentTransitions> logger)
{
    /// <summary>The instance was seen.</summary>
    /// <param name="unit">The transaction.</param>
    /// <param name="id">The payment.</param>
    /// <param name="seen">What was seen. It may be older than what is known.</param>
    /// <param name="source">By what (<see cref="PaymentSource"/>).</param>
    /// <param name="now">The time of the transaction.</param>
    /// <returns>What came of it.</returns>
    public async ValueTask<PaymentChange> SeenAsync(IUnitOfWork unit, string id, InstanceFacts seen, string source, DateTimeOffset now)
    {
        if (await store.TakeAsync(unit, id) is not { } known) return PaymentChange.Gone;
        if ((known.InstanceCode is { } other && other != seen.InstanceCode) || (seen.Uuid is { } uuid && uuid != known.Uuid))
        {
            OtherInstanceSeen(id, known.InstanceCode, known.Uuid, seen.InstanceCode);
            return PaymentChange.None;
        }

        var payment = known with { InstanceCode = seen.InstanceCode };
        var follows = seen.State is { } state && PaymentStates.Follows(known.State, known.StateAt, state, seen.At);
        if (known.InstanceCode is null)
            await store.NoteAsync(unit, id, new PaymentLine { Key = "created", At = now, What = "created", Version = known.Version, Source = source, Detail = seen.InstanceCode });
        if (follows) payment = Changed(payment, known, seen, now);
        else if (known.InstanceCode is not null) return PaymentChange.None;

        await store.UpdateAsync(unit, payment with { CheckAt = follows ? options.NextCheck(payment, now) : known.CheckAt });
        if (!follows) return PaymentChange.Recorded;
        await store.NoteAsync(unit, id, new PaymentLine
        {
            Key = $"{payment.State}:{payment.Version}", At = payment.StateAt, What = payment.State, Version = payment.Version, Source = source, OpenId = seen.DecidedBy?.OpenId,
            UserId = seen.DecidedBy?.UserId, Detail = seen.Comment,
        });
        if (PaymentStates.IsDecided(payment.State)) await webhooks.DecideAsync(unit, payment, seen);
        unit.AfterCommit(() =>
        {
            metrics.Changed(payment.State, source);
            PaymentMoved(id, payment.State, payment.Version, source);
        });
        return PaymentChange.Moved;
    }

    /// <summary>No instance will be made of it, unless somebody replays the call.</summary>
    /// <param name="unit">The transaction.</param>
    /// <param name="id">The payment.</param>
    /// <param name="reason">A word.</param>
    /// <param name="message">For people.</param>
    /// <param name="source">By what.</param>
    /// <param name="now">The time of the transaction.</param>
    public async ValueTask FailedAsync(IUnitOfWork unit, string id, string reason, string message, string source, DateTimeOffset now)
    {
        // What has an instance has not failed: an event or a look was faster than the answer.
        if (await store.TakeAsync(unit, id) is not { State: PaymentStates.Submitting, InstanceCode: null } known) return;
        var failed = known with { State = PaymentStates.Failed, Reason = reason, StateAt = now, ChangedAt = now };
        await store.UpdateAsync(unit, failed with { CheckAt = options.NextCheck(failed, now) });
        await store.NoteAsync(unit, id, new PaymentLine { Key = $"failed:{now.ToUnixTimeMilliseconds()}", At = now, What = PaymentStates.Failed, Version = known.Version, Source = source, Detail = $"{reason}: {message}" });
        await webhooks.FailAsync(unit, failed, message);
        unit.AfterCommit(() => metrics.Changed(PaymentStates.Failed, source));
    }

    private static Payment Changed(Payment payment, Payment known, InstanceFacts seen, DateTimeOffset now) => payment with
    {
        State = seen.State!,
        Version = PaymentStates.IsDecided(known.State) ? known.Version + 1 : known.Version,
        StateAt = seen.At,
        Reason = null,
        ChangedAt = now,
    };

    [LoggerMessage(LogLevel.Error,
        "Payment {PaymentId} has instance {InstanceCode} under {Uuid}; what was seen is another one and is left alone: {OtherCode}")]
    private partial void OtherInstanceSeen(string paymentId, string? instanceCode, string uuid, string otherCode);
    [LoggerMessage(LogLevel.Information, "Payment {PaymentId} is {State} (version {Version}, learned by {Source})")]
    private partial void PaymentMoved(string paymentId, string state, long version, string source);
}

/// <summary>What a look at an instance changed.</summary>
internal enum PaymentChange
{
    /// <summary>Nothing: it was known, or is older than what is known.</summary>
    None,

    /// <summary>The instance's code was not known.</summary>
    Recorded,

    /// <summary>The payment is in another state.</summary>
    Moved,

    /// <summary>There is no such payment.</summary>
    Gone,
}
