using Larkspur.Gateway.Tests;
using Larkspur.Gateway.Tests.Api;
using Larkspur.Gateway.Tests.Messages;
using Larkspur.Testing;

namespace Larkspur.Security.Tests;

/// <summary>JSON that is as deep as a request may be is refused with a reason, and fills no log with stacks.</summary>
public sealed class DeepJsonTests
{
    [Theory]
    [InlineData("POST", "/payments")]
    [InlineData("POST", "/approvals/instances")]
    [InlineData("PUT", "/notification-types/deep")]
    [InlineData("POST", "/notifications")]
    [InlineData("POST", "/messages")]
    [InlineData("PUT", "/webhooks/deep")]
    public async Task It_is_no_fault_of_the_gateway(string method, string path)
    {
        await using var gateway = await GatewayApp.StartAsync("http://127.0.0.1:1");
        foreach (var levels in (int[])[62, 64, 98, 500])
        {
            var body = $$"""{"a":{{new string('[', levels)}}{{new string(']', levels)}},"template":{{new string('[', levels)}}{{new string(']', levels)}} }""";
            var answer = await gateway.RestAsync(new HttpMethod(method), path, body);
            Assert.InRange(answer.Status, 400, 499);
        }

        Assert.DoesNotContain("JsonException", gateway.Logs.Text, StringComparison.Ordinal);
    }
}
