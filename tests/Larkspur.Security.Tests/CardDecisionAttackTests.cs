using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Gateway.Tests;
using Larkspur.Gateway.Tests.Api;
using Larkspur.Gateway.Tests.Cards;
using Larkspur.Gateway.Tests.Messages;

namespace Larkspur.Security.Tests;

/// <summary>
/// The canteen's system may send messages and nothing else. It wants Bob to approve the ERP's wire transfer without knowing: by a button under other
/// words, by a copy of the card, by an answer that comes too early.
/// </summary>
[Trait("Database", "PostgreSQL")]
public sealed class CardDecisionAttackTests : IAsyncLifetime
{
    private const string Lunch = "Lunch on Friday?";

    private readonly string _templates = Directory.CreateTempSubdirectory("larkspur-attack-cards-").FullName;
    private CardFixture _fixture = null!;
    private string _canteen = "";

    public async ValueTask InitializeAsync()
    {
        // What an administrator once allowed the canteen to fill in.
        await File.WriteAllTextAsync(Path.Combine(_templates, "lunch.card.json"), """
            {"name": "lunch", "variables": {"k": {"type": "text"}, "c": {"type": "text"}, "a": {"type": "text"}},
             "card": {"schema": "2.0", "header": {"title": {"tag": "plain_text", "content": "Lunch on Friday?"}}, "body": {"elements": [
               {"tag": "button", "text": {"tag": "plain_text", "content": "Yes"},
                "behaviors": [{"type": "callback", "value": {"kind": "${k}", "card": "${c}", "action": "${a}"}}]}]}}}
            """);
        _fixture = await CardFixture.StartAsync(settings: new() { ["Larkspur:Cards:Folder"] = _templates });
        _canteen = (await _fixture.Gateway.MakeKeyAsync("canteen", ["messages:write"])).Secret;
    }

    public async ValueTask DisposeAsync()
    {
        await _fixture.DisposeAsync();
        Directory.Delete(_templates, recursive: true);
    }

    [Theory]
    [InlineData("card")]
    [InlineData("card as text")]
    [InlineData("msg_type")]
    [InlineData("json 1.0")]
    [InlineData("local template")]
    [InlineData("platform template")]
    [InlineData("reply")]
    [InlineData("patch")]
    [InlineData("stream")]
    public async Task A_button_of_another_system_with_the_cards_id_is_refused_and_decides_nothing(string way)
    {
        var (transfer, value) = await TransferAsync();

        var answer = await AttackAsync(way, value, transfer);
        // Whatever Bob was shown of it, he says yes to lunch.
        if (answer.Status is >= 200 and < 300)
            await _fixture.Emulator.WaitForMessageAsync("from=app&contains=" + Uri.EscapeDataString("\"Yes\""));
        foreach (var lunch in await LunchesAsync()) await _fixture.ClickAsync(lunch, "Yes", "bob");

        await ApprovesAsync(transfer);
        Assert.Equal((422, "reserved_value"), (answer.Status, answer.Error));
        Assert.Matches(way switch
        {
            "card" or "card as text" or "json 1.0" or "reply" or "patch" => "^/card/.+/value/kind$",
            "msg_type" => "^/content/.+/value/kind$",
            "local template" => "^/template$",
            "platform template" => "^/template/variables/k$",
            _ => "^/components/0/behaviors/0/value/kind$",
        }, answer.Text("pointer"));
    }

    [Fact]
    public async Task A_button_that_came_past_the_gateway_decides_nothing_either()
    {
        // A template of the platform's card builder, where nobody here looks: its button names the ERP's card.
        var (transfer, value) = await TransferAsync();
        var card = Card("""{"schema":"2.0","header":{"title":{"tag":"plain_text","content":"$T"}},"body":{"elements":[$B]}}""", value);
        await _fixture.Emulator.ControlAsync(HttpMethod.Post, "templates", new
        {
            template_id = "lunch", versions = new[] { new { name = "1.0.0", card = JsonNode.Parse(card.GetRawText()) } },
        });
        var sent = await _fixture.Gateway.CallAsync(
            _canteen, HttpMethod.Post, "/messages?wait=20", new { to = new { user_id = "bob" }, template = new { id = "lunch", version = "1.0.0" } });
        Assert.True(sent.Status == 200, sent.ToString());

        var clicked = await _fixture.ClickAsync(sent.Text("message_id")!, "Yes", "bob");
        Assert.Equal("warning", clicked["toast"]!["type"]!.GetValue<string>());
        await ApprovesAsync(transfer);
    }

