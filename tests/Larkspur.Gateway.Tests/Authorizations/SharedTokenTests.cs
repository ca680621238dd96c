using Larkspur.Gateway.Tests.Api;
using Larkspur.Testing;

namespace Larkspur.Gateway.Tests.Authorizations;

/// <summary>Two processes on one database: a refresh token is good once, so one of them alone may use it.</summary>
public sealed class SharedTokenTests
{
    private static readonly object Primary = new { endpoint = "calendar.v4.calendar.primary" };

    [Fact]
    public async Task Two_processes_renew_a_persons_tokens_once()
    {
        var settings = new Dictionary<string, string?> { ["LARKSPUR_DB"] = await (await PostgresServer.SharedAsync()).CreateDatabaseAsync() };
        await using var on = await AuthorizationFixture.StartAsync(settings);
        await using var other = await on.SecondAsync(settings);
        var asked = await on.Gateway.CallAsync(GatewayApp.ApiKey, HttpMethod.Post, "/authorizations",
            new { to = new { email = "bob@mica.example" }, scopes = new[] { "calendar:calendar:readonly" }, reason = "x" });
        Assert.Equal(201, asked.Status);
        await on.AllowAsync(await on.LinkAsync());
        var path = $"/authorizations/{asked.Text("id")}/calls";
        for (var round = 1; round <= 3; round++)
        {
            await on.Emulator.AdvanceAsync(TimeSpan.FromHours(3));
            var before = await on.CallsAsync("/authen/v2/oauth/token");
            var calls = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => (i % 2 == 0 ? on.Gateway : other)
                .CallAsync(GatewayApp.ApiKey, HttpMethod.Post, path, Primary)));
            Assert.All(calls, c => Assert.True(c.Status == 200, c.ToString()));
            Assert.Equal(before + 1, await on.CallsAsync("/authen/v2/oauth/token"));
        }
    }
}
