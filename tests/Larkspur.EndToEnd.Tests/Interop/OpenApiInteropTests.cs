using Larkspur.EndToEnd.Tests.Processes;

namespace Larkspur.EndToEnd.Tests.Interop;

/// <summary>The description of the REST API, before a validator that this project did not write.</summary>
public sealed class OpenApiInteropTests
{
    [Fact]
    public async Task The_description_is_valid_OpenAPI()
    {
        await using var gateway = await GatewayApp.StartAsync("http://127.0.0.1:1");
        var (exitCode, output) = await ToolProcess.NodeAsync("openapi.mjs", new Dictionary<string, string> { ["GATEWAY_URL"] = gateway.Address.ToString() });
        Assert.True(exitCode == 0, output);
        Assert.Contains("ok it is valid OpenAPI 3.1", output, StringComparison.Ordinal);
    }
}
