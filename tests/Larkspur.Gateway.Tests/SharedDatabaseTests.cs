using System.Text;
using System.Text.Json;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Inbox;
using Larkspur.Gateway.Inbox.Dispatch;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Storage.Leases;
using Larkspur.Gateway.Tests.Operations;
using Larkspur.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using static Larkspur.Gateway.Tests.CardAnswers;

namespace Larkspur.Gateway.Tests;

/// <summary>Two gateways on one PostgreSQL, without sticky routing: whichever is asked, the work is done once, in order, by the one that holds its partition.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class SharedDatabaseTests : SharedDatabaseFixture
{
    private readonly FeishuPush _push = new();

    public SharedDatabaseTests() => Settings["Larkspur:Outbox:PerLane"] = "1000";

    [Fact]
    public async Task Two_processes_divide_the_partitions_and_one_takes_all_when_the_other_leaves()
    {
        await using var first = await StartAsync();
        Assert.Equal(Partitions.All, Leases(first).Held);
        await using (var second = await StartAsync())
        {
            await first.UntilAsync(() => Task.FromResult(Leases(first).Held.Size == 32 && Leases(second).Held.Size == 32));
            Assert.True(Leases(first).Held.Without(Leases(second).Held) == Leases(first).Held, "No partition has two holders.");
        }

        await first.UntilAsync(() => Task.FromResult(Leases(first).Held == Partitions.All));
    }

    [Fact]
    public async Task A_message_that_comes_to_one_process_is_answered_by_the_one_that_holds_its_chat()
    {
        await using var first = await StartAsync();
        await using var second = await StartAsync();
        await SettledAsync(first, second);
        for (var i = 0; i < 20; i++)
        {
            var eventId = FeishuPush.NewId("ev_");
            await _push.SendAsync(first, "im.message.receive_v1", FeishuPush.Message($"word {i}", $"oc_{i}"), eventId);
            Assert.Contains($"word {i}", (await Feishu.NextAsync()).Content, StringComparison.Ordinal);
            Assert.Equal("answered", (await second.OutcomeAsync(eventId)).GetProperty("outcome").GetString());
        }

        Assert.InRange(await second.CounterAsync("larkspur_inbox_ended_total"), 1, 19);
        Assert.Equal(20, await first.CounterAsync("larkspur_inbox_ended_total") + await second.CounterAsync("larkspur_inbox_ended_total"));
        Assert.Equal(20, Feishu.Calls.Count);
    }

    [Fact]
    public async Task A_chat_whose_messages_come_to_both_in_turn_is_answered_in_order()
    {
        await using var first = await StartAsync();
        await using var second = await StartAsync();
        await SettledAsync(first, second);
        for (var i = 0; i < 40; i++) await _push.SendAsync(i % 2 == 0 ? first : second, "im.message.receive_v1", FeishuPush.Message($"word {i:00}.", "oc_turns"));
        for (var i = 0; i < 40; i++) Assert.Contains($"word {i:00}.", (await Feishu.NextAsync()).Content, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_event_pushed_to_both_at_once_has_one_effect()
    {
        await using var first = await StartAsync();
        await using var second = await StartAsync();
        await SettledAsync(first, second);
        var events = Enumerable.Range(0, 30).Select(i => (Id: FeishuPush.NewId("ev_"), Message: FeishuPush.Message($"word {i:00}.", $"oc_{i % 5}"))).ToArray();
        var answers = await Task.WhenAll(events.SelectMany(e => (GatewayApp[])[first, second, first, second], (e, gateway) => _push.SendAsync(gateway, "im.message.receive_v1", e.Message, e.Id)));
        Assert.All(answers, a => Assert.Equal(200, a.Status));
        for (var i = 0; i < events.Length; i++) await Feishu.NextAsync();
        foreach (var (id, _) in events)
        {
            var row = await first.OutcomeAsync(id);
            Assert.Equal(3, row.GetProperty("duplicates").GetInt32());
            Assert.Equal(1, row.GetProperty("effects").GetInt32());
        }

        Assert.Equal(events.Length, Feishu.Calls.Count);
    }

    [Fact]
    public async Task A_click_that_comes_to_the_other_process_gets_its_answer_in_the_response()
    {
        await using var first = await StartAsync(AnswerWithCard);
        await using var second = await StartAsync(AnswerWithCard);
        await SettledAsync(first, second);
        for (var i = 0; i < 10; i++)
        {
            var click = Click($"om_card_{i}");
            foreach (var gateway in (GatewayApp[])[first, second])
            {
                var (status, answer) = await _push.SendAsync(gateway, "url.preview.get", click);
                Assert.Equal(200, status);
                Assert.True(answer.TryGetProperty("card", out var card), $"click {i} was answered {answer}");
                Assert.Equal("2.0", card.GetProperty("data").GetProperty("schema").GetString());
            }
        }

        await first.UntilAsync(async () => await first.Services.GetRequiredService<IDatabase>().ReadAsync(sql => sql.NumberAsync("SELECT COUNT(*) FROM outbox")) == 0);
        Assert.Empty(Feishu.Calls);
    }

    [Fact]
    public async Task What_a_toast_says_too_late_for_the_other_processs_request_goes_as_a_message()
    {
        var goOn = new TaskCompletionSource();
        var reached = new TaskCompletionSource();
        Settings["Larkspur:Dispatch:CallbackDeadline"] = "00:00:00.5";
        await using var first = await StartAsync();
        Settings["Larkspur:Dispatch:CallbackDeadline"] = "00:01:00";
        await using var second = await StartAsync(builder => builder.Services.AddSingleton(new EventRoute("feishu", "url.preview.get", async (_, _) =>
        {
            reached.TrySetResult();
            await goOn.Task;
            return new Reaction(effects =>
            {
                effects.Answer(new CallbackAnswer { Toast = new Toast("info", "好", "Fine"), Late = Outbox.OutboxMessage.ToChat("oc_1", "text", """{"text":"Fine after all"}""") });
                return ValueTask.FromResult(Outcome.Answered);
            });
        })));
        await SettledAsync(first, second);
        var card = Enumerable.Range(0, 1000).Select(i => $"om_card_{i}").First(c => Leases(second).Held.Contains(Partitions.Of("default", c)));
        var (status, _) = await _push.SendAsync(first, "url.preview.get", Click(card));
        Assert.Equal(200, status);
        await reached.Task.WaitAsync(TimeSpan.FromSeconds(40), TestContext.Current.CancellationToken);
        // The first process has let the request go, and forgets it with its next look into the table.
        first.Services.GetRequiredService<Dispatcher>().Look();
        await first.UntilAsync(() => Task.FromResult(first.Services.GetRequiredService<Dispatcher>().Waiting == 0));
        goOn.SetResult();
        await second.UntilAsync(async () => await second.DamageAsync("UPDATE outbox SET created_at = created_at - 600000 WHERE status = 3") == 1);
        second.Services.GetRequiredService<Outbox.OutboxSenders>().Look();
        Assert.Contains("Fine after all", (await Feishu.NextAsync()).Content, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Both_together_keep_the_limit_of_their_app()
    {
        Settings["FEISHU_RATE_FACTOR"] = "0.2"; // ten a second of the fifty that are documented
        await using var first = await StartAsync();
        await using var second = await StartAsync();
        await SettledAsync(first, second);
        // From before the first: on a busy machine many are sent while the others are still pushed.
        var began = System.Diagnostics.Stopwatch.GetTimestamp();
        for (var i = 0; i < 60; i++) await _push.SendAsync(i % 2 == 0 ? first : second, "im.message.receive_v1", FeishuPush.Message($"word {i:00}.", $"oc_{i}"));
        for (var i = 0; i < 60; i++) await Feishu.NextAsync();
        // A first burst of ten and fifty more at ten a second; each alone with the whole limit, they would need half of that.
        Assert.InRange(System.Diagnostics.Stopwatch.GetElapsedTime(began).TotalSeconds, 4, 120);
    }

    [Fact]
    public async Task What_was_begun_under_a_lease_that_has_gone_has_no_effect()
    {
        var reached = new TaskCompletionSource();
        var goOn = new TaskCompletionSource();
        var runs = 0;
        await using var gateway = await StartAsync(builder => builder.Services.AddSingleton(new EventRoute("feishu", "test.slow", async (_, _) =>
        {
            var run = Interlocked.Increment(ref runs);
            if (run == 1)
            {
                reached.SetResult();
                await goOn.Task;
            }

            return Reaction.Send(Outbox.OutboxMessage.ToChat("oc_slow", "text", $$"""{"text":"run {{run}}"}"""));
        })));
        var eventId = FeishuPush.NewId("ev_");
        await _push.SendAsync(gateway, "test.slow", """{"chat_id":"oc_slow"}""", eventId);
        await reached.Task.WaitAsync(TimeSpan.FromSeconds(40), TestContext.Current.CancellationToken);
        // As another process does that has not heard of this one for too long.
        await gateway.Services.GetRequiredService<IDatabase>().TransactAsync(async unit => await unit.ExecuteAsync("UPDATE lease SET node = 'other', token = token + 1, expires_at = 0"), TestContext.Current.CancellationToken);
        goOn.SetResult();
        // The first run is void; the partitions come back when nobody renews them, and with them the event.
        Assert.DoesNotContain("run 1", (await Feishu.NextAsync()).Content, StringComparison.Ordinal);
        Assert.Equal("answered", (await gateway.OutcomeAsync(eventId)).GetProperty("outcome").GetString());
        Assert.Single(Feishu.Calls);
    }

    [Fact]
    public async Task A_lease_that_came_back_under_another_token_is_worked_under_that_one()
    {
        await using var gateway = await StartAsync();
        // As when a renewal that this process had given up waiting for took its partitions back from somebody in between.
        await gateway.Services.GetRequiredService<IDatabase>().TransactAsync(async unit => await unit.ExecuteAsync("UPDATE lease SET token = token + 2"), TestContext.Current.CancellationToken);
        var eventId = FeishuPush.NewId("ev_");
        await _push.SendAsync(gateway, "im.message.receive_v1", FeishuPush.Message("hello"), eventId);
        Assert.Equal("answered", (await gateway.OutcomeAsync(eventId)).GetProperty("outcome").GetString());
    }

    [Fact]
    public async Task A_doubt_that_another_process_left_counts_when_its_partition_comes_back()
    {
        Settings["Larkspur:Outbox:FirstPause"] = "00:00:02";
        await using var gateway = await StartAsync();
        Feishu.Fault = call => (500, """{"code":230020,"msg":"This operation triggers the frequency limit."}""");
        await _push.SendAsync(gateway, "im.message.receive_v1", FeishuPush.Message("hello"));
        var database = gateway.Services.GetRequiredService<IDatabase>();
        // The refusal is in the table, not only counted: what is written about it comes before what is written here.
        await gateway.UntilAsync(() => database.ReadAsync(async sql => await sql.NumberAsync("SELECT COUNT(*) FROM outbox WHERE reason IS NOT NULL") == 1));
        var longAgo = (DateTimeOffset.UtcNow - TimeSpan.FromMinutes(56)).ToUnixTimeMilliseconds();
        await database.TransactAsync(async unit =>
        {
            await unit.ExecuteAsync("UPDATE lease SET node = 'other', token = token + 1, expires_at = 0");
            await unit.ExecuteAsync("UPDATE outbox SET attempts = 3, not_before = 0, first_tried_at = $1, created_at = $1", longAgo);
        }, TestContext.Current.CancellationToken);
        await gateway.UntilAsync(async () => (await gateway.ListAsync("/outbox?status=dead")) is [var dead] && dead.GetProperty("reason").GetString() == "unsure_past_key_lifetime");
    }

    [Fact]
    public async Task What_one_process_queues_for_a_chat_of_the_other_leaves_in_order()
    {
        await using var first = await StartAsync();
        await using var second = await StartAsync();
        await SettledAsync(first, second);
        var chats = Enumerable.Range(0, 1000).Select(i => $"oc_{i}").Where(c => Leases(second).Held.Contains(Partitions.Of("default", c))).Take(10).ToArray();
        var outbox = first.Services.GetRequiredService<Outbox.IOutbox>();
        await Task.WhenAll(chats.Select(async chat =>
        {
            for (var i = 0; i < 20; i++)
                await outbox.QueueAsync(new("feishu", "default", $"{chat} {i}", Outbox.OutboxMessage.ToChat(chat, "text", $$"""{"text":"{{i:00}}"}""")));
        }));
        var said = new List<SentCall>();
        for (var i = 0; i < chats.Length * 20; i++) said.Add(await Feishu.NextAsync());
        foreach (var chat in said.GroupBy(c => c.Target)) Assert.Equal(chat.Select(c => c.Content).Order(StringComparer.Ordinal), chat.Select(c => c.Content));
    }

    /// <summary>A process that has just begun is known to the others by their next round only, and notifications come in no order: what stands in the table decides.</summary>
    [Fact]
    public async Task An_event_that_an_unknown_process_recorded_before_is_handled_before()
    {
        await using var gateway = await StartAsync();
        var store = gateway.Services.GetRequiredService<IInboxStore>();
        var database = gateway.Services.GetRequiredService<IDatabase>();
        await _push.SendAsync(gateway, "im.message.receive_v1", FeishuPush.Message("word 00.", "oc_turns"), "ev_like");
        await Feishu.NextAsync();
        var like = await database.ReadAsync(sql => sql.FirstAsync($"SELECT {InboxRows.EventColumns} FROM inbox WHERE event_id = 'ev_like'", InboxRows.Event), TestContext.Current.CancellationToken);

        for (var i = 1; i < 20; i += 2)
        {
            var earlier = like! with
            {
                EventId = $"ev_unknown_{i}", MessageId = $"om_unknown_{i}",
                Payload = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(like.Payload.Span).Replace("word 00.", $"word {i:00}.", StringComparison.Ordinal).Replace(like.MessageId!, $"om_unknown_{i}", StringComparison.Ordinal)),
            };
            await database.TransactAsync(unit => store.AppendAsync(unit, [new NewEvent(earlier, $"ref{i}", null)]), TestContext.Current.CancellationToken);
            await _push.SendAsync(gateway, "im.message.receive_v1", FeishuPush.Message($"word {i + 1:00}.", "oc_turns"));
            Assert.Contains($"word {i:00}.", (await Feishu.NextAsync()).Content, StringComparison.Ordinal);
            Assert.Contains($"word {i + 1:00}.", (await Feishu.NextAsync()).Content, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_message_that_another_process_queued_before_leaves_before()
    {
        await using var gateway = await StartAsync();
        var store = gateway.Services.GetRequiredService<Outbox.IOutboxStore>();
        var database = gateway.Services.GetRequiredService<IDatabase>();
        var outbox = gateway.Services.GetRequiredService<Outbox.IOutbox>();
        for (var i = 1; i < 20; i += 2)
        {
            await database.TransactAsync(unit => store.AddAsync(unit, new Outbox.OutboxEntry
            {
                Id = 0, Platform = "feishu", App = "default", Partition = Outbox.OutboxEntry.PartitionOf("default", "oc_turns"), Message = Said(i), IdempotencyKey = $"unknown {i}",
                InboxId = 0, Reference = "", CreatedAt = DateTimeOffset.UtcNow, NotBefore = DateTimeOffset.UnixEpoch,
            }), TestContext.Current.CancellationToken);
            await outbox.QueueAsync(new("feishu", "default", $"known {i}", Said(i + 1)), TestContext.Current.CancellationToken);
            Assert.Contains($"word {i:00}.", (await Feishu.NextAsync()).Content, StringComparison.Ordinal);
            Assert.Contains($"word {i + 1:00}.", (await Feishu.NextAsync()).Content, StringComparison.Ordinal);
        }

        static Outbox.OutboxMessage Said(int i) => Outbox.OutboxMessage.ToChat("oc_turns", "text", $$"""{"text":"word {{i:00}}."}""");
    }

    [Fact]
    public async Task Events_of_one_key_are_recorded_in_the_order_in_which_they_came()
    {
        await using var gateway = await StartAsync();
        var writer = gateway.Services.GetRequiredService<InboxWriter>();
        var recorded = await Task.WhenAll(Enumerable.Range(0, 3000).Select(i => writer.AcceptAsync(new InboundEvent
        {
            Platform = "feishu", App = "default", EventId = $"ev_{i}", EventType = "test.nobody", OrderingKey = "chat:oc_1", ReceivedAt = DateTimeOffset.UtcNow, Payload = "{}"u8.ToArray(),
        }, null)).ToArray());
        Assert.Equal(recorded.Select(r => r.Id).Order(), recorded.Select(r => r.Id));
    }

    [Fact]
    public async Task A_process_whose_database_a_newer_one_has_changed_stops_working_and_says_so()
    {
        await using var gateway = await StartAsync();
        var database = gateway.Services.GetRequiredService<IDatabase>();
        await database.TransactAsync(async unit => await unit.ExecuteAsync("INSERT INTO migration VALUES (9999, 'of the future', 0)"), TestContext.Current.CancellationToken);
        await gateway.UntilAsync(() => Task.FromResult(Leases(gateway).Held.IsEmpty));
        using var ready = await gateway.Http.GetAsync(new Uri("/health/ready", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(503, (int)ready.StatusCode);
        Assert.Contains("newer Larkspur", await ready.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        var failure = await Assert.ThrowsAsync<SettingsException>(() => StartAsync());
        Assert.Contains("newer Larkspur", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_newer_process_does_not_change_the_schema_under_the_feet_of_a_working_one()
    {
        await using var gateway = await StartAsync();
        await gateway.Services.GetRequiredService<IDatabase>().TransactAsync(async unit =>
            await unit.ExecuteAsync("DELETE FROM migration WHERE number = (SELECT MAX(number) FROM migration)"), TestContext.Current.CancellationToken);
        var failure = await Assert.ThrowsAsync<SettingsException>(() => StartAsync());
        Assert.Contains("older version", failure.Message, StringComparison.Ordinal);
    }

    private Task<GatewayApp> StartAsync(Action<WebApplicationBuilder>? configure = null) => GatewayApp.StartAsync(Feishu.Address, Settings, configure: configure);

    private static ILeases Leases(GatewayApp gateway) => gateway.Services.GetRequiredService<ILeases>();

    private static Task SettledAsync(GatewayApp first, GatewayApp second) =>
        first.UntilAsync(() => Task.FromResult(Leases(first).Held.Size == 32 && Leases(second).Held.Size == 32 && Leases(first).IsShared && Leases(second).IsShared));

    private static string Click(string card) => $$$"""{"operator":{"open_id":"ou_alice"},"context":{"open_message_id":"{{{card}}}","open_chat_id":"oc_1","url":"https://example.com"}}""";
}
