using System.Text.Json;
using Larkspur.Testing;

namespace Larkspur.Gateway.Tests;

public sealed class MainPathTests : IAsyncLifetime
{
    private readonly FeishuPush _push = new();
    private FeishuStub _feishu = null!;
    private GatewayApp _gateway = null!;

    public async ValueTask InitializeAsync()
    {
        _feishu = await FeishuStub.StartAsync();
        _gateway = await GatewayApp.StartAsync(_feishu.Address);
    }

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _feishu.DisposeAsync();
    }

    [Fact]
    public async Task A_command_comes_in_and_a_card_goes_out()
    {
        var eventId = FeishuPush.NewId("ev_");
        var (status, _) = await _push.SendAsync(_gateway, "im.message.receive_v1", FeishuPush.Message("/help"), eventId);
        Assert.Equal(200, status);

        var sent = await _feishu.NextAsync();
        Assert.Equal("oc_p2p", sent.Target);
        Assert.Equal(34, sent.Uuid!.Length);
        var card = JsonSerializer.Deserialize<JsonElement>(sent.Content);
        Assert.Equal("2.0", card.GetProperty("schema").GetString());
        Assert.Contains("/approve-demo", sent.Content, StringComparison.Ordinal);
        Assert.Equal("answered", (await _gateway.OutcomeAsync(eventId)).GetProperty("outcome").GetString());
    }
}
