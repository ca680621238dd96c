using System.Text.Json;
using Larkspur.Testing;

namespace Larkspur.Gateway.Tests.Operations;

/// <summary>A message that did not leave: sent again under its key, or given up.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class OutboxRepairTests : IAsyncLifetime
{
    private static readonly Dictionary<string, string?> Fast = new() { ["Larkspur:Outbox:PerLane"] = "1000", ["Larkspur:Outbox:FirstPause"] = "00:00:00.020" };
    private readonly FeishuPush _push = new();
    private FeishuStub _feishu = null!;

    public async ValueTask InitializeAsync() => _feishu = await FeishuStub.StartAsync();

    public async ValueTask DisposeAsync() => await _feishu.DisposeAsync();

    [Fact]
    public async Task A_refused_message_leaves_under_its_own_key_once_the_platform_takes_it()
    {
        await using var gateway = await GatewayApp.StartAsync(_feishu.Address, Fast);
        var id = await DieAsync(gateway, (400, """{"code":230002,"msg":"Bot/User can NOT be out of the chat."}"""));
        _feishu.Fault = null;
        var (status, row) = await gateway.TellAsync($"/outbox/{id}/replay");
        Assert.Equal(200, status);
        Assert.Contains(row.GetProperty("status").GetString(), (string[])["open", "sent"]); // it may have left by now
        // Before it may have come the notification that it was lost.
        var sent = await _feishu.NextAsync();
        if (!sent.Content.Contains("hello", StringComparison.Ordinal)) sent = await _feishu.NextAsync();
        Assert.Contains("hello", sent.Content, StringComparison.Ordinal);
        Assert.Single(_feishu.Calls.Where(c => c.Content.Contains("hello", StringComparison.Ordinal)).Select(c => c.Uuid).Distinct());
        await gateway.UntilAsync(async () => (await gateway.ListAsync("/outbox?status=sent")).Any(r => r.GetProperty("id").GetInt64() == id));
        var (_, details) = await gateway.AskAsync($"/outbox/{id}?content=true");
        Assert.Equal("sent", details.GetProperty("row").GetProperty("status").GetString());
        Assert.Contains("hello", details.GetProperty("content").GetString(), StringComparison.Ordinal);
        Assert.Equal("dead", details.GetProperty("history")[0].GetProperty("what").GetString());
        Assert.Equal(("replayed", "api"), (details.GetProperty("history")[1].GetProperty("what").GetString(), details.GetProperty("history")[1].GetProperty("who").GetString()));
        Assert.Equal((409, "not_replayable"), ((await gateway.TellAsync($"/outbox/{id}/replay")) is var (s, b) ? (s, b.GetProperty("error").GetString()) : default));
    }

    [Fact]
    public async Task What_may_have_arrived_too_long_ago_is_sent_only_by_force_and_under_a_new_key()
    {
        var clock = new ManualTimeProvider(DateTimeOffset.UtcNow);
        await using var gateway = await GatewayApp.StartAsync(_feishu.Address,
            new Dictionary<string, string?>(Fast) { ["Larkspur:Leases:Lifetime"] = "10.00:00:00", ["Larkspur:Leases:Interval"] = "1.00:00:00" }, clock: clock);
        _feishu.Fault = call => call.Content.Contains("hello", StringComparison.Ordinal) ? (0, "") : null; // taken, and the answer lost
        await _push.SendAsync(gateway, "im.message.receive_v1", FeishuPush.Message("hello"));
        await _feishu.NextAsync();
        await gateway.UntilAsync(async () =>
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            return await gateway.CounterAsync("larkspur_outbox_retries_total") > 0;
        });
        _feishu.Fault = call => call.Content.Contains("hello", StringComparison.Ordinal) ? (400, """{"code":230002,"msg":"out of the chat"}""") : null;
        await gateway.UntilAsync(async () =>
        {
            clock.Advance(TimeSpan.FromMinutes(1));
            return (await DeadAsync()).Length == 1;
        });
        _feishu.Fault = null;
        clock.Advance(TimeSpan.FromHours(1));
        var id = (await DeadAsync())[0].GetProperty("id").GetInt64();
        var (status, refused) = await gateway.TellAsync($"/outbox/{id}/replay");
        Assert.Equal((409, "unsure_past_key_lifetime"), (status, refused.GetProperty("error").GetString()));
        var before = _feishu.Calls.Where(c => c.Content.Contains("hello", StringComparison.Ordinal)).Select(c => c.Uuid).ToHashSet();

        Assert.Equal(200, (await gateway.TellAsync($"/outbox/{id}/replay?force=true")).Status);
        await gateway.UntilAsync(() =>
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            return Task.FromResult(_feishu.Calls.Any(c => c.Content.Contains("hello", StringComparison.Ordinal) && !before.Contains(c.Uuid)));
        });

        // The notification of the loss is a row of its own; with a clock that runs this fast it may die as well.
        async Task<JsonElement[]> DeadAsync() =>
            [.. (await gateway.ListAsync("/outbox?status=dead")).Where(row => row.GetProperty("reason").GetString()!.EndsWith("_230002", StringComparison.Ordinal))];
    }

    [Theory]
    [InlineData("feishu", 10, 200)]
    [InlineData("wecom", 3, 200)]
    [InlineData("wecom", 12, 409)]
    [InlineData("dingtalk", 1, 409)]
    [InlineData("web", 600, 200)]
    public async Task Each_platform_remembers_a_key_for_as_long_as_it_does(string platform, int minutes, int status)
    {
        await using var gateway = await GatewayApp.StartAsync(_feishu.Address, new Dictionary<string, string?>(Fast)
        {
            ["Larkspur:Outbox:Enabled"] = "false", ["DINGTALK_CLIENT_ID"] = "ding1", ["DINGTALK_CLIENT_SECRET"] = "not-a-real-one", ["DINGTALK_ROBOT_CODE"] = "ding1",
            ["DINGTALK_BASE_URL"] = "http://127.0.0.1:1",
        });
        var tried = DateTimeOffset.UtcNow.AddMinutes(-minutes).ToUnixTimeMilliseconds();
        await gateway.DamageAsync("""
            INSERT INTO outbox (platform, app, lane, operation, target_type, target, message_type, content, idempotency_key, inbox_id, reference, not_before, created_at,
                                status, partition, rank, in_thread, fallback, owner, attempts, first_tried_at, finished_at, reason)
            VALUES ($1, 'default', 'oc_1', 'create', 'chat_id', 'oc_1', 'text', '{}', 'lk1', 0, 'r', 0, $2, 2, 1, 0, 0, 0, '', 3, $2, $2, 'timed_out')
            """, platform, tried);
        var id = (await gateway.ListAsync("/outbox?status=dead"))[0].GetProperty("id").GetInt64();
        var (answer, body) = await gateway.TellAsync($"/outbox/{id}/replay");
        Assert.Equal(status, answer);
        if (status == 409) Assert.Equal("unsure_past_key_lifetime", body.GetProperty("error").GetString());
        // Under a key that the platform has not seen.
        if (status == 409) Assert.Equal(200, (await gateway.TellAsync($"/outbox/{id}/replay?force=true")).Status);
    }

    [Fact]
    public async Task A_discarded_message_is_gone_for_good()
    {
        await using var gateway = await GatewayApp.StartAsync(_feishu.Address, Fast);
        var id = await DieAsync(gateway, (400, """{"code":230002,"msg":"out of the chat"}"""));
        _feishu.Fault = null;
        var (status, row) = await gateway.TellAsync($"/outbox/{id}/discard");
        Assert.Equal((200, "discarded"), (status, row.GetProperty("status").GetString()));
        Assert.Equal(409, (await gateway.TellAsync($"/outbox/{id}/replay")).Status);
        Assert.Equal(404, (await gateway.TellAsync("/outbox/999999/discard")).Status);
        Assert.Single(_feishu.Calls, c => c.Content.Contains("hello", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_old_face_of_a_card_is_put_back_only_by_force()
    {
        await using var gateway = await GatewayApp.StartAsync(_feishu.Address, Fast);
        var id = await DieAsync(gateway, (400, """{"code":230002,"msg":"out of the chat"}"""));
        _feishu.Fault = null;
        await gateway.DamageAsync("UPDATE outbox SET operation = 'patch' WHERE id = $1", id);
        var later = FeishuPush.NewId("ev_");
        await _push.SendAsync(gateway, "im.message.receive_v1", FeishuPush.Message("later"), later);
        await gateway.OutcomeAsync(later);
        await gateway.UntilAsync(async () => (await gateway.ListAsync("/outbox?status=open")).Length == 0);
        await gateway.DamageAsync("UPDATE outbox SET operation = 'patch' WHERE id > $1", id);
        var (status, body) = await gateway.TellAsync($"/outbox/{id}/replay");
        Assert.Equal((409, "superseded"), (status, body.GetProperty("error").GetString()));
        Assert.Equal(200, (await gateway.TellAsync($"/outbox/{id}/replay?force=true")).Status);
    }

    private async Task<long> DieAsync(GatewayApp gateway, (int, string) answer)
    {
        _feishu.Fault = call => call.Content.Contains("hello", StringComparison.Ordinal) ? answer : null;
        await _push.SendAsync(gateway, "im.message.receive_v1", FeishuPush.Message("hello"));
        await gateway.UntilAsync(async () => (await gateway.ListAsync("/outbox?status=dead")).Length == 1);
        return (await gateway.ListAsync("/outbox?status=dead"))[0].GetProperty("id").GetInt64();
    }
}
