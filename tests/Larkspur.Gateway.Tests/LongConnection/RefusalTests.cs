using Larkspur.Gateway.Common;
using Larkspur.Testing;

namespace Larkspur.Gateway.Tests.LongConnection;

/// <summary>When the platform, or the gateway's own settings, let no connection be made.</summary>
public sealed class RefusalTests
{
    [Fact]
    public async Task A_wrong_secret_is_said_in_words_and_the_platform_is_left_alone()
    {
        await using var platform = await SocketPlatform.StartAsync();
        var settings = ConnectedGateway.Settings;
        settings["FEISHU_APP_SECRET"] = "wrong-secret-of-the-app";
        await using var gateway = await GatewayApp.StartAsync(platform.Address.ToString(), settings);
        await ConnectedGateway.UntilAsync(async () => (await ConnectedGateway.StatusAsync(gateway)).GetProperty("problems").EnumerateArray()
            .Any(p => p.GetString()!.StartsWith("long_connection:default: ", StringComparison.Ordinal) && p.GetString()!.Contains("App Secret is wrong", StringComparison.Ordinal)), "the problem", gateway);
        Assert.Equal(1, platform.Asked);
        Assert.Equal("unhealthy", (await ConnectedGateway.StatusAsync(gateway)).GetProperty("status").GetString());
        Assert.Contains("next try in about 00:01:00", gateway.Logs.Text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("wrong-secret-of-the-app", gateway.Logs.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Once_the_reason_is_gone_the_connection_is_made_and_the_problem_with_it_gone()
    {
        await using var platform = await SocketPlatform.StartAsync();
        platform.EndpointFault = () => (200, """{"code":1000040350,"msg":"too many"}""");
        var settings = ConnectedGateway.Settings;
        settings["Larkspur:LongConnection:FirstPause"] = "00:00:01";
        await using var gateway = await GatewayApp.StartAsync(platform.Address.ToString(), settings);
        await ConnectedGateway.UntilAsync(async () => (await ConnectedGateway.ConnectionAsync(gateway)).TryGetProperty("reason", out var reason)
            && reason.GetString()?.Contains("as many connections", StringComparison.Ordinal) == true, "the refusal", gateway);
        platform.EndpointFault = null;
        await platform.NextAsync();
        await ConnectedGateway.StateAsync(gateway, "unproven");
        Assert.DoesNotContain((await ConnectedGateway.StatusAsync(gateway)).GetProperty("problems").EnumerateArray(), p => p.GetString()!.StartsWith("long_connection", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("FEISHU_EVENT_MODE", "pigeon", "FEISHU_EVENT_MODE: \"pigeon\" is not one of webhook, long_connection")]
    [InlineData("FEISHU_APP_KIND", "Store", "FEISHU_EVENT_MODE: store apps have no long connection")]
    [InlineData("Larkspur:LongConnection:PongTimeout", "00:00:00", "Larkspur:LongConnection:PongTimeout")]
    [InlineData("Larkspur:Gaps:MaxCalls", "0", "Larkspur:Gaps:MaxCalls")]
    public async Task Settings_that_cannot_work_are_refused_at_the_start(string name, string value, string problem)
    {
        var settings = ConnectedGateway.Settings;
        settings[name] = value;
        var e = await Assert.ThrowsAsync<SettingsException>(() => GatewayApp.StartAsync("http://127.0.0.1:1", settings));
        Assert.Contains(problem, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_webhooks_a_key_or_token_is_still_required_and_the_other_way_is_named()
    {
        var settings = ConnectedGateway.Settings;
        settings["FEISHU_EVENT_MODE"] = "webhook";
        var e = await Assert.ThrowsAsync<SettingsException>(() => GatewayApp.StartAsync("http://127.0.0.1:1", settings));
        Assert.Contains("set FEISHU_EVENT_MODE to long_connection", e.Message, StringComparison.Ordinal);
    }
}
