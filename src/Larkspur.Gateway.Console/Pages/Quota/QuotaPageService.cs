using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Console.Shell;
using Larkspur.Gateway.Quota;

namespace Larkspur.Gateway.Console.Pages.Quota;

/// <summary>What the page asks of the ledger of calls.</summary>
internal sealed class QuotaPageService(QuotaReport report, QuotaLedger ledger, QuotaOptions options, AdminOptions admin)
{
    /// <summary>Whom alarms are told; null: they are in the log alone.</summary>
    public string? Receiver => admin.FeishuReceiver;

    /// <summary>Parts of the quota, in percent, at which somebody is told.</summary>
    public IReadOnlyList<int> Levels => [.. options.Alarms.Distinct().Order()];

    /// <summary>From this part of the quota on, in percent, calls are spared.</summary>
    public int EconomyFrom => options.EconomyFrom;

    /// <summary>All apps' months as of now.</summary>
    public async Task<IReadOnlyList<AppMonth>> ReadAsync(CancellationToken cancellation)
    {
        var ledger = await report.ReadAsync(cancellation);
        var months = new List<AppMonth>();
        foreach (var app in ledger.Apps)
            months.Add(new AppMonth(app, ledger.Today, await report.DaysAsync(app.App, cancellation), report.RunsOutOn(app)));
        return months;
    }

    /// <summary>Calls a day that an app may make of an API; null: as many as it likes.</summary>
    public long? DailyCap(string api) => options.DailyCaps.TryGetValue(api, out var cap) ? cap : null;

    /// <summary>Somebody has raised the plan: what the platform refused and what our own cap holds is over for this month.</summary>
    /// <exception cref="ActionRefusedException">There is no such app.</exception>
    public async Task ResetAsync(Actor who, string app, CancellationToken cancellation)
    {
        if ((await report.ReadAsync(cancellation)).Apps.All(a => a.App != app)) throw new ActionRefusedException(QuotaTexts.Missing);
        await ledger.ResetAsync(who, app, cancellation);
    }
}

/// <summary>An app's month.</summary>
/// <param name="Now">As the REST API tells it.</param>
/// <param name="Today">The day in the tenant's calendar, <c>2026-11-21</c>.</param>
/// <param name="Days">Its days so far; those without a call are missing.</param>
/// <param name="RunsOutOn">The day on which the quota is used up at the present pace; null: not in this month.</param>
internal sealed record AppMonth(AppQuotaAnswer Now, string Today, IReadOnlyList<DayUse> Days, string? RunsOutOn)
{
    public MonthPicture Picture { get; } = MonthPicture.Of(Today, Days, Now.Used, Now.Forecast, Now.Cap);

    /// <summary>An administrator may let it call again.</summary>
    public bool IsHeld => Now.Mode == "exhausted";
}
