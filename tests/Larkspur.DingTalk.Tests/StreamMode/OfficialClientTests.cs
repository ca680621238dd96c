using System.Text.Json;

namespace Larkspur.DingTalk.Tests.StreamMode;

/// <summary>The official Node client takes the stub for the platform: so what our client is held against is not only our own reading of the protocol.</summary>
public sealed class OfficialClientTests
{
    [Fact]
    public async Task The_official_client_accepts_the_stub()
    {
        await using DingTalkStub platform = await DingTalkStub.StartAsync();
        var stub = new StreamStub(platform);
        using ToolProcess node = ToolProcess.StartNode("dingtalk-stream.mjs", new Dictionary<string, string>
        {
            ["DINGTALK_BASE_URL"] = platform.Address.AbsoluteUri.TrimEnd('/'), ["DINGTALK_CLIENT_ID"] = DingTalkStub.ClientId,
            ["DINGTALK_CLIENT_SECRET"] = DingTalkStub.ClientSecret,
        });
        StreamStubConnection first = await ConnectedAsync(1);
        await first.SendAsync("SYSTEM", "ping", """{"opaque":"1"}""", "p1");
        await Wait.Until(() => first.Answers.Any(a => a.GetProperty("headers").GetProperty("messageId").GetString() == "p1"));
        await first.SendAsync("EVENT", "*", """{"processInstanceId":"pi","type":"start"}""", "e1", new { eventType = "bpms_instance_change", eventId = "ev-1", eventCorpId = "ding1" });
        Assert.Equal("SUCCESS", JsonDocument.Parse((await first.AckAsync("e1")).Data).RootElement.GetProperty("status").GetString());
        await first.SendAsync("CALLBACK", DingTalkTopics.RobotMessage, """{"msgId":"msg-1","msgtype":"text","text":{"content":"hello 你好"}}""", "m1");
        Assert.Equal("""{"response":{"heard":"hello 你好"}}""", (await first.AckAsync("m1")).Data);
        await first.CloseAsync();
        StreamStubConnection second = await ConnectedAsync(2);
        await second.SendAsync("CALLBACK", DingTalkTopics.RobotMessage, """{"msgId":"msg-2","msgtype":"text","text":{"content":"end"}}""", "m2");
        (int exitCode, string output) = await node.EndAsync();
        Assert.True(exitCode == 0, output);

        async Task<StreamStubConnection> ConnectedAsync(int number)
        {
            await Wait.Until(() => stub.Count >= number || node.HasExited);
            Assert.False(node.HasExited, node.Output);
            return await stub.ConnectionAsync(number);
        }
    }
}
