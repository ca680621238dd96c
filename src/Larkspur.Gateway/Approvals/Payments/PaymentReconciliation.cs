using System.Globalization;
using Larkspur.Feishu;
using Larkspur.Feishu.Api;
using Larkspur.Feishu.Api.Approval.V4;
using Larkspur.Gateway.Channels.Feishu;
using Larkspur.Gateway.Ingress.Gaps;
using Larkspur.Gateway.Quota;
using Larkspur.Gateway.Schedules;
using Larkspur.Gateway.Storage;
using Task = System.Threading.Tasks.Task;

namespace Larkspur.Gateway.Approvals;

/// <summary>
/// Finds what no answer and no event has told: payments that had no news for a while are looked up, and the platform's list is read for instances that were made and
/// never recorded. Differences go the way of events. A round makes a bounded number of calls; the rest comes next time.
/// </summary>
internal sealed class PaymentReconciliation(PaymentStore store, PaymentTransitions transitions, ApprovalCodeStore codes, InstanceRequestStore requests, ApprovalReads reads, PaymentWorkflow workflow,
    FeishuApps apps, IQuota quota,
    IDatabase database, PaymentOptions options, PaymentMetrics metrics, TimeProvider clock, ILogger<PaymentReconciliation> logger) : IScheduledJob
{
    /// <summary>The platform lists instances of ten hours at most.</summary>
    private static readonly TimeSpan Window = TimeSpan.FromHours(10);

    /// <summary>The list is not asked about the last moment, and begins before the payment: clocks differ.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(1);

    /// <summary>Nobody repeats a request under its key so late.</summary>
    private static readonly TimeSpan KeepRequests = TimeSpan.FromDays(31);

    private const int PrunedAtOnce = 500;

    private static readonly FeishuCallOptions Call = new() { Timeout = TimeSpan.FromSeconds(20) };

    private bool _started;

    /// <inheritdoc/>
    public async Task<string?> RunAsync(CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        await HastenAsync(now, cancellation);
        await database.TransactAsync(unit => requests.PruneAsync(unit, now - KeepRequests, PrunedAtOnce), cancellation);
        var round = new Round(new CallBudget(options.MaxCalls));
        foreach (var payment in await database.ReadAsync(sql => store.DueAsync(sql, now, options.MaxCalls), cancellation))
        {
            if (!await LookAsync(payment, round, cancellation)) break;
        }

        foreach (var (app, code) in await database.ReadAsync(sql => store.UnrecordedCodesAsync(sql, now - options.CheckAfter), cancellation))
        {
            if (apps.TryGet(app, out var configured) && MayCall(app, Endpoints.InstanceList)) await ScanAsync(configured, code, round, cancellation);
        }

        metrics.Looked(round.Budget.Used);
        return round.Budget.Used == 0 ? null : $"{round.Budget.Used} calls: {round.Repaired} payments had news{(round.Budget.IsSpent ? "; the rest comes next time" : "")}";
    }

    /// <summary>After a start anything may have been missed; while the platform sends no events, everything is.</summary>
    private async Task HastenAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        if (!_started) await database.TransactAsync(unit => store.CheckAllAsync(unit, "", now, now), cancellation);
        _started = true;
        if (workflow.Target is not { } target) return;
        var subscription = await database.ReadAsync(sql => codes.SubscriptionAsync(sql, target.App, target.Code), cancellation);
        if (subscription?.State != SubscriptionRow.Active)
            await database.TransactAsync(unit => store.CheckAllAsync(unit, target.Code, now - options.CheckAfterWithoutEvents, now), cancellation);
    }

    /// <summary>One payment.</summary>
    /// <returns>False: no more calls in this round.</returns>
    private async Task<bool> LookAsync(Payment payment, Round round, CancellationToken cancellation)
    {
        if (!apps.TryGet(payment.App, out _) || !MayCall(payment.App, Endpoints.InstanceGet))
        {
            await PostponeAsync(payment, cancellation);
            return true;
        }

        if (!round.Budget.TryTake()) return false;
        try
        {
            if (await reads.FindAsync(payment.App, payment.InstanceCode ?? payment.Uuid, cancellation) is { } seen) await SeenAsync(payment, seen, round, cancellation);
            else await AbsentAsync(payment, cancellation);
        }
        catch (PlatformApiException e)
        {
            logger.LogWarning("Payment {PaymentId} cannot be looked up: {Reason}", payment.Id, e.Message);
            await PostponeAsync(payment, cancellation);
            return !e.IsTransient;
        }
        catch (PlatformNetworkException e)
        {
            // Nobody answers: the others would wait in vain, too.
            logger.LogInformation("Payments cannot be looked up now: {Reason}", e.Message);
            return false;
        }

        return true;
    }

    private async Task SeenAsync(Payment payment, InstanceFacts seen, Round round, CancellationToken cancellation)
    {
        var change = await database.TransactAsync(async unit =>
        {
            var now = clock.GetUtcNow();
            var change = await transitions.SeenAsync(unit, payment.Id, seen, PaymentSource.Reconciliation, now);
            if (change is PaymentChange.None or PaymentChange.Recorded) await PostponeAsync(unit, payment.Id, now);
            return change;
        }, cancellation);
        if (change is not (PaymentChange.Moved or PaymentChange.Recorded)) return;
        round.Repaired++;
        metrics.Repaired(change == PaymentChange.Moved ? "state" : "instance");
        logger.LogWarning("Payment {PaymentId} had news that no answer and no event had told: {State}", payment.Id, seen.State ?? "an instance");
    }

    /// <summary>There is no instance. Where the call that would make it has ended for good, the payment has failed; a call that is still tried may make one yet.</summary>
    private Task AbsentAsync(Payment payment, CancellationToken cancellation) => database.TransactAsync(async unit =>
    {
        var now = clock.GetUtcNow();
        if (payment is { InstanceCode: null, State: PaymentStates.Submitting })
        {
            var status = await store.CreateStatusAsync(unit, payment);
            if (status == OutboxDiscarded) await transitions.FailedAsync(unit, payment.Id, "discarded", "An operator discarded the call that would have made the instance.", PaymentSource.Operator, now);
            else if (status is null) await transitions.FailedAsync(unit, payment.Id, "lost", "The call that would have made the instance is gone from the outbox.", PaymentSource.Reconciliation, now);
        }

        await PostponeAsync(unit, payment.Id, now);
    }, cancellation);

    /// <summary>The instances of a code, window by window: those that no payment names are asked for their key.</summary>
    private async Task ScanAsync(FeishuApp app, string code, Round round, CancellationToken cancellation)
    {
        var (oldest, scanned) = await database.ReadAsync(async sql => (await store.OldestUnrecordedAsync(sql, app.Name, code), await codes.ScannedToAsync(sql, app.Name, code)), cancellation);
        if (oldest is not { } since) return;
        var until = clock.GetUtcNow() - Margin;
        var from = since - Margin;
        if (scanned > from) from = scanned.Value;
        try
        {
            while (from < until)
            {
                var to = from + Window < until ? from + Window : until;
                if (!await ScanAsync(app, code, from, to, round, cancellation)) return;
                await database.TransactAsync(unit => codes.ScannedAsync(unit, app.Name, code, to), cancellation);
                from = to;
            }
        }
        catch (PlatformApiException e)
        {
            logger.LogWarning("The instances of {ApprovalCode} cannot be listed: {Reason}", code, e.Message);
        }
        catch (PlatformNetworkException e)
        {
            logger.LogInformation("The instances of {ApprovalCode} cannot be listed now: {Reason}", code, e.Message);
        }
    }

    /// <returns>False: the round's calls are used up, and the window is read again.</returns>
    private async Task<bool> ScanAsync(FeishuApp app, string code, DateTimeOffset from, DateTimeOffset to, Round round, CancellationToken cancellation)
    {
        string? page = null;
        do
        {
            if (!round.Budget.TryTake()) return false;
            var list = await app.Client.Approval.V4.Instance.ListAsync(new() { ApprovalCode = code, StartTime = Text(from), EndTime = Text(to), PageSize = 100, PageToken = page }, Call, cancellation);
            foreach (var instance in list.InstanceCodeList ?? [])
            {
                if (await database.ReadAsync(sql => store.FindByInstanceAsync(sql, instance), cancellation) is not null) continue;
                if (!round.Budget.TryTake()) return false;
                if (await reads.FindAsync(app.Name, instance, cancellation) is not { Uuid: { } uuid } seen) continue;
                if (await database.ReadAsync(sql => store.FindByUuidAsync(sql, uuid), cancellation) is { } payment && payment.App == app.Name) await SeenAsync(payment, seen, round, cancellation);
            }

            page = list.HasMore == true ? list.PageToken : null;
        }
        while (!string.IsNullOrEmpty(page));
        return true;
    }

    private const int OutboxDiscarded = 4;

    private bool MayCall(string app, FeishuEndpoint endpoint) => quota.Mode(app, endpoint.Id) != QuotaMode.Exhausted;

    private Task PostponeAsync(Payment payment, CancellationToken cancellation) => database.TransactAsync(unit => PostponeAsync(unit, payment.Id, clock.GetUtcNow()), cancellation);

    private async ValueTask PostponeAsync(IUnitOfWork unit, string id, DateTimeOffset now)
    {
        if (await store.TakeAsync(unit, id) is { } payment) await store.CheckAtAsync(unit, id, options.NextCheck(payment, now));
    }

    private static string Text(DateTimeOffset at) => at.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);

    private sealed class Round(CallBudget budget)
    {
        public CallBudget Budget { get; } = budget;

        public int Repaired { get; set; }
    }
}
