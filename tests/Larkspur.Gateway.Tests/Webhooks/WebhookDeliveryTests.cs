using Larkspur.Gateway.Inbox.Dispatch;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.Webhooks;
using Larkspur.Testing;
using Larkspur.Webhooks;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Gateway.Tests.Webhooks;

/// <summary>From an event to a business system, once, in order, whatever that system does.</summary>
public sealed class WebhookDeliveryTests : IAsyncLifetime
{
    private readonly FeishuPush _push = new();
    private readonly ManualTimeProvider _clock = new(DateTimeOffset.UtcNow);
    private FeishuStub _feishu = null!;
    private WebhookReceiver _erp = null!;

    public async ValueTask InitializeAsync() => (_feishu, _erp) = (await FeishuStub.StartAsync(), await WebhookReceiver.StartAsync());

    public async ValueTask DisposeAsync()
    {
        await _erp.DisposeAsync();
        await _feishu.DisposeAsync();
    }

    [Fact]
    public async Task An_event_arrives_once_signed_and_whole_although_the_platform_pushes_it_three_times()
    {
        await using var gateway = await GatewayApp.StartAsync(_feishu.Address, _erp.Settings());
        var eventId = FeishuPush.NewId("ev_");
        for (var i = 0; i < 3; i++) await _push.ProbeAsync(gateway, "审批 +/= \\u4e2d", "oc_1", eventId);
        await DeliveredAsync(gateway, 1);
        await _push.ProbeAsync(gateway, "last");
        await DeliveredAsync(gateway, 2);

        Assert.Equal(2, _erp.Calls.Count);
        var call = _erp.Calls.First();
        Assert.Equal(WebhookVerdict.Valid, _erp.Judge(call));
        Assert.Equal("application/json", call.ContentType);
        Assert.Equal("feishu.larkspur.probe_v1", call.Json.GetProperty("type").GetString());
        Assert.Equal(DateTimeOffset.UtcNow, call.Json.GetProperty("timestamp").GetDateTimeOffset(), TimeSpan.FromMinutes(5));
        var data = call.Json.GetProperty("data");
        Assert.Equal(("feishu", "default", eventId), (data.GetProperty("platform").GetString(), data.GetProperty("app").GetString(), data.GetProperty("event_id").GetString()));
        Assert.Equal("审批 +/= 中", data.GetProperty("event").GetProperty("note").GetString());
    }

    [Fact]
    public async Task A_webhook_gets_the_types_it_lists_and_each_webhook_its_own_id()
    {
        await using var crm = await WebhookReceiver.StartAsync();
        await using var gateway = await GatewayApp.StartAsync(_feishu.Address, Both(_erp.Settings("erp", "approval_instance, larkspur.probe_v1"), crm.Settings("crm")));
        await _push.SendAsync(gateway, "larkspur.other_v1", "{}");
        await _push.SendAsync(gateway, "larkspur.probe_v1", "{}");
        await DeliveredAsync(gateway, 3);
        Assert.Equal("feishu.larkspur.probe_v1", Assert.Single(_erp.Calls).Json.GetProperty("type").GetString());
        Assert.Equal(3, _erp.Calls.Concat(crm.Calls).Select(c => c.Id).Distinct().Count());
        Assert.Equal(WebhookVerdict.SignatureWrong, _erp.Judge(crm.Calls.First()));
    }

    [Fact]
    public async Task A_handlers_own_webhook_is_sent_with_its_data()
    {
        await using var gateway = await GatewayApp.StartAsync(_feishu.Address, _erp.Settings(events: ""), configure: builder => builder.Services.AddSingleton(
            new EventRoute("feishu", "larkspur.probe_v1", (_, _) => ValueTask.FromResult(Reaction.Send(OutboxMessage.ToWebhookEndpoint("erp", "approval.decided", """{"id":7,"deep":[1]}""", "approval:7"))))));
        await _push.ProbeAsync(gateway, "x");
        await DeliveredAsync(gateway, 1);
        var call = Assert.Single(_erp.Calls);
        Assert.Equal("approval.decided", call.Json.GetProperty("type").GetString());
        Assert.Equal("""{"id":7,"deep":[1]}""", call.Json.GetProperty("data").GetRawText());
        Assert.Throws<ArgumentException>(() => OutboxMessage.ToWebhookEndpoint("erp", "t", "{not json", "k"));
    }

