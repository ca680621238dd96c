using System.Text;
using Larkspur.Gateway.Conversations;
using Larkspur.Gateway.People.Identities;
using Larkspur.Gateway.Platforms.WeCom;
using Larkspur.Gateway.Platforms.WeCom.Ingress;
using Larkspur.Gateway.Storage;
using Larkspur.Testing;
using Larkspur.WeCom.AiBots;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Gateway.Tests.WeCom;

/// <summary>What does not go as it should over the bot's long connection.</summary>
public sealed class BotTroubleTests
{
    private static readonly string Long = string.Join("\n\n", Enumerable.Range(1, 160).Select(n => $"第 {n} 段：{new string('长', 80)}。"));

    [Fact]
    public async Task What_does_not_fit_into_a_stream_goes_on_in_a_second_message()
    {
        Assert.True(Encoding.UTF8.GetByteCount(Long) > 20_480);
        await using var fixture = await WeComFixture.StartAsync();
        var assistant = fixture.Assistant;
        assistant.Script = async (_, answer) =>
        {
            answer.Append(Long);
            await assistant.FinishAsync(answer, new AnswerEnd(Long));
        };

        await fixture.SayAsync("写一篇长的");

        var written = await fixture.WaitAsync("aibot", all => all.Count >= 2 && WeComFixture.IsFinished(all[0]) && string.Join("\n\n", all.Select(WeComFixture.TextOf)).Length >= Long.Length, "two messages");
        Assert.Equal(Long, string.Join("\n\n", written.Select(WeComFixture.TextOf)));
        Assert.Equal(["stream", "markdown"], written.Select(m => m["msgtype"]!.GetValue<string>()).Distinct());
        Assert.All(written, m => Assert.True(Encoding.UTF8.GetByteCount(WeComFixture.TextOf(m)) <= 20_480));
    }

    [Fact]
    public async Task When_the_six_minutes_are_over_the_rest_comes_as_a_message()
    {
        await using var emulator = await EmulatorApp.StartAsync(s => s with { WeCom = WeComFixture.Corp });
        await using var fixture = await WeComFixture.StartAsync(emulator: emulator, clock: emulator.State.Clock);
        var assistant = fixture.Assistant;
        var goOn = new TaskCompletionSource();
        assistant.Script = async (_, answer) =>
        {
            answer.Append("前半部分。\n\n");
            await goOn.Task;
            await assistant.FinishAsync(answer, new AnswerEnd("前半部分。\n\n后半部分。"));
        };

        await fixture.SayAsync("慢慢来");
        await fixture.WaitAsync("aibot", all => all.Any(m => WeComFixture.TextOf(m).Contains("前半部分", StringComparison.Ordinal)), "the first half");
        await fixture.Emulator.AdvanceAsync(TimeSpan.FromMinutes(5.8));
        var closed = await fixture.WaitAsync("aibot", all => WeComFixture.IsFinished(all[0]), "the stream closed in time");
        Assert.StartsWith("前半部分。", WeComFixture.TextOf(closed[0]), StringComparison.Ordinal);
        goOn.SetResult();

        var written = await fixture.WaitAsync("aibot", all => all.Count == 2, "the rest");
        Assert.Equal("后半部分。", WeComFixture.TextOf(written[1]));
    }

    [Fact]
    public async Task A_connection_that_is_cut_in_the_middle_loses_nothing()
    {
        await using var emulator = await EmulatorApp.StartAsync(s => s with { WeCom = WeComFixture.Corp });
        await using var route = new FaultyRoute(emulator.BaseUrl.Port);
        await using var fixture = await WeComFixture.StartAsync(emulator: emulator, platform: new Uri($"http://127.0.0.1:{route.Port}"));
        var assistant = fixture.Assistant;
        var goOn = new TaskCompletionSource();
        assistant.Script = async (_, answer) =>
        {
            answer.Append("一半");
            await goOn.Task;
            answer.Append("，又一半");
            await assistant.FinishAsync(answer, new AnswerEnd("一半，又一半"));
        };

        await fixture.SayAsync("会断线吗");
        await fixture.WaitAsync("aibot", all => all.Any(m => WeComFixture.TextOf(m).Contains("一半", StringComparison.Ordinal)), "the first half");
        route.Cut();
        goOn.SetResult();
        route.Join();

        var written = await fixture.WaitAsync("aibot", all => all.Any(m => WeComFixture.TextOf(m) == "一半，又一半" && (m["stream"] is null || WeComFixture.IsFinished(m))), "the whole answer");
        Assert.Single(written);
    }

