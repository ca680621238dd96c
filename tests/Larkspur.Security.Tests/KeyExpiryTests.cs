using Larkspur.Gateway.Api.Keys;
using Larkspur.Gateway.Tests.Api;
using Larkspur.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Security.Tests;

/// <summary>A key does not end by surprise: its holder and the administrators are told a month before.</summary>
public sealed class KeyExpiryTests
{
    [Fact]
    public async Task A_key_that_ends_soon_says_so_in_its_answers_in_the_log_and_in_the_check_up()
    {
        await using var gateway = await GatewayApp.StartAsync("http://127.0.0.1:1");
        var now = DateTimeOffset.UtcNow;
        var soon = await gateway.KeyOfAsync("erp", ["status:read"], ends: now.AddDays(10));
        var later = await gateway.KeyOfAsync("mica", ["status:read"], ends: now.AddDays(100));
        Assert.Equal(now.AddDays(10).ToString("ddd, dd MMM yyyy", System.Globalization.CultureInfo.InvariantCulture), (await EndsAsync(soon))?[..16]);
        Assert.Null(await EndsAsync(later));
        Assert.Null(await EndsAsync(GatewayApp.ApiKey));

        var told = await gateway.Services.GetRequiredService<KeyExpiryWarning>().RunAsync(TestContext.Current.CancellationToken);
        Assert.NotNull(told);
        Assert.Contains("The API key erp of erp ends at", gateway.Logs.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("The API key mica", gateway.Logs.Text, StringComparison.Ordinal);
        var report = (await gateway.CallAsync(GatewayApp.ApiKey, HttpMethod.Post, "/doctor/run", new { checks = new[] { "api_key" } })).Body.GetRawText();
        Assert.Contains("Keys that end within 30 days: erp", report, StringComparison.Ordinal);

        async Task<string?> EndsAsync(string key)
        {
            using var http = new HttpClient { BaseAddress = gateway.Address };
            using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/status");
            request.Headers.Add("X-Api-Key", key);
            using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
            Assert.Equal(200, (int)answer.StatusCode);
            return answer.Headers.TryGetValues("Larkspur-Key-Expires", out var values) ? values.Single() : null;
        }
    }
}
