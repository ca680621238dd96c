using Larkspur.Gateway.Tests.Messages;
using Larkspur.Gateway.Tests.Operations;
using Larkspur.Testing;

namespace Larkspur.Gateway.Tests.Webhooks;

/// <summary>What was delivered, or was not, is sent again under its id.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class WebhookResendTests : IAsyncLifetime
{
    private readonly FeishuPush _push = new();
    private FeishuStub _feishu = null!;
    private WebhookReceiver _erp = null!;
    private GatewayApp _gateway = null!;

    public async ValueTask InitializeAsync()
    {
        (_feishu, _erp) = (await FeishuStub.StartAsync(), await WebhookReceiver.StartAsync());
        _gateway = await GatewayApp.StartAsync(_feishu.Address, new Dictionary<string, string?> { ["LARKSPUR_ALLOW_PRIVATE_ADDRESSES"] = "127.0.0.0/8" });
        var put = await _gateway.RestAsync(HttpMethod.Put, "/webhooks/erp", $$"""{"url":"{{_erp.Url}}","secret":"{{_erp.Secret}}","events":["*"]}""");
        Assert.Equal(201, put.Status);
    }

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _erp.DisposeAsync();
        await _feishu.DisposeAsync();
    }

    [Fact]
    public async Task A_delivery_is_sent_again_with_the_same_id_and_body_also_when_it_had_arrived()
    {
        await _push.ProbeAsync(_gateway, "once more");
        await StateAsync("delivered", 1);
        var id = _erp.Calls.Single().Id;
        var resent = await _gateway.PostRestAsync($"/webhooks/erp/deliveries/{id}/resend", null);
        Assert.Equal((200, id), (resent.Status, resent.Text("webhook_id")));
        await _gateway.UntilAsync(() => Task.FromResult(_erp.Calls.Count == 2));
        Assert.Equal(_erp.Calls.First().Text, _erp.Calls.Last().Text);
        Assert.Equal(id, _erp.Calls.Last().Id);
        await StateAsync("delivered", 1);
        await _gateway.UntilAsync(async () => (await _gateway.GetRestAsync($"/webhooks/erp/deliveries/{id}")).Body.GetProperty("attempts").GetArrayLength() == 2);
        var audit = await _gateway.GetRestAsync("/audit");
        Assert.Contains(id, audit.Body.GetRawText(), StringComparison.Ordinal);
        Assert.Equal(404, (await _gateway.PostRestAsync("/webhooks/erp/deliveries/none/resend", null)).Status);
    }

    [Fact]
    public async Task What_waits_is_not_sent_again()
    {
        _erp.AnswerWith(503);
        await _push.ProbeAsync(_gateway, "waits");
        await _gateway.UntilAsync(() => Task.FromResult(_erp.Calls.Count == 1));
        var refused = await _gateway.PostRestAsync($"/webhooks/erp/deliveries/{_erp.Calls.Single().Id}/resend", null);
        Assert.Equal((409, "still_waiting"), (refused.Status, refused.Error));
    }

    [Fact]
    public async Task All_that_failed_in_a_window_is_sent_again_once_the_webhook_is_on()
    {
        await _push.ProbeAsync(_gateway, "fine");
        await StateAsync("delivered", 1);
        _erp.AnswerWith(410);
        foreach (var note in (string[])["one", "two", "three"])
        {
            await _push.ProbeAsync(_gateway, note);
            await _gateway.UntilAsync(async () => (await _gateway.GetRestAsync("/webhooks/erp")).Text("state") == "gone");
        }

        await StateAsync("dead", 3);
        var since = DateTimeOffset.UtcNow.AddHours(-1).ToString("O");
        var off = await _gateway.PostRestAsync("/webhooks/erp/resend", $$"""{"since":"{{since}}"}""");
        Assert.Equal((409, "webhook_off"), (off.Status, off.Error));
        _erp.Answer = null;
        Assert.Equal(200, (await _gateway.PostRestAsync("/webhooks/erp/enable", null)).Status);

        var early = await _gateway.PostRestAsync("/webhooks/erp/resend", $$"""{"since":"2026-01-01T00:00:00Z","until":"2026-01-02T00:00:00Z"}""");
        Assert.Equal((200, 0), (early.Status, early.Body.GetProperty("resent").GetInt32()));
        var resent = await _gateway.PostRestAsync("/webhooks/erp/resend", $$"""{"since":"{{since}}","state":"dead"}""");
        Assert.Equal((200, 3, false), (resent.Status, resent.Body.GetProperty("resent").GetInt32(), resent.Body.GetProperty("more").GetBoolean()));
        await StateAsync("delivered", 4);
        // All of a window once: asked again about the same one, nothing is left.
        var again = await _gateway.PostRestAsync("/webhooks/erp/resend", $$"""{"since":"{{since}}","state":"all"}""");
        Assert.Equal(4, again.Body.GetProperty("resent").GetInt32());
        var rest = await _gateway.PostRestAsync("/webhooks/erp/resend", $$"""{"since":"{{since}}","state":"all","until":"{{again.Text("until")}}"}""");
        Assert.Equal(0, rest.Body.GetProperty("resent").GetInt32());
    }

    [Theory]
    [InlineData("""{}""", 400, "missing", "/since")]
    [InlineData("""{"since":"yesterday"}""", 400, "bad_time", "/since")]
    [InlineData("""{"since":"2026-01-02T00:00:00Z","until":"2026-01-01T00:00:00Z"}""", 422, "bad_time", "/until")]
    [InlineData("""{"since":"2026-01-02T00:00:00Z","state":"lost"}""", 422, "bad_state", "/state")]
    [InlineData("""{"since":"2026-01-02T00:00:00Z","form":1}""", 400, "unknown_field", "/form")]
    public async Task A_window_that_is_none_is_refused(string body, int status, string word, string pointer)
    {
        var refused = await _gateway.PostRestAsync("/webhooks/erp/resend", body);
        Assert.Equal((status, word, pointer), (refused.Status, refused.Error, refused.Text("pointer")));
    }

    private Task StateAsync(string state, int count) => _gateway.UntilAsync(async () =>
        (await _gateway.GetRestAsync($"/webhooks/erp/deliveries?state={state}")).Items.Length == count);
}