    [Fact]
    public async Task A_copy_of_the_card_decides_nothing_whoever_passed_it_on()
    {
        var (transfer, _) = await TransferAsync();
        object to = new { to = new { user_id = "carol" } };
        Assert.Equal(404, (await _fixture.Gateway.CallAsync(_canteen, HttpMethod.Post, $"/messages/{transfer}/forward?wait=20", to)).Status);
        var copy = await _fixture.Gateway.CallAsync(GatewayApp.ApiKey, HttpMethod.Post, $"/messages/{transfer}/forward?wait=20", to);
        Assert.True(copy.Status == 200, copy.ToString());

        var clicked = await _fixture.ClickAsync(copy.Text("message_id")!, "Approve", "carol");
        Assert.Equal("warning", clicked["toast"]?["type"]?.GetValue<string>());
        Assert.NotEqual(true, clicked["card_changed"]?.GetValue<bool>());
        await ApprovesAsync(transfer);
    }

    [Fact]
    public async Task A_click_on_any_other_message_is_told_and_recorded_as_refused()
    {
        var (transfer, value) = await TransferAsync();
        foreach (var other in (string[])["om_of_another_card", ""])
        {
            var id = FeishuPush.NewId("ev_");
            var (status, answer) = await _fixture.PushClickAsync(value, other, "ou_bob", id);
            Assert.Equal((200, "warning"), (status, answer.GetProperty("toast").GetProperty("type").GetString()));
            var row = await _fixture.Gateway.OutcomeAsync(id);
            Assert.Equal(("refused", "other_message"), (row.GetProperty("outcome").GetString(), row.GetProperty("reason").GetString()));
        }

        await ApprovesAsync(transfer);
    }

    [Fact]
    public async Task Bob_may_click_before_the_platforms_answer_is_known_and_nobody_else_elsewhere()
    {
        // The platform takes the message, and its answer is lost again and again.
        var fault = await LoseAnswersAsync();
        var queued = await _fixture.Gateway.PostRestAsync("/messages", new { to = new { user_id = "bob" }, card_message = Transfer }, "wire-2");
        Assert.Equal(202, queued.Status);
        var shown = (await _fixture.Emulator.WaitForMessageAsync("from=app&contains=Wire"))["message_id"]!.GetValue<string>();
        var value = CardFixture.Values(await _fixture.FaceAsync(shown))["approve"];

        // The same button in another message, clicked by somebody to whom the card is not on its way.
        var (_, foreign) = await _fixture.PushClickAsync(value, "om_elsewhere", "ou_mallory");
        Assert.NotEqual("success", foreign.GetProperty("toast").GetProperty("type").GetString());
        Assert.Empty(_fixture.Erp.Calls);

        var clicked = await _fixture.ClickAsync(shown, "Approve", "bob");
        Assert.Equal("success", clicked["toast"]!["type"]!.GetValue<string>());
        var told = (await _fixture.NextCallbackAsync()).Json.GetProperty("data");
        Assert.Equal(("approve", shown), (told.GetProperty("action").GetString(), told.GetProperty("message_id").GetString()));

        await _fixture.Emulator.ControlAsync(HttpMethod.Delete, "faults/" + fault);
        Assert.Equal(shown, (await _fixture.Gateway.EndOfAsync(queued.Id)).GetProperty("message_id").GetString());
        Assert.Single(_fixture.Erp.Calls);
    }

