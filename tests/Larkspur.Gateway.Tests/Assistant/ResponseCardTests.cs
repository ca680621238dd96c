using System.Text.Json;
using Larkspur.Gateway.Conversations;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Tests.DingTalk;
using Larkspur.Gateway.Tests.WeCom;
using Larkspur.Gateway.Tests.WebChat;
using Larkspur.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Gateway.Tests.Assistant;

/// <summary>One response as each platform's own form, by its card compiler; its buttons do what an answer's do.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class ResponseCardTests
{
    [Fact]
    public async Task Feishu_has_a_card_with_head_text_buttons_and_small_print()
    {
        await using var fixture = await AssistantFixture.StartAsync();
        await fixture.SayAsync("once");
        await fixture.AnswerAsync("Question 1 of this conversation");
        await SayAsync(fixture.Gateway, "feishu");
        var card = await fixture.UntilAsync(m => m.Card?.Json.Contains("Reminder", StringComparison.Ordinal) == true);
        using var json = JsonDocument.Parse(card.Card!.Json);
        Assert.Equal("Reminder", json.RootElement.GetProperty("header").GetProperty("title").GetProperty("content").GetString());
        Assert.Contains("**Two** things &#60;at id=all>", card.Card.Json, StringComparison.Ordinal);
        Assert.Contains("small print", card.Card.Json, StringComparison.Ordinal);
        var clicked = await fixture.ClickAsync(card.MessageId, "Once more");
        Assert.Equal("success", clicked["toast"]!["type"]!.GetValue<string>());
        await fixture.AnswerAsync("Question 2 of this conversation: **once**");
        // Somebody else's click is nobody's.
        Assert.NotEqual("success", (await fixture.ClickAsync(card.MessageId, "Once more", "bob"))["toast"]?["type"]?.GetValue<string>());
    }

    [Fact]
    public async Task WeCom_has_Markdown_and_a_button_card()
    {
        await using var fixture = await WeComFixture.StartAsync(WeComFixture.WithDify, scripted: false);
        await fixture.SayAsync("once", to: "app");
        await fixture.WaitAsync("app", all => all.Any(m => m["card"] is not null), "the answer");
        await SayAsync(fixture.Gateway, "wecom");
        var said = await fixture.WaitAsync("app", all => all.Any(m => m["card"]?["main_title"]?["title"]?.GetValue<string>() == "Reminder"), "the card");
        Assert.Contains(said, m => WeComFixture.TextOf(m).Contains("**Reminder**\n\n**Two** things", StringComparison.Ordinal) && WeComFixture.TextOf(m).Contains("small print", StringComparison.Ordinal));
        var key = said.Last(m => m["card"] is not null)["card"]!["button_list"]![0]!["key"]!.GetValue<string>();
        await fixture.ActAsync(new { platform = "wecom", @as = "alice", @do = "click", to = "app", message_id = said.Last(m => m["card"] is not null)["message_id"]!.GetValue<string>(), key });
        await fixture.WaitAsync("app", all => all.Any(m => WeComFixture.TextOf(m).Contains("Question 2 of this conversation: **once**", StringComparison.Ordinal)), "the second answer");
    }

    [Fact]
    public async Task DingTalk_has_a_card_with_buttons_where_the_app_has_a_template()
    {
        await using var fixture = await DingTalkFixture.StartAsync();
        await fixture.SayAsync("once");
        await fixture.AnswerAsync("**once**");
        await SayAsync(fixture.Gateway, "dingtalk");
        var card = await fixture.CardAsync(c => DingTalkFixture.TextOf(c).StartsWith("### Reminder", StringComparison.Ordinal) && (c["data"]!["buttons"]?.GetValue<string>() ?? "").Contains("Once more", StringComparison.Ordinal), "the card");
        Assert.Equal("small print", card["data"]!["note"]!.GetValue<string>());
        await fixture.ClickAsync(DingTalkFixture.IdOf(card), "again");
        await fixture.AnswerAsync("Question 2 of this conversation: **once**");
    }

    [Fact]
    public async Task The_web_has_a_message_with_heading_buttons_and_small_print()
    {
        await using var fixture = await WebFixture.StartAsync();
        var alice = await fixture.ReaderAsync();
        using var events = await alice.EventsAsync();
        await alice.AskAsync("once");
        await events.UntilAsync("answer-ended");
        await SayAsync(fixture.Gateway, "web");
        var said = (await events.UntilAsync("said")).Data;
        Assert.Equal(("Reminder", "markdown", "small print"), (said["title"]!.GetValue<string>(), said["format"]!.GetValue<string>(), said["note"]!.GetValue<string>()));
        Assert.Equal(200, (await alice.DoAsync(said["buttons"]![0]!["action"]!.GetValue<string>())).Status);
        Assert.Contains("Question 2", (await events.UntilAsync("answer-ended")).Data["text"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("feishu")]
    [InlineData("wecom")]
    [InlineData("dingtalk")]
    [InlineData("web")]
    public async Task Words_are_no_markup_anywhere(string platform)
    {
        await using var emulator = await EmulatorApp.StartAsync();
        await using var gateway = await GatewayApp.StartAsync(emulator.BaseUrl.ToString());
        var card = gateway.Services.GetRequiredService<ResponseCards>().Compile(platform, UnifiedResponse.Text("<at id=all></at> [x](javascript:1)"));
        using var json = JsonDocument.Parse(card.Content);
        if (platform == "feishu") Assert.Equal("plain_text", json.RootElement.GetProperty("body").GetProperty("elements")[0].GetProperty("text").GetProperty("tag").GetString());
        else Assert.True(json.RootElement.GetProperty("IsPlain").GetBoolean());
    }

    /// <summary>Says something where the last question was asked.</summary>
    private static async Task SayAsync(GatewayApp gateway, string platform)
    {
        var database = gateway.Services.GetRequiredService<IDatabase>();
        var (app, reply, turn) = (await database.ReadAsync(sql => sql.QueryAsync("SELECT app, reply, turn FROM assistant_turn ORDER BY id DESC LIMIT 1", r => (r.GetString(0), r.GetString(1), r.GetString(2))))).Single();
        var channel = gateway.Services.GetServices<IConversationChannel>().Single(c => c.Platform == platform);
        var response = new UnifiedResponse("**Two** things <at id=all>")
        {
            Kind = ResponseKind.Card, Title = "Reminder", Note = "small print", Buttons = [new ResponseButton("Once more", new AnswerAction(AnswerActionKind.Again, turn), IsPrimary: true)],
        };
        await database.TransactAsync(async unit =>
        {
            await channel.SayAsync(unit, app, JsonSerializer.Deserialize<ReplyAddress>(reply)!, response, "a reminder", "7QX4-M0RT");
            return true;
        });
    }
}
