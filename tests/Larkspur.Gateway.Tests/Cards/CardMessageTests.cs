using System.Text.Json;
using Larkspur.Feishu.Cards;
using Larkspur.Gateway.Tests.Messages;
using Larkspur.Gateway.Tests.Webhooks;
using Larkspur.Webhooks;

namespace Larkspur.Gateway.Tests.Cards;

/// <summary>Cards that business systems send as a card_message: one click counts, the face says who and when, the business system hears of it.</summary>
public sealed class CardMessageTests : IAsyncLifetime
{
    private CardFixture _fixture = null!;

    public async ValueTask InitializeAsync() => _fixture = await CardFixture.StartAsync();

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();

    private static object Purchase(object? approve = null, string? callback = null) => new
    {
        title = new { zh = "采购申请", en = "Purchase request" },
        status = "info",
        markdown = "**Two monitors** <at id=all></at>",
        facts = new object[] { new { label = new { zh = "金额", en = "Amount" }, value = "¥3,998.00" }, new { label = "Reason", value = "*new* colleagues", wide = true } },
        actions = new[]
        {
            approve ?? new { id = "approve", label = new { zh = "批准", en = "Approve" }, style = "primary", value = new { order = 4711 }, done = new { zh = "批准", en = "Approved" } },
            new { id = "reject", label = new { zh = "驳回", en = "Reject" }, style = "danger", confirm = "Really?" },
            new { id = "open", label = "ERP", url = "https://erp.example/4711" },
        },
        footnote = "Larkspur",
        callback,
    };

    [Fact]
    public async Task A_click_decides_the_card_and_the_business_system_is_told_once()
    {
        var message = await _fixture.SendAsync(new { to = new { user_id = "alice" }, card_message = Purchase() }, "order-4711");
        var face = await _fixture.FaceAsync(message);
        Assert.DoesNotContain("<at", face.GetRawText(), StringComparison.Ordinal);
        var values = CardFixture.Values(face);

        var clicked = await _fixture.ClickAsync(message, "批准");
        Assert.True(clicked["card_changed"]?.GetValue<bool>() == true, clicked.ToJsonString() + _fixture.Gateway.Logs.Text);
        Assert.Equal("success", clicked["toast"]!["type"]!.GetValue<string>());
        var after = (await _fixture.FaceAsync(message)).GetRawText();
        Assert.Matches(@"于 \S{1,6}local_datetime millisecond=.{1,6}[0-9]{13}.{1,6} format_type=.{1,6}time.* 批准", after);
        Assert.Matches(@"Approved by .+ at \S{1,6}local_datetime millisecond=", after);
        Assert.DoesNotContain("\"callback\"", after, StringComparison.Ordinal);
        Assert.Contains("https://erp.example/4711", after, StringComparison.Ordinal);

        var told = await _fixture.NextCallbackAsync();
        Assert.Equal(WebhookVerdict.Valid, _fixture.Erp.Judge(told));
        Assert.Equal("card.action", told.Json.GetProperty("type").GetString());
        var data = told.Json.GetProperty("data");
        Assert.Equal(("approve", "order-4711", message), (data.GetProperty("action").GetString(), data.GetProperty("key").GetString(), data.GetProperty("message_id").GetString()));
        Assert.Equal(4711, data.GetProperty("value").GetProperty("order").GetInt32());
        Assert.StartsWith("ou_", data.GetProperty("person").GetProperty("open_id").GetString(), StringComparison.Ordinal);

        // Somebody whose client still shows the old face.
        var (status, answer) = await _fixture.PushClickAsync(values["reject"], message, "ou_late");
        Assert.Equal(200, status);
        Assert.Equal("warning", answer.GetProperty("toast").GetProperty("type").GetString());
        Assert.Matches("^Approved by .+ at ", answer.GetProperty("toast").GetProperty("i18n").GetProperty("en_us").GetString());
        Assert.DoesNotContain("\"callback\"", answer.GetProperty("card").GetRawText(), StringComparison.Ordinal);
        Assert.Single(_fixture.Erp.Calls);
    }

