using System.Text.Json;
using Larkspur.Testing;

namespace Larkspur.Gateway.Tests;

/// <summary>The demonstration's buttons: one decision, whoever clicks and however often.</summary>
public sealed class CardClickTests : IAsyncLifetime
{
    /// <summary>One for each test: what the bot remembers of people is part of its answers.</summary>
    private readonly GatewayFixture _fixture = new();

    private static int s_chats;

    public ValueTask InitializeAsync() => _fixture.InitializeAsync();

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();

    [Fact]
    public async Task Approve_answers_with_a_toast_and_a_card_that_says_who_and_when()
    {
        var (messageId, buttons) = await CardAsync("/审批演示");
        var (status, answer) = await ClickAsync(buttons["approve"], messageId, "ou_bob");

        Assert.Equal(200, status);
        Assert.Equal("success", answer.GetProperty("toast").GetProperty("type").GetString());
        Assert.Equal("Approved", answer.GetProperty("toast").GetProperty("i18n").GetProperty("en_us").GetString());
        Assert.Equal("raw", answer.GetProperty("card").GetProperty("type").GetString());
        var card = answer.GetProperty("card").GetProperty("data");
        Assert.True(card.GetProperty("config").GetProperty("update_multi").GetBoolean());
        Assert.Matches(@"已由 Bob 于 \S{1,6}local_datetime millisecond=.{1,6}[0-9]{13}.{1,6} format_type=.{1,6}time.* 批准", card.GetRawText());
        Assert.DoesNotContain("\"button\"", card.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_click_and_a_second_person_change_nothing_and_learn_who_decided()
    {
        var (messageId, buttons) = await CardAsync("/approve-demo please");
        var clicks = await Task.WhenAll(
            ClickAsync(buttons["approve"], messageId, "ou_bob"), ClickAsync(buttons["approve"], messageId, "ou_bob"), ClickAsync(buttons["reject"], messageId, "ou_alice"));
        var toasts = clicks.Select(c => c.Body.GetProperty("toast").GetProperty("i18n").GetProperty("en_us").GetString()!).ToArray();
        Assert.Single(toasts, t => t is "Approved" or "Rejected");
        Assert.Equal(2, toasts.Count(t => t.StartsWith("Already ", StringComparison.Ordinal)));

        var (_, later) = await ClickAsync(buttons["reject"], messageId, "ou_alice");
        Assert.Equal("warning", later.GetProperty("toast").GetProperty("type").GetString());
        Assert.DoesNotContain("\"button\"", later.GetProperty("card").GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ask_finance_answers_at_once_and_updates_the_card_afterwards()
    {
        var (messageId, buttons) = await CardAsync("/approve-demo please");
        var (_, answer) = await ClickAsync(buttons["finance"], messageId, "ou_bob");
        Assert.Equal("info", answer.GetProperty("toast").GetProperty("type").GetString());
        Assert.False(answer.TryGetProperty("card", out _));

        var update = await _fixture.Feishu.NextAsync();
        Assert.Equal("PATCH", update.Method);
        Assert.Equal(messageId, update.Target);
        Assert.Matches(@"Bob asked finance at \S{1,6}local_datetime millisecond=.{1,6}[0-9]{13}", update.Content);
        Assert.Contains("approve", Buttons(update.Content).Keys);
        Assert.DoesNotContain("finance", Buttons(update.Content).Keys);
    }

    [Fact]
    public async Task The_decision_has_the_last_word_over_an_update_on_its_way()
    {
        var (messageId, buttons) = await CardAsync("/approve-demo please");
        await ClickAsync(buttons["finance"], messageId, "ou_alice");
        await ClickAsync(buttons["approve"], messageId, "ou_bob");
        // The update may have left already; where it still waits, the decision takes its place.
        var last = await _fixture.Feishu.NextAsync();
        if (!last.Content.Contains("Approved by Bob at", StringComparison.Ordinal)) last = await _fixture.Feishu.NextAsync();
        Assert.Equal(messageId, last.Target);
        Assert.Contains("Approved by Bob at", last.Content, StringComparison.Ordinal);
        Assert.True(_fixture.Feishu.IsQuiet);
        Assert.Contains("Alice asked finance at", last.Content, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_person_whose_name_is_not_permitted_is_shown_by_mention()
    {
        var (messageId, buttons) = await CardAsync("/approve-demo please");
        var (_, answer) = await ClickAsync(buttons["reject"], messageId, "ou_stranger");
        Assert.Contains("Rejected by <at id=ou_stranger></at> at", answer.GetProperty("card").GetProperty("data").GetRawText().Replace("\\u003C", "<", StringComparison.Ordinal).Replace("\\u003E", ">", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_button_that_belongs_to_nothing_gets_a_friendly_toast()
    {
        var value = JsonSerializer.SerializeToElement(new { kind = "plugin.demo-bot.approval", request = "PR-NONE", choice = "approve" });
        var (status, answer) = await ClickAsync(value, "om_unknown", "ou_bob");
        Assert.Equal(200, status);
        Assert.Equal("warning", answer.GetProperty("toast").GetProperty("type").GetString());
        (status, _) = await ClickAsync(JsonSerializer.SerializeToElement("a string"), "om_unknown", "ou_bob");
        Assert.Equal(200, status);
    }

    private async Task<(string MessageId, Dictionary<string, JsonElement> Buttons)> CardAsync(string command)
    {
        var chat = $"oc_demo_{Interlocked.Increment(ref s_chats)}";
        await _fixture.Push.SendAsync(_fixture.Gateway, "im.message.receive_v1", FeishuPush.Message(command, chat));
        var sent = await _fixture.Feishu.NextAsync();
        Assert.Equal(chat, sent.Target);
        return (sent.MessageId, Buttons(sent.Content));
    }

    private static Dictionary<string, JsonElement> Buttons(string card)
    {
        var found = new Dictionary<string, JsonElement>();
        Find(JsonSerializer.Deserialize<JsonElement>(card));
        return found;

        void Find(JsonElement element)
        {
            if (element.ValueKind == JsonValueKind.Array)
            {
                foreach (var item in element.EnumerateArray()) Find(item);
            }
            else if (element.ValueKind == JsonValueKind.Object)
            {
                if (element.TryGetProperty("behaviors", out var behaviors)) found[behaviors[0].GetProperty("value").GetProperty("choice").GetString()!] = behaviors[0].GetProperty("value");
                foreach (var member in element.EnumerateObject()) Find(member.Value);
            }
        }
    }

    private Task<(int Status, JsonElement Body)> ClickAsync(JsonElement value, string messageId, string by) =>
        _fixture.Push.SendAsync(_fixture.Gateway, "card.action.trigger", FeishuPush.Click(value, messageId, by));
}