    [Fact]
    public async Task The_deepest_event_that_is_taken_is_forwarded_too()
    {
        await using var gateway = await GatewayApp.StartAsync(_feishu.Address, _erp.Settings());
        var depth = 70;
        for (var status = 0; status != 200; depth--)
        {
            Assert.True(depth > 40);
            status = (await _push.SendAsync(gateway, "larkspur.probe_v1", string.Concat(Enumerable.Repeat("""{"a":""", depth)) + "1" + new string('}', depth))).Status;
        }

        await DeliveredAsync(gateway, 1);
    }

    [Fact]
    public async Task What_was_committed_before_a_crash_is_sent_after_it_under_the_same_id_and_once()
    {
        var folder = Directory.CreateTempSubdirectory("larkspur-webhooks-").FullName;
        try
        {
            _erp.AnswerWith(503);
            var eventId = FeishuPush.NewId("ev_");
            var first = await GatewayApp.StartAsync(_feishu.Address, _erp.Settings(), folder, _clock);
            await _push.ProbeAsync(first, "before the crash", eventId: eventId);
            await first.UntilAsync(async () => await first.CounterAsync("larkspur_outbox_retries_total") == 1);
            await first.StopAsync();

            _erp.Answer = null;
            _clock.Advance(TimeSpan.FromSeconds(6));
            await using var second = await GatewayApp.StartAsync(_feishu.Address, _erp.Settings(), folder, _clock);
            await DeliveredAsync(second, 1);
            await _push.ProbeAsync(second, "before the crash", eventId: eventId);
            await _push.ProbeAsync(second, "after");
            await DeliveredAsync(second, 2);
            Assert.Equal(3, _erp.Calls.Count);
            Assert.Equal(2, _erp.Calls.Select(c => c.Id).Distinct().Count());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Failed_attempts_are_repeated_by_the_schedule_under_one_id_and_freshly_signed()
    {
        await using var gateway = await GatewayApp.StartAsync(_feishu.Address, _erp.Settings(), clock: _clock);
        var statuses = new Queue<int>([500, 404, 204]);
        _erp.Answer = (_, http) =>
        {
            http.Response.StatusCode = statuses.Dequeue();
            return Task.CompletedTask;
        };
        await _push.ProbeAsync(gateway, "patience");
        await _clock.PassUntilAsync(TimeSpan.FromSeconds(5), async () => await gateway.CounterAsync("larkspur_webhook_delivered_total") == 1);

        ReceivedWebhook[] calls = [.. _erp.Calls];
        Assert.Equal(3, calls.Length);
        Assert.Single(calls.Select(c => c.Id).Distinct());
        Assert.Single(calls.Select(c => c.Text).Distinct());
        Assert.All(calls, c => Assert.Equal(WebhookVerdict.Valid, _erp.Judge(c)));
        Assert.InRange(calls[1].SignedAt - calls[0].SignedAt, TimeSpan.FromSeconds(4), TimeSpan.FromHours(1));
        Assert.InRange(calls[2].SignedAt - calls[1].SignedAt, TimeSpan.FromSeconds(26), TimeSpan.FromHours(1));
        await gateway.CountsAsync(1, "larkspur_webhook_failures_total", "http_404");
        AssertNothingSecretIsLogged(gateway);
    }

    [Fact]
    public async Task A_receiver_that_asks_for_time_gets_it()
    {
        await using var gateway = await GatewayApp.StartAsync(_feishu.Address, _erp.Settings(), clock: _clock);
        var busy = true;
        _erp.Answer = (_, http) =>
        {
            if (!busy) return Task.CompletedTask;
            busy = false;
            http.Response.StatusCode = 429;
            http.Response.Headers.RetryAfter = "300";
            return Task.CompletedTask;
        };
        await _push.ProbeAsync(gateway, "first");
        await gateway.UntilAsync(async () => await gateway.CounterAsync("larkspur_outbox_retries_total") == 1);
        await _push.ProbeAsync(gateway, "second");
        await _clock.PassUntilAsync(TimeSpan.FromSeconds(30), async () => await gateway.CounterAsync("larkspur_webhook_delivered_total") == 2);
        Assert.All(_erp.Calls.Skip(1), c => Assert.True(c.SignedAt - _erp.Calls.First().SignedAt >= TimeSpan.FromSeconds(299)));
    }

    [Fact]
    public async Task After_a_day_of_failures_it_becomes_a_dead_letter()
    {
        await using var gateway = await GatewayApp.StartAsync(_feishu.Address, _erp.Settings(), clock: _clock);
        _erp.AnswerWith(500);
        await _push.ProbeAsync(gateway, "never");
        await _clock.PassUntilAsync(TimeSpan.FromHours(2.3), async () => await gateway.CounterAsync("larkspur_outbox_dead_total") == 1);
        Assert.InRange(_erp.Calls.Count, 2, 11);
        Assert.Single(_erp.Calls.Select(c => c.Id).Distinct());
        AssertNothingSecretIsLogged(gateway);
    }

    [Fact]
    public async Task A_failing_webhook_holds_up_its_own_key_and_nothing_else()
    {
        await using var gateway = await GatewayApp.StartAsync(_feishu.Address, _erp.Settings(), clock: _clock);
        var broken = true;
        _erp.Answer = (call, http) =>
        {
            if (Volatile.Read(ref broken) && Note(call) == "a1") http.Response.StatusCode = 422;
            return Task.CompletedTask;
        };
        await _push.ProbeAsync(gateway, "a1", "oc_a");
        await _push.ProbeAsync(gateway, "a2", "oc_a");
        for (var i = 0; i < 5; i++) await _push.ProbeAsync(gateway, "b" + i, "oc_b");
        await DeliveredAsync(gateway, 5);
        Assert.DoesNotContain(_erp.Calls, c => Note(c) == "a2");
        Assert.Equal(["b0", "b1", "b2", "b3", "b4"], _erp.Calls.Select(Note).Where(n => n[0] == 'b'));

        Volatile.Write(ref broken, false);
        await _clock.PassUntilAsync(TimeSpan.FromSeconds(30), async () => await gateway.CounterAsync("larkspur_webhook_delivered_total") == 7);
        Assert.Equal("a1", Note(_erp.Calls.ToArray()[^2]));
        Assert.Equal("a2", Note(_erp.Calls.ToArray()[^1]));
    }

    [Fact]
    public async Task A_webhook_that_hangs_holds_up_neither_another_nor_the_people_in_chats()
    {
        await using var slow = await WebhookReceiver.StartAsync();
        var release = new TaskCompletionSource();
        slow.Answer = (_, http) => release.Task.WaitAsync(http.RequestAborted);
        await using var gateway = await GatewayApp.StartAsync(_feishu.Address, Both(Both(slow.Settings("slow"), _erp.Settings()), new()
        {
            ["Larkspur:Outbox:Parallelism"] = "4", ["Larkspur:Outbox:Capacity"] = "10", ["Larkspur:Outbox:WebhookCapacity"] = "10",
        }));
        for (var i = 0; i < 60; i++) await _push.ProbeAsync(gateway, "n" + i);
        await _push.SendAsync(gateway, "im.message.receive_v1", FeishuPush.Message("/help"));
        await _feishu.NextAsync();
        await DeliveredAsync(gateway, 61);
        Assert.Equal(61, _erp.Calls.Select(c => c.Id).Distinct().Count());
        Assert.InRange(slow.Calls.Count, 1, 8);
        release.SetResult();
        await DeliveredAsync(gateway, 122);
        Assert.Equal(61, slow.Calls.Select(c => c.Id).Distinct().Count());
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        await using var elsewhere = await WebhookReceiver.StartAsync();
        await using var gateway = await GatewayApp.StartAsync(_feishu.Address, _erp.Settings());
        foreach (var status in new[] { 302, 307, 308 })
        {
            _erp.Answer = (_, http) =>
            {
                http.Response.StatusCode = status;
                http.Response.Headers.Location = elsewhere.Url;
                return Task.CompletedTask;
            };
            var before = await gateway.CounterAsync("larkspur_webhook_failures_total", "redirect_refused");
            await _push.ProbeAsync(gateway, "moved");
            await gateway.UntilAsync(async () => await gateway.CounterAsync("larkspur_webhook_failures_total", "redirect_refused") > before);
        }

        Assert.Empty(elsewhere.Calls);
    }

    [Fact]
    public async Task A_webhook_that_is_gone_gets_nothing_more_until_the_next_start()
    {
        var folder = Directory.CreateTempSubdirectory("larkspur-gone-").FullName;
        try
        {
            _erp.AnswerWith(410);
            var first = await GatewayApp.StartAsync(_feishu.Address, _erp.Settings(), folder);
            await _push.ProbeAsync(first, "one");
            await first.UntilAsync(async () => await first.CounterAsync("larkspur_outbox_dead_total", "gone") == 1);
            await _push.ProbeAsync(first, "two");
            await first.UntilAsync(async () => await first.CounterAsync("larkspur_outbox_dead_total", "webhook_off") == 1);
            Assert.Single(_erp.Calls);
            await first.CountsAsync((int)CircuitState.Off, "larkspur_webhook_circuit_state", "erp");
            AssertNothingSecretIsLogged(first);
            await first.StopAsync();

            _erp.Answer = null;
            await using var second = await GatewayApp.StartAsync(_feishu.Address, _erp.Settings(), folder);
            await _push.ProbeAsync(second, "three");
            await DeliveredAsync(second, 1);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Webhooks_of_a_webhook_that_was_taken_out_become_dead_letters()
    {
        var folder = Directory.CreateTempSubdirectory("larkspur-out-").FullName;
        try
        {
            _erp.AnswerWith(500);
            var first = await GatewayApp.StartAsync(_feishu.Address, _erp.Settings(), folder, _clock);
            await _push.ProbeAsync(first, "one");
            await first.UntilAsync(async () => await first.CounterAsync("larkspur_outbox_retries_total") == 1);
            await first.StopAsync();
            _clock.Advance(TimeSpan.FromSeconds(6));
            await using var second = await GatewayApp.StartAsync(_feishu.Address, null, folder, _clock);
            await second.UntilAsync(async () => await second.CounterAsync("larkspur_outbox_dead_total", "webhook_not_configured") == 1);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task A_secret_is_changed_without_a_lost_webhook()
    {
        var renewed = WebhookSecret.Generate();
        var settings = _erp.Settings();
        settings["Larkspur:Webhooks:erp:PreviousSecret"] = _erp.Secret;
        settings["Larkspur:Webhooks:erp:Secret"] = renewed;
        await using var gateway = await GatewayApp.StartAsync(_feishu.Address, settings);
        await _push.ProbeAsync(gateway, "x");
        await DeliveredAsync(gateway, 1);
        var call = Assert.Single(_erp.Calls);
        Assert.Equal(WebhookVerdict.Valid, _erp.Judge(call));
        Assert.Equal(WebhookVerdict.Valid, _erp.Judge(call, renewed));
        Assert.Equal(WebhookVerdict.SignatureWrong, _erp.Judge(call, WebhookSecret.Generate()));
    }

    private static string Note(ReceivedWebhook call) => call.Json.GetProperty("data").GetProperty("event").GetProperty("note").GetString()!;

    private static Dictionary<string, string?> Both(Dictionary<string, string?> one, Dictionary<string, string?> other) => new(one.Concat(other));

    private static Task DeliveredAsync(GatewayApp gateway, int webhooks) =>
        gateway.UntilAsync(async () => await gateway.CounterAsync("larkspur_webhook_delivered_total") >= webhooks);

    private void AssertNothingSecretIsLogged(GatewayApp gateway)
    {
        Assert.DoesNotContain(_erp.Secret["whsec_".Length..], gateway.Logs.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("hook-path-is-secret", gateway.Logs.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(_erp.Calls.First().Signature, gateway.Logs.Text, StringComparison.Ordinal);
    }
}
