using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Tests.Messages;
using Larkspur.Gateway.Tests.Operations;
using Larkspur.Gateway.Webhooks.Attempts;
using Larkspur.Gateway.Webhooks.Failing;
using Larkspur.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Gateway.Tests.Webhooks;

/// <summary>A webhook of which every attempt failed for days is switched off, and somebody is told.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class FailingWebhookTests : IAsyncLifetime
{
    private readonly FeishuPush _push = new();
    private readonly ManualTimeProvider _clock = new(DateTimeOffset.UtcNow);
    private FeishuStub _feishu = null!;
    private WebhookReceiver _erp = null!;
    private GatewayApp _gateway = null!;

    public async ValueTask InitializeAsync()
    {
        (_feishu, _erp) = (await FeishuStub.StartAsync(), await WebhookReceiver.StartAsync());
        var settings = _erp.Settings("ops", "larkspur.probe_v1");
        settings["LARKSPUR_ALLOW_PRIVATE_ADDRESSES"] = "127.0.0.0/8";
        settings["Larkspur:Admin:FeishuReceiver"] = "oc_admins";
        _gateway = await GatewayApp.StartAsync(_feishu.Address, settings, clock: _clock);
        var put = await _gateway.RestAsync(HttpMethod.Put, "/webhooks/erp", $$"""{"url":"{{_erp.Url}}","secret":"{{_erp.Secret}}","events":["larkspur.probe_v1"]}""");
        Assert.Equal(201, put.Status);
        // What failed before there was the webhook does not count: it is an old one.
        await _gateway.Services.GetRequiredService<IDatabase>().TransactAsync(async unit =>
        {
            await unit.ExecuteAsync("UPDATE webhook_failing SET enabled_at = 1");
            return await unit.ExecuteAsync("UPDATE revision SET version = version + 1 WHERE name = 'failing_webhooks'");
        }, TestContext.Current.CancellationToken);
        await _gateway.Services.GetRequiredService<FailingWebhooks>().CachedTable.LookAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _erp.DisposeAsync();
        await _feishu.DisposeAsync();
    }

    [Theory]
    [InlineData("erp")]
    [InlineData("ops")]
    public async Task It_is_off_its_messages_wait_and_the_administrator_is_told_once(string name)
    {
        await FailedAsync(name, 20, TimeSpan.FromDays(5.1));
        Assert.Equal($"switched off {name}: every attempt failed", await LookAsync());
        Assert.Null(await LookAsync());
        var off = await _gateway.GetRestAsync($"/webhooks/{name}");
        Assert.Equal(("failing_off", "http_500", 20), (off.Text("state"), off.Text("failure_reason"), off.Body.GetProperty("failed_attempts").GetInt32()));
        var card = (await _feishu.NextAsync()).ToString()!;
        Assert.Contains(name, card, StringComparison.Ordinal);
        Assert.Contains("webhook.failing_off", (await _gateway.GetRestAsync("/audit")).Body.GetRawText(), StringComparison.Ordinal);

        await _push.ProbeAsync(_gateway, "kept");
        await _clock.PassUntilAsync(TimeSpan.FromSeconds(1), () => Task.FromResult(_erp.Calls.Count == 1)); // the other webhook's
        // Longer than a message may wait for a receiver that is merely away.
        _clock.Advance(TimeSpan.FromDays(4));
        Assert.Equal(1, (await _gateway.GetRestAsync($"/webhooks/{name}")).Body.GetProperty("waiting").GetInt32());
        Assert.Equal("active", (await _gateway.PostRestAsync($"/webhooks/{name}/enable", null)).Text("state"));
        await _clock.PassUntilAsync(TimeSpan.FromSeconds(11), () => Task.FromResult(_erp.Calls.Count == 2));
        Assert.Null(await LookAsync());
    }

    [Fact]
    public async Task What_failed_long_ago_and_was_not_tried_since_leaves_it_on()
    {
        await _gateway.Services.GetRequiredService<IDatabase>().TransactAsync(async unit => await AttemptStore.AddAsync(unit,
            Enumerable.Range(1, 30)
            .Select(i => new WebhookAttempt("erp", "lk-old", i, _clock.GetUtcNow() - TimeSpan.FromDays(6) + TimeSpan.FromMinutes(i),
                TimeSpan.Zero, "http_500", new(500)))),
            TestContext.Current.CancellationToken);
        Assert.Null(await LookAsync());
    }

    [Fact]
    public async Task One_success_few_attempts_or_a_short_time_leave_it_on()
    {
        await FailedAsync("erp", 19, TimeSpan.FromDays(6));
        await FailedAsync("ops", 50, TimeSpan.FromDays(4.9));
        Assert.Null(await LookAsync());
        await AddAsync("ops", 51, _clock.GetUtcNow() - TimeSpan.FromDays(1), null);
        await FailedAsync("ops", 30, TimeSpan.FromDays(8), id: "lk-older");
        Assert.Null(await LookAsync());
    }

    [Fact]
    public async Task Another_address_switches_it_on_and_a_test_goes_out_while_it_is_off()
    {
        await FailedAsync("erp", 25, TimeSpan.FromDays(6));
        await LookAsync();
        var test = _gateway.PostRestAsync("/webhooks/erp/test", null);
        await _clock.PassUntilAsync(TimeSpan.FromMilliseconds(200), () => Task.FromResult(test.IsCompleted));
        Assert.Equal("delivered", (await test).Text("state"));
        Assert.Equal("failing_off", (await _gateway.GetRestAsync("/webhooks/erp")).Text("state"));
        var put = await _gateway.RestAsync(HttpMethod.Put, "/webhooks/erp", $$"""{"url":"{{_erp.Url}}?new"}""");
        Assert.Equal((200, "active"), (put.Status, put.Text("state")));
    }

    [Fact]
    public async Task A_new_webhook_of_an_old_name_or_another_address_begins_without_its_failures()
    {
        await FailedAsync("erp", 25, TimeSpan.FromDays(6));
        Assert.Equal(200, (await _gateway.RestAsync(HttpMethod.Put, "/webhooks/erp", $$"""{"url":"{{_erp.Url}}?new"}""")).Status);
        Assert.Null(await LookAsync());
        Assert.Equal(200, (await _gateway.RestAsync(HttpMethod.Delete, "/webhooks/erp")).Status);
        Assert.Equal(201, (await _gateway.RestAsync(HttpMethod.Put, "/webhooks/erp", $$"""{"url":"{{_erp.Url}}"}""")).Status);
        Assert.Null(await LookAsync());
    }

    private Task<string?> LookAsync() => _gateway.Services.GetRequiredService<FailingWebhookWatch>().RunAsync(TestContext.Current.CancellationToken);

    /// <summary>So many attempts failed, the first of them so long ago.</summary>
    private Task FailedAsync(string name, int count, TimeSpan ago, string id = "lk-failing") => _gateway.Services.GetRequiredService<IDatabase>().TransactAsync(async unit =>
    {
        await AttemptStore.AddAsync(unit, Enumerable.Range(1, count).Select(i =>
            new WebhookAttempt(name, id, i, _clock.GetUtcNow() - ago * ((count - i) / (count - 1.0)), TimeSpan.Zero, "http_500",
                new(500))));
        return true;
    }, TestContext.Current.CancellationToken);

    private Task AddAsync(string name, int number, DateTimeOffset at, string? reason) => _gateway.Services.GetRequiredService<IDatabase>().TransactAsync(async unit =>
    {
        await AttemptStore.AddAsync(unit, [new(name, "lk-one", number, at, TimeSpan.Zero, reason, new(200))]);
        return true;
    }, TestContext.Current.CancellationToken);
}
