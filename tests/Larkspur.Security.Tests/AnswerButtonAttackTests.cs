using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Tests;
using Larkspur.Gateway.Tests.Api;
using Larkspur.Gateway.Tests.Assistant;
using Larkspur.Gateway.Tests.DingTalk;
using Larkspur.Gateway.Tests.WeCom;
using Larkspur.Gateway.Tests.WebChat;
using Larkspur.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Security.Tests;

/// <summary>The buttons of the assistant's answers under other words, on other cards, on other platforms: only the answer's own card counts.</summary>
public sealed class AnswerButtonAttackTests
{
    private const string Verdicts = "SELECT COALESCE(verdict, -1) FROM assistant_turn ORDER BY id";

    [Fact]
    public async Task A_feishu_button_counts_on_the_answers_own_message_alone()
    {
        await using var fixture = await AssistantFixture.StartAsync();
        await fixture.SayAsync("What is left of the budget?");
        var answer = await fixture.AnswerAsync("Approver: Bob");
        var turn = (await fixture.RowsAsync("SELECT turn FROM assistant_turn", r => r.GetString(0))).Single();
        var sender = (await fixture.RowsAsync("SELECT sender FROM assistant_turn", r => r.GetString(0))).Single();
        var openId = Regex.Match(sender, "ou_[A-Za-z0-9]+").Value;

        // The same person's click on another message: with the action as it stands behind a button, and in the words of a card that was said.
        var push = new FeishuPush();
        object[] values = [new { kind = "assistant", action = $"asst:unhelpful:{turn}" }, new { kind = "assistant", card = turn, action = "unhelpful" }];
        foreach (var value in values)
        {
            var id = FeishuPush.NewId("ev_");
            var click = FeishuPush.Click(JsonSerializer.SerializeToElement(value), "om_of_the_canteen", openId);
            await push.SendAsync(fixture.Gateway, "card.action.trigger", click, id);
            Assert.Equal("other_message", (await fixture.Gateway.OutcomeAsync(id)).GetProperty("reason").GetString());
        }

        Assert.Equal([-1L], await VerdictsAsync(fixture));
        var clicked = await fixture.ClickAsync(answer.MessageId, "👍 Helpful");
        Assert.Equal("success", clicked["toast"]!["type"]!.GetValue<string>());
        Assert.Equal([1L], await VerdictsAsync(fixture));
    }

    [Fact]
    public async Task A_system_cannot_send_the_assistants_buttons()
    {
        await using var fixture = await AssistantFixture.StartAsync();
        await fixture.SayAsync("What is left of the budget?");
        await fixture.AnswerAsync("Approver: Bob");
        var turn = (await fixture.RowsAsync("SELECT turn FROM assistant_turn", r => r.GetString(0))).Single();
        var (canteen, _) = await fixture.Gateway.MakeKeyAsync("canteen", ["messages:write"]);
        object[] values =
        [
            new { kind = "assistant", action = $"asst:again:{turn}" }, new { kind = "assistant", card = turn, action = "again" }, new { action = $"asst:again:{turn}" },
        ];
        foreach (var value in values)
        {
            var card = new JsonObject
            {
                ["schema"] = "2.0",
                ["body"] = new JsonObject
                {
                    ["elements"] = new JsonArray(new JsonObject
                    {
                        ["tag"] = "button", ["text"] = new JsonObject { ["tag"] = "plain_text", ["content"] = "Soup" },
                        ["behaviors"] = new JsonArray(new JsonObject { ["type"] = "callback", ["value"] = JsonSerializer.SerializeToNode(value) }),
                    }),
                },
            };
            var answer = await fixture.Gateway.CallAsync(canteen, HttpMethod.Post, "/messages", new { to = new { user_id = "alice" }, card });
            Assert.Equal((422, "reserved_value"), (answer.Status, answer.Error));
        }
    }

