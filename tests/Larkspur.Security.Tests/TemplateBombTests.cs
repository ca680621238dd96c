using System.Text.Json;
using Larkspur.Gateway.Tests;
using Larkspur.Gateway.Tests.Api;
using Larkspur.Testing;

namespace Larkspur.Security.Tests;

/// <summary>Small templates that would make gigabytes: strings in strings' places, and repetitions within repetitions.</summary>
public sealed class TemplateBombTests
{
    private static readonly string Strings = JsonSerializer.Serialize(new
    {
        definition = new
        {
            title = "t", variables = new { },
            template = new { strings = new { s = new { zh = new string('x', 20_000), en = new string('y', 20_000) } }, message = new { title = string.Concat(Enumerable.Repeat("${strings.s}", 4_000)) } },
        },
    });

    [Fact]
    public async Task They_are_refused_before_they_are_made()
    {
        await using var gateway = await GatewayApp.StartAsync("http://127.0.0.1:1");
        var key = await gateway.KeyOfAsync("canteen", ["notifications:read", "notifications:write"]);
        var answer = await gateway.CallAsync(key, HttpMethod.Post, "/notification-types/bomb/preview", JsonDocument.Parse(Strings).RootElement);
        Assert.Equal(422, answer.Status);
        // Not because the card would be too large: it is not made.
        Assert.Contains("more than 400000 characters", answer.Body.GetRawText(), StringComparison.Ordinal);
    }
}
