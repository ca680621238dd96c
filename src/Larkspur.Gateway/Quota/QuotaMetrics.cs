using System.Diagnostics.Metrics;

namespace Larkspur.Gateway.Quota;

/// <summary>The ledger's figures, by app.</summary>
internal sealed class QuotaMetrics
{
    private readonly Counter<long> _alarms;

    public QuotaMetrics(Meter meter, QuotaRegistry book, QuotaOptions options)
    {
        _alarms = meter.CreateCounter<long>("larkspur_quota_alarms_total", description: "Quota alarms raised by this process, by kind (month, day, refused).");
        Gauge("larkspur_quota_used", "API calls of this month that count against the cap.", book.Used);
        Gauge("larkspur_quota_forecast", "API calls that will count by the end of the month at the present pace.", book.Forecast);
        Gauge("larkspur_quota_mode", "0 normal, 1 economy, 2 exhausted.", app => (long)book.Mode(app));
        meter.CreateObservableGauge("larkspur_quota_cap", () => book.Apps.Where(a => options.CapOf(a) is not null).Select(a => Measure(a, options.CapOf(a)!.Value)),
            description: "API calls that the app may make in a month; absent without a cap.");

        void Gauge(string name, string description, Func<string, long> value) =>
            meter.CreateObservableGauge(name, () => book.Apps.Select(app => Measure(app, value(app))), description: description);
    }

    public void Alarmed(string app, QuotaOccasionKind kind) =>
        _alarms.Add(1, new KeyValuePair<string, object?>("app", app), new KeyValuePair<string, object?>("kind", kind.ToString().ToLowerInvariant()));

    private static Measurement<long> Measure(string app, long value) => new(value, new KeyValuePair<string, object?>("app", app));
}
