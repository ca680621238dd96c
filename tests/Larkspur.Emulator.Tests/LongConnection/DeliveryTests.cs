using System.Text;
using System.Text.Json.Nodes;
using Larkspur.Emulator.Feishu.Events;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Emulator.Tests.LongConnection;

public sealed class DeliveryTests : LongConnectionTest
{
    [Fact]
    public async Task A_ping_is_answered_with_the_settings_of_the_moment()
    {
        await using var client = await TestClient.ConnectAsync(Emulator);
        await ConnectionsAsync(new { @do = "configure", ping_interval = 5 });
        await client.SendAsync(TestFrame.Ping(client.ServiceId) with { SeqId = 7, LogId = ulong.MaxValue });
        var pong = await client.NextAsync();
        Assert.Equal((7UL, ulong.MaxValue, client.ServiceId, 0, "pong"), (pong.SeqId, pong.LogId, pong.Service, pong.Method, pong["type"]));
        Assert.Equal(5, JsonNode.Parse(pong.Payload)!["PingInterval"]!.GetValue<int>());
    }

    [Fact]
    public async Task What_a_person_says_arrives_plain_in_one_frame_and_its_answer_acknowledges_it()
    {
        await using var client = await TestClient.ConnectAsync(Emulator);
        await UntilAsync(async () => await OnlineAsync() == 1);
        await SayAsync("1+1=2 你好 😀");
        var (received, frame) = await client.EventAsync();
        Assert.Equal("2.0", received["schema"]!.GetValue<string>());
        Assert.Equal("""{"text":"1+1=2 你好 😀"}""", received["event"]!["message"]!["content"]!.GetValue<string>());
        Assert.Equal((1, client.ServiceId, "event", "1", "0"), (frame.Method, frame.Service, frame["type"], frame["sum"], frame["seq"]));
        Assert.False(string.IsNullOrEmpty(frame["message_id"]) || string.IsNullOrEmpty(frame["trace_id"]) || string.IsNullOrEmpty(frame["timestamp"]));

        await client.SendAsync(frame.Answer("""{"code":200,"headers":null}"""));
        var push = await RecordedAsync(1);
        Assert.Equal(("acknowledged", 200, "ws"), (push.Verdict, push.Status, push.Transport));
        Assert.Contains(push.Headers, h => h.Key == "message_id" && h.Value == frame["message_id"]);
        Assert.Contains(push.Headers, h => h.Key == "← biz_rt" && h.Value == "3");
        await Emulator.AdvanceAsync(TimeSpan.FromHours(8));
        Assert.Equal(0, Emulator.Services.GetRequiredService<EventPusher>().Pending);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(1000)]
    public async Task A_message_in_many_frames_is_the_same_message(int fragments)
    {
        await using var client = await TestClient.ConnectAsync(Emulator);
        var note = string.Concat(Enumerable.Repeat("中文😀", 40));
        var push = PushAsync(new { note }, fragments);
        var frames = new List<TestFrame>();
        do frames.Add(await client.NextAsync());
        while (frames.Count < int.Parse(frames[0]["sum"]!));

        Assert.True(frames.Count == fragments || (fragments == 1000 && frames.All(f => f.Payload.Length == 1)));
        Assert.Equal(Enumerable.Range(0, frames.Count), frames.Select(f => int.Parse(f["seq"]!)));
        Assert.Single(frames.Select(f => f["message_id"]).Distinct());
        Assert.Equal(frames.Count, frames.Select(f => f.SeqId).Distinct().Count());
        Assert.Equal(note, JsonNode.Parse(frames.SelectMany(f => f.Payload).ToArray())!["event"]!["note"]!.GetValue<string>());

        await client.SendAsync(frames[^1].Answer($$"""{"code":200,"data":"{{Convert.ToBase64String("""{"ok":"好"}"""u8)}}"}"""));
        var answer = await push;
        Assert.Equal((200, """{"ok":"好"}"""), (answer["status"]!.GetValue<int>(), answer["body"]!.GetValue<string>()));
        Assert.Equal(200, answer["ack"]!["code"]!.GetValue<int>());
    }

    [Fact]
    public async Task A_large_payload_is_cut_without_being_asked_to()
    {
        await using var client = await TestClient.ConnectAsync(Emulator);
        await ConnectionsAsync(new { @do = "configure", fragment_bytes = 1000 });
        var push = PushAsync(new { note = new string('x', 5000) });
        var (received, last) = await client.EventAsync();
        Assert.Equal(5000, received["event"]!["note"]!.GetValue<string>().Length);
        Assert.Equal("6", last["sum"]);
        await client.SendAsync(last.Answer("""{"code":200}"""));
        Assert.Equal(200, (await push)["status"]!.GetValue<int>());
    }

    [Fact]
    public async Task Repeated_pushes_go_out_one_after_the_other_under_one_event_id()
    {
        await using var client = await TestClient.ConnectAsync(Emulator);
        var push = PushAsync(new { n = 1 }, repeat: 3);
        var ids = new List<string>();
        for (var i = 0; i < 3; i++) ids.Add((await client.AcceptAsync())["header"]!["event_id"]!.GetValue<string>());
        var answer = await push;
        Assert.Equal(3, answer["results"]!.AsArray().Count);
        Assert.All(ids, id => Assert.Equal(answer["event_id"]!.GetValue<string>(), id));
    }

    [Fact]
    public async Task A_push_without_a_client_says_so_and_impossible_ones_are_refused()
    {
        var answer = await PushAsync(new { });
        Assert.Equal((0, "offline"), (answer["status"]!.GetValue<int>(), answer["error"]!.GetValue<string>()));
        foreach (var type in new[] { "url_verification", "card.action.trigger_v1" })
        {
            Assert.Equal(400, (await Emulator.TryControlAsync(HttpMethod.Post, "push", new { transport = "ws", type })).Status);
        }
    }

