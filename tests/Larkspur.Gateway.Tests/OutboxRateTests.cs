using System.Text.Json;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.Storage;
using Larkspur.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Gateway.Tests;

/// <summary>What goes first, what is not sent any more, and who has to wait for whose trouble.</summary>
public sealed class OutboxRateTests : IAsyncLifetime
{
    private static readonly Dictionary<string, string?> Held = new() { ["Larkspur:Outbox:Enabled"] = "false" };
    private static readonly Dictionary<string, string?> Fast = new() { ["Larkspur:Outbox:FirstPause"] = "00:00:00.020" };
    private readonly string _folder = Directory.CreateTempSubdirectory("larkspur-rate-").FullName;
    private FeishuStub _feishu = null!;

    public async ValueTask InitializeAsync() => _feishu = await FeishuStub.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _feishu.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_key_queues_one_message_in_whatever_process_and_however_often_it_is_asked()
    {
        await using (var first = await GatewayApp.StartAsync(_feishu.Address, Held, _folder))
        {
            Assert.True(await QueueAsync(first, "k1", Chat("oc_1", "once")));
            Assert.False(await QueueAsync(first, "k1", Chat("oc_1", "twice")));
        }

        await using var second = await GatewayApp.StartAsync(_feishu.Address, Fast, _folder);
        Assert.False(await QueueAsync(second, "k1", Chat("oc_2", "again")));
        Assert.True(await QueueAsync(second, "k2", Chat("oc_1", "last")));
        Assert.Contains("once", (await _feishu.NextAsync()).Content, StringComparison.Ordinal);
        Assert.Contains("last", (await _feishu.NextAsync()).Content, StringComparison.Ordinal);
        Assert.True(_feishu.IsQuiet);
    }

