using Larkspur.Emulator;
using Larkspur.EndToEnd.Tests.Processes;

namespace Larkspur.EndToEnd.Tests.Interop;

/// <summary>The platform's official Node client, unmodified, against our emulator and our gateway.</summary>
public sealed class FeishuInteropTests
{
    [Fact]
    public async Task The_official_client_calls_the_emulators_api()
    {
        await using var emulator = await EmulatorApp.StartAsync();
        await PassesAsync("feishu-api.mjs", Environment(emulator));
    }

    [Fact]
    public async Task The_official_dispatcher_receives_the_emulators_encrypted_pushes_and_card_callbacks()
    {
        await using var emulator = await EmulatorApp.StartAsync();
        await PassesAsync("feishu-events.mjs", Environment(emulator));
    }

    [Fact]
    public async Task The_official_client_keeps_a_long_connection_to_the_emulator()
    {
        await using var emulator = await EmulatorApp.StartAsync();
        await PassesAsync("feishu-ws.mjs", Environment(emulator));
    }

    [Fact]
    public async Task The_official_client_speaks_changes_and_takes_back()
    {
        await using var emulator = await EmulatorApp.StartAsync(Unhurried);
        await PassesAsync("feishu-im.mjs", Environment(emulator));
    }

    [Fact]
    public async Task The_official_client_sends_changes_and_streams_cards()
    {
        await using var emulator = await EmulatorApp.StartAsync(Unhurried);
        await PassesAsync("feishu-cards.mjs", Environment(emulator));
    }

    [Fact]
    public async Task The_gateway_takes_what_the_official_dispatcher_takes_once_and_refuses_forgeries()
    {
        await using var emulator = await EmulatorApp.StartAsync();
        await using var gateway = await GatewayApp.StartAsync(emulator.BaseUrl.ToString());
        var environment = Environment(emulator);
        environment["GATEWAY_URL"] = gateway.Address.ToString().TrimEnd('/');
        environment["LARKSPUR_API_KEY"] = GatewayApp.ApiKey;
        await PassesAsync("feishu-forged.mjs", environment);
    }

    /// <summary>A script says more to Alice than five messages a second.</summary>
    private static EmulatorSettings Unhurried(EmulatorSettings settings) => settings with { RateLimitFactor = 0 };

    private static async Task PassesAsync(string script, Dictionary<string, string> environment)
    {
        var (exitCode, output) = await ToolProcess.NodeAsync(script, environment);
        Assert.True(exitCode == 0 && output.Contains("ok ", StringComparison.Ordinal), output);
    }

    private static Dictionary<string, string> Environment(EmulatorApp emulator) => new()
    {
        ["EMULATOR_URL"] = emulator.BaseUrl.ToString().TrimEnd('/'),
        ["FEISHU_APP_ID"] = EmulatorApp.DefaultApp.AppId,
        ["FEISHU_APP_SECRET"] = EmulatorApp.DefaultApp.AppSecret,
        ["FEISHU_ENCRYPT_KEY"] = EmulatorApp.DefaultApp.EncryptKey,
        ["FEISHU_VERIFICATION_TOKEN"] = EmulatorApp.DefaultApp.VerificationToken,
    };
}
