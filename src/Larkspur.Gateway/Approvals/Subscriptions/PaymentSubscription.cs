using Larkspur.Feishu;
using Larkspur.Feishu.Api.Approval.V4;
using Larkspur.Feishu.Approvals;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Quota;
using Larkspur.Gateway.Settings;
using Larkspur.Gateway.Storage;
using Task = System.Threading.Tasks.Task;

namespace Larkspur.Gateway.Approvals;

/// <summary>
/// Has the platform send the events of the payments' approval code, and of replaced ones while payments under them are watched: asked for when the workflow is
/// switched on, when the code changes and at each start; tried again
/// while it is refused, and made sure of once a day, for somebody may have ended it elsewhere.
/// </summary>
internal sealed partial class PaymentSubscription(PaymentWorkflow workflow, PaymentStore payments, ApprovalCodeStore codes,
    FeishuApps apps, IQuota quota, ISettings settings, IDatabase database, TimeProvider clock,
    ILogger<PaymentSubscription> logger) : BackgroundService
{
    /// <summary>Codes that are looked after at once.</summary>
    private const int MostCodes = 100;

    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan MakeSureEvery = TimeSpan.FromDays(1);
    private static readonly FeishuCallOptions Call = new() { Timeout = TimeSpan.FromSeconds(20) };

    private readonly SemaphoreSlim _woken = new(0, 1);
    private readonly HashSet<(string App, string Code)> _sure = [];
    private (string App, string Code)? _current;

    /// <summary>Looks now.</summary>
    public void Wake()
    {
        try
        {
            _woken.Release();
        }
        catch (SemaphoreFullException)
        {
            // It is about to look.
        }
        catch (ObjectDisposedException)
        {
            // The gateway has stopped; a timer's last call may still be on its way.
        }
    }

    public override void Dispose()
    {
        _woken.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var changes = settings.OnChange(_ => Wake());
        await using var timer = clock.CreateTimer(_ => Wake(), null, LookEvery, LookEvery);
        try
        {
            while (true)
            {
                try
                {
                    await LookAsync(stoppingToken);
                }
                catch (StorageUnavailableException e)
                {
                    SubscriptionsUnreadable(e.Message);
                }
                catch (Exception e) when (!stoppingToken.IsCancellationRequested)
                {
                    // An exception from here would stop the whole gateway.
                    SubscribingFailed(e);
                }

                await _woken.WaitAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping.
        }
    }

    private async Task LookAsync(CancellationToken cancellation)
    {
        if (workflow.Target is not { } target) return;
        if (_current != target) _sure.Remove(target);
        _current = target;
        await LookAsync(target, isCurrent: true, cancellation);
        // What is decided under a code that was replaced is owed to its payments all the same.
        foreach (var old in await database.ReadAsync(sql => payments.WatchedCodesAsync(sql, MostCodes), cancellation))
        {
            if (old != target) await LookAsync(old, isCurrent: false, cancellation);
        }

        _sure.RemoveWhere(code => code != target && _sure.Count > MostCodes);
    }

    private async Task LookAsync((string App, string Code) target, bool isCurrent, CancellationToken cancellation)
    {
        if (!apps.TryGet(target.App, out var app)) return;
        var now = clock.GetUtcNow();
        var known = await database.ReadAsync(sql => codes.SubscriptionAsync(sql, target.App, target.Code), cancellation);
        // One that somebody ended over REST stays so, unless payments are made under it.
        if (!isCurrent && known?.State == SubscriptionRow.Removed) return;
        if (_sure.Contains(target) && known?.NextAt > now) return;
        if (quota.Mode(target.App, Endpoints.ApprovalSubscribe.Id) == QuotaMode.Exhausted) return;
        var next = await AskAsync(app, target.Code, known, now, cancellation);
        await database.TransactAsync(unit => codes.SubscribedAsync(unit, target.App, target.Code, next), cancellation);
        _sure.Add(target);
    }

    private async Task<SubscriptionRow> AskAsync(FeishuApp app, string code, SubscriptionRow? known, DateTimeOffset now, CancellationToken cancellation)
    {
        var attempts = (known?.Attempts ?? 0) + 1;
        try
        {
            var news = await app.Client.Approvals.Definitions.SubscribeAsync(code, Call, cancellation);
            if (known?.State != SubscriptionRow.Active) Subscribed(code, app.Name, news ? "" : ": they did already");
            return new SubscriptionRow(SubscriptionRow.Active, null, 0, now, now + MakeSureEvery);
        }
        catch (PlatformApiException e)
        {
            SubscriptionRefused(code, app.Name, e.Message);
            return new SubscriptionRow(e.IsTransient ? SubscriptionRow.Wanted : SubscriptionRow.Refused, $"{e.FailureKind.ToString().ToLowerInvariant()}_{e.Code}", attempts, now, now + PauseAfter(attempts));
        }
        catch (PlatformNetworkException e)
        {
            SubscriptionPostponed(code, e.Message);
            return new SubscriptionRow(SubscriptionRow.Wanted, e.TimedOut ? "timed_out" : "no_connection", attempts, now, now + PauseAfter(attempts));
        }
    }

    private static TimeSpan PauseAfter(long attempts)
    {
        var pause = FirstPause * Math.Pow(2, Math.Min(attempts - 1, 10));
        return pause < LongestPause ? pause : LongestPause;
    }

    [LoggerMessage(LogLevel.Warning, "Whether approval events are asked for cannot be read now ({Reason})")]
    private partial void SubscriptionsUnreadable(string reason);
    [LoggerMessage(LogLevel.Error, "Approval events could not be asked for; trying again")]
    private partial void SubscribingFailed(Exception error);
    [LoggerMessage(LogLevel.Information, "Events of approval code {ApprovalCode} come to app {App}{News}")]
    private partial void Subscribed(string approvalCode, string app, string news);
    [LoggerMessage(LogLevel.Warning, "Events of approval code {ApprovalCode} cannot be asked for by app {App}: {Reason}. Until then "
        + "payments are watched by looking at them")]
    private partial void SubscriptionRefused(string approvalCode, string app, string reason);
    [LoggerMessage(LogLevel.Information, "Events of approval code {ApprovalCode} could not be asked for: {Reason}")]
    private partial void SubscriptionPostponed(string approvalCode, string reason);
}