    [Fact]
    public async Task A_dingtalk_button_counts_on_the_answers_own_card_alone()
    {
        await using var fixture = await DingTalkFixture.StartAsync();
        await fixture.SayAsync("one");
        await fixture.AnswerAsync("Question 1 of this conversation: **one**");
        await fixture.SayAsync("two");
        var second = await fixture.AnswerAsync("Question 2 of this conversation: **two**");
        var first = (await fixture.RowsAsync("SELECT turn FROM assistant_turn ORDER BY id", r => r.GetString(0)))[0];

        // A button on the second answer's card that names the first: as the action's id, and as a parameter.
        await fixture.ClickAsync(DingTalkFixture.IdOf(second), $"asst:unhelpful:{first}");
        await fixture.Emulator.ActAsync(new
        {
            platform = "dingtalk", @as = "alice", @do = "click", card = DingTalkFixture.IdOf(second), action = "x", @params = new { action = $"asst:unhelpful:{first}" },
        });
        const string Clicks = "SELECT COUNT(*) FROM inbox WHERE kind = 1 AND status = 1";
        await fixture.HoldsAsync(async () => (await fixture.RowsAsync(Clicks, r => r.GetInt64(0)))[0] == 2, "both clicks");
        Assert.Equal([-1L, -1L], await fixture.RowsAsync(Verdicts, r => r.GetInt64(0)));

        await fixture.ClickAsync(DingTalkFixture.IdOf(second), "helpful");
        await fixture.HoldsAsync(async () => (await fixture.RowsAsync(Verdicts, r => r.GetInt64(0))) is [-1, 1], "the verdict");
    }

    [Fact]
    public async Task A_wecom_button_counts_on_the_answers_own_card_alone()
    {
        await using var fixture = await WeComFixture.StartAsync(WeComFixture.WithDify, scripted: false);
        await fixture.SayAsync("once", to: "app");
        var written = await fixture.WaitAsync("app", all => all.Any(m => m["card"] is not null), "the answer");
        var card = written.Last(m => m["card"] is not null);
        var key = card["card"]!["button_list"]!.AsArray().Select(b => b!["key"]!.GetValue<string>())
            .First(k => k.StartsWith("asst:unhelpful:", StringComparison.Ordinal));

        // The platform tells of a click on a card of somebody else's making, whose button has this key.
        var pushed = await fixture.Emulator.ControlAsync(HttpMethod.Post, "push", new
        {
            platform = "wecom", callback_url = new Uri(fixture.Gateway.Address, "/webhook/wecom").ToString(), type = "template_card_event",
            @event = new Dictionary<string, string>
            {
                ["FromUserName"] = "alice", ["EventKey"] = key, ["TaskId"] = "lunch-on-friday", ["CardType"] = "button_interaction", ["ResponseCode"] = "rc-1",
            },
        });
        Assert.Equal(200, pushed["status"]!.GetValue<int>());
        await fixture.UntilAsync(async () => (await ReasonsAsync(fixture)).Contains("other_card"), "the refusal of the other card's click");
        Assert.Equal([-1L], await RowsAsync(fixture));

        var honest = key.Replace("unhelpful", "helpful", StringComparison.Ordinal);
        var shown = card["message_id"]!.GetValue<string>();
        await fixture.ActAsync(new { platform = "wecom", @as = "alice", @do = "click", to = "app", message_id = shown, key = honest });
        await fixture.UntilAsync(async () => (await RowsAsync(fixture)) is [1], "the verdict");
    }

    [Fact]
    public async Task A_web_chat_of_the_same_person_has_no_buttons_of_an_answer_in_feishu()
    {
        await using var fixture = await AssistantFixture.StartAsync();
        await fixture.SayAsync("What is left of the budget?");
        await fixture.AnswerAsync("Approver: Bob");
        var (turn, person) = (await fixture.RowsAsync("SELECT turn, person FROM assistant_turn", r => (r.GetString(0), r.GetString(1)))).Single();
        var session = await fixture.Gateway.CallAsync(GatewayApp.ApiKey, HttpMethod.Post, "/web-chat/sessions", new { person });
        Assert.True(session.Status == 201, session.ToString());
        using var web = new WebReader(fixture.Gateway.Address, session.Text("token")!);

        // The click that Alice makes in Feishu brings the answer there again; one from a page does nothing.
        var (status, done) = await web.DoAsync($"asst:again:{turn}");
        Assert.Equal((200, "warning"), (status, done!["toast"]!["kind"]!.GetValue<string>()));
        Assert.Single(await fixture.RowsAsync("SELECT id FROM assistant_turn", r => r.GetInt64(0)));
    }

    private static Task<List<long>> VerdictsAsync(AssistantFixture fixture) => fixture.RowsAsync(Verdicts, r => r.GetInt64(0));

    private static Task<List<long>> RowsAsync(WeComFixture fixture) =>
        fixture.Gateway.Services.GetRequiredService<IDatabase>().ReadAsync(s => s.QueryAsync(Verdicts, r => r.GetInt64(0)));

    private static Task<List<string>> ReasonsAsync(WeComFixture fixture) =>
        fixture.Gateway.Services.GetRequiredService<IDatabase>()
            .ReadAsync(s => s.QueryAsync("SELECT COALESCE(reason, outcome, '') FROM inbox WHERE status = 1", r => r.GetString(0)));
}
