using System.Collections.Concurrent;
using System.Text.Json;
using Larkspur.Feishu.Cards;
using Larkspur.Gateway.Cards;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Inbox;
using Larkspur.Gateway.Inbox.Dispatch;
using Larkspur.Gateway.Tests.Messages;

namespace Larkspur.Gateway.Tests.Cards;

/// <summary>Handlers of clicks in C#: every component's value by its type, and changes of the card afterwards.</summary>
public sealed class CardActionTests : IAsyncLifetime
{
    private readonly ConcurrentQueue<CardClick> _clicks = new();
    private CardFixture _fixture = null!;

    public async ValueTask InitializeAsync() => _fixture = await CardFixture.StartAsync(builder =>
    {
        builder.Services.OnCardAction("survey", (click, _) =>
        {
            _clicks.Enqueue(click);
            return ValueTask.FromResult(new Reaction(effects =>
            {
                effects.Answer(new CallbackAnswer { Toast = new Toast("success", "好", "Fine") });
                return ValueTask.FromResult(Outcome.Answered);
            }));
        });
        builder.Services.OnCardAction("later", (click, _) => ValueTask.FromResult(new Reaction(effects =>
        {
            // The token is good for two; the third goes by the message's id.
            for (var i = 1; i <= 3; i++) effects.Send(click.UpdateByToken(Face($"by token {i}")));
            return ValueTask.FromResult(Outcome.Answered);
        })));
        builder.Services.OnCardAction("patch", (click, _) => ValueTask.FromResult(new Reaction(effects =>
        {
            effects.Send(click.UpdateLater(Face("by message id")));
            return ValueTask.FromResult(Outcome.Answered);
        })));
    });

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();

    private static string Face(string text) => new CardBuilder().Header("Later").PlainText(text).ToJson();

    [Theory]
    [InlineData("overflow", "\"option\":\"b\"")]
    [InlineData("select_static", "\"option\":\"b\"")]
    [InlineData("multi_select_static", "\"options\":[\"a\",\"b\"]")]
    [InlineData("select_person", "\"option\":\"ou_bob\"")]
    [InlineData("date_picker", "\"option\":\"2026-04-01 +0800\"")]
    [InlineData("picker_time", "\"option\":\"09:30 +0800\"")]
    [InlineData("picker_datetime", "\"option\":\"2026-04-01 09:30 +0800\"")]
    [InlineData("checker", "\"checked\":true")]
    [InlineData("input", "\"input_value\":\"hello\"")]
    public async Task A_component_outside_of_a_form_is_read_by_its_type(string tag, string member)
    {
        var json = $$$"""{"operator":{"open_id":"ou_x","union_id":"on_x"},"token":"c-1","action":{"value":{"kind":"survey"},"tag":"{{{tag}}}","timezone":"Europe/Berlin",{{{member}}}},"context":{"open_message_id":"om_1","open_chat_id":"oc_1"}}""";
        var (status, answer) = await _fixture.Push.SendAsync(_fixture.Gateway, "card.action.trigger", json);
        Assert.Equal((200, "Fine"), (status, answer.GetProperty("toast").GetProperty("i18n").GetProperty("en_us").GetString()));
        Assert.True(_clicks.TryDequeue(out var click));
        Assert.Equal((tag, "ou_x", "Europe/Berlin"), (click.Tag, click.Person.OpenId, click.TimeZone.Id));
        object? read = tag switch
        {
            "date_picker" => click.Date,
            "picker_time" => click.Time,
            "picker_datetime" => click.Moment,
            "checker" => click.Checked,
            "input" => click.Input,
            _ => string.Join(',', click.Options),
        };
        object expected = tag switch
        {
            "date_picker" => new DateOnly(2026, 4, 1),
            "picker_time" => new TimeOnly(9, 30),
            "picker_datetime" => new DateTimeOffset(2026, 4, 1, 9, 30, 0, TimeSpan.FromHours(8)),
            "checker" => true,
            "input" => "hello",
            "multi_select_static" => "a,b",
            "select_person" => "ou_bob",
            _ => "b",
        };
        Assert.Equal(expected, read);
    }

    [Fact]
    public async Task A_form_is_read_by_types_and_tells_what_is_none()
    {
        const string Form = """{"text":"words","number":"1,234.5","date":"2026-04-01 +0800","time":"09:30 +0800","moment":"2026-04-01 09:30 +0800","box":true,"many":["a","b"],"people":["ou_a"],"empty":""}""";
        await _fixture.Push.SendAsync(_fixture.Gateway, "card.action.trigger", $$$"""{"operator":{"open_id":"ou_x"},"token":"c-1","action":{"value":{"kind":"survey"},"tag":"button","form_value":{{{Form}}}},"context":{"open_message_id":"om_1"}}""");
        Assert.True(_clicks.TryDequeue(out var click));
        var form = click.Form;
        Assert.Equal(("words", 1234.5m, true), (form.Text("text"), form.Number("number"), form.Checked("box")));
        Assert.Equal(new DateOnly(2026, 4, 1), form.Date("date"));
        Assert.Equal(new TimeOnly(9, 30), form.Time("time"));
        Assert.Equal(TimeSpan.FromHours(8), form.Moment("moment")!.Value.Offset);
        Assert.Equal(["a", "b"], form.Texts("many"));
        Assert.Equal(["ou_a"], form.People("people"));
        Assert.Null(form.Text("empty"));
        Assert.Null(form.Number("absent"));
        var wrong = Assert.Throws<FormatException>(() => form.Number("text"));
        Assert.Contains("\"text\"", wrong.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("words", wrong.Message, StringComparison.Ordinal);
        Assert.Throws<FormatException>(() => form.Date("time"));
        Assert.Throws<FormatException>(() => form.People("many"));
    }

    [Theory]
    [InlineData("later", "by token 3")]
    [InlineData("patch", "by message id")]
    public async Task A_card_is_changed_after_the_answer(string kind, string shown)
    {
        var card = JsonSerializer.Deserialize<JsonElement>(new CardBuilder().Header("Later").CallbackButton("Go", new { kind }).ToJson());
        var message = await _fixture.SendAsync(new { to = new { user_id = "alice" }, card });
        var clicked = await _fixture.ClickAsync(message, "Go");
        Assert.True(clicked["ok"]!.GetValue<bool>(), clicked.ToJsonString());
        var face = await _fixture.Emulator.ControlAsync(HttpMethod.Get, $"wait?from=app&contains={Uri.EscapeDataString(shown)}&timeout_ms=20000");
        Assert.True(face["found"]!.GetValue<bool>(), _fixture.Gateway.Logs.Text);
        Assert.Equal(message, face["message"]!["message_id"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_click_on_a_card_that_the_business_system_drew_itself_is_passed_on()
    {
        var card = JsonSerializer.Deserialize<JsonElement>(new CardBuilder().Header("Mine").CallbackButton("Go", new { step = 7 }).ToJson());
        var message = await _fixture.SendAsync(new { to = new { user_id = "alice" }, card });
        var clicked = await _fixture.ClickAsync(message, "Go");
        Assert.Equal("info", clicked["toast"]!["type"]!.GetValue<string>());
        var data = (await _fixture.NextCallbackAsync()).Json.GetProperty("data");
        Assert.Equal(7, data.GetProperty("value").GetProperty("step").GetInt32());
        Assert.Equal(JsonValueKind.Null, data.GetProperty("card").ValueKind);
    }
}
