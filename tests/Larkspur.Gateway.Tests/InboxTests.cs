using System.Text.Json;
using Larkspur.Gateway.Inbox.Dispatch;
using Larkspur.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Gateway.Tests;

/// <summary>One effect per event, in order, whatever happens in between.</summary>
public sealed class InboxTests : IAsyncLifetime
{
    private readonly FeishuPush _push = new();
    private FeishuStub _feishu = null!;

    public async ValueTask InitializeAsync() => _feishu = await FeishuStub.StartAsync();

    public async ValueTask DisposeAsync() => await _feishu.DisposeAsync();

    [Fact]
    public async Task A_duplicate_is_answered_200_and_has_one_effect()
    {
        await using var gateway = await GatewayApp.StartAsync(_feishu.Address);
        var eventId = FeishuPush.NewId("ev_");
        var message = FeishuPush.Message("/help");
        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => _push.SendAsync(gateway, "im.message.receive_v1", message, eventId)));
        Assert.All(answers, a => Assert.Equal(200, a.Status));

        var row = await gateway.OutcomeAsync(eventId);
        await _feishu.NextAsync();
        Assert.Equal(1, (await gateway.InboxAsync(eventId)).GetProperty("processed").GetInt32());
        Assert.Equal(9, row.GetProperty("duplicates").GetInt32());
        await gateway.CountsAsync(9, "larkspur_ingress_duplicates_total");
        Assert.Single(_feishu.Calls);
    }

    [Fact]
    public async Task One_message_under_two_event_ids_has_one_effect()
    {
        await using var gateway = await GatewayApp.StartAsync(_feishu.Address);
        var message = FeishuPush.Message("/help");
        string first = FeishuPush.NewId("ev_"), second = FeishuPush.NewId("ev_");
        await _push.SendAsync(gateway, "im.message.receive_v1", message, first);
        var (status, _) = await _push.SendAsync(gateway, "im.message.receive_v1", message, second);
        Assert.Equal(200, status);
        await gateway.OutcomeAsync(first);
        Assert.Equal(0, (await gateway.InboxAsync(second)).GetProperty("processed").GetInt32());
        await gateway.CountsAsync(1, "larkspur_ingress_duplicates_total");
    }

    [Fact]
    public async Task Messages_of_one_chat_are_answered_in_order_and_chats_do_not_wait_for_each_other()
    {
        await using var gateway = await GatewayApp.StartAsync(_feishu.Address, new Dictionary<string, string?> { ["Larkspur:Outbox:PerLane"] = "1000" });
        for (var i = 0; i < 10; i++)
        {
            foreach (var chat in (string[])["oc_a", "oc_b", "oc_c"])
                await _push.SendAsync(gateway, "im.message.receive_v1", FeishuPush.Message($"word {i}", chat));
        }

        var sent = new List<SentCall>();
        for (var i = 0; i < 30; i++) sent.Add(await _feishu.NextAsync());
        foreach (var chat in sent.GroupBy(s => s.Target))
        {
            var words = chat.Select(s => JsonSerializer.Deserialize<JsonElement>(s.Content).GetProperty("config").GetProperty("summary").GetProperty("content").GetString());
            Assert.Equal(Enumerable.Range(0, 10).Select(i => $"word {i}"), words);
        }
    }

    [Fact]
    public async Task A_poisoned_event_holds_up_its_own_chat_only()
    {
        var release = new TaskCompletionSource();
        await using var gateway = await GatewayApp.StartAsync(_feishu.Address, configure: builder => builder.Services.AddSingleton(
            new EventRoute("feishu", "test.stuck", async (_, cancellation) =>
            {
                await release.Task.WaitAsync(cancellation);
                return Reaction.Ignore("done");
            })));
        await _push.SendAsync(gateway, "test.stuck", """{"chat_id":"oc_stuck"}""");
        var behind = FeishuPush.NewId("ev_");
        await _push.SendAsync(gateway, "im.message.receive_v1", FeishuPush.Message("/help", "oc_stuck"), behind);
        await _push.SendAsync(gateway, "im.message.receive_v1", FeishuPush.Message("/help", "oc_free"));

        Assert.Equal("oc_free", (await _feishu.NextAsync()).Target);
        Assert.Equal("open", (await gateway.InboxAsync(behind)).GetProperty("items")[0].GetProperty("status").GetString());
        release.SetResult();
        Assert.Equal("oc_stuck", (await _feishu.NextAsync()).Target);
    }

    [Fact]
    public async Task What_was_acknowledged_before_a_stop_is_handled_after_the_next_start()
    {
        var folder = Directory.CreateTempSubdirectory("larkspur-resume-").FullName;
        try
        {
            var ids = Enumerable.Range(0, 5).Select(_ => FeishuPush.NewId("ev_")).ToArray();
            var first = await GatewayApp.StartAsync(_feishu.Address, new Dictionary<string, string?> { ["Larkspur:Dispatch:Enabled"] = "false" }, folder);
            for (var i = 0; i < ids.Length; i++)
                Assert.Equal(200, (await _push.SendAsync(first, "im.message.receive_v1", FeishuPush.Message($"word {i}"), ids[i])).Status);
            await first.StopAsync();
            Assert.Empty(_feishu.Calls);

            await using var second = await GatewayApp.StartAsync(_feishu.Address, new Dictionary<string, string?> { ["Larkspur:Outbox:PerLane"] = "1000" }, folder);
            for (var i = 0; i < ids.Length; i++) Assert.Contains($"word {i}", (await _feishu.NextAsync()).Content, StringComparison.Ordinal);
            foreach (var id in ids)
            {
                await second.OutcomeAsync(id);
                Assert.Equal(1, (await second.InboxAsync(id)).GetProperty("processed").GetInt32());
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task More_open_events_than_memory_holds_are_all_handled_in_order()
    {
        await using var gateway = await GatewayApp.StartAsync(_feishu.Address, new Dictionary<string, string?>
        {
            ["Larkspur:Dispatch:Capacity"] = "4",
            ["Larkspur:Outbox:Capacity"] = "4",
            ["Larkspur:Outbox:PerLane"] = "1000",
        });
        await Parallel.ForAsync(0, 60, TestContext.Current.CancellationToken, async (i, _) =>
            await _push.SendAsync(gateway, "im.message.receive_v1", FeishuPush.Message($"word {i}", $"oc_{i % 7}")));
        var seen = new HashSet<string>();
        for (var i = 0; i < 60; i++) Assert.True(seen.Add((await _feishu.NextAsync()).Content));
    }

    [Fact]
    public async Task A_failing_handler_is_retried_and_then_the_user_is_told_with_a_reference_that_finds_the_log()
    {
        var attempts = 0;
        await using var gateway = await GatewayApp.StartAsync(_feishu.Address,
            new Dictionary<string, string?> { ["Larkspur:Dispatch:RetryPauses:0"] = "00:00:00.010", ["Larkspur:Dispatch:RetryPauses:1"] = "00:00:00.010", ["Larkspur:Dispatch:RetryPauses:2"] = "00:00:00.010" },
            configure: builder => builder.Services.AddSingleton(new EventRoute("feishu", "test.fails", (_, _) =>
            {
                attempts++;
                throw new InvalidOperationException("the price list is gone");
            })));
        var eventId = FeishuPush.NewId("ev_");
        await _push.SendAsync(gateway, "test.fails", """{"chat_id":"oc_p2p"}""", eventId);
        var told = await _feishu.NextAsync();
        var row = await gateway.OutcomeAsync(eventId);

        Assert.Equal("oc_p2p", told.Target);
        Assert.Equal("failed_told", row.GetProperty("outcome").GetString());
        var reference = row.GetProperty("reference").GetString()!;
        Assert.Contains(reference, told.Content, StringComparison.Ordinal);
        Assert.DoesNotContain("price list", told.Content, StringComparison.Ordinal);
        Assert.Contains(gateway.Logs.Lines, l => l.Message.Contains(reference, StringComparison.Ordinal) && l.Exception?.Message == "the price list is gone");
        Assert.Equal(attempts, row.GetProperty("attempts").GetInt32());
        Assert.Equal(4, attempts);
        Assert.Equal(0, (await gateway.InboxAsync(eventId)).GetProperty("processed").GetInt32());
    }

    [Fact]
    public async Task A_handler_that_fails_once_has_one_effect()
    {
        var attempts = 0;
        await using var gateway = await GatewayApp.StartAsync(_feishu.Address, configure: builder => builder.Services.AddSingleton(
            new EventRoute("feishu", "test.flaky", (_, _) => ++attempts == 1
                ? throw new InvalidOperationException("not yet")
                : ValueTask.FromResult(Reaction.Send(Outbox.OutboxMessage.ToChat("oc_p2p", "text", """{"text":"done"}"""))))));
        var eventId = FeishuPush.NewId("ev_");
        await _push.SendAsync(gateway, "test.flaky", """{"chat_id":"oc_p2p"}""", eventId);
        Assert.Contains("done", (await _feishu.NextAsync()).Content, StringComparison.Ordinal);
        Assert.Equal("answered", (await gateway.OutcomeAsync(eventId)).GetProperty("outcome").GetString());
        Assert.Single(_feishu.Calls);
    }

    [Fact]
    public async Task While_the_database_is_locked_the_platform_is_asked_to_come_again_and_ready_turns_red()
    {
        await using var gateway = await GatewayApp.StartAsync(_feishu.Address);
        var eventId = FeishuPush.NewId("ev_");
        await using (await gateway.HoldDatabaseAsync())
        {
            var (status, body) = await _push.SendAsync(gateway, "im.message.receive_v1", FeishuPush.Message("/help"), eventId);
            Assert.Equal(503, status);
            Assert.Equal("unavailable", body.GetProperty("error").GetString());
            using var ready = await gateway.Http.GetAsync(new Uri("/health/ready", UriKind.Relative), TestContext.Current.CancellationToken);
            Assert.Equal(503, (int)ready.StatusCode);
        }

        Assert.Equal(200, (await _push.SendAsync(gateway, "im.message.receive_v1", FeishuPush.Message("/help"), eventId)).Status);
        await gateway.OutcomeAsync(eventId);
    }

    [Fact]
    public async Task What_ended_long_ago_is_forgotten_and_what_is_open_is_not()
    {
        var release = new TaskCompletionSource();
        await using var gateway = await GatewayApp.StartAsync(_feishu.Address, configure: builder => builder.Services.AddSingleton(
            new EventRoute("feishu", "test.hangs", async (_, cancellation) =>
            {
                await release.Task.WaitAsync(cancellation);
                return Reaction.Ignore("late");
            })));
        string ended = FeishuPush.NewId("ev_"), open = FeishuPush.NewId("ev_");
        var message = FeishuPush.Message("/help");
        await _push.SendAsync(gateway, "im.message.receive_v1", message, ended);
        await _push.SendAsync(gateway, "test.hangs", """{"chat_id":"oc_hang"}""", open);
        await gateway.OutcomeAsync(ended);
        await gateway.SentAsync();

        await gateway.ForgetAsync(after: TimeSpan.FromDays(31), "events", "messages");
        Assert.Equal(0, (await gateway.InboxAsync(ended)).GetProperty("items").GetArrayLength());
        Assert.Equal(1, (await gateway.InboxAsync(open)).GetProperty("items").GetArrayLength());
        await _push.SendAsync(gateway, "im.message.receive_v1", message, ended);
        await gateway.CountsAsync(1, "larkspur_ingress_accepted_total", "test.hangs");
        release.SetResult();
        await gateway.CountsAsync(2, "larkspur_ingress_accepted_total", "im.message.receive_v1");
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[1,2]")]
    [InlineData("""{"message":"a text where an object should be"}""")]
    public async Task An_event_that_no_attempt_can_read_ends_at_the_first(string body)
    {
        await using var gateway = await GatewayApp.StartAsync(_feishu.Address);
        var id = FeishuPush.NewId("ev_");
        Assert.Equal(200, (await _push.SendAsync(gateway, "im.message.receive_v1", body, id)).Status);
        var row = await gateway.OutcomeAsync(id);
        Assert.Equal("failed", row.GetProperty("outcome").GetString());
        await gateway.CountsAsync(1, "larkspur_handler_failures_total");
    }
}
