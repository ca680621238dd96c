using System.Text.Json;
using Larkspur.Gateway.Inbox.Dispatch;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Tests.Operations;
using Larkspur.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Gateway.Tests;

/// <summary>What ended although this process did not hear of it: it is recognised, not done again and not reported as lost.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class ResolvedOnceTests : IAsyncLifetime
{
    private static readonly Dictionary<string, string?> Fast = new() { ["Larkspur:Outbox:PerLane"] = "1000", ["Larkspur:Outbox:FirstPause"] = "00:00:00.020" };
    private readonly FeishuPush _push = new();
    private FeishuStub _feishu = null!;

    public async ValueTask InitializeAsync() => _feishu = await FeishuStub.StartAsync();

    public async ValueTask DisposeAsync() => await _feishu.DisposeAsync();

    [Fact]
    public async Task A_commit_whose_confirmation_was_lost_is_no_failure_of_the_handler()
    {
        var reached = new TaskCompletionSource();
        var goOn = new TaskCompletionSource();
        var runs = 0;
        await using var gateway = await GatewayApp.StartAsync(_feishu.Address, Fast, configure: builder => builder.Services.AddSingleton(new EventRoute("feishu", "test.slow", async (_, _) =>
        {
            Interlocked.Increment(ref runs);
            reached.TrySetResult();
            await goOn.Task;
            return Reaction.Send(OutboxMessage.ToChat("oc_slow", "text", """{"text":"done"}"""));
        })));
        var eventId = FeishuPush.NewId("ev_");
        await _push.SendAsync(gateway, "test.slow", """{"chat_id":"oc_slow"}""", eventId);
        await reached.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        // As the run before left it, whose commit was kept while its connection broke.
        await gateway.Services.GetRequiredService<IDatabase>().TransactAsync(async unit =>
        {
            var id = await unit.NumberAsync("SELECT id FROM inbox WHERE event_id = $1", eventId);
            await unit.ExecuteAsync("""
                INSERT INTO outbox (platform, app, lane, operation, target_type, target, message_type, content, idempotency_key, inbox_id, reference, not_before, created_at, status)
                VALUES ('feishu', 'default', 'oc_slow', 'create', 'chat_id', 'oc_slow', 'text', '{"text":"done"}', $1, $2, 'r', 0, 0, 1)
                """, IdempotencyKeys.For("feishu", "default", eventId, "0"), id);
            await unit.ExecuteAsync("UPDATE inbox SET status = 1, outcome = 'answered', effects = 1 WHERE id = $1", id);
        }, TestContext.Current.CancellationToken);
        goOn.SetResult();

        var next = FeishuPush.NewId("ev_");
        await _push.SendAsync(gateway, "test.slow", """{"chat_id":"oc_slow"}""", next);
        await gateway.OutcomeAsync(next);
        Assert.Equal(0, await gateway.CounterAsync("larkspur_handler_failures_total"));
        Assert.Equal(0, await gateway.CounterAsync("larkspur_inbox_dead_total"));
        Assert.Equal(2, runs);
    }

    [Fact]
    public async Task What_such_an_end_has_left_in_the_outbox_leaves_before_the_chats_next_answer()
    {
        TaskCompletionSource reached = new(), goOn = new();
        var texts = new Queue<string>(["first", "second"]);
        await using var gateway = await GatewayApp.StartAsync(_feishu.Address, Fast, configure: builder => builder.Services.AddSingleton(new EventRoute("feishu", "test.slow", async (_, _) =>
        {
            reached.TrySetResult();
            await goOn.Task;
            return Reaction.Send(OutboxMessage.ToChat("oc_slow", "text", $$"""{"text":"{{texts.Dequeue()}}"}"""));
        })));
        var eventId = FeishuPush.NewId("ev_");
        await _push.SendAsync(gateway, "test.slow", """{"chat_id":"oc_slow"}""", eventId);
        await reached.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        // Committed, but the answer to the commit was lost: nobody here knows of the row.
        await gateway.Services.GetRequiredService<IDatabase>().TransactAsync(async unit =>
        {
            var id = await unit.NumberAsync("SELECT id FROM inbox WHERE event_id = $1", eventId);
            await unit.ExecuteAsync("""
                INSERT INTO outbox (platform, app, lane, operation, target_type, target, message_type, content, idempotency_key, inbox_id, reference, not_before, created_at, status, partition)
                VALUES ('feishu', 'default', 'oc_slow', 'create', 'chat_id', 'oc_slow', 'text', '{"text":"first"}', $1, $2, 'r', $4, $4, 0, $3)
                """, IdempotencyKeys.For("feishu", "default", eventId, "0"), id, OutboxEntry.PartitionOf("default", "oc_slow"), DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
            await unit.ExecuteAsync("UPDATE inbox SET status = 1, outcome = 'answered', effects = 1 WHERE id = $1", id);
        }, TestContext.Current.CancellationToken);
        goOn.SetResult();
        await _push.SendAsync(gateway, "test.slow", """{"chat_id":"oc_slow"}""", FeishuPush.NewId("ev_"));

        Assert.Contains("first", (await _feishu.NextAsync()).Content, StringComparison.Ordinal);
        Assert.Contains("second", (await _feishu.NextAsync()).Content, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_replayed_message_that_is_refused_again_is_dead_again_and_its_loss_told_once()
    {
        await using var gateway = await GatewayApp.StartAsync(_feishu.Address, Fast);
        _feishu.Fault = call => call.Content.Contains("hello", StringComparison.Ordinal) ? (400, """{"code":230001,"msg":"Your request contains an invalid request parameter."}""") : null;
        await _push.SendAsync(gateway, "im.message.receive_v1", FeishuPush.Message("hello"));
        // The card, and the text with the same facts that stood in for it.
        await gateway.UntilAsync(async () => (await gateway.ListAsync("/outbox?status=dead")).Length == 2);
        var id = (await gateway.ListAsync("/outbox?status=dead")).Min(row => row.GetProperty("id").GetInt64());
        await _feishu.NextAsync(); // the notification of the loss

        Assert.Equal(200, (await gateway.TellAsync($"/outbox/{id}/replay")).Status);
        await gateway.UntilAsync(() => Task.FromResult(_feishu.Calls.Count(c => c.Content.Contains("hello", StringComparison.Ordinal)) == 3));
        await gateway.UntilAsync(async () => (await gateway.ListAsync("/outbox?status=dead")).Length == 2);
        Assert.True(_feishu.IsQuiet);
        Assert.Equal(3, _feishu.Calls.Count(c => c.Content.Contains("hello", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task What_was_sent_while_the_database_went_away_is_not_sent_again_when_its_key_is_forgotten()
    {
        var clock = new ManualTimeProvider(DateTimeOffset.UtcNow);
        await using var gateway = await GatewayApp.StartAsync(_feishu.Address, Fast, clock: clock);
        var away = new TaskCompletionSource<IAsyncDisposable>();
        _feishu.Fault = call =>
        {
            if (call.Content.Contains("hello", StringComparison.Ordinal) && !away.Task.IsCompleted) away.SetResult(gateway.HoldDatabaseAsync().GetAwaiter().GetResult());
            return null;
        };
        await _push.SendAsync(gateway, "im.message.receive_v1", FeishuPush.Message("hello"));
        await _feishu.NextAsync();
        await using (await away.Task)
        {
            // The message is with the platform, and nobody can write that down.
            await gateway.UntilAsync(() => Task.FromResult(gateway.Logs.Text.Contains(
                GatewayApp.IsPostgres ? "takes nothing from anybody" : "could not be worked on", StringComparison.Ordinal)));
            clock.Advance(TimeSpan.FromHours(2));
        }

        await gateway.UntilAsync(async () =>
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            return (await gateway.ListAsync("/outbox?status=open")).Length == 0;
        });
        Assert.Single(_feishu.Calls, c => c.Content.Contains("hello", StringComparison.Ordinal));
        Assert.Equal("unsure_past_key_lifetime", (await gateway.ListAsync("/outbox?status=dead"))[0].GetProperty("reason").GetString());
    }
}
