using System.Text.Json;
using Larkspur.Testing;

namespace Larkspur.Gateway.Tests.LongConnection;

/// <summary>Events over the long connection end in the same inbox under the same rules; the platform's side is in the test's hand.</summary>
public sealed class DeliveryTests : IAsyncLifetime
{
    private readonly FeishuPush _push = new();
    private FeishuStub _feishu = null!;
    private SocketPlatform _platform = null!;
    private GatewayApp _gateway = null!;
    private PlatformSocket _socket = null!;

    public async ValueTask InitializeAsync()
    {
        _feishu = await FeishuStub.StartAsync();
        _platform = await SocketPlatform.StartAsync();
        _platform.Behind = new Uri(_feishu.Address);
        _gateway = await ConnectedGateway.StartAsync(_platform.Address);
        _socket = await _platform.NextAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _platform.DisposeAsync();
        await _feishu.DisposeAsync();
    }

    [Fact]
    public async Task A_message_is_recorded_before_it_is_acknowledged_and_then_answered()
    {
        await _socket.PushAsync(Message("ev_1", "good morning"));
        Assert.Equal("""{"code":200}""", (await _socket.AnswerAsync()).Text);
        Assert.Equal(1, (await _gateway.InboxAsync("ev_1")).GetProperty("items").GetArrayLength());
        Assert.Contains("good morning", (await _feishu.NextAsync()).Content, StringComparison.Ordinal);
        await ConnectedGateway.StateAsync(_gateway, "proven");
    }

    [Fact]
    public async Task What_comes_twice_has_one_effect()
    {
        var json = Message("ev_2", "once", "om_twice");
        for (var i = 0; i < 3; i++)
        {
            await _socket.PushAsync(json, parts: i + 1);
            Assert.Equal("""{"code":200}""", (await _socket.AnswerAsync()).Text);
        }

        await _socket.PushAsync(Message("ev_2b", "once", "om_twice")); // the same message under another event id
        await _socket.AnswerAsync();
        await _feishu.NextAsync();
        Assert.Equal(3, (await _gateway.OutcomeAsync("ev_2")).GetProperty("duplicates").GetInt32());
        await _gateway.CountsAsync(3, "larkspur_ingress_duplicates_total");
        Assert.True(_feishu.IsQuiet);
    }

    [Fact]
    public async Task A_click_is_answered_over_the_connection_with_toast_and_card()
    {
        await _socket.PushAsync(Message("ev_3", "/approve-demo please"));
        await _socket.AnswerAsync();
        var sent = await _feishu.NextAsync();
        await _socket.PushAsync(_push.Envelope("card.action.trigger", FeishuPush.Click(Approve(sent.Content), sent.MessageId), "ev_click"));
        var answer = JsonSerializer.Deserialize<JsonElement>((await _socket.AnswerAsync()).Text);
        Assert.Equal(200, answer.GetProperty("code").GetInt32());
        var body = JsonSerializer.Deserialize<JsonElement>(answer.GetProperty("data").GetBytesFromBase64());
        Assert.Equal("Approved", body.GetProperty("toast").GetProperty("i18n").GetProperty("en_us").GetString());
        Assert.Contains("Approved by Bob", body.GetProperty("card").GetProperty("data").GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task While_nothing_can_be_recorded_the_platform_is_asked_to_send_it_again_and_a_break_in_between_loses_nothing()
    {
        var json = Message("ev_4", "hold on");
        await using (await _gateway.HoldDatabaseAsync())
        {
            await _socket.PushAsync(json);
            Assert.Equal("""{"code":500}""", (await _socket.AnswerAsync()).Text);
            await _socket.PushAsync(json);
            _socket.Drop(); // in the middle of it
            _socket = await _platform.NextAsync();
        }

        await _socket.PushAsync(json);
        Assert.Equal("""{"code":200}""", (await _socket.AnswerAsync()).Text);
        await _gateway.OutcomeAsync("ev_4");
        await _feishu.NextAsync();
        Assert.True(_feishu.IsQuiet);
    }

    [Fact]
    public async Task The_address_of_such_an_app_takes_nothing()
    {
        var (status, body) = await _push.SendAsync(_gateway, "im.message.receive_v1", FeishuPush.Message("hi"));
        Assert.Equal(403, status);
        Assert.Equal("long_connection_only", body.GetProperty("error").GetString());
    }

    [Fact]
    public async Task Metrics_and_readiness_say_how_the_connection_stands()
    {
        await _socket.PushAsync(Message("ev_5", "hi"));
        await _socket.AnswerAsync();
        await ConnectedGateway.StateAsync(_gateway, "proven");
        await _gateway.CountsAsync(1, "larkspur_long_connection_up", "app=\"default\"");
        await _gateway.CountsAsync(1, "larkspur_long_connection_state", "state=\"proven\"");
        await _gateway.CountsAsync(1, "larkspur_long_connection_connects_total");
        Assert.True(await _gateway.CounterAsync("larkspur_long_connection_last_event_timestamp_seconds") > 1_700_000_000);
        Assert.Contains("long_connection:default", await _gateway.Http.GetStringAsync(new Uri("/health/ready", UriKind.Relative), TestContext.Current.CancellationToken), StringComparison.Ordinal);

        _socket.Drop();
        await _platform.NextAsync();
        await ConnectedGateway.StateAsync(_gateway, "unproven");
        await _gateway.CountsAsync(1, "larkspur_long_connection_losses_total");
        Assert.Equal(2, (await ConnectedGateway.ConnectionAsync(_gateway)).GetProperty("connects").GetInt64());
    }

    [Fact]
    public async Task Stopping_closes_the_connection_politely_after_what_is_in_hand()
    {
        await _socket.PushAsync(Message("ev_6", "bye"));
        await _socket.AnswerAsync();
        await _gateway.StopAsync();
        Assert.Equal(System.Net.WebSockets.WebSocketCloseStatus.NormalClosure, await _socket.Closed.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        Assert.DoesNotContain(SocketPlatform.Ticket, _gateway.Logs.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(SocketPlatform.Secret, _gateway.Logs.Text, StringComparison.Ordinal);
    }

    private string Message(string eventId, string text, string? messageId = null) =>
        _push.Envelope("im.message.receive_v1", FeishuPush.Message(text, messageId: messageId), eventId);

    private static JsonElement Approve(string card)
    {
        var value = Find(JsonSerializer.Deserialize<JsonElement>(card));
        Assert.NotNull(value);
        return value.Value;

        static JsonElement? Find(JsonElement element) => element.ValueKind switch
        {
            JsonValueKind.Array => element.EnumerateArray().Select(Find).FirstOrDefault(v => v is not null),
            JsonValueKind.Object when element.TryGetProperty("choice", out var choice) && choice.GetString() == "approve" => element,
            JsonValueKind.Object => element.EnumerateObject().Select(m => Find(m.Value)).FirstOrDefault(v => v is not null),
            _ => null,
        };
    }
}
