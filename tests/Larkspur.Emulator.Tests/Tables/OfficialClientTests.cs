using Larkspur.Testing;

namespace Larkspur.Emulator.Tests.Tables;

/// <summary>The platform's own package, which this project did not write, works with tables.</summary>
public sealed class OfficialClientTests : TableTest
{
    [Fact]
    public Task The_official_client_makes_reads_and_changes_tables() =>
        ToolProcess.NodeSucceedsAsync("feishu-tables.mjs", new Dictionary<string, string>
    {
        ["EMULATOR_URL"] = Emulator.BaseUrl.ToString().TrimEnd('/'), ["FEISHU_APP_ID"] = EmulatorApp.AppId,
        ["FEISHU_APP_SECRET"] = EmulatorSettings.DefaultAppSecret,
    });
}
