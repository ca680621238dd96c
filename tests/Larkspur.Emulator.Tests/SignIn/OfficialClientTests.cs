using Larkspur.Testing;

namespace Larkspur.Emulator.Tests.SignIn;

/// <summary>The platform's own package, which this project did not write, signs people in.</summary>
public sealed class OfficialClientTests : SignInTest
{
    [Fact]
    public Task The_official_client_acts_for_who_signed_in() => ToolProcess.NodeSucceedsAsync("feishu-sign-in.mjs", new Dictionary<string, string>
    {
        ["EMULATOR_URL"] = Emulator.BaseUrl.ToString().TrimEnd('/'), ["FEISHU_APP_ID"] = EmulatorApp.AppId, ["FEISHU_APP_SECRET"] = Secret,
    });
}
