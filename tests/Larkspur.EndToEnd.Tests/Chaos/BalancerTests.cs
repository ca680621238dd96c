using Larkspur.Testing.Chaos;

namespace Larkspur.EndToEnd.Tests.Chaos;

public sealed class BalancerTests
{
    [Fact]
    public async Task New_connections_go_round_and_past_a_dead_backend()
    {
        await using var one = await EmulatorApp.StartAsync();
        var other = await EmulatorApp.StartAsync();
        await one.ActAsync(new { @as = "alice", @do = "send", text = "this is one" });
        await using var balancer = new Balancer([one.BaseUrl, other.BaseUrl]);
        // A connection for each request: that is what is balanced.
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false, PooledConnectionLifetime = TimeSpan.Zero }) { BaseAddress = balancer.Address };

        var ones = 0;
        for (var i = 0; i < 10; i++) ones += await IsOneAsync(http) ? 1 : 0;
        Assert.Equal(5, ones);
        await other.DisposeAsync();
        for (var i = 0; i < 6; i++) Assert.True(await IsOneAsync(http));
        await one.DisposeAsync();
        await Assert.ThrowsAsync<HttpRequestException>(() => IsOneAsync(http));
    }

    private static async Task<bool> IsOneAsync(HttpClient http) =>
        (await http.GetStringAsync(new Uri("/_emulator/state", UriKind.Relative), TestContext.Current.CancellationToken)).Contains("this is one", StringComparison.Ordinal);
}
