using Larkspur.EndToEnd.Tests.Processes;
using Larkspur.Testing;

namespace Larkspur.EndToEnd.Tests.Interop;

/// <summary>The gateway pushes people to a SCIM server that this project did not write.</summary>
public sealed class ScimTargetInteropTests
{
    [Fact]
    public async Task SCIMMY_takes_people_and_departments_as_they_come_change_and_leave()
    {
        await using var emulator = await EmulatorApp.StartAsync();
        await using var gateway = await GatewayApp.StartAsync(emulator.BaseUrl.ToString(), new Dictionary<string, string?>
        {
            ["LARKSPUR_ALLOW_PRIVATE_ADDRESSES"] = "127.0.0.0/8",
        });
        var (exitCode, output) = await ToolProcess.NodeAsync("scim-target.mjs", new Dictionary<string, string>
        {
            ["GATEWAY"] = gateway.Address.ToString().TrimEnd('/'), ["API_KEY"] = GatewayApp.ApiKey,
        });
        Assert.True(exitCode == 0 && output.Contains("ok an unchanged sync", StringComparison.Ordinal), output);
    }
}
