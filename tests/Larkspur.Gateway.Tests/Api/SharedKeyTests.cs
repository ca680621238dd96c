using Larkspur.Testing;

namespace Larkspur.Gateway.Tests.Api;

/// <summary>Two processes on one database: a key made, renewed or revoked in one is so in the other.</summary>
public sealed class SharedKeyTests : IAsyncLifetime
{
    private readonly Dictionary<string, string?> _settings = [];
    private FeishuStub _feishu = null!;

    public async ValueTask InitializeAsync()
    {
        _feishu = await FeishuStub.StartAsync();
        _settings["LARKSPUR_DB"] = await (await PostgresServer.SharedAsync()).CreateDatabaseAsync();
    }

    public async ValueTask DisposeAsync() => await _feishu.DisposeAsync();

    [Fact]
    public async Task A_key_of_one_process_opens_the_other_until_it_is_revoked()
    {
        await using var first = await GatewayApp.StartAsync(_feishu.Address, _settings);
        await using var second = await GatewayApp.StartAsync(_feishu.Address, _settings);
        var (secret, id) = await first.MakeKeyAsync("mica", ["status:read"]);
        Assert.Equal(200, (await second.CallAsync(secret, HttpMethod.Get, "/status")).Status);

        var renewed = (await first.CallAsync(GatewayApp.ApiKey, HttpMethod.Post, $"/api-keys/{id}/rotate")).Text("secret")!;
        Assert.Equal(200, (await second.CallAsync(renewed, HttpMethod.Get, "/status")).Status);
        // The second process may believe for a moment what it knew; 5 seconds even when it hears nothing.
        await second.UntilAsync(async () => (await second.CallAsync(secret, HttpMethod.Get, "/status")).Status == 401);

        Assert.Equal(200, (await first.CallAsync(GatewayApp.ApiKey, HttpMethod.Delete, $"/api-keys/{id}")).Status);
        Assert.Equal(401, (await first.CallAsync(renewed, HttpMethod.Get, "/status")).Status);
        await second.UntilAsync(async () => (await second.CallAsync(renewed, HttpMethod.Get, "/status")).Error == "revoked_api_key");
    }

    [Fact]
    public async Task Of_two_renewals_at_once_the_later_keeps_the_key_of_the_earlier()
    {
        await using var first = await GatewayApp.StartAsync(_feishu.Address, _settings);
        await using var second = await GatewayApp.StartAsync(_feishu.Address, _settings);
        var (original, id) = await first.MakeKeyAsync("mica", ["status:read"]);
        for (var round = 0; round < 4; round++)
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => (i % 2 == 0 ? first : second).CallAsync(GatewayApp.ApiKey, HttpMethod.Post, $"/api-keys/{id}/rotate", new { overlap_seconds = 3600 })));
            Assert.All(answers, answer => Assert.Equal(200, answer.Status));
            var valid = 0;
            foreach (var answer in answers)
            {
                // What a process believed of a key for a moment is no more believed once it was changed; these were never asked for before.
                if ((await first.CallAsync(answer.Text("secret"), HttpMethod.Get, "/status")).Status == 200) valid++;
            }

            Assert.Equal(2, valid);
            Assert.Equal(401, (await first.CallAsync(original, HttpMethod.Get, "/status")).Status);
        }
    }
}