    [Fact]
    public async Task Where_it_cannot_be_told_whether_a_card_on_its_way_is_meant_the_click_waits_for_the_platforms_answer()
    {
        // Nobody here knows whose mail address it is.
        var fault = await LoseAnswersAsync();
        var queued = await _fixture.Gateway.PostRestAsync("/messages", new { to = new { email = "bob@mica.example" }, card_message = Transfer }, "wire-3");
        var shown = (await _fixture.Emulator.WaitForMessageAsync("from=app&contains=Wire"))["message_id"]!.GetValue<string>();
        var early = await _fixture.ClickAsync(shown, "Approve", "bob");
        Assert.Equal("info", early["toast"]!["type"]!.GetValue<string>());
        Assert.Empty(_fixture.Erp.Calls);

        await _fixture.Emulator.ControlAsync(HttpMethod.Delete, "faults/" + fault);
        Assert.Equal(shown, (await _fixture.Gateway.EndOfAsync(queued.Id)).GetProperty("message_id").GetString());
        await ApprovesAsync(shown);
    }

    [Fact]
    public async Task A_card_that_took_the_place_of_another_and_one_that_answers_a_message_are_decided_where_they_stand()
    {
        var first = await _fixture.SendAsync(new { to = new { user_id = "bob" }, card_message = Transfer });
        var second = new { card_message = new { title = "Wire transfer, second look", actions = new[] { new { id = "go", label = "Go" } } } };
        var patched = await _fixture.Gateway.RestAsync(HttpMethod.Patch, $"/messages/{first}?wait=20", second);
        Assert.True(patched.Status == 200, patched.ToString());
        var clicked = await _fixture.ClickAsync(first, "Go", "bob");
        Assert.Equal("success", clicked["toast"]!["type"]!.GetValue<string>());
        Assert.Equal("go", (await _fixture.NextCallbackAsync()).Json.GetProperty("data").GetProperty("action").GetString());

        var replied = await _fixture.Gateway.PostRestAsync($"/messages/{first}/reply?wait=20", new { card_message = Transfer });
        var answer = await _fixture.ClickAsync(replied.Text("message_id")!, "Approve", "bob");
        Assert.Equal("success", answer["toast"]!["type"]!.GetValue<string>());
        Assert.Equal("approve", (await _fixture.NextCallbackAsync(2)).Json.GetProperty("data").GetProperty("action").GetString());
    }

    private static object Transfer => new
    {
        title = "Wire transfer of 48,000 EUR", actions = new[] { new { id = "approve", label = "Approve" } }, webhook = "erp",
    };

    /// <summary>The platform does what it is asked, and says nothing.</summary>
    /// <returns>The fault's id.</returns>
    private async Task<string> LoseAnswersAsync()
    {
        var fault = new { path = "/open-apis/im/v1/messages", method = "POST", reply = "drop" };
        return (await _fixture.Emulator.ControlAsync(HttpMethod.Post, "faults", fault))["id"]!.GetValue<string>();
    }

    /// <summary>The ERP's card in Bob's chat, and the value behind its button.</summary>
    private async Task<(string Message, JsonElement Value)> TransferAsync()
    {
        var message = await _fixture.SendAsync(new { to = new { user_id = "bob" }, card_message = Transfer }, "wire-1");
        return (message, CardFixture.Values(await _fixture.FaceAsync(message))["approve"]);
    }

    /// <summary>The card is open still, and Bob's own click on it is the first that the ERP hears of.</summary>
    private async Task ApprovesAsync(string transfer)
    {
        var clicked = await _fixture.ClickAsync(transfer, "Approve", "bob");
        Assert.Equal("success", clicked["toast"]!["type"]!.GetValue<string>());
        var data = (await _fixture.NextCallbackAsync()).Json.GetProperty("data");
        Assert.Equal(("approve", transfer), (data.GetProperty("action").GetString(), data.GetProperty("message_id").GetString()));
        var outbox = await _fixture.Gateway.GetRestAsync("/outbox?limit=200");
        Assert.Single(outbox.Items, i => i.GetProperty("operation").GetString() == "webhook");
    }

