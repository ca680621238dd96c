using System.Text.Json;
using Larkspur.Gateway.People.ScimTargets.Rows;
using Larkspur.Gateway.Tests.Messages;
using Larkspur.Gateway.Tests.People.Scim;
using Larkspur.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Gateway.Tests.People.ScimTargets;

/// <summary>Two processes on one database push each person once, and one goes on when the other stops.</summary>
public sealed class SharedTargetTests : SharedDatabaseFixture
{
    [Fact]
    public async Task Two_processes_push_everybody_once_and_either_goes_on_alone()
    {
        await using var target = await FakeTarget.StartAsync();
        Settings["LARKSPUR_ALLOW_PRIVATE_ADDRESSES"] = "127.0.0.0/8";
        await using var one = await GatewayApp.StartAsync(Feishu.Address, Settings);
        var other = await GatewayApp.StartAsync(Feishu.Address, Settings);
        await using var second = other;
        var upstream = await ScimClient.MakeAsync(one);
        for (var i = 0; i < 30; i++) await upstream.MakeUserAsync($"p{i}@example.com");
        Assert.Equal(201, (await one.RestAsync(HttpMethod.Put, "/scim-targets/tool", new { url = target.Url, token = FakeTarget.Token })).Status);
        await UntilAsync(one, other, async () => (await ShowAsync(one)).GetProperty("users").GetInt64() == 30);
        Assert.Equal(30, target.Requests.Count(r => r.Method == "POST"));
        // The process that is asked is not always the one that has it.
        await one.StopAsync();
        var alone = await ScimClient.MakeAsync(other);
        await alone.MakeUserAsync("last@example.com");
        await UntilAsync(other, other, () => Task.FromResult(target.User("last@example.com") is not null));
        Assert.Equal(31, target.Users.Count);
    }

    private static async Task<JsonElement> ShowAsync(GatewayApp gateway) => (await gateway.GetRestAsync("/scim-targets/tool")).Body;

    private static Task UntilAsync(GatewayApp one, GatewayApp other, Func<Task<bool>> holds) => other.UntilAsync(async () =>
    {
        foreach (var gateway in (GatewayApp[])[one, other]) gateway.Services.GetRequiredService<TargetSignal>().Wake();
        return await holds();
    });
}