    [Fact]
    public async Task Clicks_at_the_same_time_and_a_redelivery_are_one_effect()
    {
        var message = await _fixture.SendAsync(new { to = new { user_id = "alice" }, card_message = Purchase() });
        var values = CardFixture.Values(await _fixture.FaceAsync(message));
        var id = FeishuPush.NewId("ev_");
        var clicks = await Task.WhenAll(_fixture.PushClickAsync(values["approve"], message, "ou_a", id), _fixture.PushClickAsync(values["approve"], message, "ou_a"), _fixture.PushClickAsync(values["reject"], message, "ou_b"));
        Assert.Equal(1, clicks.Count(c => c.Body.GetProperty("toast").GetProperty("type").GetString() == "success"));
        Assert.Equal(2, clicks.Count(c => c.Body.GetProperty("toast").GetProperty("type").GetString() == "warning"));
        await _fixture.PushClickAsync(values["approve"], message, "ou_a", id);
        await _fixture.NextCallbackAsync();
        // Whatever else was queued for the business system would be in its lane behind this; the outbox has nothing more of it.
        var outbox = await _fixture.Gateway.GetRestAsync("/outbox?limit=200");
        Assert.Single(outbox.Items, i => i.GetProperty("operation").GetString() == "webhook");
    }

    [Fact]
    public async Task Who_is_not_allowed_gets_a_toast_and_nothing_changes()
    {
        var message = await _fixture.SendAsync(new
        {
            to = new { user_id = "alice" },
            card_message = Purchase(new { id = "approve", label = "Approve", allowed = new[] { "ou_boss", "bob" } }),
        });
        var clicked = await _fixture.ClickAsync(message, "Approve");
        Assert.Equal("warning", clicked["toast"]!["type"]!.GetValue<string>());
        Assert.NotEqual(true, clicked["card_changed"]?.GetValue<bool>());
        var values = CardFixture.Values(await _fixture.FaceAsync(message));
        Assert.Contains("approve", values.Keys);

        var refusedId = FeishuPush.NewId("ev_");
        await _fixture.PushClickAsync(values["approve"], message, "ou_stranger", refusedId);
        var row = await _fixture.Gateway.OutcomeAsync(refusedId);
        Assert.Equal(("refused", "not_allowed"), (row.GetProperty("outcome").GetString(), row.GetProperty("reason").GetString()));
        Assert.Empty(_fixture.Erp.Calls);

        var (_, allowed) = await _fixture.PushClickAsync(values["approve"], message, "ou_boss");
        Assert.Equal("success", allowed.GetProperty("toast").GetProperty("type").GetString());
    }

    [Fact]
    public async Task An_action_that_can_be_repeated_counts_each_time_and_stays()
    {
        var message = await _fixture.SendAsync(new { to = new { user_id = "alice" }, card_message = Purchase(new { id = "remind", label = "Remind", once = false, done = "Reminded" }) });
        for (var i = 1; i <= 2; i++)
        {
            var clicked = await _fixture.ClickAsync(message, "Remind");
            Assert.Equal("success", clicked["toast"]!["type"]!.GetValue<string>());
            await _fixture.NextCallbackAsync(i);
        }

        var face = await _fixture.FaceAsync(message);
        Assert.Contains("Reminded by", face.GetRawText(), StringComparison.Ordinal);
        Assert.Contains("remind", CardFixture.Values(face).Keys);
    }

    [Fact]
    public async Task A_form_comes_back_by_the_kinds_of_its_inputs()
    {
        var message = await _fixture.SendAsync(new
        {
            to = new { user_id = "alice" },
            card_message = new
            {
                title = "Leave",
                inputs = new object[]
                {
                    new { id = "reason", type = "text", label = "Reason", required = true },
                    new { id = "kind", type = "select", label = "Kind", options = new[] { new { value = "a", label = "Annual" }, new { value = "s", label = "Sick" } } },
                    new { id = "from", type = "date", label = "From" },
                    new { id = "half", type = "checkbox", label = "Half a day" },
                },
                submit = new { label = "Apply", done = new { zh = "申请", en = "Applied" } },
            },
        });
        var value = CardFixture.Values(await _fixture.FaceAsync(message))["submit"];
        var (_, incomplete) = await _fixture.Push.SendAsync(_fixture.Gateway, "card.action.trigger", FormClick(value, message, """{"kind":"a"}"""));
        Assert.Contains("Reason", incomplete.GetProperty("toast").GetProperty("i18n").GetProperty("en_us").GetString(), StringComparison.Ordinal);
        Assert.False(incomplete.TryGetProperty("card", out _));

        var clicked = await _fixture.ClickAsync(message, "Apply", form: new Dictionary<string, object> { ["reason"] = "wedding", ["kind"] = "a", ["from"] = "2026-04-01 +0800", ["half"] = true });
        Assert.True(clicked["card_changed"]?.GetValue<bool>() == true, clicked.ToJsonString() + _fixture.Gateway.Logs.Text);
        var form = (await _fixture.NextCallbackAsync()).Json.GetProperty("data").GetProperty("form");
        Assert.Equal("""{"reason":"wedding","kind":"a","from":"2026-04-01","half":true}""", form.GetRawText());
    }