    [Fact]
    public async Task A_lost_acknowledgement_of_the_end_is_no_second_answer()
    {
        await using var fixture = await WeComFixture.StartAsync();
        var assistant = fixture.Assistant;
        var opened = new TaskCompletionSource();
        var goOn = new TaskCompletionSource();
        assistant.Script = async (_, answer) =>
        {
            opened.SetResult();
            await goOn.Task;
            await assistant.FinishAsync(answer, new AnswerEnd("只说一次"));
        };

        await fixture.SayAsync("说一次");
        await opened.Task;
        await fixture.WaitAsync("aibot", all => all.Count == 1, "the first frame");
        await fixture.Emulator.ControlAsync(HttpMethod.Post, "faults", new { path = "/aibot/ws/aibot_respond_msg", reply = "drop", count = 1 });
        goOn.SetResult();

        await fixture.WaitAsync("aibot", all => all.Any(WeComFixture.IsFinished), "the end");
        await fixture.Gateway.CountsAtLeastAsync(1, "larkspur_outbox_sent_total");
        Assert.Equal("只说一次", WeComFixture.TextOf(Assert.Single(await fixture.WrittenAsync())));
    }

    [Theory]
    [InlineData(846608)]
    [InlineData(846605)]
    public async Task An_end_that_was_not_taken_and_is_then_refused_as_too_late_comes_as_a_message(int code)
    {
        await using var emulator = await EmulatorApp.StartAsync(s => s with { WeCom = WeComFixture.Corp });
        await using var fixture = await WeComFixture.StartAsync(emulator: emulator, clock: emulator.State.Clock);
        var goOn = await BeginAsync(fixture);
        // The conversation has had its messages of this minute: nothing was done.
        await FaultAsync(emulator, new { path = Frames, reply = 400, code = 45009, count = 1 });
        await FaultAsync(emulator, new { path = Frames, reply = 400, code, count = 1 });
        goOn.SetResult();
        await fixture.UntilAsync(async () => await fixture.Assistant.Database.ReadAsync(sql => sql.NumberAsync("SELECT COUNT(*) FROM outbox WHERE not_before > created_at + 30000")) == 1, "the pause");
        await emulator.AdvanceAsync(TimeSpan.FromSeconds(75));

        var written = await fixture.WaitAsync("aibot", all => all.Count == 2, "the end in a message");
        Assert.Equal(("markdown", "一半，又一半"), (written[1]["msgtype"]!.GetValue<string>(), WeComFixture.TextOf(written[1])));
        Assert.Equal(1, await HitsAsync(emulator, 1));
    }

    [Fact]
    public async Task An_end_of_which_nobody_knows_whether_it_arrived_comes_as_a_message_when_the_streams_time_is_over()
    {
        await using var emulator = await EmulatorApp.StartAsync(s => s with { WeCom = WeComFixture.Corp });
        await using var fixture = await WeComFixture.StartAsync(emulator: emulator, clock: emulator.State.Clock);
        var goOn = await BeginAsync(fixture);
        // The frame is lost with the connection, and no other is made before the time of the stream is nearly over.
        await FaultAsync(emulator, new { path = Frames, reply = "refuse", count = 1 });
        await FaultAsync(emulator, new { path = "/aibot/ws/aibot_subscribe", reply = "refuse" });
        goOn.SetResult();
        await fixture.UntilAsync(async () => await HitsAsync(emulator, 0) == 1, "the lost end");
        await emulator.AdvanceAsync(TimeSpan.FromMinutes(5.7));
        await FaultAsync(emulator, new { path = Frames, reply = 400, code = 846608 });
        await emulator.ControlAsync(HttpMethod.Delete, "faults/fault-2");
        await emulator.AdvanceAsync(TimeSpan.FromSeconds(5));

        var written = await fixture.WaitAsync("aibot", all => all.Count == 2, "the end in a message");
        Assert.Equal(("markdown", "一半，又一半"), (written[1]["msgtype"]!.GetValue<string>(), WeComFixture.TextOf(written[1])));
    }

