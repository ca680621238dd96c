using Larkspur.Testing;

namespace Larkspur.Gateway.Tests;

/// <summary>A gateway and the few Feishu endpoints behind it, ready for events.</summary>
public sealed class GatewayFixture : IAsyncLifetime
{
    public FeishuPush Push { get; } = new();

    public FeishuStub Feishu { get; private set; } = null!;

    public GatewayApp Gateway { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Feishu = await FeishuStub.StartAsync();
        Gateway = await GatewayApp.StartAsync(Feishu.Address);
    }

    public async ValueTask DisposeAsync()
    {
        await Gateway.DisposeAsync();
        await Feishu.DisposeAsync();
    }
}
