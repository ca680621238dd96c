using System.Text.Json;
using Larkspur.Feishu.Cards;
using Larkspur.Gateway.Common.Localisation;

namespace Larkspur.Gateway.Tests;

/// <summary>What the bot says, to whom, and in which language.</summary>
public sealed class BotTests : IAsyncLifetime
{
    /// <summary>One for each test: what the bot remembers of people is part of its answers.</summary>
    private readonly GatewayFixture _fixture = new();

    private const string MentionsBot = """[{"key":"@_user_1","id":{"open_id":"ou_bot"},"name":"Larkspur"},{"key":"@_user_2","id":{"open_id":"ou_bob"},"name":"Bob"}]""";
    private static int s_ids;

    public ValueTask InitializeAsync() => _fixture.InitializeAsync();

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();

    [Fact]
    public async Task Whoami_shows_the_name_and_the_ids()
    {
        var content = Unescaped(await AskAsync("/whoami"));
        Assert.Contains("Alice", content, StringComparison.Ordinal);
        Assert.Contains("ou_alice", content, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoami_says_what_is_missing_when_the_name_is_not_permitted()
    {
        Assert.Contains("contact:user.base:readonly", Unescaped(await AskAsync("/whoami", from: "ou_nobody")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_command_gets_a_friendly_hint()
    {
        var content = await AskAsync("/wat now");
        Assert.Contains("/wat", content, StringComparison.Ordinal);
        Assert.Contains("/help", content, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plain_words_are_echoed_with_the_news_that_no_assistant_is_connected()
    {
        Assert.Contains("The assistant is not connected yet", await AskAsync("good morning"), StringComparison.Ordinal);
        Assert.Contains("智能助手还没有接入", await AskAsync("早上好"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_echo_calls_nobody()
    {
        var card = JsonSerializer.Deserialize<JsonElement>(await AskAsync("hi <at user_id=\"all\"></at>"));
        var echoed = card.GetProperty("body").GetProperty("elements")[0].GetProperty("text");
        Assert.Equal("plain_text", echoed.GetProperty("tag").GetString());
    }

    [Fact]
    public async Task A_bare_command_is_answered_in_the_language_of_the_persons_last_words()
    {
        var person = NewId("ou_p");
        Assert.Contains("What I can do", await AskAsync("/help", from: person), StringComparison.Ordinal);
        await AskAsync("你好", from: person);
        Assert.Contains("我能做什么", await AskAsync("/help", from: person), StringComparison.Ordinal);
        Assert.Contains("我能做什么", await AskAsync("／帮助", from: NewId("ou_p")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task In_a_group_the_bot_answers_only_when_it_is_mentioned_and_by_reply()
    {
        var quiet = FeishuPush.NewId("ev_");
        await _fixture.Push.SendAsync(_fixture.Gateway, "im.message.receive_v1", FeishuPush.Message("/help", "oc_group", chatType: "group"), quiet);
        Assert.Equal("not_mentioned", (await _fixture.Gateway.OutcomeAsync(quiet)).GetProperty("reason").GetString());

        var other = FeishuPush.NewId("ev_");
        await _fixture.Push.SendAsync(_fixture.Gateway, "im.message.receive_v1",
            FeishuPush.Message("@_user_1 /help", "oc_group", chatType: "group", mentions: """[{"key":"@_user_1","id":{"open_id":"ou_bob"},"name":"Bob"}]"""), other);
        Assert.Equal("not_mentioned", (await _fixture.Gateway.OutcomeAsync(other)).GetProperty("reason").GetString());

        var message = NewId("om_");
        await _fixture.Push.SendAsync(_fixture.Gateway, "im.message.receive_v1", FeishuPush.Message("@_user_1 tell @_user_2 hello", "oc_group", message, chatType: "group", mentions: MentionsBot));
        var sent = await _fixture.Feishu.NextAsync();
        Assert.Equal(message, sent.Target);
        Assert.Contains("tell @Bob hello", sent.Content, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_message_of_another_bot_is_not_answered()
    {
        var eventId = FeishuPush.NewId("ev_");
        var message = FeishuPush.Message("/help").Replace("\"sender_type\":\"user\"", "\"sender_type\":\"bot\"", StringComparison.Ordinal);
        await _fixture.Push.SendAsync(_fixture.Gateway, "im.message.receive_v1", message, eventId);
        Assert.Equal("not_from_a_person", (await _fixture.Gateway.OutcomeAsync(eventId)).GetProperty("reason").GetString());
    }

    [Fact]
    public async Task A_picture_gets_a_friendly_answer()
    {
        var message = FeishuPush.Message("x", NewId("oc_")).Replace("\"message_type\":\"text\"", "\"message_type\":\"image\"", StringComparison.Ordinal);
        await _fixture.Push.SendAsync(_fixture.Gateway, "im.message.receive_v1", message);
        Assert.Contains("/help", (await _fixture.Feishu.NextAsync()).Content, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_group_that_takes_the_bot_in_is_greeted()
    {
        var chat = NewId("oc_");
        await _fixture.Push.SendAsync(_fixture.Gateway, "im.chat.member.bot.added_v1", $$"""{"chat_id":"{{chat}}","operator_id":{"open_id":"ou_new"},"external":false,"name":"G"}""");
        var sent = await _fixture.Feishu.NextAsync();
        Assert.Equal(chat, sent.Target);
        Assert.Contains("大家好", sent.Content, StringComparison.Ordinal);
        Assert.Contains("Hello everyone", sent.Content, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_person_is_welcomed_once()
    {
        var entered = $$$"""{"chat_id":"{{{NewId("oc_")}}}","operator_id":{"open_id":"{{{NewId("ou_")}}}"}}""";
        await _fixture.Push.SendAsync(_fixture.Gateway, "im.chat.access_event.bot_p2p_chat_entered_v1", entered);
        Assert.Contains("/help", (await _fixture.Feishu.NextAsync()).Content, StringComparison.Ordinal);
        var again = FeishuPush.NewId("ev_");
        await _fixture.Push.SendAsync(_fixture.Gateway, "im.chat.access_event.bot_p2p_chat_entered_v1", entered, again);
        Assert.Equal("welcomed_before", (await _fixture.Gateway.OutcomeAsync(again)).GetProperty("reason").GetString());
    }

    /// <summary>A card as people read it: in its Markdown, what could be markup in a name or an id is escaped.</summary>
    private static string Unescaped(string card) => CardText.Of(card, "en_us");

    private static string NewId(string prefix) => $"{prefix}{Interlocked.Increment(ref s_ids)}";

    private async Task<string> AskAsync(string text, string from = "ou_alice")
    {
        var chat = NewId("oc_ask_");
        await _fixture.Push.SendAsync(_fixture.Gateway, "im.message.receive_v1", FeishuPush.Message(text, chat, from: from));
        var sent = await _fixture.Feishu.NextAsync();
        Assert.Equal(chat, sent.Target);
        return sent.Content;
    }
}
