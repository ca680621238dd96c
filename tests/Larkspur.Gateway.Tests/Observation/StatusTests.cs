using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Inbox.Dispatch;
using Larkspur.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Larkspur.Gateway.Tests.Observation;

/// <summary><c>GET /api/v1/status</c>, and the log's word about what waits too long.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class StatusTests : IAsyncLifetime
{
    private readonly FeishuPush _push = new();
    private FeishuStub _feishu = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _feishu = await FeishuStub.StartAsync();

    public async ValueTask DisposeAsync() => await _feishu.DisposeAsync();

    [Fact]
    public async Task An_administrator_sees_the_figures_without_Prometheus()
    {
        await using var gateway = await GatewayApp.StartAsync(_feishu.Address);
        var message = FeishuPush.Message("/approve-demo please");
        var eventId = FeishuPush.NewId("ev_");
        await _push.SendAsync(gateway, "im.message.receive_v1", message, eventId);
        await _push.SendAsync(gateway, "im.message.receive_v1", message, eventId);
        await _feishu.NextAsync();
        var status = await UntilAsync(gateway, s => s.GetProperty("since_start").GetProperty("push_to_effect").GetProperty("count").GetInt64() == 1);

        Assert.Equal("ok", status.GetProperty("status").GetString());
        foreach (var window in (string[])["last_five_minutes", "since_start"])
        {
            var figures = status.GetProperty(window);
            Assert.Equal(1, figures.GetProperty("events").GetProperty("accepted").GetInt64());
            Assert.Equal(1, figures.GetProperty("events").GetProperty("duplicates_absorbed").GetInt64());
            Assert.Equal(1, figures.GetProperty("messages").GetProperty("sent").GetInt64());
            Assert.Equal(1, figures.GetProperty("cards").GetProperty("accepted").GetInt64());
            Assert.Equal(1, figures.GetProperty("cards").GetProperty("acceptance_ratio").GetDouble());
            Assert.InRange(figures.GetProperty("api_calls").GetProperty("share").GetDouble(), 0.0001, 1);
            Assert.InRange(figures.GetProperty("push_to_effect").GetProperty("p99").GetDouble(), 0.0001, 60);
            Assert.InRange(figures.GetProperty("acknowledge").GetProperty("p50").GetDouble(), 0.00001, 60);
        }

        // The answer to the message is a call that counts.
        var used = status.GetProperty("quota").EnumerateArray().Single(q => q.GetProperty("name").GetString() == "larkspur_quota_used" && q.GetProperty("labels").GetProperty("app").GetString() == "default");
        Assert.InRange(used.GetProperty("value").GetDouble(), 1, 20);
    }

    [Fact]
    public async Task It_opens_with_the_key_only_and_is_described()
    {
        await using var gateway = await GatewayApp.StartAsync(_feishu.Address);
        using var stranger = new HttpClient { BaseAddress = gateway.Address };
        using var refused = await stranger.GetAsync(new Uri("/api/v1/status", UriKind.Relative), Cancel);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        var document = await gateway.Http.GetFromJsonAsync<JsonElement>(new Uri("/openapi/v1.json", UriKind.Relative), Cancel);
        Assert.Equal("GetStatus", document.GetProperty("paths").GetProperty("/api/v1/status").GetProperty("get").GetProperty("operationId").GetString());
        var schemas = document.GetProperty("components").GetProperty("schemas");
        Assert.Contains("p99", schemas.GetProperty("LatencyFigures").GetProperty("properties").EnumerateObject().Select(p => p.Name));
    }

    [Fact]
    public async Task What_waits_too_long_is_said_once_and_its_end_too()
    {
        var clock = new ManualTimeProvider(DateTimeOffset.UtcNow);
        var release = new TaskCompletionSource();
        await using var gateway = await GatewayApp.StartAsync(_feishu.Address, new Dictionary<string, string?> { ["Larkspur:Dispatch:HandlerTimeout"] = "10:00:00" }, clock: clock,
            configure: builder => builder.Services.AddSingleton(new EventRoute("feishu", "test.slow_v1", async (_, cancellation) =>
            {
                await release.Task.WaitAsync(cancellation);
                return Reaction.Ignore("test");
            })));
        Assert.Equal(200, (await _push.SendAsync(gateway, "test.slow_v1", "{}")).Status);

        await AdvanceUntilAsync(() => Warnings("the oldest event has waited") == 1);
        var status = await gateway.Http.GetFromJsonAsync<JsonElement>(new Uri("/api/v1/status", UriKind.Relative), Cancel);
        Assert.Equal("unhealthy", status.GetProperty("status").GetString());
        Assert.Equal(1, status.GetProperty("backlog").GetProperty("inbox").GetProperty("open").GetInt64());
        Assert.InRange(status.GetProperty("backlog").GetProperty("inbox").GetProperty("oldest_seconds").GetDouble(), 300, 100_000);

        for (var i = 0; i < 10; i++) clock.Advance(TimeSpan.FromMinutes(1));
        release.SetResult();
        await AdvanceUntilAsync(() => Warnings("the inbox has caught up") == 1);
        Assert.Equal(1, Warnings("the oldest event has waited"));

        int Warnings(string words) => gateway.Logs.Lines.Count(l => l.Level == LogLevel.Warning && l.Message.Contains(words, StringComparison.OrdinalIgnoreCase));

        async Task AdvanceUntilAsync(Func<bool> condition)
        {
            using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
            deadline.CancelAfter(TimeSpan.FromSeconds(30));
            // The gateway gives a query two seconds of this clock: a server must be able to answer between two ticks.
            using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(GatewayApp.IsPostgres ? 200 : 10));
            while (!condition())
            {
                clock.Advance(TimeSpan.FromSeconds(10));
                await ticks.WaitForNextTickAsync(deadline.Token);
            }
        }
    }

    [Fact]
    public async Task The_latency_of_an_effect_that_outlived_its_process_goes_on_counting()
    {
        var folder = Directory.CreateTempSubdirectory("larkspur-latency-").FullName;
        try
        {
            var first = await GatewayApp.StartAsync(_feishu.Address, new Dictionary<string, string?> { ["Larkspur:Outbox:Enabled"] = "false" }, folder);
            var eventId = FeishuPush.NewId("ev_");
            await _push.SendAsync(first, "im.message.receive_v1", FeishuPush.Message("/help"), eventId);
            await first.OutcomeAsync(eventId);
            await first.StopAsync();
            var clock = new ManualTimeProvider(DateTimeOffset.UtcNow + TimeSpan.FromMinutes(10));
            await using var second = await GatewayApp.StartAsync(_feishu.Address, dataFolder: folder, clock: clock);
            await _feishu.NextAsync();
            var status = await UntilAsync(second, s => s.GetProperty("since_start").GetProperty("push_to_effect").GetProperty("count").GetInt64() == 1);
            Assert.InRange(status.GetProperty("since_start").GetProperty("push_to_effect").GetProperty("max").GetDouble(), 600, 1200);
            Assert.InRange(status.GetProperty("since_start").GetProperty("platform_to_effect").GetProperty("max").GetDouble(), 600, 1200);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task A_card_refused_for_what_it_says_lowers_the_acceptance_rate()
    {
        await using var gateway = await GatewayApp.StartAsync(_feishu.Address);
        _feishu.Fault = call => call.Content.Contains("schema", StringComparison.Ordinal) ? (400, """{"code":230099,"msg":"Failed to create card content"}""") : null;
        await _push.SendAsync(gateway, "im.message.receive_v1", FeishuPush.Message("/approve-demo please"));
        var status = await UntilAsync(gateway, s => s.GetProperty("since_start").GetProperty("cards").GetProperty("refused").GetInt64() == 1);
        Assert.Equal(0, status.GetProperty("since_start").GetProperty("cards").GetProperty("acceptance_ratio").GetDouble());
        Assert.Equal(1, status.GetProperty("since_start").GetProperty("messages").GetProperty("dead").GetInt64());
        Assert.Equal(0, status.GetProperty("since_start").GetProperty("push_to_effect").GetProperty("count").GetInt64());
    }

    [Fact]
    public async Task A_click_answered_in_its_own_request_is_an_effect_too()
    {
        await using var gateway = await GatewayApp.StartAsync(_feishu.Address, configure: builder => builder.Services.AddSingleton(
            new EventRoute("feishu", "url.preview.get", (_, _) => ValueTask.FromResult(new Reaction(effects =>
            {
                effects.Answer(new CallbackAnswer { Toast = new Toast("info", "好", "ok") });
                return ValueTask.FromResult(Gateway.Inbox.Outcome.Answered);
            })))));
        await _push.SendAsync(gateway, "url.preview.get", """{"operator":{"open_id":"ou_bob"},"context":{"open_message_id":"om_card"}}""");
        await UntilAsync(gateway, s => s.GetProperty("since_start").GetProperty("push_to_effect").GetProperty("count").GetInt64() == 1);
    }

    private static async Task<JsonElement> UntilAsync(GatewayApp gateway, Func<JsonElement, bool> condition)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        deadline.CancelAfter(TimeSpan.FromSeconds(20));
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (true)
        {
            var status = await gateway.Http.GetFromJsonAsync<JsonElement>(new Uri("/api/v1/status", UriKind.Relative), deadline.Token);
            if (condition(status)) return status;
            await ticks.WaitForNextTickAsync(deadline.Token);
        }
    }
}
