using Larkspur.Testing;

namespace Larkspur.Gateway.Tests.Operations;

/// <summary>Rows that this version cannot read: a newer one's, or damaged. Each becomes a dead letter; its neighbours notification nothing.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class UnreadableRowTests : IAsyncLifetime
{
    private static readonly Dictionary<string, string?> Fast = new() { ["Larkspur:Outbox:PerLane"] = "1000", ["Larkspur:Outbox:FirstPause"] = "00:00:00.020" };
    private readonly string _folder = Directory.CreateTempSubdirectory("larkspur-unreadable-").FullName;
    private readonly FeishuPush _push = new();
    private FeishuStub _feishu = null!;

    public async ValueTask InitializeAsync() => _feishu = await FeishuStub.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _feishu.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("UPDATE inbox SET kind = 99 WHERE event_id = $1", "UnreadableRowException")]
    [InlineData("UPDATE inbox SET payload = $2 WHERE event_id = $1", "UnreadableRowException")]
    [InlineData("UPDATE inbox SET received_at = 9223372036854775807 WHERE event_id = $1", "UnreadableRowException")]
    [InlineData("UPDATE inbox SET not_before = 9223372036854775807 WHERE event_id = $1", "UnreadableRowException")]
    public async Task An_event_is_dead_lettered_at_once_and_its_chat_goes_on(string damage, string error)
    {
        string bad = FeishuPush.NewId("ev_"), behind = FeishuPush.NewId("ev_");
        var first = await GatewayApp.StartAsync(_feishu.Address, new Dictionary<string, string?> { ["Larkspur:Dispatch:Enabled"] = "false" }, _folder);
        await _push.SendAsync(first, "im.message.receive_v1", FeishuPush.Message("bad"), bad);
        await _push.SendAsync(first, "im.message.receive_v1", FeishuPush.Message("behind"), behind);
        var id = await first.RowIdAsync(bad);
        Assert.Equal(1, damage.Contains("$2", StringComparison.Ordinal) ? await first.DamageAsync(damage, bad, new byte[] { 0x7b, 0xff, 0x00 }) : await first.DamageAsync(damage, bad));
        await first.StopAsync();

        await using var second = await GatewayApp.StartAsync(_feishu.Address, Fast, _folder);
        Assert.Equal("answered", (await second.OutcomeAsync(behind)).GetProperty("outcome").GetString());
        await second.UntilAsync(async () => await second.CounterAsync("larkspur_inbox_dead_total", "unreadable_row") == 1);
        Assert.Equal(0, await second.DamageAsync("UPDATE inbox SET status = 2 WHERE id = $1 AND NOT (status = 2 AND reason = 'unreadable_row' AND attempts = 1)", id));
        Assert.Equal(1, await second.DamageAsync("UPDATE row_history SET who = 'test' WHERE row_id = $1 AND error = $2", id, error));
        Assert.DoesNotContain(second.Logs.Lines, l => l.Message.Contains("could not be worked on", StringComparison.Ordinal) || l.Message.Contains("cannot be read; trying again", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Whoever_wrote_the_message_is_told_when_the_row_still_says_where_and_a_newer_version_can_replay_it()
    {
        var bad = FeishuPush.NewId("ev_");
        var first = await GatewayApp.StartAsync(_feishu.Address, new Dictionary<string, string?> { ["Larkspur:Dispatch:Enabled"] = "false" }, _folder);
        await _push.SendAsync(first, "im.message.receive_v1", FeishuPush.Message("hello", "oc_bad"), bad);
        await first.DamageAsync("UPDATE inbox SET kind = 7 WHERE event_id = $1", bad);
        await first.StopAsync();

        await using var second = await GatewayApp.StartAsync(_feishu.Address, Fast, _folder);
        var row = await second.OutcomeAsync(bad);
        Assert.Equal(("dead", "failed_told", "unreadable_row"), (row.GetProperty("status").GetString(), row.GetProperty("outcome").GetString(), row.GetProperty("reason").GetString()));
        var told = await _feishu.NextAsync();
        Assert.Equal("oc_bad", told.Target);
        Assert.Contains(row.GetProperty("reference").GetString()!, told.Content, StringComparison.Ordinal);

        await second.DamageAsync("UPDATE inbox SET kind = 0 WHERE event_id = $1", bad);
        Assert.Equal(200, (await second.TellAsync($"/inbox/{row.GetProperty("id").GetInt64()}/replay")).Status);
        Assert.Contains("hello", (await _feishu.NextAsync()).Content, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("UPDATE outbox SET operation = 'stream', created_at = created_at - 90000000 WHERE inbox_id = $1", "unreadable_row")]
    [InlineData("UPDATE outbox SET platform = 'sms' WHERE inbox_id = $1", "no_channel")]
    [InlineData("UPDATE outbox SET app = 'gone' WHERE inbox_id = $1", "app_not_configured")]
    public async Task A_message_is_dead_lettered_with_the_reason_and_others_leave(string damage, string reason)
    {
        string bad = FeishuPush.NewId("ev_"), good = FeishuPush.NewId("ev_");
        var first = await GatewayApp.StartAsync(_feishu.Address, new Dictionary<string, string?> { ["Larkspur:Outbox:Enabled"] = "false" }, _folder);
        await _push.SendAsync(first, "im.message.receive_v1", FeishuPush.Message("bad"), bad);
        await _push.SendAsync(first, "im.message.receive_v1", FeishuPush.Message("good"), good);
        await first.OutcomeAsync(good);
        var id = (await first.OutcomeAsync(bad)).GetProperty("id").GetInt64();
        Assert.Equal(1, await first.DamageAsync(damage, id));
        await first.StopAsync();

        await using var second = await GatewayApp.StartAsync(_feishu.Address, Fast, _folder);
        Assert.Contains("good", (await _feishu.NextAsync()).Content, StringComparison.Ordinal);
        await second.UntilAsync(async () => (await second.ListAsync("/outbox?status=dead")).Length == 1);
        var row = Assert.Single(await second.ListAsync("/outbox?status=dead"));
        Assert.Equal((id, reason), (row.GetProperty("inbox_id").GetInt64(), row.GetProperty("reason").GetString()));
        Assert.Equal(JsonValueKindNull, row.GetProperty("unsure_since").ValueKind);
        Assert.Single(_feishu.Calls);
    }

    [Fact]
    public async Task What_a_newer_version_wants_done_waits_for_a_process_of_that_version_for_a_day()
    {
        var eventId = FeishuPush.NewId("ev_");
        await using (var first = await GatewayApp.StartAsync(_feishu.Address, new Dictionary<string, string?> { ["Larkspur:Outbox:Enabled"] = "false" }, _folder))
        {
            await _push.SendAsync(first, "im.message.receive_v1", FeishuPush.Message("new"), eventId);
            await first.OutcomeAsync(eventId);
            Assert.Equal(1, await first.DamageAsync("UPDATE outbox SET operation = operation || '_of_tomorrow'"));
        }

        await using (var older = await GatewayApp.StartAsync(_feishu.Address, Fast, _folder))
        {
            await _push.SendAsync(older, "im.message.receive_v1", FeishuPush.Message("other", "oc_other"));
            Assert.Contains("other", (await _feishu.NextAsync()).Content, StringComparison.Ordinal);
            Assert.Empty(await older.ListAsync("/outbox?status=dead"));
            // The other one's row may still be open: its answer has arrived, its end is being written.
            Assert.Equal(1, await older.DamageAsync(
                "UPDATE outbox SET operation = REPLACE(operation, '_of_tomorrow', '') WHERE status = 0 AND operation LIKE '%_of_tomorrow'"));
        }

        await using var newer = await GatewayApp.StartAsync(_feishu.Address, Fast, _folder);
        Assert.Contains("new", (await _feishu.NextAsync()).Content, StringComparison.Ordinal);
    }

    private const System.Text.Json.JsonValueKind JsonValueKindNull = System.Text.Json.JsonValueKind.Null;
}
