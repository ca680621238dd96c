using System.Text;
using System.Text.Json.Nodes;
using Larkspur.Testing;

namespace Larkspur.Gateway.Tests.DingTalk;

/// <summary>Questions on DingTalk, over Stream mode, answered by the emulated Dify.</summary>
public sealed class DingTalkAnswerTests
{
    private static readonly string Budget = "Question 1 of this conversation: **What is left of the budget?**.\n\n- 12,000 CNY of the office budget of 2026 are left\n- Approver: Bob";

    [Fact]
    public async Task An_answer_grows_in_a_card_and_its_end_is_exact()
    {
        await using var stage = await DingTalkStage.StartAsync();
        await stage.SayAsync("What is left of the budget?");
        var card = await stage.AnswerAsync("Approver: Bob");

        Assert.Equal(Budget, DingTalkStage.TextOf(card));
        Assert.Equal("3", DingTalkStage.StateOf(card));
        Assert.Equal("STREAM", card["callback_type"]!.GetValue<string>());
        Assert.Contains("2026 年预算.xlsx", card["data"]!["note"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(["helpful", "unhelpful", "again"], Actions(card));
        Assert.Single(await stage.SaidAsync());
        Assert.Equal(["finished"], await stage.EndingsAsync());
        Assert.DoesNotContain("sendBySession?", await PayloadsAsync(stage), StringComparison.Ordinal);
    }

    [Fact]
    public async Task In_a_group_the_card_stands_there_and_the_question_is_what_was_said_to_the_robot()
    {
        await using var stage = await DingTalkStage.StartAsync();
        var group = (await stage.Emulator.ActAsync(new { platform = "dingtalk", @as = "alice", @do = "create_group", name = "Budget", people = new[] { "bob" } }))["chat_id"]!.GetValue<string>();
        await stage.SayAsync("How much is left?", "bob", group);
        var card = await stage.AnswerAsync("**How much is left?**");
        Assert.Equal(group, card["places"]![0]!["chat_id"]!.GetValue<string>());
        Assert.Equal("IM_GROUP", card["places"]![0]!["space_type"]!.GetValue<string>());
    }

    [Fact]
    public async Task Without_a_template_the_whole_answer_comes_as_a_message_where_it_was_asked()
    {
        await using var stage = await DingTalkStage.StartAsync(("DINGTALK_CARD_TEMPLATE", null));
        await stage.SayAsync("What is left of the budget?");
        var message = await stage.MessageAsync(t => t.Contains("Approver: Bob", StringComparison.Ordinal), "the answer");
        Assert.True(message["markdown"]!.GetValue<bool>());
        Assert.StartsWith("Question 1 of this conversation: **What is left of the budget?**.", DingTalkStage.TextOf(message), StringComparison.Ordinal);
        Assert.Contains("2026 年预算.xlsx", DingTalkStage.TextOf(message), StringComparison.Ordinal);
        Assert.Single(await stage.SaidAsync());
        Assert.Empty((await stage.StateAsync())["cards"]!.AsArray());
        // By the session webhook, which costs none of the month's calls.
        Assert.Equal(0, (await stage.StateAsync())["month"]!["calls"]!.GetValue<int>());
    }

    [Fact]
    public async Task When_the_session_is_over_the_robot_writes_by_itself()
    {
        await using var stage = await DingTalkStage.StartAsync(("DINGTALK_CARD_TEMPLATE", null), ("DIFY_API_KEY", "app-emulator-slow"));
        await stage.SayAsync("slowly please");
        await stage.HoldsAsync(async () => (await stage.RowsAsync("SELECT id FROM assistant_turn WHERE begun_at IS NOT NULL", r => r.GetInt64(0))).Count == 1, "the turn to begin");
        await stage.Emulator.AdvanceAsync(TimeSpan.FromHours(3));
        var message = await stage.MessageAsync(t => t.Contains("slowly please", StringComparison.Ordinal), "the answer");
        Assert.NotNull(message["process_query_key"]?.GetValue<string>());
    }

    [Fact]
    public async Task A_message_whose_answer_was_lost_is_not_sent_twice_and_its_reader_is_told()
    {
        await using var stage = await DingTalkStage.StartAsync(("DINGTALK_CARD_TEMPLATE", null));
        await stage.Emulator.ControlAsync(HttpMethod.Post, "faults", new { path = "/robot/sendBySession", method = "POST", reply = "drop", count = 1 });
        await stage.SayAsync("What is left of the budget?");
        await stage.MessageAsync(t => t.Contains("something went wrong", StringComparison.Ordinal), "the notice");
        Assert.Single(await stage.SaidAsync(), m => DingTalkStage.TextOf(m).Contains("Approver: Bob", StringComparison.Ordinal));
        Assert.Equal(["unsure_past_key_lifetime"], await stage.RowsAsync("SELECT reason FROM outbox WHERE status = 2", r => r.GetString(0)));
    }

    [Theory]
    [InlineData(60_000)]
    [InlineData(2_000)]
    public async Task A_long_answer_is_whole_whatever_a_card_takes(int bytes)
    {
        await using var stage = await DingTalkStage.StartAsync();
        await stage.Emulator.ActAsync(new { platform = "dingtalk", @do = "configure", streaming_content_bytes = bytes });
        var question = string.Join(' ', Enumerable.Range(1, 900).Select(n => $"第{n}项"));
        await stage.SayAsync(question);
        var card = await stage.AnswerAsync("第1项");
        var shown = new StringBuilder(DingTalkStage.TextOf(card));
        await stage.HoldsAsync(async () =>
        {
            shown.Clear().Append(DingTalkStage.TextOf(card));
            foreach (var message in (await stage.SaidAsync()).Where(m => m["out_track_id"] is null)) shown.Append(DingTalkStage.TextOf(message));
            return shown.ToString().EndsWith("审批人：Bob", StringComparison.Ordinal);
        }, "the end of the answer");
        Assert.Equal(Bare($"这是本次会话的第 1 个问题：**{question}**。\n\n- 2026 年办公预算还剩 12,000 元\n- 审批人：Bob"), Bare(shown.ToString()));
        Assert.Equal(bytes > 30_000, (await stage.SaidAsync()).Count == 1);
    }

    [Fact]
    public async Task A_message_that_is_delivered_again_is_answered_once()
    {
        await using var stage = await DingTalkStage.StartAsync();
        await stage.Emulator.ControlAsync(HttpMethod.Post, "faults", new { path = "/v1.0/im/bot/messages/get", reply = "duplicate", count = 1 });
        await stage.SayAsync("once");
        await stage.AnswerAsync("Question 1 of this conversation: **once**");
        await stage.SayAsync("twice");
        await stage.AnswerAsync("Question 2 of this conversation: **twice**");
        Assert.Equal(2, (await stage.StateAsync())["cards"]!.AsArray().Count);
        Assert.Equal(["finished", "finished"], await stage.EndingsAsync());
    }

    [Fact]
    public async Task A_verdict_is_recorded_and_told_to_whoever_clicked_and_to_nobody_else()
    {
        await using var stage = await DingTalkStage.StartAsync();
        await stage.SayAsync("What is left of the budget?");
        var id = DingTalkStage.IdOf(await stage.AnswerAsync("Approver: Bob"));

        var clicked = await stage.ClickAsync(id, "helpful");
        Assert.True(clicked["ok"]!.GetValue<bool>(), clicked.ToJsonString());
        Assert.True(clicked["card_changed"]!.GetValue<bool>(), clicked.ToJsonString());
        Assert.Equal([1L], await stage.RowsAsync("SELECT verdict FROM assistant_turn", r => r.GetInt64(0)));
        var card = await stage.CardAsync(c => c["private_data"]?["alice"]?["told"] is not null, "words for who clicked");
        Assert.NotEqual("", card["private_data"]!["alice"]!["told"]!.GetValue<string>());
        Assert.Equal("", card["data"]!["told"]!.GetValue<string>());
    }

    [Fact]
    public async Task Asked_again_it_answers_in_a_new_card()
    {
        await using var stage = await DingTalkStage.StartAsync();
        await stage.SayAsync("once");
        var first = DingTalkStage.IdOf(await stage.AnswerAsync("Question 1 of this conversation: **once**"));
        await stage.ClickAsync(first, "again");
        Assert.NotEqual(first, DingTalkStage.IdOf(await stage.AnswerAsync("Question 2 of this conversation: **once**")));
    }

    [Fact]
    public async Task A_stream_that_is_cut_in_the_middle_of_an_answer_costs_nothing_of_it()
    {
        await using var stage = await DingTalkStage.StartAsync(("DIFY_API_KEY", "app-emulator-slow"));
        await stage.SayAsync("slowly please");
        await stage.HoldsAsync(async () => (await stage.RowsAsync("SELECT id FROM assistant_turn WHERE begun_at IS NOT NULL", r => r.GetInt64(0))).Count == 1, "the turn to begin");
        await stage.Emulator.ActAsync(new { platform = "dingtalk", @do = "disconnect", abrupt = true });
        await stage.Emulator.AdvanceAsync(TimeSpan.FromMinutes(5));
        await stage.AnswerAsync("**slowly please**");
        await stage.ConnectedAsync();
        await stage.SayAsync("/help");
        await stage.MessageAsync(t => t.Contains("/new", StringComparison.Ordinal), "the commands");
    }

    [Fact]
    public async Task A_commands_latin_name_says_nothing_of_its_writers_language()
    {
        await using var stage = await DingTalkStage.StartAsync();
        await stage.SayAsync("/help");
        await stage.MessageAsync(t => t.Contains("直接提问", StringComparison.Ordinal), "the commands in Chinese");
        await stage.SayAsync("What is left of the budget?");
        await stage.AnswerAsync("Approver: Bob");
        await stage.SayAsync("/help");
        await stage.MessageAsync(t => t.Contains("Just ask.", StringComparison.Ordinal), "the commands in English");
    }

    [Fact]
    public async Task A_gateway_that_ends_in_the_middle_says_so_in_the_same_card_and_the_button_asks_again()
    {
        await using var emulator = await DingTalkStage.EmulatorAsync();
        var folder = Directory.CreateTempSubdirectory("larkspur-dingtalk-").FullName;
        try
        {
            string id;
            await using (var first = await DingTalkStage.StartAsync(emulator, folder, ("DIFY_API_KEY", "app-emulator-slow")))
            {
                await first.SayAsync("slowly please");
                await first.CardAsync(c => !c["finalized"]!.GetValue<bool>(), "the card");
                await first.Emulator.AdvanceAsync(TimeSpan.FromSeconds(1));
                id = DingTalkStage.IdOf(await first.CardAsync(c => DingTalkStage.TextOf(c).StartsWith("Quest", StringComparison.Ordinal), "the beginning"));
            }

            await using var second = await DingTalkStage.StartAsync(emulator, folder);
            var card = await second.AnswerAsync("This answer was interrupted");
            Assert.Equal(id, DingTalkStage.IdOf(card));
            Assert.StartsWith("Quest", DingTalkStage.TextOf(card), StringComparison.Ordinal);
            Assert.Equal(["again"], Actions(card));

            await second.ClickAsync(id, "again");
            Assert.NotEqual(id, DingTalkStage.IdOf(await second.AnswerAsync("Approver: Bob")));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string[] Actions(JsonObject card) => [.. card["buttons"]!.AsArray().Select(b => b!["action"]!.GetValue<string>())];

    private static string Bare(string text) => string.Concat(text.Where(c => !char.IsWhiteSpace(c)));

    private static async Task<string> PayloadsAsync(DingTalkStage stage) =>
        string.Join('\n', (await stage.RowsAsync("SELECT payload FROM inbox", r => Encoding.UTF8.GetString((byte[])r.GetValue(0)))).Concat(await stage.RowsAsync("SELECT content FROM outbox", r => r.GetString(0))));
}
