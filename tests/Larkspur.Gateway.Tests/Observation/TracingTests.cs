using System.Diagnostics;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.Inbox.Dispatch;
using Larkspur.Gateway.Storage;
using Larkspur.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Gateway.Tests.Observation;

/// <summary>Spans are collected per process, so these tests have it to themselves.</summary>
[CollectionDefinition(nameof(TracingTests), DisableParallelization = true)]
public sealed class TracingCollection;

/// <summary>From event to effect in one trace, at a real OTLP receiver; and nothing of it when nobody collects.</summary>
[Collection(nameof(TracingTests))]
public sealed class TracingTests : IAsyncLifetime
{
    private readonly FeishuPush _push = new();
    private OtlpReceiver _collector = null!;
    private FeishuStub _feishu = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _collector = await OtlpReceiver.StartAsync();
        _feishu = await FeishuStub.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _feishu.DisposeAsync();
        await _collector.DisposeAsync();
    }

    [Fact]
    public async Task A_message_from_the_emulator_is_one_trace_from_webhook_to_call()
    {
        await using var emulator = await EmulatorApp.StartAsync();
        await using var gateway = await GatewayApp.StartAsync(emulator.BaseUrl.ToString(), Otlp());
        await emulator.SetCallbackAsync(new Uri(gateway.Address, "/webhook/feishu").ToString(), verify: true);
        await emulator.ActAsync(new { @as = "alice", @do = "send", text = "/help velvet-otter" });
        var call = await SpanAsync(s => s.Name == "feishu.call" && s.Attributes["feishu.endpoint"].StartsWith("im.v1.message", StringComparison.Ordinal));

        var send = await SpanAsync(s => s.Id == call.Parent);
        var handle = await SpanAsync(s => s.Id == send.Parent);
        var webhook = await SpanAsync(s => s.Id == handle.Parent);
        Assert.Equal(["outbox send", "inbox handle", "webhook"], [send.Name, handle.Name, webhook.Name]);
        Assert.Equal([3, 4, 5, 2], [call.Kind, send.Kind, handle.Kind, webhook.Kind]);
        Assert.Equal("", webhook.Parent);
        Assert.All([send, handle, webhook], s => Assert.Equal(call.Trace, s.Trace));
        Assert.All([send, handle, webhook], s => Assert.Equal(("feishu", "default"), (s.Attributes["messaging.system"], s.Attributes["larkspur.app"])));
        Assert.Equal("im.message.receive_v1", webhook.Attributes["larkspur.event.type"]);
        Assert.Equal(webhook.Attributes["messaging.message.id"], handle.Attributes["messaging.message.id"]);
        Assert.Equal(webhook.Attributes["larkspur.inbox.id"], send.Attributes["larkspur.inbox.id"]);
        Assert.StartsWith("om_", send.Attributes["messaging.message.id"], StringComparison.Ordinal);
        Assert.Equal("1", send.Attributes["larkspur.attempt"]);
        Assert.Equal(call.Attributes["feishu.log_id"], send.Attributes["feishu.log_id"]);
        Assert.Equal("larkspur-gateway", webhook.Service);

        await UntilAsync(() => _collector.Metrics.ContainsKey("larkspur_event_effect_seconds") && _collector.Metrics.ContainsKey("larkspur.feishu.calls"));
        var sent = string.Join('\n', _collector.Raw);
        foreach (var secret in (string[])["velvet-otter", "Alice", "爱丽丝", GatewayApp.AppSecret, GatewayApp.EncryptKey, GatewayApp.VerificationToken, "t-g"])
            Assert.DoesNotContain(secret, sent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_trace_goes_on_in_the_process_that_sends_later()
    {
        var folder = Directory.CreateTempSubdirectory("larkspur-trace-").FullName;
        try
        {
            var settings = Otlp();
            settings["Larkspur:Dispatch:Enabled"] = "false";
            settings["OTEL_SERVICE_NAME"] = "first-life";
            var first = await GatewayApp.StartAsync(_feishu.Address, settings, folder);
            await _push.SendAsync(first, "im.message.receive_v1", FeishuPush.Message("/help"));
            await first.StopAsync();
            var webhook = await SpanAsync(s => s.Name == "webhook");
            Assert.Equal("first-life", webhook.Service);

            await using var second = await GatewayApp.StartAsync(_feishu.Address, Otlp(), folder);
            var send = await SpanAsync(s => s.Name == "outbox send");
            var handle = await SpanAsync(s => s.Name == "inbox handle");
            Assert.Equal((webhook.Trace, webhook.Id), (handle.Trace, handle.Parent));
            Assert.Equal((webhook.Trace, handle.Id), (send.Trace, send.Parent));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Over_gRPC_which_is_the_standards_default_it_arrives_too()
    {
        await using var collector = await OtlpReceiver.StartAsync(grpc: true);
        var settings = Otlp();
        settings["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Address;
        settings["OTEL_EXPORTER_OTLP_PROTOCOL"] = null;
        await using (var gateway = await GatewayApp.StartAsync(_feishu.Address, settings))
        {
            await _push.SendAsync(gateway, "im.message.receive_v1", FeishuPush.Message("/help"));
            await _feishu.NextAsync();
            await UntilAsync(() => !collector.Metrics.IsEmpty);
        }

        // What was in memory at the stop has gone out.
        foreach (var name in (string[])["webhook", "inbox handle", "outbox send", "feishu.call"]) Assert.Contains(collector.Spans, s => s.Name == name);
    }

    [Fact]
    public async Task A_refused_request_makes_no_span_and_a_claimed_trace_is_not_joined()
    {
        var gateway = await GatewayApp.StartAsync(_feishu.Address, Otlp());
        await using (gateway)
        {
            await new FeishuPush { EncryptKey = "wrong" }.SendAsync(gateway, "im.message.receive_v1", FeishuPush.Message("/help"));
            using var request = _push.Request(System.Text.Encoding.UTF8.GetBytes(_push.Encrypt(_push.Envelope("test.unknown_v1", "{}", "ev_claimed"))));
            request.Headers.Add("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
            using var _ = await gateway.Http.SendAsync(request, Cancel);
        }

        var webhook = Assert.Single(_collector.Spans, s => s.Name == "webhook");
        Assert.Equal(("ev_claimed", ""), (webhook.Attributes["messaging.message.id"], webhook.Parent));
        Assert.NotEqual("0af7651916cd43dd8448eb211c80319c", webhook.Trace);
    }

    [Fact]
    public async Task A_share_of_nothing_exports_nothing_and_the_whole_event_agrees()
    {
        var settings = Otlp();
        settings["OTEL_TRACES_SAMPLER"] = "parentbased_traceidratio";
        settings["OTEL_TRACES_SAMPLER_ARG"] = "0";
        await using (var gateway = await GatewayApp.StartAsync(_feishu.Address, settings))
        {
            await _push.SendAsync(gateway, "im.message.receive_v1", FeishuPush.Message("/help"));
            await _feishu.NextAsync();
        }

        Assert.DoesNotContain(_collector.Spans, s => s.Name is "webhook" or "inbox handle" or "outbox send");
    }

    [Fact]
    public async Task With_nobody_listening_no_activity_is_made_and_the_logs_keep_their_reference()
    {
        var seen = new TaskCompletionSource<Activity?>();
        await using var gateway = await GatewayApp.StartAsync(_feishu.Address, configure: builder => builder.Services.AddSingleton(new EventRoute("feishu", "test.quiet_v1", (_, _) =>
        {
            seen.TrySetResult(Activity.Current);
            return ValueTask.FromResult(Reaction.Ignore("test"));
        })));
        var eventId = FeishuPush.NewId("ev_");
        await _push.SendAsync(gateway, "test.quiet_v1", "{}", eventId);
        var row = await gateway.OutcomeAsync(eventId);

        Assert.Null(await seen.Task);
        var reference = row.GetProperty("reference").GetString()!;
        Assert.Contains(gateway.Logs.Lines, l => l.Message.Contains("test.quiet_v1", StringComparison.Ordinal) && l.Scope.Contains("Reference=" + reference, StringComparison.Ordinal));
        // Stored only where there was a span: the request's own processing has made none either.
        Assert.Null(await StoredTraceAsync(gateway, eventId));
    }

    [Fact]
    public async Task Settings_that_OpenTelemetry_would_pass_over_are_refused_at_start()
    {
        var failure = await Assert.ThrowsAsync<SettingsException>(() => GatewayApp.StartAsync(_feishu.Address, new Dictionary<string, string?>
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "collector:4317",
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/json",
            ["OTEL_TRACES_SAMPLER"] = "sometimes",
            ["OTEL_TRACES_SAMPLER_ARG"] = "150%",
        }));
        foreach (var name in (string[])["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_PROTOCOL", "OTEL_TRACES_SAMPLER:", "OTEL_TRACES_SAMPLER_ARG"])
            Assert.Contains(failure.Problems, p => p.StartsWith(name, StringComparison.Ordinal));
    }

    private static Task<string?> StoredTraceAsync(GatewayApp gateway, string eventId) => gateway.Services.GetRequiredService<IDatabase>().ReadAsync(sql =>
        sql.FirstAsync("SELECT trace_parent FROM inbox WHERE event_id = $1", static row => row.Text(0), eventId), Cancel);

    private Dictionary<string, string?> Otlp() => new()
    {
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = _collector.Address,
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        ["OTEL_BSP_SCHEDULE_DELAY"] = "50",
        ["OTEL_METRIC_EXPORT_INTERVAL"] = "100",
    };

    private async Task<ReceivedSpan> SpanAsync(Func<ReceivedSpan, bool> which)
    {
        await UntilAsync(() => _collector.Spans.Any(which));
        return _collector.Spans.First(which);
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        deadline.CancelAfter(TimeSpan.FromSeconds(30));
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!condition()) await ticks.WaitForNextTickAsync(deadline.Token);
    }
}
