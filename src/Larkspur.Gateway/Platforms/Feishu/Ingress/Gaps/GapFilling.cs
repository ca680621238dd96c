using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Quota;
using Larkspur.Gateway.Scheduling;

namespace Larkspur.Gateway.Platforms.Feishu.Ingress.Gaps;

/// <summary>Compares the chats of all apps with their history and puts into the inbox what never arrived.</summary>
internal sealed partial class GapFilling(FeishuApps apps, InboxScan scan, GapComparison comparison, GapMetrics metrics, IQuota quota,
    GapOptions options, TimeProvider clock,
    ILogger<GapFilling> logger) : IScheduledJob
{
    public async Task<string?> RunAsync(CancellationToken cancellation)
    {
        var before = await scan.RunAsync(cancellation);
        var budget = new CallBudget(options.MaxCalls);
        int found = 0, chats = 0;
        foreach (var app in apps.All)
        {
            if (quota.Mode(app.Name, GapComparison.HistoryEndpoint) != QuotaMode.Normal)
            {
                // Calls are scarce: the platform's own repetitions have to do.
                metrics.Compared(new GapAnswer(app.Name, clock.GetUtcNow(), 0, 0, 0, "left out to save calls"));
                continue;
            }

            var result = await comparison.RunAsync(app, before, budget, cancellation);
            metrics.Compared(result);
            if (result.Found > 0) GapsFilled(result.Found, app.Name);
            (found, chats) = (found + result.Found, chats + result.Chats);
        }

        return budget.Used == 0 ? null : $"compared {chats} chats with {budget.Used} calls: {found} messages had not arrived{(budget.IsSpent ? "; the rest comes next time" : "")}";
    }

    [LoggerMessage(LogLevel.Warning, "{Found} messages of app {App} never arrived; they were taken from the history of its chats")]
    private partial void GapsFilled(int found, string app);
}
