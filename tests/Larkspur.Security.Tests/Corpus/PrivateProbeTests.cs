using System.Net;
using Larkspur.Gateway.Common.Egress;
using Larkspur.Gateway.Tests;
using Larkspur.Gateway.Tests.Api;
using Larkspur.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Security.Tests.Corpus;

/// <summary>Who may change settings does not learn by the doctor's call what stands in the company's own network.</summary>
public sealed class PrivateProbeTests
{
    [Theory]
    [InlineData(null, 0)]
    [InlineData("10.0.0.0/8", 0)]
    [InlineData("127.0.0.0/8", 1)]
    [InlineData("intranet.example", 1)]
    public async Task A_private_address_is_called_only_where_the_operator_allows_it(string? allowed, int calls)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        await using var inside = builder.Build();
        var called = 0;
        inside.Run(_ =>
        {
            Interlocked.Increment(ref called);
            return Task.CompletedTask;
        });
        await inside.StartAsync(TestContext.Current.CancellationToken);

        await using var emulator = await EmulatorApp.StartAsync();
        // For the gateway the platform is at a public address, as it is in life, and the other name at one of the fixture.
        await using var gateway = await GatewayApp.StartAsync($"http://localhost:{emulator.BaseUrl.Port}", new Dictionary<string, string?> { ["LARKSPUR_ALLOW_PRIVATE_ADDRESSES"] = allowed },
            configure: b => b.Services.AddSingleton<HostLookup>((host, _) => Task.FromResult<IPAddress[]>([host == "localhost" ? IPAddress.Parse("93.184.216.34") : IPAddress.Loopback])));
        var (secret, _) = await gateway.MakeKeyAsync("settings", ["settings:read", "settings:write"]);
        var set = await gateway.CallAsync(secret, HttpMethod.Patch, "/settings", new Dictionary<string, string> { ["auth.feishu.callback_domain"] = $"http://intranet.example:{new Uri(inside.Urls.First()).Port}" });
        Assert.True(set.Status == 200, set.ToString());
        var run = await gateway.CallAsync(GatewayApp.ApiKey, HttpMethod.Post, "/doctor/run", new { checks = new[] { "callback" } });
        Assert.True(run.Status == 200, run.ToString());
        Assert.Equal("failed", run.Body.GetProperty("checks")[0].GetProperty("status").GetString());
        Assert.Equal(calls, called);
        Assert.Equal(calls == 0, run.Body.GetRawText().Contains("LARKSPUR_ALLOW_PRIVATE_ADDRESSES", StringComparison.Ordinal));
    }
}
