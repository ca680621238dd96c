using System.Text.Json;
using Larkspur.EndToEnd.Tests.Processes;

namespace Larkspur.EndToEnd.Tests.Commands;

/// <summary><c>larkspur status</c> as an administrator or a script runs it.</summary>
public sealed class StatusTests
{
    [Fact]
    public async Task A_healthy_gateway_is_shown_and_gives_0()
    {
        await using var emulator = await EmulatorApp.StartAsync();
        await using var gateway = await GatewayApp.StartAsync(emulator.BaseUrl.ToString());
        var (exitCode, output) = await StatusAsync(GatewayApp.ApiKey, null, "--url", gateway.Address.ToString());
        Assert.Equal(0, exitCode);
        foreach (var words in (string[])["ok", "inbox: 0 waiting", "outbox: 0 waiting", "API success", "token cache hits", "duplicates absorbed", "push to effect p50 / p99", "quota of default: normal"])
            Assert.Contains(words, output, StringComparison.Ordinal);
        Assert.DoesNotContain(GatewayApp.ApiKey, output, StringComparison.Ordinal);

        // The address of the gateway's own setting, as it stands in its environment.
        var (jsonCode, json) = await StatusAsync(GatewayApp.ApiKey, $"http://*:{gateway.Address.Port};http://127.0.0.1:1", "--json");
        Assert.Equal(0, jsonCode);
        Assert.Equal("ok", JsonDocument.Parse(json).RootElement.GetProperty("status").GetString());
    }

    [Fact]
    public async Task An_unhealthy_gateway_gives_1_and_the_reason()
    {
        await using var gateway = await GatewayApp.StartAsync("http://127.0.0.1:1", new Dictionary<string, string?>
        {
            ["FEISHU_APP_ID"] = null, ["FEISHU_APP_SECRET"] = null, ["FEISHU_ENCRYPT_KEY"] = null, ["FEISHU_VERIFICATION_TOKEN"] = null,
        });
        var (exitCode, output) = await StatusAsync(GatewayApp.ApiKey, null, "--url", gateway.Address.ToString());
        Assert.Equal(1, exitCode);
        Assert.Contains("unhealthy", output, StringComparison.Ordinal);
        Assert.Contains("set FEISHU_APP_ID", output, StringComparison.Ordinal);
        Assert.Equal(1, (await StatusAsync(GatewayApp.ApiKey, null, "--json", "--url", gateway.Address.ToString())).ExitCode);
    }

    [Fact]
    public async Task No_gateway_and_a_wrong_key_give_3_a_wrong_address_2_and_a_sentence()
    {
        await using var emulator = await EmulatorApp.StartAsync();
        await using var gateway = await GatewayApp.StartAsync(emulator.BaseUrl.ToString());
        await Says(3, "does not take this LARKSPUR_API_KEY", "another-key-0123", null, "--url", gateway.Address.ToString());
        await Says(3, "set LARKSPUR_API_KEY", "", null, "--url", gateway.Address.ToString());
        await Says(3, "cannot be reached", GatewayApp.ApiKey, GatewayProcess.FreeAddress().ToString());
        await Says(3, "is it a Larkspur gateway?", GatewayApp.ApiKey, null, "--url", emulator.BaseUrl.ToString());
        await Says(2, "is not an address", GatewayApp.ApiKey, null, "--url", "localhost 8080");

        static async Task Says(int code, string sentence, string key, string? urls, params string[] arguments)
        {
            var (exitCode, output) = await StatusAsync(key, urls, arguments);
            Assert.Equal(code, exitCode);
            Assert.Contains(sentence, output, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
        }
    }

    private static Task<(int ExitCode, string Output)> StatusAsync(string key, string? urls, params string[] arguments) => ToolProcess.AnyAsync("dotnet",
        [Path.Combine(AppContext.BaseDirectory, "larkspur.dll"), "status", .. arguments],
        new Dictionary<string, string> { ["LARKSPUR_API_KEY"] = key, ["LARKSPUR_GATEWAY_URLS"] = urls ?? "", ["XDG_CONFIG_HOME"] = "/nowhere" }, AppContext.BaseDirectory);
}