    [Fact]
    public async Task A_message_that_goes_nowhere_is_refused_before_it_is_a_row()
    {
        await using var gateway = await GatewayApp.StartAsync(_feishu.Address, Held);
        await Assert.ThrowsAnyAsync<ArgumentException>(() => QueueAsync(gateway, "", Chat("oc_1", "x")));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => QueueAsync(gateway, new string('k', 501), Chat("oc_1", "x")));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => QueueAsync(gateway, "k", Chat("", "x")));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => QueueAsync(gateway, "k", Chat("oc_1", "x") with { Priority = (OutboxPriority)3 }));
        Assert.Equal(0, await CountAsync(gateway, 0));
    }

    [Fact]
    public async Task Under_one_budget_the_urgent_leave_first_and_within_a_class_the_oldest()
    {
        await using (var first = await GatewayApp.StartAsync(_feishu.Address, Held, _folder))
        {
            for (var i = 0; i < 12; i++) await QueueAsync(first, $"b{i}", Chat($"oc_b{i}", $"bulk {i:00}", OutboxPriority.Bulk));
            for (var i = 0; i < 3; i++) await QueueAsync(first, $"f{i}", Chat($"oc_f{i}", $"frame {i}", OutboxPriority.Frame));
            for (var i = 0; i < 3; i++) await QueueAsync(first, $"a{i}", Chat($"oc_a{i}", $"answer {i}", OutboxPriority.Answer));
        }

        // Permits come one by one, so what stands ready is chosen by urgency alone.
        using var rateLimiter = new CountedRateLimiter();
        await using var second = await StartWithAsync(rateLimiter);
        List<string> sent = [];
        foreach (var (priority, count) in new[] { (OutboxPriority.Answer, 3), (OutboxPriority.Frame, 3), (OutboxPriority.Bulk, 12) })
        {
            for (var i = 0; i < count; i++)
            {
                var standing = Math.Min(count, i + 2);
                await second.UntilAsync(async () => await CountAttemptsAsync(second, priority) >= standing);
                // Two later ones may have begun before the oldest has: whether it is chosen can be judged once it stands there too.
                var oldest = i;
                await second.UntilAsync(async () => await CountOldestAsync(second, priority) > oldest);
                rateLimiter.Give(1);
                sent.Add(await TextAsync());
            }
        }

        Assert.Equal(sent.Order(Comparer<string>.Create((x, y) => string.CompareOrdinal(x[..1] == "b" ? "z" + x : x, y[..1] == "b" ? "z" + y : y))), sent);
    }

    [Fact]
    public async Task An_answer_to_a_chat_goes_before_the_notices_that_wait_for_the_same_chat()
    {
        await using var gateway = await GatewayApp.StartAsync(_feishu.Address, Fast);
        for (var i = 0; i < 100; i++) await QueueAsync(gateway, $"b{i}", Chat("oc_1", $"bulk {i:00}", OutboxPriority.Bulk));
        var before = 0;
        Assert.StartsWith("bulk", await TextAsync(), StringComparison.Ordinal);
        await QueueAsync(gateway, "a", Chat("oc_1", "answer", OutboxPriority.Answer));
        List<string> notifications = [];
        for (string text; (text = await TextAsync()) != "answer"; before++) notifications.Add(text);
        // The lane takes five a second: what may have left meanwhile are the rest of a first five, and one on its way.
        Assert.InRange(before, 0, 20);
        Assert.Equal(notifications.Order(StringComparer.Ordinal), notifications);
    }

    [Fact]
    public async Task A_hundred_thousand_notices_keep_no_answer_waiting()
    {
        await using (var first = await GatewayApp.StartAsync(_feishu.Address, Held, _folder))
        {
            await QueueAsync(first, "b", Chat("oc_bulk", "bulk", OutboxPriority.Bulk));
            await first.Services.GetRequiredService<IDatabase>().TransactAsync(unit => unit.ExecuteAsync("""
                INSERT INTO outbox (platform, app, lane, operation, target_type, target, message_type, content, idempotency_key, inbox_id, reference,
                                    not_before, created_at, status, partition, rank)
                WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)
                SELECT platform, app, 'oc_' || (i % 500), operation, target_type, 'oc_' || (i % 500), message_type, content, 'lkbulk' || i, 0, reference,
                       not_before, created_at, 0, i % 64, rank FROM outbox CROSS JOIN n WHERE idempotency_key NOT LIKE 'lkbulk%'
                """), TestContext.Current.CancellationToken);
        }

        await using var second = await GatewayApp.StartAsync(_feishu.Address, new Dictionary<string, string?> { ["Larkspur:Outbox:Capacity"] = "1000" }, _folder);
        await _feishu.NextAsync();
        await QueueAsync(second, "a", Chat("oc_a", "answer", OutboxPriority.Answer));
        var before = 0;
        while (await TextAsync() != "answer") before++;
        Assert.InRange(before, 0, 200);
        Assert.True(await CountAsync(second, 0) > 99_000);
    }

    [Fact]
    public async Task Of_the_changes_of_one_message_only_the_newest_is_sent_whatever_its_class()
    {
        await using (var first = await GatewayApp.StartAsync(_feishu.Address, Held, _folder))
        {
            await QueueAsync(first, "1", Patch("om_1", "frame 1", OutboxPriority.Frame));
            await QueueAsync(first, "2", Patch("om_1", "final", OutboxPriority.Answer));
            await QueueAsync(first, "3", Patch("om_2", "old final", OutboxPriority.Answer));
            await QueueAsync(first, "4", Patch("om_2", "newer frame", OutboxPriority.Frame));
        }

        await using var second = await GatewayApp.StartAsync(_feishu.Address, Fast, _folder);
        string[] sent = [(await _feishu.NextAsync()).Content, (await _feishu.NextAsync()).Content];
        Assert.Equal(["final", "newer frame"], sent.Order(StringComparer.Ordinal));
        await second.UntilAsync(async () => await CountAsync(second, 5) == 2 && await CountAsync(second, 1) == 2);
        Assert.True(_feishu.IsQuiet);
        await second.CountsAsync(2, "larkspur_outbox_superseded_total");
    }

    [Fact]
    public async Task A_frame_whose_outcome_is_unclear_is_not_repeated_once_a_newer_one_waits()
    {
        await using var gateway = await GatewayApp.StartAsync(_feishu.Address, Fast);
        var queued = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _feishu.Fault = call =>
        {
            if (call.Content != "frame") return null;
            // It is on its way while the final one is queued, and its answer is lost.
            QueueAsync(gateway, "2", Patch("om_1", "final", OutboxPriority.Answer)).GetAwaiter().GetResult();
            queued.TrySetResult();
            return (0, "");
        };
        await QueueAsync(gateway, "1", Patch("om_1", "frame", OutboxPriority.Frame));
        await queued.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        Assert.Equal("frame", (await _feishu.NextAsync()).Content);
        Assert.Equal("final", (await _feishu.NextAsync()).Content);
        await gateway.UntilAsync(async () => await CountAsync(gateway, 5) == 1 && await CountAsync(gateway, 1) == 1);
        Assert.Equal(["frame", "final"], _feishu.Calls.Select(c => c.Content));
    }

    [Fact]
    public async Task A_receiver_that_takes_no_more_holds_up_its_own_lane_only_and_keeps_its_order()
    {
        await using var gateway = await GatewayApp.StartAsync(_feishu.Address, Fast);
        var refusals = 0;
        _feishu.Fault = call => call.Target == "oc_slow" && Interlocked.Increment(ref refusals) <= 3 ? (400, """{"code":230020,"msg":"This operation triggers the frequency limit."}""") : null;
        for (var i = 0; i < 3; i++) await QueueAsync(gateway, $"s{i}", Chat("oc_slow", $"slow {i}"));
        for (var i = 0; i < 5; i++) await QueueAsync(gateway, $"q{i}", Chat($"oc_q{i}", $"quick {i}"));
        List<string> sent = [];
        for (var i = 0; i < 8; i++) sent.Add(await TextAsync());
        Assert.Equal(["slow 0", "slow 1", "slow 2"], sent.Where(t => t.StartsWith("slow", StringComparison.Ordinal)));
        Assert.Equal(0, await gateway.CounterAsync("larkspur_outbox_dead_total"));
        Assert.Equal(11, _feishu.Calls.Count);
    }

    [Fact]
    public async Task An_entry_in_back_off_holds_up_its_class_and_lets_a_more_urgent_one_through()
    {
        await using var gateway = await GatewayApp.StartAsync(_feishu.Address, new Dictionary<string, string?> { ["Larkspur:Outbox:FirstPause"] = "00:00:01" });
        var failed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var failures = 0;
        _feishu.Fault = call =>
        {
            if (!call.Content.Contains("first", StringComparison.Ordinal) || Interlocked.Increment(ref failures) > 1) return null;
            failed.TrySetResult();
            return (503, """{"code":2200,"msg":"internal"}""");
        };
        await QueueAsync(gateway, "1", Chat("oc_1", "first", OutboxPriority.Bulk));
        await QueueAsync(gateway, "2", Chat("oc_1", "second", OutboxPriority.Bulk));
        await failed.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        await gateway.UntilAsync(async () => await gateway.CounterAsync("larkspur_outbox_retries_total") == 1);
        await QueueAsync(gateway, "3", Chat("oc_1", "answer", OutboxPriority.Answer));
        Assert.Equal(["answer", "first", "second"], [await TextAsync(), await TextAsync(), await TextAsync()]);
    }

    [Fact]
    public async Task A_limit_that_is_hit_costs_one_refusal_and_no_message()
    {
        await using var gateway = await GatewayApp.StartAsync(_feishu.Address, Fast);
        var refusals = 0;
        _feishu.Fault = _ => Interlocked.Increment(ref refusals) == 1 ? (429, """{"code":99991400,"msg":"request trigger frequency limit"}""") : null;
        for (var i = 0; i < 20; i++) await QueueAsync(gateway, $"m{i}", Chat($"oc_{i}", $"text {i}"));
        for (var i = 0; i < 20; i++) await _feishu.NextAsync();
        // What was on its way when the first was refused went through; nothing was repeated but the refused one.
        Assert.Equal(21, _feishu.Calls.Count);
        Assert.Equal(0, await gateway.CounterAsync("larkspur_outbox_dead_total"));
    }

    [Fact]
    public async Task An_app_that_saves_calls_sends_no_frames_and_holds_notices()
    {
        var policy = new TestPolicy();
        await using var gateway = await GatewayApp.StartAsync(_feishu.Address, Fast, configure: builder => builder.Services.AddSingleton<ISendPolicy>(policy));
        policy.Saving = true;
        await QueueAsync(gateway, "b", Chat("oc_1", "bulk", OutboxPriority.Bulk));
        await QueueAsync(gateway, "f", Patch("om_1", "frame", OutboxPriority.Frame));
        await QueueAsync(gateway, "a", Chat("oc_1", "answer", OutboxPriority.Answer));
        Assert.Equal("answer", await TextAsync());
        await gateway.UntilAsync(async () => await CountAsync(gateway, 5) == 1);
        Assert.True(_feishu.IsQuiet);
        policy.Saving = false;
        Assert.Equal("bulk", await TextAsync());
    }

    [Fact]
    public async Task What_a_stop_finds_before_its_permit_is_sent_by_the_next_start()
    {
        using var rateLimiter = new CountedRateLimiter();
        await using (var first = await StartWithAsync(rateLimiter))
        {
            for (var i = 0; i < 10; i++) await QueueAsync(first, $"m{i}", Chat($"oc_{i}", $"text {i}"));
            await first.UntilAsync(() => Task.FromResult(rateLimiter.Waiting > 0));
            await first.UntilAsync(async () => await CountAttemptsAsync(first) > 0);
        }

        Assert.Empty(_feishu.Calls);
        Assert.Equal(0, rateLimiter.Waiting);
        await using var second = await GatewayApp.StartAsync(_feishu.Address, Held, _folder);
        Assert.Equal(10, await CountAsync(second, 0));
        // Nothing was sent, so nothing is in doubt.
        Assert.Equal(0, await CountAttemptsAsync(second));
    }

    private Task<GatewayApp> StartWithAsync(IRateLimiter rateLimiter) =>
        GatewayApp.StartAsync(_feishu.Address, Fast, _folder, configure: builder => builder.Services.AddSingleton(rateLimiter));

    private static OutboxMessage Chat(string chat, string text, OutboxPriority priority = OutboxPriority.Answer) =>
        OutboxMessage.ToChat(chat, "text", JsonSerializer.Serialize(new { text })) with { Priority = priority };

    private static OutboxMessage Patch(string message, string card, OutboxPriority priority) => OutboxMessage.PatchCard(message, card) with { Priority = priority };

    private static Task<bool> QueueAsync(GatewayApp gateway, string key, OutboxMessage message) =>
        gateway.Services.GetRequiredService<IOutbox>().QueueAsync(new QueuedMessage("feishu", "default", key, message));

    private async Task<string> TextAsync()
    {
        using var content = JsonDocument.Parse((await _feishu.NextAsync(TimeSpan.FromSeconds(60))).Content);
        return content.RootElement.GetProperty("text").GetString()!;
    }

    private static Task<long> CountAsync(GatewayApp gateway, int status) => gateway.Services.GetRequiredService<IDatabase>()
        .ReadAsync(sql => sql.FirstAsync("SELECT COUNT(*) FROM outbox WHERE status = $1", static row => row.GetInt64(0), status));

    private static Task<long> CountAttemptsAsync(GatewayApp gateway, OutboxPriority? priority = null) => gateway.Services.GetRequiredService<IDatabase>()
        .ReadAsync(sql => sql.FirstAsync("SELECT COUNT(*) FROM outbox WHERE attempts > 0 AND (rank = $1 OR $1 = -1)", static row => row.GetInt64(0), (int?)priority ?? -1));

    /// <summary>How many of a class, from the oldest on, have begun without a gap.</summary>
    private static async Task<int> CountOldestAsync(GatewayApp gateway, OutboxPriority priority) => (await gateway.Services.GetRequiredService<IDatabase>()
        .ReadAsync(sql => sql.QueryAsync("SELECT attempts FROM outbox WHERE rank = $1 ORDER BY id", static row => row.GetInt64(0), (int)priority))).TakeWhile(attempts => attempts > 0).Count();

    private sealed class TestPolicy : ISendPolicy
    {
        public volatile bool Saving;

        public SendDecision Decide(string platform, string app, OutboxPriority priority) => Saving && priority != OutboxPriority.Answer ? SendDecision.Drop : SendDecision.Go;
    }

    /// <summary>Permits as the test gives them.</summary>
    private sealed class CountedRateLimiter : IRateLimiter, IDisposable
    {
        private readonly SemaphoreSlim _permits = new(0);
        private int _waiting;

        public int Waiting => Volatile.Read(ref _waiting);

        public void Dispose() => _permits.Dispose();

        public void Give(int permits) => _permits.Release(permits);

        public async ValueTask<TimeSpan> WaitAsync(string key, RateLimit limit, CancellationToken cancellationToken = default)
        {
            // What is no message goes its way: tokens, the bot's identity.
            if (!key.Contains("im.v1.message", StringComparison.Ordinal)) return TimeSpan.Zero;
            Interlocked.Increment(ref _waiting);
            try
            {
                await _permits.WaitAsync(cancellationToken);
            }
            finally
            {
                Interlocked.Decrement(ref _waiting);
            }

            return TimeSpan.Zero;
        }

        public void Pause(string key, TimeSpan pause)
        {
        }
    }
}
