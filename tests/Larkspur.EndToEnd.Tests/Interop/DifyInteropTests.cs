using Larkspur.EndToEnd.Tests.Processes;

namespace Larkspur.EndToEnd.Tests.Interop;

/// <summary>The emulated Dify, before Dify's own Node client.</summary>
public sealed class DifyInteropTests
{
    [Fact]
    public async Task Dify_s_own_client_talks_to_the_emulator()
    {
        await using var emulator = await EmulatorApp.StartAsync();
        var (exitCode, output) = await ToolProcess.NodeAsync("dify-client.mjs", new Dictionary<string, string>
        {
            ["DIFY_BASE_URL"] = new Uri(emulator.BaseUrl, "v1").ToString(), ["DIFY_API_KEY"] = "app-emulator-key",
        });
        Assert.True(exitCode == 0, output);
        Assert.Contains("ok an agent refuses blocking", output, StringComparison.Ordinal);
    }
}
