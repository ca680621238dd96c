using System.Diagnostics.Metrics;
using Larkspur.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Gateway.Tests.Observation;

/// <summary><c>/metrics</c> as a strict scraper reads it.</summary>
public sealed class MetricsPageTests : IAsyncLifetime
{
    private readonly GatewayFixture _fixture = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _fixture.InitializeAsync();

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();

    [Fact]
    public async Task The_figures_of_one_event_are_on_a_page_that_keeps_to_the_format()
    {
        var eventId = FeishuPush.NewId("ev_");
        var message = FeishuPush.Message("/approve-demo please");
        await _fixture.Push.SendAsync(_fixture.Gateway, "im.message.receive_v1", message, eventId);
        await _fixture.Push.SendAsync(_fixture.Gateway, "im.message.receive_v1", message, eventId);
        await _fixture.Feishu.NextAsync();
        // The figures of one page are not read at one moment.
        var page = await PageAsync(p => p.Value("larkspur_event_effect_seconds_count") >= 1 && p.Value("larkspur_event_platform_effect_seconds_count") >= 1
            && p.Value("larkspur_card_acceptance_ratio") > 0);

        Assert.Equal(1, page.Value("larkspur_ingress_accepted_total", ("event_type", "im.message.receive_v1")));
        Assert.Equal(1, page.Value("larkspur_ingress_duplicates_total"));
        Assert.Equal(1, page.Value("larkspur_cards_total", ("result", "accepted")));
        Assert.Equal(1, page.Value("larkspur_card_acceptance_ratio"));
        Assert.True(page.Value("larkspur_tokens_reads_total", ("kind", "tenant")) >= 1);
        Assert.True(page.Value("larkspur_feishu_calls_total", ("outcome", "ok")) >= 1);
        Assert.InRange(page.Value("larkspur_api_success_ratio"), 0.0001, 1);
        Assert.Equal(1, page.Value("larkspur_event_platform_effect_seconds_count"));
        Assert.InRange(page.Value("larkspur_event_effect_seconds_sum"), 0, 60);
        Assert.Equal(1, page.Samples.Count(s => s.Name == "larkspur_dead_letters" && s.Labels["box"] == "outbox"));
        Assert.Equal(["0.001", "3"], Bounds(page, "larkspur_ingress_seconds_bucket"));
        Assert.Equal(["0.005", "3600"], Bounds(page, "larkspur_event_effect_seconds_bucket"));
    }

    [Fact]
    public async Task Awkward_names_texts_and_numbers_stay_inside_the_format()
    {
        var meter = _fixture.Gateway.Services.GetRequiredService<Meter>();
        meter.CreateCounter<long>("test.awkward-count", description: "A back\\slash\r\nand a second line").Add(2, new("what.it/is", "a \"quoted\" \\ text\nin two lines"), new("nothing", null));
        meter.CreateObservableGauge("9lives", () => double.NegativeInfinity);
        var wait = meter.CreateHistogram<double>("test.wait", "s");
        wait.Record(0.00001);
        wait.Record(1e9);

        var page = await PageAsync(_ => true);
        Assert.Equal(2, page.Value("test_awkward_count_total", ("what_it_is", "a \"quoted\" \\ text\nin two lines"), ("nothing", "")));
        Assert.Equal("A back\\\\slash\\nand a second line", page.Families["test_awkward_count_total"].Help);
        Assert.Equal(double.NegativeInfinity, page.Value("_9lives"));
        Assert.Equal(2, page.Value("test_wait_seconds_count"));
        Assert.Equal(1, page.Value("test_wait_seconds_bucket", ("le", "3600")));
    }

    [Fact]
    public async Task A_gauge_that_has_nothing_to_tell_is_left_out()
    {
        double? value = 5;
        _fixture.Gateway.Services.GetRequiredService<Meter>().CreateObservableGauge("test_sometimes", () => value is { } v ? [new Measurement<double>(v)] : Array.Empty<Measurement<double>>());
        Assert.Single((await PageAsync(_ => true)).Samples, s => s.Name == "test_sometimes");
        value = null;
        Assert.DoesNotContain((await PageAsync(_ => true)).Samples, s => s.Name == "test_sometimes");
    }

    [Fact]
    public async Task More_series_than_anybody_reads_share_one()
    {
        var counter = _fixture.Gateway.Services.GetRequiredService<Meter>().CreateCounter<long>("test_many");
        for (var i = 0; i < 3000; i++) counter.Add(1, new KeyValuePair<string, object?>("id", i));
        var page = await PageAsync(_ => true);
        Assert.Equal(3000, page.Value("test_many_total"));
        Assert.Equal(1000, page.Value("test_many_total", ("otel_metric_overflow", "true")));
    }

    private static string[] Bounds(ExpositionText page, string name)
    {
        var bounds = page.Samples.Where(s => s.Name == name).Select(s => s.Labels["le"]).Distinct().ToArray();
        return [bounds[0], bounds[^2]];
    }

    private async Task<ExpositionText> PageAsync(Func<ExpositionText, bool> until)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        deadline.CancelAfter(TimeSpan.FromSeconds(60));
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (true)
        {
            var page = ExpositionText.Read(await _fixture.Gateway.Http.GetStringAsync(new Uri("/metrics", UriKind.Relative), deadline.Token));
            if (until(page)) return page;
            await ticks.WaitForNextTickAsync(deadline.Token);
        }
    }
}
