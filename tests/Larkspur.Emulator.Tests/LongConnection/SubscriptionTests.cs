using System.Text.Json.Nodes;
using Larkspur.Emulator.State;
using Larkspur.Testing;

namespace Larkspur.Emulator.Tests.LongConnection;

/// <summary>Webhook and long connection side by side, for events and for callbacks, and card callbacks over the socket.</summary>
public sealed class SubscriptionTests : LongConnectionTest
{
    private const string Card = """
        {"schema":"2.0","body":{"elements":[{"tag":"button","text":{"tag":"plain_text","content":"Yes"},"behaviors":[{"type":"callback","value":{"k":"v"}}]}]}}
        """;

    private EventReceiver _receiver = null!;

    public override async ValueTask InitializeAsync()
    {
        _receiver = await EventReceiver.StartAsync();
        await base.InitializeAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _receiver.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Left_to_itself_an_app_hears_where_it_can_be_found()
    {
        Assert.Equal(("nowhere", "nowhere"), await RoutesAsync());
        await Emulator.SetCallbackAsync(_receiver.Url);
        Assert.Equal(("webhook", "webhook"), await RoutesAsync());
        await SayAsync("to the webhook");
        Assert.Contains("to the webhook", (await _receiver.NextAsync()).Plain, StringComparison.Ordinal);

        var client = await TestClient.ConnectAsync(Emulator);
        await UntilAsync(async () => await OnlineAsync() == 1);
        Assert.Equal(("long_connection", "long_connection"), await RoutesAsync());
        await SayAsync("to the client");
        Assert.Contains("to the client", (await client.AcceptAsync()).ToJsonString(), StringComparison.Ordinal);

        await client.CloseAsync();
        await UntilAsync(async () => await OnlineAsync() == 0);
        await SayAsync("to the webhook again");
        Assert.Contains("to the webhook again", (await _receiver.NextAsync()).Plain, StringComparison.Ordinal);

        // Without an address its return is awaited.
        await Emulator.SetCallbackAsync("");
        Assert.Equal(("long_connection", "long_connection"), await RoutesAsync());
    }

    [Theory]
    [InlineData("webhook", "long_connection")]
    [InlineData("long_connection", "webhook")]
    public async Task Events_and_callbacks_go_their_own_ways(string events, string callbacks)
    {
        await Emulator.SetCallbackAsync(_receiver.Url);
        await Emulator.ControlAsync(HttpMethod.Patch, $"apps/{EmulatorApp.AppId}", new { event_mode = events, callback_mode = callbacks });
        await using var client = await TestClient.ConnectAsync(Emulator);
        await UntilAsync(async () => await OnlineAsync() == 1);
        Assert.Equal((events, callbacks), await RoutesAsync());

        await SayAsync("an event");
        var card = await SendCardAsync();
        var click = ClickAsync(card);
        var (overSocket, last) = await client.EventAsync();
        await client.SendAsync(last.Answer("""{"code":200}"""));
        var overWebhook = await _receiver.NextAsync();
        Assert.True((await click)["ok"]!.GetValue<bool>());
        Assert.Equal(events == "webhook" ? "card.action.trigger" : "im.message.receive_v1", overSocket["header"]!["event_type"]!.GetValue<string>());
        Assert.Equal(events == "webhook" ? "im.message.receive_v1" : "card.action.trigger", overWebhook.Type);
    }

    [Fact]
    public async Task Two_apps_choose_apart()
    {
        await Emulator.SetCallbackAsync(_receiver.Url);
        await Emulator.ControlAsync(HttpMethod.Post, "apps", new { app_id = "cli_00000000000000bb", app_secret = "other", event_mode = "long_connection" });
        await using var client = await TestClient.ConnectAsync(Emulator, "cli_00000000000000bb", "other");
        await Emulator.ActAsync(new { @as = "alice", @do = "send", text = "to the first", app = EmulatorApp.AppId });
        Assert.Contains("to the first", (await _receiver.NextAsync("im.message.receive_v1")).Plain, StringComparison.Ordinal);
        var group = (await Emulator.ActAsync(new { @as = "alice", @do = "create_group", name = "g", people = new[] { "bob" }, bots = new[] { "cli_00000000000000bb" } }))["chat_id"]!.GetValue<string>();
        await Emulator.ActAsync(new { @as = "alice", @do = "send", chat = group, text = "to the second" });
        string text;
        do text = (await client.AcceptAsync()).ToJsonString();
        while (!text.Contains("to the second", StringComparison.Ordinal));
        Assert.Contains("cli_00000000000000bb", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_click_is_an_event_frame_and_its_answer_shows_toast_and_card()
    {
        await using var client = await TestClient.ConnectAsync(Emulator);
        await UntilAsync(async () => await OnlineAsync() == 1);
        var card = await SendCardAsync();
        var click = ClickAsync(card);
        var (received, frame) = await client.EventAsync();
        Assert.Equal("event", frame["type"]);
        Assert.Equal("card.action.trigger", received["header"]!["event_type"]!.GetValue<string>());
        Assert.Equal(16, received["header"]!["create_time"]!.GetValue<string>().Length);
        Assert.Equal("""{"k":"v"}""", received["event"]!["action"]!["value"]!.ToJsonString());
        await client.SendAsync(frame.Answer(Data("""{"toast":{"type":"success","content":"done"},"card":{"type":"raw","data":{"schema":"2.0","body":{"elements":[{"tag":"markdown","content":"Approved 好"}]}}}}""")));
        var shown = await click;
        Assert.Equal("done", shown["toast"]!["content"]!.GetValue<string>());
        Assert.True(shown["card_changed"]!.GetValue<bool>());
        Assert.Contains("Approved 好", Emulator.State.Message(card)!.Card!.Json, StringComparison.Ordinal);
        var push = Emulator.State.Inspector.Pushes()[0];
        Assert.Equal(("card.action.trigger", "ws", 200), (push.EventType, push.Transport, push.Status));
    }

    public static TheoryData<string, int> BadAnswers => new()
    {
        { """{"code":500}""", 200671 },
        { "not json", 200672 },
        { """{"data":"e30="}""", 200672 },
        { """{"code":200,"data":"***"}""", 200672 },
        { Data("hello"), 200672 },
        { Data("\"no card.action.trigger event handle\""), 200672 },
        { Data("""{"toast":{"type":"loud","content":"x"}}"""), 200672 },
        { Data("""{"card":{"type":"raw","data":{"schema":"2.0","body":{"elements":[{"tag":"nonsense"}]}}}}"""), 200673 },
        { Data("""{"card":{"type":"raw","data":{"elements":[]}}}"""), 200830 },
    };

    [Theory]
    [MemberData(nameof(BadAnswers))]
    public async Task A_bad_answer_shows_the_clients_error_code(string answer, int code)
    {
        await using var client = await TestClient.ConnectAsync(Emulator);
        await UntilAsync(async () => await OnlineAsync() == 1);
        var click = ClickAsync(await SendCardAsync());
        await client.SendAsync((await client.EventAsync()).Last.Answer(answer));
        Assert.Equal(code, (await click)["error"]!["code"]!.GetValue<int>());
    }

    [Fact]
    public async Task A_late_answer_is_200341_a_lost_connection_200342_and_neither_is_asked_again()
    {
        await using var client = await TestClient.ConnectAsync(Emulator);
        await UntilAsync(async () => await OnlineAsync() == 1);
        var card = await SendCardAsync();
        var late = ClickAsync(card);
        await client.EventAsync();
        Time.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(200341, (await late)["error"]!["code"]!.GetValue<int>());

        var lost = ClickAsync(card);
        await client.EventAsync();
        client.Abort();
        Assert.Equal(200342, (await lost)["error"]!["code"]!.GetValue<int>());
        await UntilAsync(async () => await OnlineAsync() == 0);
        Assert.Equal(200342, (await ClickAsync(card))["error"]!["code"]!.GetValue<int>());
        await Emulator.AdvanceAsync(TimeSpan.FromHours(8));
        Assert.Equal(3, Emulator.State.Inspector.Pushes().Count(p => p.EventType == "card.action.trigger"));
    }

    [Fact]
    public async Task An_unknown_mode_is_refused()
    {
        var (status, answer) = await Emulator.TryControlAsync(HttpMethod.Patch, $"apps/{EmulatorApp.AppId}", new { event_mode = "pigeon" });
        Assert.Equal(400, status);
        Assert.Contains("long_connection", answer["error"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    private static string Data(string json) => $$"""{"code":200,"headers":null,"data":"{{Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(json))}}"}""";

    private async Task<(string, string)> RoutesAsync()
    {
        var app = (await ConnectionsAsync())["apps"]![0]!;
        return (app["events_go_to"]!.GetValue<string>(), app["callbacks_go_to"]!.GetValue<string>());
    }

    private async Task<string> SendCardAsync()
    {
        var sent = await Emulator.CallAsync(HttpMethod.Post, "/open-apis/im/v1/messages?receive_id_type=user_id", await Emulator.TenantTokenAsync(),
            new { receive_id = "alice", msg_type = "interactive", content = Card });
        return sent.Data["message_id"]!.GetValue<string>();
    }

    private Task<JsonObject> ClickAsync(string card) => Emulator.ActAsync(new { @as = "alice", @do = "click", message_id = card, text = "Yes" });
}
