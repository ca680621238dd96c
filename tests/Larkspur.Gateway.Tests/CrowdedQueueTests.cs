using System.Text.Json;
using Larkspur.Gateway.Inbox.Dispatch;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.Tests.Webhooks;
using Larkspur.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Gateway.Tests;

/// <summary>What waits, for whatever reason, leaves memory to what can go, and goes in its order when its wait is over.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class CrowdedQueueTests : IAsyncLifetime
{
    private const string Busy = """{"code":230020,"msg":"too fast"}""";

    /// <summary>More than fit into memory, and in more lanes than half of it holds.</summary>
    private const int Chats = 12;
    private const int Each = 6;

    private readonly ManualTimeProvider _clock = new(DateTimeOffset.UtcNow);
    private readonly FeishuPush _push = new();
    private FeishuStub _feishu = null!;

    public async ValueTask InitializeAsync() => _feishu = await FeishuStub.StartAsync();

    public async ValueTask DisposeAsync() => await _feishu.DisposeAsync();

    [Fact]
    public async Task Chats_that_are_tried_again_later_keep_no_other_from_its_message()
    {
        var busy = true;
        _feishu.Fault = call => Volatile.Read(ref busy) && call.Target.StartsWith("oc_busy", StringComparison.Ordinal) ? (400, Busy) : null;
        await using var gateway = await StartAsync();
        for (var i = 0; i < Each; i++)
        {
            for (var chat = 0; chat < Chats; chat++) await QueueAsync(gateway, "default", $"oc_busy{chat}", i);
        }

        await gateway.UntilAsync(() => Task.FromResult(_feishu.Calls.Count >= 8));
        await QueueAsync(gateway, "default", "oc_free", 0);
        Assert.Equal("oc_free", (await _feishu.NextAsync()).Target);
        // Nor those that wait themselves, beyond what fits.
        await gateway.UntilAsync(() => Task.FromResult(_feishu.Calls.Select(c => c.Target).Distinct().Count() == Chats + 1));

        Volatile.Write(ref busy, false);
        await OrderedAsync(gateway, target => target.StartsWith("oc_busy", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_an_app_has_to_hold_back_stops_no_other_app()
    {
        var policy = new OneAppWaits();
        await using var gateway = await StartAsync(new()
        {
            ["Feishu:Apps:hr:AppId"] = "cli_hr", ["Feishu:Apps:hr:AppSecret"] = "hr-secret", ["Feishu:Apps:hr:EncryptKey"] = "hr-key",
            ["Feishu:Apps:hr:VerificationToken"] = "hr-token", ["Feishu:Apps:hr:BaseUrl"] = _feishu.Address,
        }, policy);
        for (var i = 0; i < Each; i++)
        {
            for (var chat = 0; chat < Chats; chat++) await QueueAsync(gateway, "default", $"oc_held{chat}", i);
        }

        await QueueAsync(gateway, "hr", "oc_hr", 0);
        Assert.Equal("oc_hr", (await _feishu.NextAsync()).Target);

        policy.Waits = false;
        await OrderedAsync(gateway, target => target.StartsWith("oc_held", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_business_system_that_refuses_what_some_chats_say_hears_the_others()
    {
        await using var erp = await WebhookReceiver.StartAsync();
        var refuses = true;
        erp.Answer = (call, http) =>
        {
            if (Volatile.Read(ref refuses) && Chat(call).StartsWith("oc_bad", StringComparison.Ordinal)) http.Response.StatusCode = 422;
            return Task.CompletedTask;
        };
        await using var gateway = await StartAsync(erp.Settings());
        for (var i = 0; i < Each; i++)
        {
            for (var chat = 0; chat < Chats; chat++)
                await _push.ProbeAsync(gateway, $"{i}", $"oc_bad{chat}");
        }

        await gateway.UntilAsync(() => Task.FromResult(erp.Calls.Count >= 8));
        await _push.ProbeAsync(gateway, "0", "oc_good");
        await gateway.UntilAsync(() => Task.FromResult(erp.Calls.Any(c => Chat(c) == "oc_good")));

        Volatile.Write(ref refuses, false);
        await _clock.PassUntilAsync(TimeSpan.FromSeconds(10), async () =>
            await gateway.CounterAsync("larkspur_webhook_delivered_total") == (Chats * Each) + 1);

        static string Chat(ReceivedWebhook call) => call.Json.GetProperty("data").GetProperty("event").GetProperty("chat_id").GetString()!;
    }

    [Fact]
    public async Task Events_whose_handler_fails_keep_no_other_from_theirs()
    {
        var broken = true;
        var handled = new List<string>();
        await using var gateway = await StartAsync(new()
        {
            ["Larkspur:Dispatch:Capacity"] = "32", ["Larkspur:Dispatch:RetryPauses:0"] = "00:01:00", ["Larkspur:Dispatch:RetryPauses:1"] = "00:01:00",
        }, routes: builder => builder.AddSingleton(new EventRoute("feishu", "larkspur.probe_v1", (context, _) =>
        {
            var chat = context.Event.ChatId!;
            if (Volatile.Read(ref broken) && chat.StartsWith("oc_bad", StringComparison.Ordinal)) throw new InvalidOperationException("not today");
            lock (handled) handled.Add(chat);
            return ValueTask.FromResult(Reaction.Ignore("test"));
        })));
        for (var i = 0; i < Each; i++)
        {
            for (var chat = 0; chat < Chats; chat++)
                await _push.ProbeAsync(gateway, $"{i}", $"oc_bad{chat}");
        }

        await _push.ProbeAsync(gateway, "0", "oc_good");
        await gateway.UntilAsync(() => Task.FromResult(Handled("oc_good") == 1));

        Volatile.Write(ref broken, false);
        await _clock.PassUntilAsync(TimeSpan.FromSeconds(10), () => Task.FromResult(Handled("oc_bad") == Chats * Each));

        int Handled(string chats)
        {
            lock (handled) return handled.Count(c => c.StartsWith(chats, StringComparison.Ordinal));
        }
    }

    /// <summary>Everything arrives, each chat's messages in their order.</summary>
    private async Task OrderedAsync(GatewayApp gateway, Func<string, bool> counts)
    {
        var last = new Dictionary<string, int>();
        var arrived = 0;
        var all = Task.Run(async () =>
        {
            while (Volatile.Read(ref arrived) < Chats * Each)
            {
                var call = await _feishu.NextAsync();
                if (!counts(call.Target)) continue;
                var number = JsonDocument.Parse(call.Content).RootElement.GetProperty("text").GetString()!;
                Assert.Equal(last.GetValueOrDefault(call.Target, -1) + 1, int.Parse(number));
                last[call.Target] = int.Parse(number);
                Interlocked.Increment(ref arrived);
            }
        });
        await _clock.PassUntilAsync(TimeSpan.FromSeconds(2), () => Task.FromResult(all.IsCompleted));
        await all;
        Assert.Equal(0, await gateway.CounterAsync("larkspur_outbox_dead_total"));
    }

    private Task<GatewayApp> StartAsync(Dictionary<string, string?>? more = null, ISendPolicy? policy = null, Action<IServiceCollection>? routes = null)
    {
        var settings = new Dictionary<string, string?>(more ?? [])
        {
            ["Larkspur:Outbox:Capacity"] = "32", ["Larkspur:Outbox:WebhookCapacity"] = "32", ["Larkspur:Outbox:FirstPause"] = "00:01:00",
            ["FEISHU_RATE_FACTOR"] = "100",
        };
        return GatewayApp.StartAsync(_feishu.Address, settings, clock: _clock, configure: builder =>
        {
            if (policy is not null) builder.Services.AddSingleton(policy);
            routes?.Invoke(builder.Services);
        });
    }

    private static async Task QueueAsync(GatewayApp gateway, string app, string chat, int number) =>
        await gateway.Services.GetRequiredService<IOutbox>().QueueAsync(new QueuedMessage("feishu", app, $"{chat} {number}",
            OutboxMessage.ToChat(chat, "text", JsonSerializer.Serialize(new { text = $"{number}" })) with { Priority = OutboxPriority.Bulk }));

    private sealed class OneAppWaits : ISendPolicy
    {
        public volatile bool Waits = true;

        public SendDecision Decide(string platform, string app, OutboxPriority priority) => Waits && app == "default" ? SendDecision.Wait : SendDecision.Go;
    }
}
