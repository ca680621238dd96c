using Larkspur.Testing;

namespace Larkspur.Gateway.Tests;

/// <summary>PostgreSQL goes away while messages come: the platform is asked to come again, and everything goes on by itself.</summary>
public sealed class LostDatabaseTests : IAsyncLifetime
{
    private readonly FeishuPush _push = new();
    private FeishuStub _feishu = null!;
    private PostgresServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        _feishu = await FeishuStub.StartAsync();
        _server = await PostgresServer.StartPrivateAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _feishu.DisposeAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_server_that_is_restarted_under_load_loses_nothing(bool killed)
    {
        await using var gateway = await GatewayApp.StartAsync(_feishu.Address, new Dictionary<string, string?>
        {
            ["LARKSPUR_DB"] = await _server.CreateDatabaseAsync(), ["Larkspur:Outbox:PerLane"] = "1000", ["Larkspur:Dispatch:StoragePause"] = "00:00:00.1",
        });
        var events = Enumerable.Range(0, 60).Select(i => (Id: FeishuPush.NewId("ev_"), Message: FeishuPush.Message($"word {i:00}.", $"oc_{i % 6}"))).ToArray();
        foreach (var (id, message) in events[..20]) Assert.Equal(200, (await _push.SendAsync(gateway, "im.message.receive_v1", message, id)).Status);

        if (killed) await _server.KillAsync();
        else await _server.StopAsync();
        foreach (var (id, message) in events[20..24]) Assert.Equal(503, (await _push.SendAsync(gateway, "im.message.receive_v1", message, id)).Status);
        Assert.Equal(503, await ReadyAsync(gateway));

        await _server.StartAgainAsync();
        await gateway.UntilAsync(async () => await ReadyAsync(gateway) == 200);
        // The platform comes again with what it was not told to have arrived.
        foreach (var (id, message) in events[20..])
            await gateway.UntilAsync(async () => (await _push.SendAsync(gateway, "im.message.receive_v1", message, id)).Status == 200);

        foreach (var (id, _) in events) Assert.Equal("answered", (await gateway.OutcomeAsync(id)).GetProperty("outcome").GetString());
        await gateway.UntilAsync(() => Task.FromResult(_feishu.Calls.Select(c => c.Uuid).Distinct().Count() == events.Length));
        var said = new List<string>();
        for (var i = 0; i < events.Length; i++) said.Add((await _feishu.NextAsync()).Content);
        Assert.True(_feishu.IsQuiet);
        for (var i = 0; i < events.Length; i++) Assert.Single(said, s => s.Contains($"word {i:00}.", StringComparison.Ordinal));
    }

    private static async Task<int> ReadyAsync(GatewayApp gateway)
    {
        using var ready = await gateway.Http.GetAsync(new Uri("/health/ready", UriKind.Relative), TestContext.Current.CancellationToken);
        return (int)ready.StatusCode;
    }
}
