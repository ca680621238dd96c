using System.Text.Json.Nodes;
using Larkspur.Gateway.Conversations;
using Larkspur.Gateway.People.Identities;
using Larkspur.Testing;

namespace Larkspur.Gateway.Tests.WeCom;

/// <summary>An answer has one pair of thumbs: the platform's below a bot's stream, else ours in the card.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class ThumbTests
{
    private const string Group = "wrLarkspurPurchasing0000000000001";

    [Fact]
    public async Task Below_a_bots_stream_stand_the_platforms_thumbs_and_the_card_asks_for_no_other()
    {
        await using var fixture = await StartAsync(WeComFixture.Both);
        await fixture.SayAsync("@Larkspur 有帮助吗", chat: Group);
        var written = await fixture.WaitAsync("aibot", all => all.Count == 2, "the answer and its buttons");
        var asked = fixture.Assistant.Messages.Single();
        var turn = ScriptedAssistant.TurnOf(asked);
        Assert.Equal(("有帮助吗", true, Group), (asked.Text, asked.IsGroup, asked.ChatId));
        Assert.Equal(turn, FeedbackOf(written[0]));
        Assert.Equal([AnswerActionKind.Again], ButtonsOf(written[1]));
        Assert.Equal("接下来可以", written[1]["card"]!["main_title"]!["title"]!.GetValue<string>());

        await fixture.ActAsync(new { platform = "wecom", @as = "alice", @do = "feedback", message_id = written[0]["message_id"]!.GetValue<string>(), rating = "bad" });
        await fixture.UntilAsync(() => Task.FromResult(fixture.Assistant.Actions.Any(d => d.Action == new AnswerAction(AnswerActionKind.Unhelpful, turn))), "the thumb");
    }

    /// <summary>What the stream never showed, in a message: nobody else asks there whether it helped.</summary>
    [Fact]
    public async Task An_answer_that_no_stream_took_is_judged_in_the_card()
    {
        await using var fixture = await StartAsync(WeComFixture.Both);
        await fixture.Emulator.ControlAsync(HttpMethod.Post, "faults", new { path = "/aibot/ws/aibot_respond_msg", reply = 400, code = 846605 });
        await fixture.SayAsync("有帮助吗");
        var written = await fixture.WaitAsync("aibot", all => all.Count == 2, "the answer in a message, and its buttons");
        Assert.Equal("markdown", written[0]["msgtype"]!.GetValue<string>());
        Assert.Equal([AnswerActionKind.Helpful, AnswerActionKind.Unhelpful, AnswerActionKind.Again], ButtonsOf(written[1]));
    }

    /// <summary>The first frame has the thumbs; where none was acknowledged, the end is the first.</summary>
    [Fact]
    public async Task An_end_that_is_the_streams_first_frame_has_the_thumbs()
    {
        await using var fixture = await StartAsync(WeComFixture.Both);
        var goOn = new TaskCompletionSource();
        fixture.Assistant.Script = async (message, answer) =>
        {
            await goOn.Task;
            await fixture.Assistant.FinishAsync(answer, new AnswerEnd("答案") { Buttons = ScriptedAssistant.Buttons(message) });
        };
        // The conversation has had its messages of this minute: the frame waits for the next one, and the end does not.
        await fixture.Emulator.ControlAsync(HttpMethod.Post, "faults", new { path = "/aibot/ws/aibot_respond_msg", reply = 400, code = 45009, count = 1 });
        await fixture.SayAsync("有帮助吗");
        await fixture.UntilAsync(async () => (await fixture.Emulator.ControlAsync(HttpMethod.Get, "faults"))["faults"]![0]!["hits"]!.GetValue<int>() == 1, "the frame that was refused");
        goOn.SetResult();

        var written = await fixture.WaitAsync("aibot", all => all.Count == 2, "the answer and its buttons");
        Assert.Equal(ScriptedAssistant.TurnOf(fixture.Assistant.Messages.Single()), FeedbackOf(written[0]));
        Assert.Equal([AnswerActionKind.Again], ButtonsOf(written[1]));
    }

    [Fact]
    public async Task By_callback_the_card_with_the_end_asks_for_no_verdict()
    {
        await using var fixture = await StartAsync(WeComFixture.Polled);
        await fixture.SayAsync("有帮助吗");
        var written = await fixture.WaitAsync("aibot", all => all.Count == 2 && all.Any(WeComFixture.IsFinished), "the end with its card");
        Assert.NotNull(FeedbackOf(written.Single(WeComFixture.IsFinished)));
        Assert.Equal([AnswerActionKind.Again], ButtonsOf(written.Single(m => m["card"] is not null)));
    }

    [Fact]
    public async Task An_applications_answer_is_judged_in_its_card()
    {
        await using var fixture = await StartAsync(WeComFixture.Application);
        await fixture.SayAsync("有帮助吗", to: "app");
        var written = await fixture.WaitAsync("app", all => all.Count == 2, "the answer and its buttons");
        var turn = ScriptedAssistant.TurnOf(fixture.Assistant.Messages.Single());
        Assert.Equal([AnswerActionKind.Helpful, AnswerActionKind.Unhelpful, AnswerActionKind.Again], ButtonsOf(written[1]));
        Assert.Equal("这个回答有帮助吗？", written[1]["card"]!["main_title"]!["title"]!.GetValue<string>());

        await fixture.ActAsync(new { platform = "wecom", @as = "alice", @do = "click", message_id = written[1]["message_id"]!.GetValue<string>(), key = new AnswerAction(AnswerActionKind.Helpful, turn).ToString() });
        written = await fixture.WaitAsync("app", all => all[1]["card"]!["main_title"]!["desc"] is not null, "the card's new face");
        Assert.Contains(fixture.Assistant.Actions, d =>
            d.Action == new AnswerAction(AnswerActionKind.Helpful, turn) && d.By.Ids[0] == new PlatformIdentity("wecom", WeComFixture.Corp.CorpId, "userid", "alice"));
        // What was judged can still be asked again.
        Assert.Equal([AnswerActionKind.Again], ButtonsOf(written[1]));
        Assert.Equal("记下了：Helpful", written[1]["card"]!["main_title"]!["desc"]!.GetValue<string>());
    }

    private static async Task<WeComFixture> StartAsync(Func<Uri, Dictionary<string, string?>> settings)
    {
        var fixture = await WeComFixture.StartAsync(settings);
        fixture.Assistant.Script = (message, answer) => fixture.Assistant.FinishAsync(answer, new AnswerEnd("答案") { Buttons = ScriptedAssistant.Buttons(message) });
        return fixture;
    }

    private static string? FeedbackOf(JsonNode message) => message["feedback_id"]?.GetValue<string>();

    private static AnswerActionKind[] ButtonsOf(JsonNode message) =>
        [.. message["card"]!["button_list"]!.AsArray().Select(b => AnswerAction.TryParse(b!["key"]!.GetValue<string>(), out var action) ? action.What : throw new InvalidOperationException(b.ToJsonString()))];
}
