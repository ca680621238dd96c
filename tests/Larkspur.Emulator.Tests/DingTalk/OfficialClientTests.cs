using Larkspur.Testing;

namespace Larkspur.Emulator.Tests.DingTalk;

/// <summary>The platform's own Node client takes the emulator for the platform.</summary>
public sealed class OfficialClientTests : DingTalkTest
{
    [Fact]
    public Task The_official_client_of_stream_mode_works_against_the_emulator() =>
        ToolProcess.NodeSucceedsAsync("dingtalk-emulator.mjs", new Dictionary<string, string>
        {
            ["DINGTALK_BASE_URL"] = Emulator.BaseUrl.ToString().TrimEnd('/'), ["DINGTALK_CLIENT_ID"] = App.ClientId,
            ["DINGTALK_CLIENT_SECRET"] = App.ClientSecret,
        });
}
