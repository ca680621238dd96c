using Larkspur.Testing;

namespace Larkspur.Gateway.Tests.Api;

/// <summary>Two processes on one database: a key made, renewed or revoked in one is so in the other.</summary>
public sealed class SharedKeyTests : SharedDatabaseFixture
{
    [Fact]
    public async Task A_key_of_one_process_opens_the_other_until_it_is_revoked()
    {
        await using var first = await GatewayApp.StartAsync(Feishu.Address, Settings);
        await using var second = await GatewayApp.StartAsync(Feishu.Address, Settings);
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
        await using var first = await GatewayApp.StartAsync(Feishu.Address, Settings);
        await using var second = await GatewayApp.StartAsync(Feishu.Address, Settings);
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

    [Fact]
    public async Task The_limit_of_a_key_holds_over_all_processes_and_one_alone_has_all_of_it()
    {
        await using var first = await GatewayApp.StartAsync(Feishu.Address, Settings);
        await using var second = await GatewayApp.StartAsync(Feishu.Address, Settings);
        var (alone, _) = await first.MakeKeyAsync("alone", ["status:read"], perMinute: 60);
        var (both, _) = await first.MakeKeyAsync("both", ["status:read"], perMinute: 60);
        var clock = System.Diagnostics.Stopwatch.StartNew();
        Assert.Equal(60, await TakenAsync(alone, 60, first));
        Assert.Equal(429, (await CallsAfterAsync(first, alone)).Status);

        clock.Restart();
        var taken = await TakenAsync(both, 200, first, second);
        // What fills up again while the calls are made, and a tenth of the limit that each may hold for itself.
        Assert.InRange(taken, 48, 60 + (int)Math.Ceiling(clock.Elapsed.TotalSeconds));
    }

    [Fact]
    public async Task A_change_of_a_key_counts_in_the_other_process()
    {
        await using var first = await GatewayApp.StartAsync(Feishu.Address, Settings);
        await using var second = await GatewayApp.StartAsync(Feishu.Address, Settings);
        var (secret, id) = await first.MakeKeyAsync("mica", ["status:read"]);
        Assert.Equal(403, (await second.CallAsync(secret, HttpMethod.Get, "/inbox")).Status);
        Assert.Equal(200, (await first.CallAsync(GatewayApp.ApiKey, HttpMethod.Patch, $"/api-keys/{id}", new { scopes = new[] { "deliveries:read", "others:read" } })).Status);
        Assert.Equal(200, (await first.CallAsync(secret, HttpMethod.Get, "/inbox")).Status);
        await second.UntilAsync(async () => (await second.CallAsync(secret, HttpMethod.Get, "/inbox")).Status == 200);
        await second.UntilAsync(async () => (await second.CallAsync(secret, HttpMethod.Get, "/status")).Status == 403);
    }

    private static async Task<int> TakenAsync(string key, int calls, params GatewayApp[] gateways)
    {
        var taken = 0;
        for (var i = 0; i < calls; i++)
        {
            if ((await gateways[i % gateways.Length].CallAsync(key, HttpMethod.Get, "/status")).Status == 200) taken++;
        }

        return taken;
    }

    /// <summary>At a call a second one may have filled up meanwhile: until there is none.</summary>
    private static async Task<KeyAnswer> CallsAfterAsync(GatewayApp gateway, string key)
    {
        var answer = await gateway.CallAsync(key, HttpMethod.Get, "/status");
        for (var i = 0; i < 100 && answer.Status == 200; i++) answer = await gateway.CallAsync(key, HttpMethod.Get, "/status");
        return answer;
    }
}
