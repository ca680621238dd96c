using Larkspur.Testing;

namespace Larkspur.Gateway.Tests;

/// <summary>A platform, and settings of any number of gateways on one PostgreSQL database of the test's own.</summary>
public abstract class SharedDatabaseFixture : IAsyncLifetime
{
    protected FeishuStub Feishu { get; private set; } = null!;

    protected Dictionary<string, string?> Settings { get; } = [];

    public async ValueTask InitializeAsync()
    {
        Feishu = await FeishuStub.StartAsync();
        Settings["LARKSPUR_DB"] = await (await PostgresServer.SharedAsync()).CreateDatabaseAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Feishu.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
