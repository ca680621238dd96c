using Larkspur.Gateway.Tests.Messages;
using Larkspur.Testing;
using Larkspur.Webhooks;

namespace Larkspur.Gateway.Tests.Webhooks;

/// <summary>Two gateways on one PostgreSQL: a webhook that is added, changed or gone in one is so in the other.</summary>
public sealed class SharedWebhookEndpointTests : IAsyncLifetime
{
    private readonly FeishuPush _push = new();
    private readonly Dictionary<string, string?> _settings = new() { ["LARKSPUR_ALLOW_PRIVATE_ADDRESSES"] = "127.0.0.0/8" };
    private FeishuStub _feishu = null!;
    private WebhookReceiver _erp = null!;
    private GatewayApp _first = null!;
    private GatewayApp _second = null!;

    public async ValueTask InitializeAsync()
    {
        (_feishu, _erp) = (await FeishuStub.StartAsync(), await WebhookReceiver.StartAsync());
        _settings["LARKSPUR_DB"] = await (await PostgresServer.SharedAsync()).CreateDatabaseAsync();
        _first = await GatewayApp.StartAsync(_feishu.Address, _settings);
        _second = await GatewayApp.StartAsync(_feishu.Address, _settings);
    }

    public async ValueTask DisposeAsync()
    {
        await _second.DisposeAsync();
        await _first.DisposeAsync();
        await _erp.DisposeAsync();
        await _feishu.DisposeAsync();
    }

    [Fact]
    public async Task What_is_added_in_one_process_gets_the_events_of_both()
    {
        var secret = (await _first.RestAsync(HttpMethod.Put, "/webhooks/erp", $$"""{"url":"{{_erp.Url}}","events":["*"]}""")).Text("secret")!;
        await _second.UntilAsync(async () => (await _second.GetRestAsync("/webhooks/erp")).Status == 200);
        foreach (var gateway in (GatewayApp[])[_first, _second])
        {
            for (var i = 0; i < 5; i++) await _push.ProbeAsync(gateway, $"probe {i}", $"oc_{i}");
        }

        await _first.UntilAsync(() => Task.FromResult(_erp.Calls.Count == 10));
        Assert.All(_erp.Calls, c => Assert.Equal(WebhookVerdict.Valid, _erp.Judge(c, secret)));
    }

    [Fact]
    public async Task One_that_answered_410_is_off_in_both_and_back_in_both()
    {
        await _first.RestAsync(HttpMethod.Put, "/webhooks/erp", $$"""{"url":"{{_erp.Url}}","events":["*"]}""");
        await _second.UntilAsync(async () => (await _second.GetRestAsync("/webhooks/erp")).Status == 200);
        _erp.AnswerWith(410);
        await _first.PostRestAsync("/webhooks/erp/test", null);
        foreach (var gateway in (GatewayApp[])[_first, _second]) await gateway.UntilAsync(async () => (await gateway.GetRestAsync("/webhooks/erp")).Text("state") == "gone");
        _erp.Answer = null;
        await _second.PostRestAsync("/webhooks/erp/enable", null);
        await _first.UntilAsync(async () => (await _first.GetRestAsync("/webhooks/erp")).Text("state") == "active");
        Assert.Equal("delivered", (await _first.PostRestAsync("/webhooks/erp/test", null)).Text("state"));
    }
}
