using System.Globalization;
using Larkspur.Feishu;
using Larkspur.Feishu.Api;
using Larkspur.Feishu.Api.Approval.V4;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.Platforms.Feishu.Ingress.Gaps;
using Larkspur.Gateway.Quota;
using Larkspur.Gateway.Scheduling;
using Larkspur.Gateway.Storage;
using Task = System.Threading.Tasks.Task;

namespace Larkspur.Gateway.Approvals;

/// <summary>
/// Finds what no answer and no event has told: payments that had no news for a while are looked up, and the platform's list is read for instances that were made and
/// never recorded. Differences go the way of events. A round makes a bounded number of calls; the rest comes next time.
/// </summary>
internal sealed partial class PaymentReconciliation : IScheduledJob, IDisposable
{
    /// <summary>The platform lists instances of ten hours at most.</summary>
    private static readonly TimeSpan Window = TimeSpan.FromHours(10);

    /// <summary>The list is not asked about the last moment, and begins before the payment: clocks differ.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(1);

    private static readonly FeishuCallOptions Call = new() { Timeout = TimeSpan.FromSeconds(20) };

    private readonly PaymentStore _store;
    private readonly PaymentTransitions _transitions;
    private readonly ApprovalCodeStore _codes;
    private readonly ApprovalReads _reads;
    private readonly PaymentWorkflow _workflow;
    private readonly FeishuApps _apps;
    private readonly IQuota _quota;
    private readonly IDatabase _database;
    private readonly PaymentOptions _options;
    private readonly PaymentMetrics _metrics;
    private readonly TimeProvider _clock;
    private readonly ILogger<PaymentReconciliation> _logger;
    private readonly IDisposable _following;
    private volatile bool _mayHaveMissed = true;

    public PaymentReconciliation(PaymentStore store, PaymentTransitions transitions, ApprovalCodeStore codes, ApprovalReads reads,
        PaymentWorkflow workflow, FeishuApps apps, IQuota quota, IDatabase database, PaymentOptions options, PaymentMetrics metrics,
        TimeProvider clock, ILogger<PaymentReconciliation> logger)
    {
        (_store, _transitions, _codes, _reads, _workflow, _apps) = (store, transitions, codes, reads, workflow, apps);
        (_quota, _database, _options, _metrics, _clock, _logger) = (quota, database, options, metrics, clock, logger);
        _following = apps.OnChange(() => _mayHaveMissed = true);
    }

    /// <inheritdoc/>
    public async Task<string?> RunAsync(CancellationToken cancellation)
    {
        var now = _clock.GetUtcNow();
        await HastenAsync(now, cancellation);
        var round = new Round(new CallBudget(_options.MaxCalls));
        foreach (var payment in await _database.ReadAsync(sql => _store.DueAsync(sql, now, _options.MaxCalls), cancellation))
        {
            if (!await LookAsync(payment, round, cancellation)) break;
        }

        foreach (var (app, code) in await _database.ReadAsync(sql => _store.UnrecordedCodesAsync(sql, now - _options.CheckAfter), cancellation))
        {
            if (_apps.TryGet(app, out var configured) && MayCall(app, Endpoints.InstanceList)) await ScanAsync(configured, code, round, cancellation);
        }

        _metrics.Looked(round.Budget.Used);
        return round.Budget.Used == 0 ? null : $"{round.Budget.Used} calls: {round.Repaired} payments had news{(round.Budget.IsSpent ? "; the rest comes next time" : "")}";
    }

    public void Dispose() => _following.Dispose();

    /// <summary>After a start, and after an app was away or became another one, anything may have been missed; while the platform sends no events, everything is.</summary>
    private async Task HastenAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        if (_mayHaveMissed)
        {
            // Taken back first: a change that comes meanwhile is an occasion of its own.
            _mayHaveMissed = false;
            try
            {
                await _database.TransactAsync(unit => _store.CheckAllAsync(unit, "", now, now), cancellation);
            }
            catch
            {
                _mayHaveMissed = true;
                throw;
            }
        }