    [Fact]
    public async Task What_the_bots_conversation_does_not_take_comes_by_the_application()
    {
        await using var fixture = await WeComFixture.StartAsync();
        var goOn = await BeginAsync(fixture);
        await FaultAsync(fixture.Emulator, new { path = Frames, reply = 400, code = 846605 });
        await FaultAsync(fixture.Emulator, new { path = "/aibot/ws/aibot_send_msg", reply = 400, code = 93006 });
        goOn.SetResult();
        var written = await fixture.WaitAsync("app", all => all.Count == 1, "the end by the application");
        Assert.Equal("一半，又一半", WeComFixture.TextOf(written[0]));
    }

    [Fact]
    public async Task A_gateway_that_dies_in_the_middle_goes_on_in_the_same_message_and_says_what_happened()
    {
        await using var emulator = await EmulatorApp.StartAsync(s => s with { WeCom = WeComFixture.Corp });
        var folder = Directory.CreateTempSubdirectory("larkspur-wecom-").FullName;
        var killed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            UnifiedMessage asked;
            await using (var first = await WeComFixture.StartAsync(emulator: emulator))
            {
                first.Assistant.Script = async (_, answer) =>
                {
                    answer.Append("说到一半");
                    await killed.Task;
                };
                await first.SayAsync("问题");
                await first.WaitAsync("aibot", all => all.Any(m => WeComFixture.TextOf(m) == "说到一半"), "the first frame");
                asked = first.Assistant.Messages.Single();
                // As a process killed at this instant would leave it.
                await first.Gateway.CopyDataToAsync(folder);
            }

            await using var second = await WeComFixture.StartAsync(emulator: emulator, folder: folder);
            await using (var answer = await second.Assistant.OpenAsync(asked))
                await second.Assistant.FinishAsync(answer, new AnswerEnd("说到一半\n\n（回答被中断）") { Ending = AnswerEnding.Interrupted, Buttons = [new("再试一次", new AnswerAction(AnswerActionKind.Again, ScriptedAssistant.TurnOf(asked)))] });

            var written = await second.WaitAsync("aibot", all => all.Count == 2 && WeComFixture.IsFinished(all[0]), "the end and its button");
            Assert.Equal("说到一半\n\n（回答被中断）", WeComFixture.TextOf(written[0]));
            await second.ActAsync(new { platform = "wecom", @as = "alice", @do = "click", message_id = written[1]["message_id"]!.GetValue<string>(), key = new AnswerAction(AnswerActionKind.Again, ScriptedAssistant.TurnOf(asked)).ToString() });
            await second.UntilAsync(() => Task.FromResult(second.Assistant.Actions.Any(d => d.Action.What == AnswerActionKind.Again)), "the click");
        }
        finally
        {
            killed.SetResult();
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task What_a_click_used_up_does_not_come_back_with_the_next_one()
    {
        await using var fixture = await WeComFixture.StartAsync();
        var assistant = fixture.Assistant;
        assistant.Script = (message, answer) => assistant.FinishAsync(answer, new AnswerEnd("答案")
        {
            Buttons = [.. ScriptedAssistant.Buttons(message), new("问题一", AnswerAction.Ask(0, ScriptedAssistant.TurnOf(message))), new("问题二", AnswerAction.Ask(1, ScriptedAssistant.TurnOf(message)))],
        });
        await fixture.SayAsync("还能问什么");
        var shown = (await fixture.WaitAsync("aibot", all => all.Count == 2, "the answer and its buttons"))[1]["message_id"]!.GetValue<string>();
        var turn = ScriptedAssistant.TurnOf(assistant.Messages.Single());

        await ClickAsync(AnswerAction.Ask(0, turn), AnswerActionKind.Again, AnswerActionKind.Ask2);
        await ClickAsync(AnswerAction.Ask(1, turn), AnswerActionKind.Again);

        async Task ClickAsync(AnswerAction action, params AnswerActionKind[] left)
        {
            await fixture.ActAsync(new { platform = "wecom", @as = "alice", @do = "click", message_id = shown, key = action.ToString() });
            var all = await fixture.WaitAsync("aibot", all => all[1]["card"]!["main_title"]!["desc"]?.GetValue<string>() == $"记下了：{action.What}", $"the face after {action.What}");
            Assert.Equal(left.Select(what => new AnswerAction(what, turn).ToString()), all[1]["card"]!["button_list"]!.AsArray().Select(b => b!["key"]!.GetValue<string>()));
        }
    }

    [Fact]
    public async Task Who_comes_into_the_chat_is_welcomed_once()
    {
        await using var fixture = await WeComFixture.StartAsync();
        await fixture.ActAsync(new { platform = "wecom", @as = "carol", @do = "enter", to = "aibot" });
        await fixture.WaitAsync("aibot", all => all.Count == 1, "the welcome");
        await fixture.ActAsync(new { platform = "wecom", @as = "carol", @do = "enter", to = "aibot" });
        await fixture.ActAsync(new { platform = "wecom", @as = "carol", @do = "enter", to = "app" });
        await fixture.WaitAsync("app", all => all.Count == 1, "the application's greeting");
        Assert.Single(await fixture.WrittenAsync());
    }

    /// <summary>The platform sends nothing twice over the connection: what cannot be taken is lost.</summary>
    [Fact]
    public async Task Half_a_character_where_nobody_reads_does_not_lose_the_message()
    {
        await using var fixture = await WeComFixture.StartAsync();
        const string json = """{"msgid":"m-half","aibotid":"b","chattype":"single","req_id":"a sender's","from":{"userid":"alice"},"msgtype":"text","text":{"content":"你好"},"extra":{"note":"\ud83d"}}""";
        var delivery = AiBotDelivery.Restore(Encoding.UTF8.GetBytes(json), DateTimeOffset.UtcNow, "r-half")!;
        await fixture.Gateway.Services.GetRequiredService<BotIntake>().TakeAsync(fixture.Gateway.Services.GetRequiredService<WeComApps>().All.Single(), delivery, TestContext.Current.CancellationToken);

        await fixture.UntilAsync(() => Task.FromResult(!fixture.Assistant.Messages.IsEmpty), "the message");
        var payload = Assert.Single(await fixture.Assistant.Database.ReadAsync(
            sql => sql.QueryAsync("SELECT payload FROM inbox WHERE message_id = 'm-half'", row => Encoding.UTF8.GetString(row.Bytes(0))), TestContext.Current.CancellationToken));
        Assert.Equal(json.Replace("\"req_id\":\"a sender's\",", "", StringComparison.Ordinal)[..^1] + ",\"req_id\":\"r-half\"}", payload);
    }

    private const string Frames = "/aibot/ws/aibot_respond_msg";

    /// <summary>Half of an answer stands in its stream.</summary>
    /// <returns>Lets it end.</returns>
    private static async Task<TaskCompletionSource> BeginAsync(WeComFixture fixture)
    {
        var assistant = fixture.Assistant;
        var goOn = new TaskCompletionSource();
        assistant.Script = async (_, answer) =>
        {
            answer.Append("一半");
            await goOn.Task;
            await assistant.FinishAsync(answer, new AnswerEnd("一半，又一半"));
        };
        await fixture.SayAsync("说吧");
        await fixture.WaitAsync("aibot", all => all.Any(m => WeComFixture.TextOf(m) == "一半"), "the first half");
        return goOn;
    }

    private static Task FaultAsync(EmulatorApp emulator, object fault) => emulator.ControlAsync(HttpMethod.Post, "faults", fault);

    private static async Task<int> HitsAsync(EmulatorApp emulator, int fault) => (await emulator.ControlAsync(HttpMethod.Get, "faults"))["faults"]![fault]!["hits"]!.GetValue<int>();
}