    private async Task<KeyAnswer> AttackAsync(string way, JsonElement value, string transfer)
    {
        var card = Card("""{"schema":"2.0","header":{"title":{"tag":"plain_text","content":"$T"}},"body":{"elements":[$B]}}""", value);
        var bob = new { user_id = "bob" };
        switch (way)
        {
            case "card": return await PostAsync("/messages?wait=20&validate=false", new { to = bob, card });
            case "card as text": return await PostAsync("/messages?wait=20", new { to = bob, card = card.GetRawText() });
            case "msg_type":
                return await PostAsync("/messages?wait=20", new { to = bob, msg_type = "interactive", content = card.GetRawText() });
            case "json 1.0":
                var first = JsonSerializer.Deserialize<JsonElement>($$$"""
                    {"header":{"title":{"tag":"plain_text","content":"{{{Lunch}}}"}},"elements":[{"tag":"action","actions":[
                      {"tag":"button","text":{"tag":"plain_text","content":"Yes"},"value":{{{value.GetRawText()}}}}]}]}
                    """);
                return await PostAsync("/messages?wait=20", new { to = bob, card = first });
            case "local template":
                var variables = new { k = Of("kind"), c = Of("card"), a = Of("action") };
                return await PostAsync("/messages?wait=20", new { to = bob, template = "lunch", variables });
            case "platform template":
                await _fixture.Emulator.ControlAsync(HttpMethod.Post, "templates", new
                {
                    template_id = "lunch",
                    versions = new[]
                    {
                        new
                        {
                            name = "1.0.0", card = JsonNode.Parse(Card(
                                """{"schema":"2.0","header":{"title":{"tag":"plain_text","content":"$T"}},"body":{"elements":[$B]}}""",
                                JsonSerializer.SerializeToElement(new { kind = "${k}", card = "${c}", action = "${a}" })).GetRawText()),
                            variables = ((string[])["k", "c", "a"]).Select(name => new { name, type = "string" }).ToArray(),
                        },
                    },
                });
                return await PostAsync("/messages?wait=20", new
                {
                    to = bob, template = new { id = "lunch", version = "1.0.0", variables = new { k = Of("kind"), c = Of("card"), a = Of("action") } },
                });
            case "reply": return await PostAsync($"/messages/{transfer}/reply?wait=20", new { card });
            case "patch":
                var own = await PostAsync("/messages?wait=20", new { to = bob, card_message = new { title = "Lunch soon" } });
                var path = $"/messages/{own.Text("message_id")}?wait=20";
                return await _fixture.Gateway.CallAsync(_canteen, HttpMethod.Patch, path, new { card });
            default:
                using (var opening = new HttpRequestMessage(HttpMethod.Post, new Uri(_fixture.Gateway.Address, "/api/v1/streams")))
                {
                    opening.Headers.Add("X-Api-Key", _canteen);
                    opening.Headers.Add("Idempotency-Key", "lunch-stream");
                    opening.Content = System.Net.Http.Json.JsonContent.Create(new { to = new { type = "user_id", id = "bob" }, title = Lunch });
                    using var http = new HttpClient();
                    using var opened = await http.SendAsync(opening);
                    var stream = JsonSerializer.Deserialize<JsonElement>(await opened.Content.ReadAsStringAsync()).GetProperty("id").GetString();
                    var components = new[] { JsonSerializer.Deserialize<JsonElement>(Button(value)) };
                    return await PostAsync($"/streams/{stream}/finish", new { text = Lunch, components });
                }
        }

        string Of(string member) => value.GetProperty(member).GetString()!;

        Task<KeyAnswer> PostAsync(string path, object body) => _fixture.Gateway.CallAsync(_canteen, HttpMethod.Post, path, body);
    }

    private static JsonElement Card(string shape, JsonElement value) => JsonSerializer.Deserialize<JsonElement>(
        shape.Replace("$T", Lunch, StringComparison.Ordinal).Replace("$B", Button(value), StringComparison.Ordinal));

    private static string Button(JsonElement value) =>
        $$$"""{"tag":"button","text":{"tag":"plain_text","content":"Yes"},"behaviors":[{"type":"callback","value":{{{value.GetRawText()}}}}]}""";

    /// <summary>The canteen's cards that have the button.</summary>
    private async Task<IReadOnlyList<string>> LunchesAsync() =>
        [.. (await _fixture.Emulator.StateAsync())["messages"]!.AsArray()
            .Where(m => m!["rendered"]?.GetValue<string>() is { } face && face.Contains("\"Yes\"", StringComparison.Ordinal))
            .Select(m => m!["message_id"]!.GetValue<string>())];
}
