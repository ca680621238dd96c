using Larkspur.WeCom.Tests.AiBots;

namespace Larkspur.WeCom.Tests.Interop;

/// <summary>The official @wecom/aibot-node-sdk against the same stub that our connection is held against: what it understands, the stub says rightly.</summary>
public sealed class AiBotInteropTests
{
    [Fact]
    public async Task The_official_client_converses_with_the_stub()
    {
        await using StubBotPlatform platform = await StubBotPlatform.StartAsync();
        await ToolProcess.NodeSucceedsAsync("wecom-aibot.mjs", new Dictionary<string, string>
        {
            ["STUB_URL"] = platform.Address.ToString().TrimEnd('/'),
            ["WECOM_AIBOT_ID"] = StubBotPlatform.BotId,
            ["WECOM_AIBOT_SECRET"] = StubBotPlatform.Secret,
        });
        Assert.Contains(platform.Of("aibot_respond_msg"), f => f.Body.GetProperty("stream").GetProperty("finish").GetBoolean());
        Assert.Equal("hello upload", System.Text.Encoding.UTF8.GetString(platform.Uploaded));
    }
}
