using System.Text.Json;
using Larkspur.Gateway.Inbox.Dispatch;
using Larkspur.Gateway.Outbox;
using Larkspur.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Gateway.Tests.Operations;

/// <summary>An event that no attempt can handle: kept with its history, replayed after the bug is fixed, or discarded.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class DeadLetterTests : IAsyncLifetime
{
    private static readonly Dictionary<string, string?> Fast = new()
    {
        ["Larkspur:Dispatch:RetryPauses:0"] = "00:00:00.010",
        ["Larkspur:Dispatch:RetryPauses:1"] = "00:00:00.010",
        ["Larkspur:Outbox:PerLane"] = "1000",
    };

    private readonly FeishuPush _push = new();
    private FeishuStub _feishu = null!;
    private volatile bool _broken = true;
    private int _attempts;

    public async ValueTask InitializeAsync() => _feishu = await FeishuStub.StartAsync();

    public async ValueTask DisposeAsync() => await _feishu.DisposeAsync();

    [Fact]
    public async Task It_keeps_every_attempt_with_its_error_and_without_secrets_or_what_people_wrote()
    {
        await using var gateway = await StartAsync("the price list of salary-of-alice is gone, key " + GatewayApp.AppSecret + ", Bearer t-g1044qeGEDXTB6NDJOGV4, write to alice@example.com or 13812345678 "
            + new string('x', 5000));
        var eventId = await PushAsync(gateway, """{"chat_id":"oc_p2p","content":"{\"text\":\"salary-of-alice\"}"}""");
        var row = await gateway.OutcomeAsync(eventId);
        Assert.Equal(("dead", "failed_told"), (row.GetProperty("status").GetString(), row.GetProperty("outcome").GetString()));
        var told = await _feishu.NextAsync();
        Assert.Contains(row.GetProperty("reference").GetString()!, told.Content, StringComparison.Ordinal);

        var (status, details) = await gateway.AskAsync($"/inbox/{row.GetProperty("id").GetInt64()}");
        Assert.Equal(200, status);
        var lines = details.GetProperty("history").EnumerateArray().ToArray();
        Assert.Equal(["failed", "failed", "dead"], lines.Select(l => l.GetProperty("what").GetString()));
        Assert.Equal([1, 2, 3], lines.Select(l => l.GetProperty("attempt").GetInt32()));
        foreach (var line in lines)
        {
            Assert.Equal("InvalidOperationException", line.GetProperty("error").GetString());
            var message = line.GetProperty("message").GetString()!;
            Assert.StartsWith("the price list of [text of the event] is gone", message, StringComparison.Ordinal);
            Assert.InRange(message.Length, 100, 2000);
            foreach (var hidden in (string[])["salary-of-alice", GatewayApp.AppSecret, "t-g1044", "alice@example.com", "13812345678"]) Assert.DoesNotContain(hidden, message, StringComparison.Ordinal);
            var stack = line.GetProperty("stack").GetString()!;
            Assert.InRange(stack.Split('\n').Length, 1, 8);
            Assert.DoesNotContain(Repository.Root, stack, StringComparison.Ordinal);
        }

        Assert.Equal(12, lines[0].GetProperty("who").GetString()!.Length);
        Assert.Equal("sent", (await SentAsync(gateway, row, 1))[0].GetProperty("status").GetString());
        Assert.Equal(JsonValueKind.Null, details.GetProperty("payload").ValueKind);
        var (_, whole) = await gateway.AskAsync($"/inbox/{row.GetProperty("id").GetInt64()}?payload=true");
        Assert.Contains("salary-of-alice", whole.GetProperty("payload").GetString(), StringComparison.Ordinal);
        await gateway.CountsAsync(1, "larkspur_inbox_dead_total", "test.fails", "InvalidOperationException");
    }

    [Theory]
    [InlineData("""{"chat_id":"oc_p2p","content":"{\"text\":\"half \\ud83d\"}"}""")]
    [InlineData("""{"chat_id":"oc_p2p","text":"half \ud83d"}""")]
    [InlineData("""{"chat_id":"oc_p2p","half \ud83d":"name"}""")]
    public async Task Half_a_character_in_the_event_does_not_keep_its_failure_from_being_recorded(string json)
    {
        await using var gateway = await StartAsync();
        var row = await gateway.OutcomeAsync(await PushAsync(gateway, json));
        Assert.Equal(("dead", 3), (row.GetProperty("status").GetString(), _attempts));
        Assert.Contains(row.GetProperty("reference").GetString()!, (await _feishu.NextAsync()).Content, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\\ud83d")]
    [InlineData("\\\\ud83d")]
    public async Task A_message_with_half_a_character_does_not_hold_up_its_chat(string half)
    {
        await using var gateway = await StartAsync();
        var eventId = FeishuPush.NewId("ev_");
        await _push.SendAsync(gateway, "im.message.receive_v1", FeishuPush.Message("HALF").Replace("HALF", half, StringComparison.Ordinal), eventId);
        await _push.SendAsync(gateway, "im.message.receive_v1", FeishuPush.Message("/help"));
        Assert.NotEqual("open", (await gateway.OutcomeAsync(eventId)).GetProperty("status").GetString());
        await _feishu.NextAsync();
        Assert.Contains("/whoami", (await _feishu.NextAsync()).Content, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_replay_after_the_fix_is_answered_although_the_apology_had_the_first_key()
    {
        await using var gateway = await StartAsync();
        var eventId = await PushAsync(gateway);
        var dead = await gateway.OutcomeAsync(eventId);
        var apology = await _feishu.NextAsync();
        var id = dead.GetProperty("id").GetInt64();
        Assert.Equal(0, (await gateway.InboxAsync(eventId)).GetProperty("processed").GetInt32());

        _broken = false;
        var (status, row) = await gateway.TellAsync($"/inbox/{id}/replay");
        Assert.Equal((200, 1), (status, row.GetProperty("replays").GetInt32()));
        var answer = await _feishu.NextAsync();
        Assert.Contains("done", answer.Content, StringComparison.Ordinal);
        Assert.NotEqual(apology.Uuid, answer.Uuid);
        await gateway.UntilAsync(async () => (await gateway.RowAsync(eventId)).GetProperty("status").GetString() == "finished");
        Assert.Equal(1, (await gateway.InboxAsync(eventId)).GetProperty("processed").GetInt32());

        var (_, details) = await gateway.AskAsync($"/inbox/{id}");
        Assert.Equal(["failed", "failed", "dead", "replayed"], details.GetProperty("history").EnumerateArray().Select(l => l.GetProperty("what").GetString()));
        Assert.Equal("api", details.GetProperty("history")[3].GetProperty("who").GetString());
        var again = await gateway.TellAsync($"/inbox/{id}/replay");
        Assert.Equal((409, "not_replayable"), (again.Status, again.Body.GetProperty("error").GetString()));
        Assert.True(_feishu.IsQuiet);
    }

    [Fact]
    public async Task A_replay_that_fails_again_has_all_its_attempts_and_tells_again_under_another_key()
    {
        await using var gateway = await StartAsync();
        var eventId = await PushAsync(gateway);
        var id = (await gateway.OutcomeAsync(eventId)).GetProperty("id").GetInt64();
        var first = await _feishu.NextAsync();
        await gateway.TellAsync($"/inbox/{id}/replay");
        var second = await _feishu.NextAsync();
        Assert.NotEqual(first.Uuid, second.Uuid);
        Assert.Equal(6, _attempts);
        await gateway.UntilAsync(async () => (await gateway.RowAsync(eventId)).GetProperty("status").GetString() == "dead");
        var (_, details) = await gateway.AskAsync($"/inbox/{id}");
        Assert.Equal([0, 0, 0, 1, 1, 1, 1], details.GetProperty("history").EnumerateArray().Select(l => l.GetProperty("replay_count").GetInt32()));
    }

    [Fact]
    public async Task A_discarded_letter_ends_so_and_can_still_be_replayed()
    {
        await using var gateway = await StartAsync();
        var eventId = await PushAsync(gateway);
        var id = (await gateway.OutcomeAsync(eventId)).GetProperty("id").GetInt64();
        var (status, row) = await gateway.TellAsync($"/inbox/{id}/discard");
        Assert.Equal((200, "finished", "discarded", "api"), (status, row.GetProperty("status").GetString(), row.GetProperty("outcome").GetString(), row.GetProperty("reason").GetString()));
        Assert.Empty(await gateway.ListAsync("/inbox?status=dead"));
        Assert.Equal(409, (await gateway.TellAsync($"/inbox/{id}/discard")).Status);
        Assert.Equal(200, (await gateway.TellAsync($"/inbox/{id}/replay")).Status);
        Assert.Contains(gateway.Logs.Lines, l => l.Message == $"Inbox row {id} is discarded by api");
        Assert.Contains(gateway.Logs.Lines, l => l.Message == $"Inbox row {id} is replayed by api");
    }

    [Fact]
    public async Task An_open_event_that_blocks_its_chat_can_be_discarded_and_its_handler_commits_nothing()
    {
        var release = new TaskCompletionSource();
        await using var gateway = await GatewayApp.StartAsync(_feishu.Address, Fast, configure: builder => builder.Services.AddSingleton(
            new EventRoute("feishu", "test.stuck", async (_, cancellation) =>
            {
                await release.Task.WaitAsync(cancellation);
                return Reaction.Send(OutboxMessage.ToChat("oc_p2p", "text", """{"text":"too late"}"""));
            })));
        var eventId = FeishuPush.NewId("ev_");
        await _push.SendAsync(gateway, "test.stuck", """{"chat_id":"oc_p2p"}""", eventId);
        Assert.Equal(200, (await gateway.TellAsync($"/inbox/{await gateway.RowIdAsync(eventId)}/discard")).Status);
        release.SetResult();
        await _push.SendAsync(gateway, "im.message.receive_v1", FeishuPush.Message("/help"));
        Assert.DoesNotContain("too late", (await _feishu.NextAsync()).Content, StringComparison.Ordinal);
        Assert.Equal("discarded", (await gateway.RowAsync(eventId)).GetProperty("outcome").GetString());
    }

    [Fact]
    public async Task Bulk_replay_takes_the_oldest_that_the_filter_selects_up_to_the_limit()
    {
        await using var gateway = await StartAsync();
        var ids = new List<string>();
        for (var i = 0; i < 4; i++) ids.Add(await PushAsync(gateway, $$"""{"chat_id":"oc_{{i}}"}"""));
        foreach (var id in ids) await gateway.OutcomeAsync(id);
        for (var i = 0; i < 4; i++) await _feishu.NextAsync();

        _broken = false;
        var none = await gateway.TellAsync("/inbox/replay", """{"filter":{"event_type":"test.other"}}""");
        Assert.Equal((200, 0), (none.Status, none.Body.GetProperty("replayed").GetInt32()));
        var some = await gateway.TellAsync("/inbox/replay", """{"filter":{"event_type":"test.fails","reason":"InvalidOperationException"},"limit":3}""");
        Assert.Equal((3, true), (some.Body.GetProperty("replayed").GetInt32(), some.Body.GetProperty("more").GetBoolean()));
        for (var i = 0; i < 3; i++) Assert.Contains("done", (await _feishu.NextAsync()).Content, StringComparison.Ordinal);
        var left = Assert.Single(await gateway.ListAsync("/inbox?status=dead"));
        Assert.Equal("chat:oc_3", left.GetProperty("key").GetString());
    }

    [Fact]
    public async Task A_replay_asked_of_one_process_runs_where_the_chats_lease_is()
    {
        Assert.SkipUnless(GatewayApp.IsPostgres, "A file has one process.");
        await using var first = await StartAsync();
        await using var second = await StartAsync(folder: first.DataFolder);
        await first.UntilAsync(async () => (await first.Http.GetStringAsync(new Uri("/health/ready", UriKind.Relative))).Contains("32 of 64", StringComparison.Ordinal));
        var ids = new List<string>();
        for (var i = 0; i < 8; i++) ids.Add(await PushAsync(first, $$"""{"chat_id":"oc_{{i}}"}"""));
        foreach (var id in ids) await first.OutcomeAsync(id);
        for (var i = 0; i < ids.Count; i++) await _feishu.NextAsync();

        _broken = false;
        Assert.Equal(ids.Count, (await first.TellAsync("/inbox/replay", """{"filter":{}}""")).Body.GetProperty("replayed").GetInt32());
        foreach (var id in ids) await first.UntilAsync(async () => (await first.InboxAsync(id)).GetProperty("processed").GetInt32() == 1);
        for (var i = 0; i < ids.Count; i++) Assert.Contains("done", (await _feishu.NextAsync()).Content, StringComparison.Ordinal);
        Assert.True(await first.CounterAsync("larkspur_inbox_ended_total", "answered") > 0);
        Assert.True(await second.CounterAsync("larkspur_inbox_ended_total", "answered") > 0);
    }

    [Theory]
    [InlineData("""{"filter":{"event_typ":"test.fails"}}""", "bad_request")]
    [InlineData("""{}""", "filter_missing")]
    [InlineData("""{"filter":{},"limit":0}""", "bad_limit")]
    [InlineData("""{"filter":{},"limit":1001}""", "bad_limit")]
    [InlineData("""{"filter":{"since":"yesterday"}}""", "bad_request")]
    [InlineData("nonsense", "bad_request")]
    public async Task A_bulk_replay_that_is_not_understood_replays_nothing(string json, string error)
    {
        await using var gateway = await StartAsync();
        await gateway.OutcomeAsync(await PushAsync(gateway));
        var (status, body) = await gateway.TellAsync("/inbox/replay", json);
        Assert.Equal((400, error), (status, body.GetProperty("error").GetString()));
        Assert.Single(await gateway.ListAsync("/inbox?status=dead"));
    }

    [Fact]
    public async Task Dead_letters_outlive_what_ended_well()
    {
        await using var gateway = await StartAsync();
        var deadId = await PushAsync(gateway);
        var dead = (await gateway.OutcomeAsync(deadId)).GetProperty("id").GetInt64();
        await gateway.SentAsync();
        string[] kinds = ["events", "messages", "dead letters of the inbox", "dead letters of the outbox"];
        await gateway.ForgetAsync(after: TimeSpan.FromDays(31), kinds);
        Assert.Equal(200, (await gateway.AskAsync($"/inbox/{dead}")).Status);
        Assert.Equal("forgot 1 dead letters of the inbox", await gateway.ForgetAsync(after: TimeSpan.FromDays(91), kinds));
        Assert.Equal(404, (await gateway.AskAsync($"/inbox/{dead}")).Status);
        Assert.Equal(404, (await gateway.TellAsync($"/inbox/{dead}/replay")).Status);
        Assert.Equal(0, await gateway.DamageAsync("DELETE FROM row_history"));
    }

    private Task<GatewayApp> StartAsync(string error = "the price list is gone", string? folder = null) => GatewayApp.StartAsync(_feishu.Address, Fast, folder, configure: builder => builder.Services.AddSingleton(
        new EventRoute("feishu", "test.fails", (_, _) =>
        {
            Interlocked.Increment(ref _attempts);
            return _broken
                ? throw new InvalidOperationException(error)
                : ValueTask.FromResult(Reaction.Send(OutboxMessage.ToChat("oc_p2p", "text", """{"text":"done"}""")));
        })));

    private async Task<string> PushAsync(GatewayApp gateway, string json = """{"chat_id":"oc_p2p"}""")
    {
        var eventId = FeishuPush.NewId("ev_");
        Assert.Equal(200, (await _push.SendAsync(gateway, "test.fails", json, eventId)).Status);
        return eventId;
    }

    private static async Task<JsonElement[]> SentAsync(GatewayApp gateway, JsonElement row, int messages)
    {
        await gateway.SentAsync(messages);
        return await gateway.ListAsync($"/outbox?inbox_id={row.GetProperty("id").GetInt64()}");
    }
}