    [Fact]
    public async Task Actions_beyond_a_row_are_in_a_menu_that_works()
    {
        var actions = Enumerable.Range(1, 9).Select(i => (object)new { id = "a" + i, label = "Action " + i, confirm = i == 9 ? "Sure?" : null }).ToArray();
        var sent = await _fixture.Gateway.PostRestAsync("/messages?wait=20", new { to = new { user_id = "alice" }, card_message = new { title = "Many", actions } });
        Assert.True(sent.Status == 200, sent.ToString());
        Assert.Contains(sent.Body.GetProperty("notes").EnumerateArray(), n => n.GetString()!.Contains("menu", StringComparison.Ordinal));
        var values = CardFixture.Values(await _fixture.FaceAsync(sent.Text("message_id")!));
        Assert.Contains("a9", values.Keys);
        Assert.DoesNotContain("a8", values.Keys);
        var clicked = await _fixture.Emulator.ActAsync(new { @as = "alice", @do = "click", message_id = sent.Text("message_id"), tag = "overflow", option = "a8" });
        Assert.True(clicked["card_changed"]?.GetValue<bool>() == true, clicked.ToJsonString() + _fixture.Gateway.Logs.Text);
        Assert.Equal("a8", (await _fixture.NextCallbackAsync()).Json.GetProperty("data").GetProperty("action").GetString());
    }

    [Fact]
    public async Task What_a_card_cannot_hold_is_shortened_and_said()
    {
        var rendered = await _fixture.Gateway.PostRestAsync("/cards/render", new
        {
            card_message = new
            {
                title = "Report",
                text = new string('字', 15_000),
                facts = Enumerable.Range(1, 52).Select(i => new { label = "Fact " + i, value = "Value " + i }).ToArray(),
                image = new { url = "https://example.com/a.png", alt = "Chart" },
            },
        });
        Assert.True(rendered.Status == 200, rendered.ToString());
        var notes = string.Join('\n', rendered.Body.GetProperty("notes").EnumerateArray().Select(n => n.GetString()));
        Assert.Contains("facts are not shown", notes, StringComparison.Ordinal);
        Assert.Contains("was cut to", notes, StringComparison.Ordinal);
        Assert.Contains("link to it", notes, StringComparison.Ordinal);
        var card = rendered.Body.GetProperty("card").GetRawText();
        Assert.Matches(@"… and (12|32|40|46) more", JsonSerializer.Deserialize<JsonElement>(card).ToString());
        Assert.True(CardValidator.Validate(card).IsValid, CardValidator.Validate(card).ToString());
        Assert.Contains("Value 52", rendered.Text("text"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"text":"no title"}""", "missing", "/card_message/title")]
    [InlineData("""{"title":"t","colour":"red"}""", "unknown_field", "/card_message/colour")]
    [InlineData("""{"title":"t","status":"pink"}""", "bad_status", "/card_message/status")]
    [InlineData("""{"title":"t","text":"a","markdown":"b"}""", "two_texts", "/card_message/markdown")]
    [InlineData("""{"title":"t","actions":[{"id":"a","label":"A","url":"javascript:alert(1)"}]}""", "bad_url", "/card_message/actions/0/url")]
    [InlineData("""{"title":"t","actions":[{"id":"a","label":"A"},{"id":"a","label":"B"}]}""", "duplicate_id", "/card_message/actions")]
    [InlineData("""{"title":"t","image":{"key":"https://x"}}""", "wrong_id_type", "/card_message/image/key")]
    [InlineData("""{"title":"t","inputs":[{"id":"s","type":"select","label":"S"}]}""", "missing", "/card_message/inputs/0/options")]
    [InlineData("""{"title":"t","webhook":"nobody"}""", "unknown_webhook", "/card_message/webhook")]
    public async Task A_card_message_that_is_none_is_refused_by_pointer(string message, string word, string pointer)
    {
        var refused = await _fixture.Gateway.PostRestAsync("/messages", $$"""{"to":{"user_id":"alice"},"card_message":{{message}}}""");
        Assert.True(refused.Status is 400 or 422, refused.ToString());
        Assert.Equal((word, pointer), (refused.Error, refused.Pointer));
    }

    private static string FormClick(JsonElement value, string messageId, string form) =>
        $$$"""{"operator":{"open_id":"ou_x"},"token":"c-1","action":{"value":{{{value.GetRawText()}}},"tag":"button","name":"submit","timezone":"Asia/Shanghai","form_value":{{{form}}}},"host":"im_message","context":{"open_message_id":"{{{messageId}}}","open_chat_id":"oc_1"}}""";
}
