using Larkspur.Gateway.Tests.Api;

namespace Larkspur.Security.Tests;

/// <summary>Whoever has no key reaches nothing: every route of the REST API refuses before it reads anything.</summary>
public sealed class UnauthenticatedTests
{
    [Theory]
    [InlineData("GET", "/messages/om_1")]
    [InlineData("POST", "/messages")]
    [InlineData("GET", "/api-keys")]
    [InlineData("GET", "/audit")]
    [InlineData("POST", "/web-chat/sessions")]
    [InlineData("PUT", "/webhooks/erp")]
    public async Task A_route_refuses_whoever_has_no_key(string method, string path)
    {
        await using var gateway = await GatewayApp.StartAsync("http://127.0.0.1:1");
        var answer = await gateway.CallAsync(null, new HttpMethod(method), path, method == "GET" ? null : "{");
        Assert.Equal(401, answer.Status);
    }
}
