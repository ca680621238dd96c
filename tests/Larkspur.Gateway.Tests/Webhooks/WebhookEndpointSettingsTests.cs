using Larkspur.Gateway.Common;
using Larkspur.Testing;
using Larkspur.Webhooks;

namespace Larkspur.Gateway.Tests.Webhooks;

/// <summary>Webhook endpoints are judged at start, all problems at once.</summary>
public sealed class WebhookEndpointSettingsTests
{
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    [Theory]
    [InlineData("https://erp.example.com/hook", null)]
    [InlineData("https://93.184.216.34:8443/hook?x=1", null)]
    [InlineData("", "missing")]
    [InlineData("erp.example.com", "not an https address")]
    [InlineData("ftp://erp.example.com", "not an https address")]
    [InlineData("file:///etc/passwd", "not an https address")]
    [InlineData("http://erp.example.com/", "must be https")]
    [InlineData("https://user:pass-word@erp.example.com/", "user name or password")]
    [InlineData("https://erp.example.com/#x", "fragment")]
    [InlineData("https://localhost/", "private address")]
    [InlineData("https://api.localhost/", "private address")]
    [InlineData("https://127.1/", "private address")]
    [InlineData("https://2130706433/", "private address")]
    [InlineData("https://0x7f000001/", "private address")]
    [InlineData("https://0x7f.1/", "private address")]
    [InlineData("https://0177.0.0.1/", "private address")]
    [InlineData("https://%31%30.0.0.1/", "not an https address")]
    [InlineData("https://[::1]/", "private address")]
    [InlineData("https://[::ffff:10.0.0.1]/", "private address")]
    [InlineData("https://[fd00::1]/", "private address")]
    [InlineData("https://169.254.169.254/latest/meta-data", "no business system")]
    [InlineData("https://[::ffff:a9fe:a9fe]/", "no business system")]
    [InlineData("https://0/", "no business system")]
    public async Task An_address_is_taken_or_refused_with_its_reason(string url, string? problem)
    {
        var problems = await ProblemsAsync(new() { ["Larkspur:Webhooks:erp:Url"] = url, ["Larkspur:Webhooks:erp:Secret"] = Secret });
        if (problem is null) Assert.Empty(problems);
        else Assert.Contains(problem, Assert.Single(problems), StringComparison.Ordinal);
        if (url.Length > 0) Assert.DoesNotContain(problems, p => p.Contains(url, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_metadata_service_stays_out_of_reach_even_with_private_addresses_allowed()
    {
        var problems = await ProblemsAsync(new()
        {
            ["Larkspur:Webhooks:erp:Url"] = "http://169.254.169.254/", ["Larkspur:Webhooks:erp:Secret"] = Secret, ["Larkspur:Webhooks:erp:AllowPrivateAddresses"] = "true",
        });
        Assert.Contains("no business system", Assert.Single(problems), StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_problems_are_told_at_once_and_no_secret_is_repeated()
    {
        var problems = await ProblemsAsync(new()
        {
            ["Larkspur:Webhooks:ERP system:Url"] = "https://erp.example.com",
            ["Larkspur:Webhooks:erp:Url"] = "http://erp.example.com/token-in-path",
            ["Larkspur:Webhooks:erp:Secret"] = "not-a-secret-but-close",
            ["Larkspur:Webhooks:erp:PreviousSecret"] = "whsec_tooshort",
            ["Larkspur:Webhooks:erp:Events:0"] = "no spaces please",
            ["Larkspur:Webhooks:erp:AllowPrivateAddresses"] = "maybe",
            ["Larkspur:Webhooks:erp:Timeout"] = "01:00:00",
            ["Larkspur:Webhooks:erp:Secrte"] = WebhookSecret.Generate(),
        });
        Assert.Equal(8, problems.Count);
        var text = string.Join('\n', problems);
        foreach (var hidden in new[] { "not-a-secret-but-close", "tooshort", "token-in-path", "whsec_M" }) Assert.DoesNotContain(hidden, text, StringComparison.Ordinal);
    }

    private static async Task<IReadOnlyList<string>> ProblemsAsync(Dictionary<string, string?> settings)
    {
        try
        {
            await using var gateway = await GatewayApp.StartAsync("http://127.0.0.1:9", settings);
            return [];
        }
        catch (SettingsException e)
        {
            return e.Problems;
        }
    }
}