        if (_workflow.Target is not { } target) return;
        var subscription = await _database.ReadAsync(sql => _codes.SubscriptionAsync(sql, target.App, target.Code), cancellation);
        if (subscription?.State != SubscriptionRow.Active)
            await _database.TransactAsync(unit => _store.CheckAllAsync(unit, target.Code, now - _options.CheckAfterWithoutEvents, now), cancellation);
    }

    /// <summary>One payment.</summary>
    /// <returns>False: no more calls in this round.</returns>
    private async Task<bool> LookAsync(Payment payment, Round round, CancellationToken cancellation)
    {
        if (!_apps.TryGet(payment.App, out _) || !MayCall(payment.App, Endpoints.InstanceGet))
        {
            await PostponeAsync(payment, cancellation);
            return true;
        }

        if (!round.Budget.TryTake()) return false;
        try
        {
            if (await _reads.FindAsync(payment.App, payment.InstanceCode ?? payment.Uuid, cancellation) is { } seen) await SeenAsync(payment, seen, round, cancellation);
            else await AbsentAsync(payment, cancellation);
        }
        catch (PlatformApiException e)
        {
            LookUpRefused(payment.Id, e.Message);
            await PostponeAsync(payment, cancellation);
            return !e.IsTransient;
        }
        catch (ChannelException e)
        {
            // Its app was switched off just now.
            LookUpPostponed(payment.Id, e.Message);
            return false;
        }
        catch (PlatformNetworkException e)
        {
            // Nobody answers: the others would wait in vain, too.
            PaymentsUnreachable(e.Message);
            return false;
        }

        return true;
    }

    private async Task SeenAsync(Payment payment, InstanceFacts seen, Round round, CancellationToken cancellation)
    {
        var change = await _database.TransactAsync(async unit =>
        {
            var now = _clock.GetUtcNow();
            var change = await _transitions.SeenAsync(unit, payment.Id, seen, PaymentSource.Reconciliation, now);
            if (change is PaymentChange.None or PaymentChange.Recorded) await PostponeAsync(unit, payment.Id, now);
            return change;
        }, cancellation);
        if (change is not (PaymentChange.Moved or PaymentChange.Recorded)) return;
        round.Repaired++;
        _metrics.Repaired(change == PaymentChange.Moved ? "state" : "instance");
        MissedNewsFound(payment.Id, seen.State ?? "an instance");
    }

    /// <summary>There is no instance. Where the call that would make it has ended for good, the payment has failed; a call that is still tried may make one yet.</summary>
    private Task AbsentAsync(Payment payment, CancellationToken cancellation) => _database.TransactAsync(async unit =>
    {
        var now = _clock.GetUtcNow();
        if (payment is { InstanceCode: null, State: PaymentStates.Submitting })
        {
            var status = await _store.CreateStatusAsync(unit, payment);
            if (status == OutboxDiscarded) await _transitions.FailedAsync(unit, payment.Id, "discarded", "An operator discarded the call that would have made the instance.", PaymentSource.Operator, now);
            else if (status is null) await _transitions.FailedAsync(unit, payment.Id, "lost", "The call that would have made the instance is gone from the outbox.", PaymentSource.Reconciliation, now);
        }

        await PostponeAsync(unit, payment.Id, now);
    }, cancellation);

    /// <summary>The instances of a code, window by window: those that no payment names are asked for their key.</summary>
    private async Task ScanAsync(FeishuApp app, string code, Round round, CancellationToken cancellation)
    {
        var (oldest, scanned) = await _database.ReadAsync(async sql => (await _store.OldestUnrecordedAsync(sql, app.Name, code), await _codes.ScannedToAsync(sql, app.Name, code)), cancellation);
        if (oldest is not { } since) return;
        var until = _clock.GetUtcNow() - Margin;
        var from = since - Margin;
        if (scanned > from) from = scanned.Value;
        try
        {
            while (from < until)
            {
                var to = from + Window < until ? from + Window : until;
                if (!await ScanAsync(app, code, from, to, round, cancellation)) return;
                await _database.TransactAsync(unit => _codes.ScannedAsync(unit, app.Name, code, to), cancellation);
                from = to;
            }
        }
        catch (PlatformApiException e)
        {
            ListingRefused(code, e.Message);
        }
        catch (ChannelException e)
        {
            ListingPostponed(code, e.Message);
        }
        catch (PlatformNetworkException e)
        {
            ListingPostponed(code, e.Message);
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
                if (await _database.ReadAsync(sql => _store.FindByInstanceAsync(sql, instance), cancellation) is not null) continue;
                if (!round.Budget.TryTake()) return false;
                if (await _reads.FindAsync(app.Name, instance, cancellation) is not { Uuid: { } uuid } seen) continue;
                if (await _database.ReadAsync(sql => _store.FindByUuidAsync(sql, uuid), cancellation) is { } payment && payment.App == app.Name) await SeenAsync(payment, seen, round, cancellation);
            }

            page = list.HasMore == true ? list.PageToken : null;
        }
        while (!string.IsNullOrEmpty(page));
        return true;
    }

    private const int OutboxDiscarded = 4;

    private bool MayCall(string app, FeishuEndpoint endpoint) => _quota.Mode(app, endpoint.Id) != QuotaMode.Exhausted;

    private Task PostponeAsync(Payment payment, CancellationToken cancellation) => _database.TransactAsync(unit => PostponeAsync(unit, payment.Id, _clock.GetUtcNow()), cancellation);

    private async ValueTask PostponeAsync(IUnitOfWork unit, string id, DateTimeOffset now)
    {
        if (await _store.TakeAsync(unit, id) is { } payment) await _store.CheckAtAsync(unit, id, _options.NextCheck(payment, now));
    }

    private static string Text(DateTimeOffset at) => at.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);

    private sealed class Round(CallBudget budget)
    {
        public CallBudget Budget { get; } = budget;

        public int Repaired { get; set; }
    }

    [LoggerMessage(LogLevel.Warning, "Payment {PaymentId} cannot be looked up: {Reason}")]
    private partial void LookUpRefused(string paymentId, string reason);
    [LoggerMessage(LogLevel.Information, "Payment {PaymentId} cannot be looked up now: {Reason}")]
    private partial void LookUpPostponed(string paymentId, string reason);
    [LoggerMessage(LogLevel.Information, "Payments cannot be looked up now: {Reason}")]
    private partial void PaymentsUnreachable(string reason);
    [LoggerMessage(LogLevel.Warning, "Payment {PaymentId} had news that no answer and no event had told: {State}")]
    private partial void MissedNewsFound(string paymentId, string state);
    [LoggerMessage(LogLevel.Warning, "The instances of {ApprovalCode} cannot be listed: {Reason}")]
    private partial void ListingRefused(string approvalCode, string reason);
    [LoggerMessage(LogLevel.Information, "The instances of {ApprovalCode} cannot be listed now: {Reason}")]
    private partial void ListingPostponed(string approvalCode, string reason);
}
