namespace Larkspur.Gateway.Quota;

/// <summary>The ledger as it stands, written up to this moment.</summary>
internal sealed class QuotaReport(QuotaLedger ledger, QuotaStore store, QuotaRegistry book, QuotaCalendar calendar, QuotaOptions options, TimeProvider clock)
{
    public async Task<QuotaAnswer> ReadAsync(CancellationToken cancellation)
    {
        await ledger.FlushAsync(cancellation);
        var apps = new List<AppQuotaAnswer>();
        foreach (var app in book.Apps) apps.Add(await ReadAsync(app, cancellation));
        return new QuotaAnswer(Dashed(calendar.Day(clock.GetUtcNow())), apps);
    }

    public async Task<AppQuotaAnswer> ReadAsync(string app, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var facts = book.Of(app).Facts;
        return new AppQuotaAnswer
        {
            App = app,
            Month = Dashed(calendar.Month(now)),
            Mode = book.Mode(app).ToString().ToLowerInvariant(),
            Used = book.Used(app),
            Calls = facts.Total.Calls,
            Refused = facts.Total.Refused,
            Cap = options.CapOf(app),
            Forecast = book.Forecast(app),
            RefusedAt = book.Of(app).RefusedIn(calendar.Month(now)),
            Lifted = facts.Lifted,
            Alarms = facts.Alarms,
            Apis = await store.ReadApisAsync(app, calendar.Day(now), cancellation),
        };
    }

    /// <summary>What an app called in this month, day by day; days without a call are missing.</summary>
    public Task<List<DayUse>> DaysAsync(string app, CancellationToken cancellation) =>
        store.ReadDaysAsync(app, calendar.Month(clock.GetUtcNow()) * 100 + 1, cancellation);

    /// <summary>The day on which an app reaches its cap at the present pace; null: not this month, it has, or there is none.</summary>
    public string? RunsOutOn(AppQuotaAnswer app)
    {
        var now = clock.GetUtcNow();
        var (passed, length) = calendar.InMonth(now);
        return app.Cap is { } cap && QuotaForecast.DaysLeft(app.Used, app.Forecast, cap, length - passed) is { } days and > 0
            ? Dashed(calendar.Day(now.AddDays(days))) : null;
    }

    private static string Dashed(int number) => number > 999_999 ? $"{number / 10_000:0000}-{number / 100 % 100:00}-{number % 100:00}" : $"{number / 100:0000}-{number % 100:00}";
}

/// <summary>The ledger.</summary>
/// <param name="Today">The day in the tenant's calendar.</param>
/// <param name="Apps">The configured apps.</param>
internal sealed record QuotaAnswer(string Today, IReadOnlyList<AppQuotaAnswer> Apps);

/// <summary>One app's month.</summary>
internal sealed record AppQuotaAnswer
{
    public required string App { get; init; }

    /// <summary>In the tenant's calendar, <c>2026-11</c>.</summary>
    public required string Month { get; init; }

    /// <summary><c>normal</c>, <c>economy</c> or <c>exhausted</c>.</summary>
    public required string Mode { get; init; }

    /// <summary>Calls that count against the cap.</summary>
    public required long Used { get; init; }

    /// <summary>All requests.</summary>
    public required long Calls { get; init; }

    /// <summary>Those the platform refused.</summary>
    public required long Refused { get; init; }

    /// <summary>Null: no cap.</summary>
    public required long? Cap { get; init; }

    /// <summary>Counted calls by the end of the month at the present pace.</summary>
    public required long Forecast { get; init; }

    /// <summary>When the platform said that the month is used up; null: it has not, or that is over.</summary>
    public required DateTimeOffset? RefusedAt { get; init; }

    /// <summary>An administrator has lifted the gateway's own cap for this month.</summary>
    public required bool Lifted { get; init; }

    public required IReadOnlyList<QuotaAlarm> Alarms { get; init; }

    /// <summary>The 200 most called APIs.</summary>
    public required IReadOnlyList<ApiUse> Apis { get; init; }
}
