using System.Net;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.Common.Egress;
using Larkspur.Gateway.Tests.Api;
using Larkspur.Gateway.Tests.Webhooks;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Security.Tests;

/// <summary>Whoever may add webhooks uses the gateway to reach machines of the company's network that nobody meant by it.</summary>
public sealed class PrivateCallbackTests
{
    [Fact]
    public async Task Only_what_is_listed_may_be_named()
    {
        await using var gateway = await StartAsync("10.2.0.0/16, erp.internal, 192.168.7.9");
        foreach (var (url, status) in ((string, int)[])[("https://10.2.3.4/hook", 201), ("http://erp.internal/hook", 201),
            ("https://192.168.7.9/", 201),
            ("https://10.3.0.1/", 422), ("https://192.168.7.10/", 422), ("https://127.0.0.1/", 422), ("https://localhost/", 422),
                ("https://[::ffff:10.3.0.1]/", 422),
            ("https://169.254.169.254/", 422), ("https://100.100.100.200/", 422)])
        {
            var put = await gateway.CallAsync(GatewayApp.ApiKey, HttpMethod.Put, $"/webhooks/w{Guid.NewGuid():N}", new { url });
            Assert.Equal((url, status), (url, put.Status));
        }
    }

    [Fact]
    public async Task A_name_that_leads_elsewhere_later_is_judged_when_it_is_called()
    {
        await using var inside = await WebhookReceiver.StartAsync();
        var port = new Uri(inside.Url).Port;
        // Both names lead to this machine; one of them is listed.
        await using var gateway = await StartAsync("10.0.0.0/8, erp.internal");
        foreach (var (name, state) in ((string, string)[])[("erp", "failed"), ("printer", "failed")])
        {
            var put = await gateway.CallAsync(GatewayApp.ApiKey, HttpMethod.Put, $"/webhooks/{name}",
                new { url = $"http://{name}.internal:{port}/" });
            Assert.True(put.Status == 201, put.ToString());
            var test = await gateway.CallAsync(GatewayApp.ApiKey, HttpMethod.Post, $"/webhooks/{name}/test");
            Assert.Equal(name == "printer", test.Text("reason") == "address_refused");
            if (name == "printer") Assert.Equal(state, test.Text("state"));
        }

        Assert.Single(inside.Calls);
    }

    [Theory]
    [InlineData("true")]
    [InlineData("10.2.0.0/16, true")]
    [InlineData("10.2.0.0/99")]
    [InlineData("http://erp.internal")]
    public async Task A_word_that_does_not_say_what_may_be_reached_is_refused(string value)
    {
        var failure = await Assert.ThrowsAsync<SettingsException>(() => StartAsync(value));
        Assert.StartsWith("LARKSPUR_ALLOW_PRIVATE_ADDRESSES", Assert.Single(failure.Problems), StringComparison.Ordinal);
    }

    private static Task<GatewayApp> StartAsync(string allowed) => GatewayApp.StartAsync("http://127.0.0.1:1",
        new Dictionary<string, string?> { ["LARKSPUR_ALLOW_PRIVATE_ADDRESSES"] = allowed },
        configure: b => b.Services.AddSingleton<HostLookup>((_, _) => Task.FromResult<IPAddress[]>([IPAddress.Loopback])));
}
