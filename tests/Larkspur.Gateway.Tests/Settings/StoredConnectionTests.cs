using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Tests.LongConnection;
using Larkspur.Testing;

namespace Larkspur.Gateway.Tests.Settings;

/// <summary>The stored app against the emulated platform, over the long connection.</summary>
public sealed class StoredConnectionTests : IAsyncLifetime
{
    private EmulatorApp _emulator = null!;
    private GatewayApp _gateway = null!;

    public async ValueTask InitializeAsync()
    {
        _emulator = await ConnectedGateway.EmulatorAsync();
        _gateway = await GatewayApp.StartAsync(_emulator.BaseUrl.ToString(), SettingsFixture.NoApp);
    }

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _emulator.DisposeAsync();
    }

    [Fact]
    public async Task Its_connection_is_made_when_it_is_switched_on_and_closed_when_it_is_switched_off()
    {
        var app = SettingsFixture.App;
        app[FeishuIntegration.EventMode] = "long_connection";
        app[FeishuIntegration.EncryptKey] = app[FeishuIntegration.VerificationToken] = null;
        await _gateway.SetAsync(app);
        await ConnectedGateway.StateAsync(_gateway, "unproven", "proven");
        await _emulator.ActAsync(new { @as = "alice", @do = "send", text = "/help" });
        await _emulator.WaitForMessageAsync("from=app&contains=" + Uri.EscapeDataString("What I can do") + "&timeout_ms=60000");

        await _gateway.SetAsync(FeishuIntegration.Enabled, "false");
        Assert.Empty((await ConnectedGateway.StatusAsync(_gateway)).GetProperty("long_connections").EnumerateArray());
        await ConnectedGateway.UntilAsync(async () => await OpenAsync() == 0, "the end of the connection", _gateway);

        await _gateway.SetAsync(FeishuIntegration.Enabled, "true");
        await ConnectedGateway.StateAsync(_gateway, "unproven", "proven");
        Assert.Equal(1, await OpenAsync());
    }

    private async Task<int> OpenAsync() => (await _emulator.ControlAsync(HttpMethod.Get, "connections"))["connections"]!.AsArray().Count;
}
