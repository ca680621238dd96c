using System.Diagnostics.Metrics;
using Larkspur.Gateway.Operations.Figures;
using Larkspur.Gateway.Telemetry;
using Larkspur.Testing;

namespace Larkspur.Gateway.Tests.Observation;

/// <summary>The estimators behind the figures.</summary>
public sealed class FiguresTests
{
    [Fact]
    public void Quantiles_are_within_five_percent_over_nine_orders_of_magnitude()
    {
        foreach (var scale in (double[])[0.001, 0.05, 1, 60, 600])
        {
            var values = Enumerable.Range(1, 10_000).Select(i => scale * i / 5_000.0).ToArray();
            var distribution = new Distribution();
            foreach (var value in values) distribution.Record(value);
            foreach (var share in (double[])[0.5, 0.9, 0.99])
                Assert.InRange(distribution.Quantile(share)!.Value / values[(int)(share * values.Length) - 1], 0.95, 1.05);
            Assert.Equal(values[^1], distribution.Max);
        }
    }

    [Fact]
    public void Values_out_of_range_count_in_the_outer_buckets_and_nothing_is_not_zero()
    {
        var distribution = new Distribution();
        Assert.Null(distribution.Quantile(0.5));
        foreach (var value in (double[])[-1, 0, 1e12, double.NaN]) distribution.Record(value);
        Assert.Equal(3, distribution.Count);
        Assert.Equal(0, distribution.Quantile(0.01)!.Value, 3);
        Assert.True(distribution.Quantile(1) > 100_000);
    }

    [Fact]
    public void Two_distributions_add_up_to_the_one_of_all_values()
    {
        Distribution left = new(), right = new(), all = new();
        for (var i = 1; i <= 1000; i++)
        {
            (i % 3 == 0 ? left : right).Record(i / 100.0);
            all.Record(i / 100.0);
        }

        left.Add(right);
        Assert.Equal((all.Count, all.Max, all.Quantile(0.5), all.Quantile(0.99)), (left.Count, left.Max, left.Quantile(0.5), left.Quantile(0.99)));
    }

    [Fact]
    public void The_window_forgets_after_five_minutes_what_the_total_keeps()
    {
        var clock = new ManualTimeProvider();
        var count = new WindowedCount(clock);
        var latency = new WindowedDistribution(clock);
        count.Add(3);
        latency.Record(10);
        clock.Advance(TimeSpan.FromMinutes(4));
        count.Add(4);
        latency.Record(0.1);
        Assert.Equal((7, 2), (count.Read(recent: true).Value, latency.Read(recent: true).Count));
        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal((4, 1), (count.Read(recent: true).Value, latency.Read(recent: true).Count));
        Assert.InRange(latency.Read(recent: true).Quantile(0.99)!.Value, 0.09, 0.11);
        clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal((0, 0), (count.Read(recent: true).Value, latency.Read(recent: true).Count));
        Assert.Equal((7, 2), (count.Read(recent: false).Value, latency.Read(recent: false).Count));
    }

    [Fact]
    public void An_events_latency_ends_with_the_last_effect_that_was_accepted()
    {
        using var meter = new Meter("test");
        var measured = new List<(string, double)>();
        using var listener = new MeterListener { InstrumentPublished = (i, l) => { if (ReferenceEquals(i.Meter, meter)) l.EnableMeasurementEvents(i); } };
        listener.SetMeasurementEventCallback<double>((i, value, _, _) => measured.Add((i.Name, value)));
        listener.Start();
        var latency = new EventLatency(meter);
        var at = new DateTimeOffset(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);

        var origin = new EventOrigin(at, at.AddSeconds(-2));
        origin.Expect(3);
        latency.Ended(origin, at.AddSeconds(5));
        latency.Ended(origin, at.AddSeconds(1));
        Assert.Empty(measured);
        latency.Ended(origin, acceptedAt: null);
        Assert.Equal([("larkspur_event_effect_seconds", 5), ("larkspur_event_platform_effect_seconds", 7)], measured);

        var lost = new EventOrigin(at);
        lost.Expect(1);
        latency.Ended(lost, acceptedAt: null);
        latency.Ended(null, at);
        Assert.Equal(2, measured.Count);

        var ahead = new EventOrigin(at, at.AddSeconds(30));
        ahead.Expect(1);
        latency.Ended(ahead, at.AddSeconds(1));
        Assert.Equal(("larkspur_event_platform_effect_seconds", 0), measured[^1]);
    }
}
