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
        await using var fixture = await DingTalkFixture.StartAsync();
        await fixture.SayAsync("What is left of the budget?");
        var card = await fixture.AnswerAsync("Approver: Bob");

        Assert.Equal(Budget, DingTalkFixture.TextOf(card));
        Assert.Equal("3", DingTalkFixture.StateOf(card));
        Assert.Equal("STREAM", card["callback_type"]!.GetValue<string>());
        Assert.Contains("2026 年预算.xlsx", card["data"]!["note"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(["helpful", "unhelpful", "again"], Actions(card));
        Assert.Single(await fixture.SaidAsync());
        Assert.Equal(["finished"], await fixture.EndingsAsync());
        Assert.DoesNotContain("sendBySession?", await PayloadsAsync(fixture), StringComparison.Ordinal);
    }

    [Fact]
    public async Task In_a_group_the_card_stands_there_and_the_question_is_what_was_said_to_the_robot()
    {
        await using var fixture = await DingTalkFixture.StartAsync();
        var group = (await fixture.Emulator.ActAsync(new { platform = "dingtalk", @as = "alice", @do = "create_group", name = "Budget", people = new[] { "bob" } }))["chat_id"]!.GetValue<string>();
        await fixture.SayAsync("How much is left?", "bob", group);
        var card = await fixture.AnswerAsync("**How much is left?**");
        Assert.Equal(group, card["places"]![0]!["chat_id"]!.GetValue<string>());
        Assert.Equal("IM_GROUP", card["places"]![0]!["space_type"]!.GetValue<string>());
    }

    [Fact]
    public async Task Without_a_template_the_whole_answer_comes_as_a_message_where_it_was_asked()
    {
        await using var fixture = await DingTalkFixture.StartAsync(("DINGTALK_CARD_TEMPLATE", null));
        await fixture.SayAsync("What is left of the budget?");
        var message = await fixture.MessageAsync(t => t.Contains("Approver: Bob", StringComparison.Ordinal), "the answer");
        Assert.True(message["markdown"]!.GetValue<bool>());
        Assert.StartsWith("Question 1 of this conversation: **What is left of the budget?**.", DingTalkFixture.TextOf(message), StringComparison.Ordinal);
        Assert.Contains("2026 年预算.xlsx", DingTalkFixture.TextOf(message), StringComparison.Ordinal);
        Assert.Single(await fixture.SaidAsync());
        Assert.Empty((await fixture.StateAsync())["cards"]!.AsArray());
        // By the session webhook, which costs none of the month's calls.
        Assert.Equal(0, (await fixture.StateAsync())["month"]!["calls"]!.GetValue<int>());
    }

    [Fact]
    public async Task When_the_session_is_over_the_robot_writes_by_itself()
    {
        await using var fixture = await DingTalkFixture.StartAsync(("DINGTALK_CARD_TEMPLATE", null), ("DIFY_API_KEY", "app-emulator-slow"));
        await fixture.SayAsync("slowly please");
        await fixture.HoldsAsync(async () => (await fixture.RowsAsync("SELECT id FROM assistant_turn WHERE begun_at IS NOT NULL", r => r.GetInt64(0))).Count == 1, "the turn to begin");
        await fixture.Emulator.AdvanceAsync(TimeSpan.FromHours(3));
        var message = await fixture.MessageAsync(t => t.Contains("slowly please", StringComparison.Ordinal), "the answer");
        Assert.NotNull(message["process_query_key"]?.GetValue<string>());
    }

    [Fact]
    public async Task A_message_whose_answer_was_lost_is_not_sent_twice_and_its_reader_is_told()
    {
        await using var fixture = await DingTalkFixture.StartAsync(("DINGTALK_CARD_TEMPLATE", null));
        await fixture.Emulator.ControlAsync(HttpMethod.Post, "faults", new { path = "/robot/sendBySession", method = "POST", reply = "drop", count = 1 });
        await fixture.SayAsync("What is left of the budget?");
        await fixture.MessageAsync(t => t.Contains("something went wrong", StringComparison.Ordinal), "the notification");
        Assert.Single(await fixture.SaidAsync(), m => DingTalkFixture.TextOf(m).Contains("Approver: Bob", StringComparison.Ordinal));
        Assert.Equal(["unsure_past_key_lifetime"], await fixture.RowsAsync("SELECT reason FROM outbox WHERE status = 2", r => r.GetString(0)));
    }

    [Theory]
    [InlineData(60_000)]
    [InlineData(2_000)]
    public async Task A_long_answer_is_whole_whatever_a_card_takes(int bytes)
    {
        await using var fixture = await DingTalkFixture.StartAsync();
        await fixture.Emulator.ActAsync(new { platform = "dingtalk", @do = "configure", streaming_content_bytes = bytes });
        var question = string.Join(' ', Enumerable.Range(1, 900).Select(n => $"第{n}项"));
        await fixture.SayAsync(question);
        var card = await fixture.AnswerAsync("第1项");
        var shown = new StringBuilder(DingTalkFixture.TextOf(card));
        await fixture.HoldsAsync(async () =>
        {
            shown.Clear().Append(DingTalkFixture.TextOf(card));
            foreach (var message in (await fixture.SaidAsync()).Where(m => m["out_track_id"] is null)) shown.Append(DingTalkFixture.TextOf(message));
            return shown.ToString().EndsWith("审批人：Bob", StringComparison.Ordinal);
        }, "the end of the answer");
        Assert.Equal(Bare($"这是本次会话的第 1 个问题：**{question}**。\n\n- 2026 年办公预算还剩 12,000 元\n- 审批人：Bob"), Bare(shown.ToString()));
        Assert.Equal(bytes > 30_000, (await fixture.SaidAsync()).Count == 1);
    }

    [Fact]
    public async Task A_message_that_is_delivered_again_is_answered_once()
    {
        await using var fixture = await DingTalkFixture.StartAsync();
        await fixture.Emulator.ControlAsync(HttpMethod.Post, "faults", new { path = "/v1.0/im/bot/messages/get", reply = "duplicate", count = 1 });
        await fixture.SayAsync("once");
        await fixture.AnswerAsync("Question 1 of this conversation: **once**");
        await fixture.SayAsync("twice");
        await fixture.AnswerAsync("Question 2 of this conversation: **twice**");
        Assert.Equal(2, (await fixture.StateAsync())["cards"]!.AsArray().Count);
        Assert.Equal(["finished", "finished"], await fixture.EndingsAsync());
    }

    [Fact]
    public async Task A_verdict_is_recorded_and_told_to_whoever_clicked_and_to_nobody_else()
    {
        await using var fixture = await DingTalkFixture.StartAsync();
        await fixture.SayAsync("What is left of the budget?");
        var id = DingTalkFixture.IdOf(await fixture.AnswerAsync("Approver: Bob"));

        var clicked = await fixture.ClickAsync(id, "helpful");
        Assert.True(clicked["ok"]!.GetValue<bool>(), clicked.ToJsonString());
        Assert.True(clicked["card_changed"]!.GetValue<bool>(), clicked.ToJsonString());
        Assert.Equal([1L], await fixture.RowsAsync("SELECT verdict FROM assistant_turn", r => r.GetInt64(0)));
        var card = await fixture.CardAsync(c => c["private_data"]?["alice"]?["told"] is not null, "words for who clicked");
        Assert.NotEqual("", card["private_data"]!["alice"]!["told"]!.GetValue<string>());
        Assert.Equal("", card["data"]!["told"]!.GetValue<string>());
    }

    [Fact]
    public async Task Asked_again_it_answers_in_a_new_card()
    {
        await using var fixture = await DingTalkFixture.StartAsync();
        await fixture.SayAsync("once");
        var first = DingTalkFixture.IdOf(await fixture.AnswerAsync("Question 1 of this conversation: **once**"));
        await fixture.ClickAsync(first, "again");
        Assert.NotEqual(first, DingTalkFixture.IdOf(await fixture.AnswerAsync("Question 2 of this conversation: **once**")));
    }

    [Fact]
    public async Task A_stream_that_is_cut_in_the_middle_of_an_answer_costs_nothing_of_it()
    {
        await using var fixture = await DingTalkFixture.StartAsync(("DIFY_API_KEY", "app-emulator-slow"));
        await fixture.SayAsync("slowly please");
        await fixture.HoldsAsync(async () => (await fixture.RowsAsync("SELECT id FROM assistant_turn WHERE begun_at IS NOT NULL", r => r.GetInt64(0))).Count == 1, "the turn to begin");
        await fixture.Emulator.ActAsync(new { platform = "dingtalk", @do = "disconnect", abrupt = true });
        await fixture.Emulator.AdvanceAsync(TimeSpan.FromMinutes(5));
        await fixture.AnswerAsync("**slowly please**");
        await fixture.ConnectedAsync();
        await fixture.SayAsync("/help");
        await fixture.MessageAsync(t => t.Contains("/new", StringComparison.Ordinal), "the commands");
    }

    [Fact]
    public async Task A_commands_latin_name_says_nothing_of_its_writers_language()
    {
        await using var fixture = await DingTalkFixture.StartAsync();
        await fixture.SayAsync("/help");
        await fixture.MessageAsync(t => t.Contains("直接提问", StringComparison.Ordinal), "the commands in Chinese");
        await fixture.SayAsync("What is left of the budget?");
        await fixture.AnswerAsync("Approver: Bob");
        await fixture.SayAsync("/help");
        await fixture.MessageAsync(t => t.Contains("Just ask.", StringComparison.Ordinal), "the commands in English");
    }

    [Fact]
    public async Task Where_a_company_has_no_Feishu_nobody_is_told_of_what_is_Feishus()
    {
        await using var fixture = await DingTalkFixture.StartAsync(
            ("FEISHU_APP_ID", null), ("FEISHU_APP_SECRET", null), ("FEISHU_ENCRYPT_KEY", null), ("FEISHU_VERIFICATION_TOKEN", null));
        await fixture.SayAsync("/help");
        var told = await fixture.MessageAsync(t => t.Contains("/new", StringComparison.Ordinal), "the commands");
        Assert.DoesNotContain("/agenda", told.ToString(), StringComparison.Ordinal);
        // Who calls it all the same is told why it cannot.
        await fixture.SayAsync("/agenda");
        await fixture.MessageAsync(t => t.Contains("需要飞书账号", StringComparison.Ordinal), "why not");
    }

    [Fact]
    public async Task A_gateway_that_ends_in_the_middle_says_so_in_the_same_card_and_the_button_asks_again()
    {
        await using var emulator = await DingTalkFixture.EmulatorAsync();
        var folder = Directory.CreateTempSubdirectory("larkspur-dingtalk-").FullName;
        try
        {
            string id;
            await using (var first = await DingTalkFixture.StartAsync(emulator, folder, ("DIFY_API_KEY", "app-emulator-slow")))
            {
                await first.SayAsync("slowly please");
                await first.CardAsync(c => !c["finalized"]!.GetValue<bool>(), "the card");
                await first.Emulator.AdvanceAsync(TimeSpan.FromSeconds(1));
                id = DingTalkFixture.IdOf(await first.CardAsync(c => DingTalkFixture.TextOf(c).StartsWith("Quest", StringComparison.Ordinal), "the beginning"));
            }

            await using var second = await DingTalkFixture.StartAsync(emulator, folder);
            var card = await second.AnswerAsync("This answer was interrupted");
            Assert.Equal(id, DingTalkFixture.IdOf(card));
            Assert.StartsWith("Quest", DingTalkFixture.TextOf(card), StringComparison.Ordinal);
            Assert.Equal(["again"], Actions(card));

            await second.ClickAsync(id, "again");
            Assert.NotEqual(id, DingTalkFixture.IdOf(await second.AnswerAsync("Approver: Bob")));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string[] Actions(JsonObject card) => [.. card["buttons"]!.AsArray().Select(b => b!["action"]!.GetValue<string>())];

    private static string Bare(string text) => string.Concat(text.Where(c => !char.IsWhiteSpace(c)));

    private static async Task<string> PayloadsAsync(DingTalkFixture fixture) =>
        string.Join('\n', (await fixture.RowsAsync("SELECT payload FROM inbox", r => Encoding.UTF8.GetString((byte[])r.GetValue(0)))).Concat(await fixture.RowsAsync("SELECT content FROM outbox", r => r.GetString(0))));
}
