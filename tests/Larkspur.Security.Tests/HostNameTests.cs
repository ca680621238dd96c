using System.Net;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.Tests;
using Larkspur.Gateway.Tests.Api;

namespace Larkspur.Security.Tests;

/// <summary>A page on somebody's screen lets its own name lead to the gateway (DNS rebinding): the request comes from this machine, and
/// shows that name.</summary>
public sealed class HostNameTests
{
    [Fact]
    public async Task A_name_that_is_not_the_gateways_reaches_nothing()
    {
        await using var gateway = await GatewayApp.StartAsync("http://127.0.0.1:1");
        foreach (var path in (string[])["/metrics", "/console/login", "/api/v1/status", "/openapi/v1.json", "/chat", "/"])
        {
            var (status, body) = await AskAsync(gateway, path, "rebound.example:8080");
            Assert.Equal((path, 421), (path, status));
            Assert.Contains("LARKSPUR_ALLOWED_HOSTS", body, StringComparison.Ordinal);
        }

        // Events are believed for their signature, whatever name a proxy calls by.
        foreach (var path in (string[])["/webhook/feishu", "/api/v1/feishu/webhook"])
            Assert.NotEqual((path, 421), (path, (await AskAsync(gateway, path, "rebound.example")).Status));
        foreach (var host in (string[])["127.0.0.1", "localhost:8080", "[::1]", "192.0.2.44:8080", "[2001:db8::1]"])
            Assert.Equal((host, 200), (host, (await AskAsync(gateway, "/console/login", host)).Status));
    }

    [Fact]
    public async Task Figures_and_details_of_readiness_want_a_loopback_name_as_well_as_a_loopback_address()
    {
        await using var gateway = await GatewayApp.StartAsync("http://127.0.0.1:1", new Dictionary<string,
            string?> { ["LARKSPUR_ALLOWED_HOSTS"] = "*" });
        Assert.Equal(401, (await AskAsync(gateway, "/metrics", "rebound.example")).Status);
        Assert.Equal(200, (await AskAsync(gateway, "/metrics", "localhost")).Status);
        Assert.Equal(200, (await AskAsync(gateway, "/metrics", "rebound.example", GatewayApp.ApiKey)).Status);
        Assert.DoesNotContain("detail", (await AskAsync(gateway, "/health/ready", "rebound.example")).Body, StringComparison.Ordinal);
        Assert.Contains("detail", (await AskAsync(gateway, "/health/ready", "localhost")).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_names_that_are_listed_and_the_public_address_are_answered_and_no_other()
    {
        await using var gateway = await GatewayApp.StartAsync("http://127.0.0.1:1", new Dictionary<string, string?>
        {
            ["LARKSPUR_ALLOWED_HOSTS"] = "gateway.internal, *.corp.example", ["LARKSPUR_BASE_URL"] = "https://larkspur.example.com",
        });
        foreach (var (host, status) in ((string, int)[])[("gateway.internal", 200), ("GATEWAY.internal.", 200), ("a.corp.example", 200),
            ("larkspur.example.com", 200), ("localhost", 200),
            ("corp.example", 421), ("evilcorp.example", 421), ("gateway.internal.evil.example", 421), ("192.0.2.44", 421)])
        {
            Assert.Equal((host, status), (host, (await AskAsync(gateway, "/console/login", host)).Status));
        }
    }

    [Fact]
    public async Task A_public_address_that_is_set_at_run_time_counts_at_once()
    {
        await using var gateway = await GatewayApp.StartAsync("http://127.0.0.1:1");
        Assert.Equal(421, (await AskAsync(gateway, "/console/login", "larkspur.example.com")).Status);
        var set = await gateway.CallAsync(GatewayApp.ApiKey, HttpMethod.Patch, "/settings", new Dictionary<string,
            string> { ["auth.feishu.callback_domain"] = "https://larkspur.example.com" });
        Assert.True(set.Status == 200, set.ToString());
        await gateway.UntilAsync(async () => (await AskAsync(gateway, "/console/login", "larkspur.example.com")).Status == 200);
    }

    [Fact]
    public async Task What_is_no_host_is_refused_at_start()
    {
        var failure = await Assert.ThrowsAsync<SettingsException>(() =>
            GatewayApp.StartAsync("http://127.0.0.1:1", new Dictionary<string,
                string?> { ["LARKSPUR_ALLOWED_HOSTS"] = "https://larkspur.example.com" }));
        Assert.StartsWith("LARKSPUR_ALLOWED_HOSTS", Assert.Single(failure.Problems), StringComparison.Ordinal);
    }

    private static async Task<(int Status, string Body)> AskAsync(GatewayApp gateway, string path, string host, string? key = null)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false,
            AllowAutoRedirect = false }) { BaseAddress = gateway.Address };
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Host = host;
        if (key is not null) request.Headers.Add("X-Api-Key", key);
        using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}