    [Fact]
    public async Task Each_push_goes_to_one_connection_and_in_time_to_every_one()
    {
        await using var one = await TestClient.ConnectAsync(Emulator);
        await using var two = await TestClient.ConnectAsync(Emulator);
        await UntilAsync(async () => await OnlineAsync() == 2);
        var counts = new int[2];
        async Task ServeAsync(TestClient client, int index)
        {
            while (await client.ReceiveAsync() is { } frame)
            {
                Interlocked.Increment(ref counts[index]);
                await client.SendAsync(frame.Answer("""{"code":200}"""));
            }
        }

        var serving = Task.WhenAll(ServeAsync(one, 0), ServeAsync(two, 1));
        await PushAsync(new { }, repeat: 60);
        Assert.Equal(60, counts[0] + counts[1]);
        Assert.All(counts, c => Assert.InRange(c, 5, 55));
        await one.CloseAsync();
        await two.CloseAsync();
        await serving;
    }

    [Theory]
    [InlineData("""{"code":500}""", "answered 500, not 200")]
    [InlineData("hello", "broken answer")]
    [InlineData("""{"code":"200"}""", "broken answer")]
    public async Task An_answer_other_than_200_brings_the_event_back(string answer, string verdict)
    {
        await using var client = await TestClient.ConnectAsync(Emulator);
        await UntilAsync(async () => await OnlineAsync() == 1);
        await SayAsync("try");
        var (first, frame) = await client.EventAsync();
        await client.SendAsync(frame.Answer(answer));
        Assert.StartsWith(verdict, (await RecordedAsync(1)).Verdict, StringComparison.Ordinal);
        await Emulator.AdvanceAsync(TimeSpan.FromSeconds(15));
        Assert.Equal(first["header"]!["event_id"]!.GetValue<string>(), (await client.AcceptAsync())["header"]!["event_id"]!.GetValue<string>());
        Assert.Equal("acknowledged", (await RecordedAsync(2)).Verdict);
    }

    [Fact]
    public async Task Silence_for_3_s_brings_the_event_back_four_times_and_a_late_answer_changes_nothing()
    {
        await using var client = await TestClient.ConnectAsync(Emulator);
        await UntilAsync(async () => await OnlineAsync() == 1);
        await SayAsync("try");
        string? eventId = null;
        foreach (var (wait, attempt) in new[] { (15, 1), (300, 2), (3600, 3), (21600, 4), (0, 5) })
        {
            var (received, frame) = await client.EventAsync();
            Assert.Equal(eventId ??= received["header"]!["event_id"]!.GetValue<string>(), received["header"]!["event_id"]!.GetValue<string>());
            Time.Advance(TimeSpan.FromSeconds(3) - TimeSpan.FromMilliseconds(1));
            Assert.Equal(attempt - 1, Emulator.State.Inspector.Pushes().Count);
            Time.Advance(TimeSpan.FromMilliseconds(1));
            Assert.StartsWith("no answer within 3 s", (await RecordedAsync(attempt)).Verdict, StringComparison.Ordinal);
            await client.SendAsync(frame.Answer("""{"code":200}"""));
            await client.PingAsync();
            if (wait > 0) await Emulator.AdvanceAsync(TimeSpan.FromSeconds(wait));
        }

        Assert.EndsWith("given up", Emulator.State.Inspector.Pushes()[0].Verdict, StringComparison.Ordinal);
        Assert.Equal(5, (await ConnectionsAsync())["connections"]![0]!["strays"]!.GetValue<int>());
    }

    [Fact]
    public async Task A_connection_lost_before_the_answer_brings_the_event_back_over_the_next_one()
    {
        var client = await TestClient.ConnectAsync(Emulator);
        await UntilAsync(async () => await OnlineAsync() == 1);
        await SayAsync("try");
        var (first, _) = await client.EventAsync();
        client.Abort();
        Assert.StartsWith("connection lost before the answer", (await RecordedAsync(1)).Verdict, StringComparison.Ordinal);

        // Nobody is there for the first retry; the second finds the client again. What was said meanwhile is not lost either.
        await SayAsync("meanwhile");
        Assert.StartsWith("no client is connected", (await RecordedAsync(2)).Verdict, StringComparison.Ordinal);
        await Emulator.AdvanceAsync(TimeSpan.FromSeconds(15));
        await RecordedAsync(4);
        await using var again = await TestClient.ConnectAsync(Emulator);
        await UntilAsync(async () => await OnlineAsync() == 1);
        await Emulator.AdvanceAsync(TimeSpan.FromMinutes(5));
        var texts = new List<string>();
        for (var i = 0; i < 2; i++) texts.Add((await again.AcceptAsync())["event"]!["message"]!["content"]!.GetValue<string>());
        Assert.Equal(["""{"text":"meanwhile"}""", """{"text":"try"}"""], texts.Order(StringComparer.Ordinal));
        Assert.NotNull(first["header"]);
        await RecordedAsync(6);
    }

    [Fact]
    public async Task A_reset_forgets_what_is_under_way_and_keeps_the_connection()
    {
        await using var client = await TestClient.ConnectAsync(Emulator);
        await UntilAsync(async () => await OnlineAsync() == 1);
        await ConnectionsAsync(new { @do = "freeze", new_too = true });
        await Emulator.ControlAsync(HttpMethod.Post, "reset");
        await SayAsync("after");
        Assert.Contains("after", Encoding.UTF8.GetString((await client.EventAsync()).Last.Payload), StringComparison.Ordinal);
    }
}
